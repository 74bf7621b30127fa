#pragma once
#include "examples/image_models/image_model.h"
#include "nn/batch_norm.h"
#include "nn/conv2d.h"
#include "nn/linear.h"

namespace rapt::image_models {

// What the image models share, all but `glimpses`; each puts one attention between the two parts:
//   conv 3 x 3 -> relu -> max_pool 2 -> conv 3 x 3 -> batch norm -> relu
//   -> attention, and one number for each feature (without attention: the mean over the places)
//   -> Linear
// Where the channels are pictures of their own, each is read by itself, all by the same filters,
// and C' are the features of all: nothing before the attention may mix what a gate chooses from.
class ConvNet : public ImageModel {
 public:
  ConvNet(const image_tasks::ImageSizes& sizes, Rng& rng);

  ImageOutput operator()(const Tensor& images) const override;  // [B, C, Y, X]

 protected:
  // What the attention made of the features: one number for each, and the maps to be shown.
  struct Read {
    Variable summary;  // [B, C']
    std::optional<Tensor> places = {}, channels = {};
  };
  virtual Read read(const Variable& features) const = 0;  // [B, C', Y', X']

  // The parts before and behind the attention.
  Variable look(const Tensor& images) const;       // [B, C, Y, X] -> [B, C', Y', X']
  Variable answer(const Variable& summary) const;  // [.., B, C'] -> [.., B, classes]

  Index features() const { return features_; }  // C'

 private:
  image_tasks::ImageSizes sizes_;
  Index features_;
  nn::Conv2d &first_, &second_;
  nn::BatchNorm& norm_;
  nn::Linear& head_;
};

template <class Model>
bool register_conv_net(const char* name, const char* summary) {
  return register_image_model({name, summary, [](const image_tasks::ImageSizes& sizes, Rng& rng) {
                                 return std::make_unique<Model>(sizes, rng);
                               }});
}

}  // namespace rapt::image_models

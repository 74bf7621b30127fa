#pragma once
#include <functional>
#include <optional>

#include "examples/image_models/image_model.h"
#include "examples/training/loop.h"

namespace rapt::training {

struct ImageTraining {
  Index steps = 1000, batch = 32;
  double learning_rate = 1e-2;  // the peak, see Loop
  std::uint64_t seed = 1;       // of the batches: equal seeds, equal batches for every model
};

// Trains a model in place. `watch` hears the number and the loss of every step, and ends the
// training by returning false.
using ImageWatch = std::function<bool(Index step, double loss)>;
void train(image_models::ImageModel& model, const image_tasks::ImageTask& task,
           const ImageTraining& options, const ImageWatch& watch);

// How a model answers images that it has not seen, and where it looked for that. What does not
// apply, to the model or to the task, is left out.
struct Seen {
  double accuracy = 0;
  std::optional<double> on_thing;    // share of its map that lies on the thing the answer is about
  std::optional<double> area;        // that thing's share of the image
  std::optional<double> near;        // how often its strongest place is at most two pixels off it
  std::optional<double> on_channel;  // share of its channel gate on the channels it is about
};

// Mean over `batches` batches of a split; no graph is built. The model is left in eval().
Seen evaluate(image_models::ImageModel& model, const image_tasks::ImageTask& task,
              tasks::Split split, Index batches, Index batch_size);

// The share of a map [Y', X'] that lies on the box of an image of `height` rows and `width`
// columns: each place of the map stands for an equal part of the image.
double share_on(const Tensor& map, const image_tasks::Box& box, Index height, Index width);

// Whether the middle of the strongest place lies at most `pixels` outside of the box.
bool strongest_near(const Tensor& map, const image_tasks::Box& box, Index height, Index width,
                    double pixels);

}  // namespace rapt::training

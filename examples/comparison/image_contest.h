#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "examples/training/images.h"

namespace rapt::comparison {

// One model on one image task, once for each seed.
struct ImageResult {
  std::string model;
  Index parameters = 0;
  double seconds = 0;                                           // of all its steps
  std::vector<training::Seen> seen = {};                        // by seed
  std::unique_ptr<image_models::ImageModel> trained = nullptr;  // of the last seed
};

// Trains with `seeds` seeds, from options.seed on, and judges each on the same test images.
// `watch` hears of every step and may end the training; a seed that was not trained to its end is
// not judged.
ImageResult hold(const image_tasks::ImageTask& task, const std::string& model,
                 training::ImageTraining options, Index seeds, const training::ImageWatch& watch);

// A line for guessing and for each model; a figure of several seeds is their median, with their
// range in brackets. Columns that apply to no model are left out.
std::string table(const image_tasks::ImageTask& task, const std::vector<ImageResult>& results,
                  bool timed);

}  // namespace rapt::comparison

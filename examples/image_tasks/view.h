#pragma once
#include "examples/report/picture.h"
#include "tensor/tensor.h"

// Tensors of images and of models that look at them, as report::Picture wants them.
namespace rapt::image_tasks {

report::Grid channel_of(const Tensor& images, Index row, Index channel);  // images [B, C, Y, X]
report::Grid gray_of(const Tensor& images, Index row);                    // mean of all channels
report::Grid map_of(const Tensor& places, Index row);                     // places [B, Y', X']

// centres [B, 2], (y, x) as in nn/glimpse.h: the pixel that the model took for one
report::Glimpse glimpse_of(const Tensor& centres, Index row, const report::Grid& image);

}  // namespace rapt::image_tasks

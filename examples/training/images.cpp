#include "examples/training/images.h"

#include <algorithm>
#include <cmath>

#include "examples/tasks/split.h"
#include "tensor/reduce.h"

namespace rapt::training {
namespace {

using image_tasks::Box;

// How many pixels of [begin, begin + extent) lie in the part of an axis of `size` pixels that
// place `i` of `places` stands for.
double overlap(Index i, Index places, Index size, Index begin, Index extent) {
  const double step = static_cast<double>(size) / static_cast<double>(places);
  const double low = std::max(step * static_cast<double>(i), static_cast<double>(begin));
  const double high =
      std::min(step * static_cast<double>(i + 1), static_cast<double>(begin + extent));
  return std::max(0.0, high - low) / step;
}

// How far the middle of place `i` lies outside of [begin, begin + extent).
double distance(Index i, Index places, Index size, Index begin, Index extent) {
  const double middle =
      (static_cast<double>(i) + 0.5) * static_cast<double>(size) / static_cast<double>(places);
  return std::max(
      {0.0, static_cast<double>(begin) - middle, middle - static_cast<double>(begin + extent)});
}

// The share of a gate [C'] on the channels that were made from channel `which` of `count`.
double share_of_channel(const Tensor& gate, Index which, Index count) {
  const Index each = gate.dim(0) / count;
  const double all = sum(gate).item();
  return all > 0 ? sum(gate.slice(0, which * each, (which + 1) * each)).item() / all : 0;
}

void add(std::optional<double>& total, double part) { total = total.value_or(0) + part; }

}  // namespace

void train(image_models::ImageModel& model, const image_tasks::ImageTask& task,
           const ImageTraining& options, const ImageWatch& watch) {
  Loop loop(model, {.steps = options.steps, .learning_rate = options.learning_rate});
  Rng batches = tasks::stream(options.seed, tasks::Split::training);
  model.train();
  while (!loop.finished()) {
    const image_tasks::ImageBatch batch =
        task.batch(options.batch, tasks::Split::training, batches);
    const double loss = loop.step(model.loss(batch));
    if (!watch(loop.done(), loss)) return;
  }
}

Seen evaluate(image_models::ImageModel& model, const image_tasks::ImageTask& task,
              tasks::Split split, Index batches, Index batch_size) {
  const NoGrad off;
  model.eval();
  const image_tasks::ImageSizes sizes = task.sizes();
  Rng rng = tasks::stream(0, split);
  const double one = 1 / static_cast<double>(batches * batch_size);  // weight of one image
  Seen seen;
  for (Index i = 0; i < batches; ++i) {
    const image_tasks::ImageBatch batch = task.batch(batch_size, split, rng);
    const image_models::ImageOutput output = model(batch.images);
    const Ids answers = argmax(output.logits.value());
    for (std::size_t b = 0; b < answers.values.size(); ++b) {
      const auto row = static_cast<Index>(b);
      if (answers.values[b] == batch.labels.values[b]) seen.accuracy += one;
      if (output.places && !batch.boxes.empty()) {
        const Box& box = batch.boxes[b];
        const Tensor map = output.places->slice(0, row, row + 1)
                               .reshape({output.places->dim(1), output.places->dim(2)});
        add(seen.on_thing, one * share_on(map, box, sizes.height, sizes.width));
        add(seen.area, one * static_cast<double>(box.height * box.width) /
                           static_cast<double>(sizes.height * sizes.width));
        add(seen.near, one * strongest_near(map, box, sizes.height, sizes.width, 2));
      }
      if (output.channels && !batch.channels.empty()) {
        const Tensor gate = output.channels->slice(0, row, row + 1).reshape({-1});
        add(seen.on_channel, one * share_of_channel(gate, batch.channels[b], sizes.channels));
      }
    }
  }
  return seen;
}

double share_on(const Tensor& map, const Box& box, Index height, Index width) {
  const Index rows = map.dim(0), columns = map.dim(1);
  double on = 0, all = 0;
  for (Index y = 0; y < rows; ++y)
    for (Index x = 0; x < columns; ++x) {
      const double weight = map.at({y, x});
      all += weight;
      on += weight * overlap(y, rows, height, box.top, box.height) *
            overlap(x, columns, width, box.left, box.width);
    }
  return all > 0 ? on / all : 0;
}

bool strongest_near(const Tensor& map, const Box& box, Index height, Index width, double pixels) {
  const Index columns = map.dim(1);
  const Index best = argmax(map.reshape({-1})).values[0];
  const double down = distance(best / columns, map.dim(0), height, box.top, box.height);
  const double right = distance(best % columns, columns, width, box.left, box.width);
  return std::hypot(down, right) <= pixels;
}

}  // namespace rapt::training

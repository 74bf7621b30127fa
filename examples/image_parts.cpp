// Chapter 15, the parts of a network that reads images: a convolution as one product, by hand and
// by the layer, and what batch norm answers if eval() is forgotten.
#include <algorithm>
#include <cstdio>
#include <numeric>

#include "autograd/ops.h"
#include "examples/image_tasks/image_task.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "examples/tasks/split.h"
#include "examples/training/loop.h"
#include "nn/batch_norm.h"
#include "nn/conv2d.h"
#include "nn/linear.h"
#include "nn/loss.h"
#include "nn/pool2d.h"
#include "tensor/lookup.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"
#include "tensor/unfold.h"

using namespace rapt;

namespace {

// Small whole numbers, in columns that stand below each other.
std::string line(const Tensor& row) {
  std::string text;
  for (const Scalar value : row.values()) {
    const std::string number = report::fixed(value, 0);
    text += std::string(3 - number.size(), ' ') + number;
  }
  return text + "\n";
}

std::string lines(const Tensor& matrix, const std::string& margin) {
  std::string text;
  for (Index row = 0; row < matrix.dim(0); ++row)
    text += margin + line(matrix.slice(0, row, row + 1));
  return text;
}

void convolution() {
  const Window window = {.kernel = 3};
  const Tensor image({1, 1, 4, 5}, {0, 1, 1, 0, 2,  //
                                    1, 0, 0, 1, 0,  //
                                    0, 0, 2, 1, 1,  //
                                    1, 3, 0, 0, 1});
  const Tensor weights({1, 9}, {1, 0, -1, 1, 0, -1, 1, 0, -1});
  const Tensor columns = unfold(image, window);
  std::printf(
      "What a 3 x 3 window sees of a 4 x 5 image, a column for each of its 2 x 3 places\n%s",
      lines(columns.reshape({9, 6}), "     ").c_str());
  std::printf("weights times columns\n%s",
              lines(matmul(weights, columns.reshape({9, 6})), "     ").c_str());

  Rng rng(1);
  nn::Conv2d layer(1, 1, {.window = window, .bias = false}, rng);
  layer.weight = weights.reshape({1, 1, 3, 3});
  std::printf("nn::Conv2d\n%s", lines(layer(image).value().reshape({1, 6}), "     ").c_str());
  std::printf(
      "fold_back of ones: how many windows see each pixel\n%s",
      lines(fold_back(Tensor({1, 1, 9, 6}, 1), window, {4, 5}).reshape({4, 5}), "     ").c_str());
}

// Two convolutions, each with batch norm behind it.
class Network : public nn::Module {
 public:
  explicit Network(Rng& rng)
      : first_(child<nn::Conv2d>("first", 1, 8, kConv, rng)),
        first_norm_(child<nn::BatchNorm>("first_norm", 8)),
        second_(child<nn::Conv2d>("second", 8, 16, kConv, rng)),
        second_norm_(child<nn::BatchNorm>("second_norm", 16)),
        answer_(child<nn::Linear>("answer", 16, 10, rng)) {}

  // images [B, 1, Y, X] -> logits [B, 10]
  Variable operator()(const Tensor& images) const {
    const Variable low = relu(first_norm_(first_(images)));
    const Variable high =
        relu(second_norm_(second_(nn::max_pool(low, {.kernel = 2, .stride = 2}))));
    return answer_(nn::global_average_pool(high));
  }

 private:
  inline static const nn::Conv2dOptions kConv = {.window = {.kernel = 3, .padding = 1}};

  nn::Conv2d& first_;
  nn::BatchNorm& first_norm_;
  nn::Conv2d& second_;
  nn::BatchNorm& second_norm_;
  nn::Linear& answer_;
};

// The share of right answers, when the images are asked in this order, `company` at a time.
double accuracy(const Network& network, const image_tasks::ImageBatch& images,
                const std::vector<std::int32_t>& order, Index company) {
  const NoGrad off;
  Index right = 0;
  for (std::size_t begin = 0; begin < order.size(); begin += static_cast<std::size_t>(company)) {
    const Ids chosen = {{company},
                        {order.begin() + static_cast<std::ptrdiff_t>(begin),
                         order.begin() + static_cast<std::ptrdiff_t>(begin) + company}};
    const Index height = images.images.dim(2), width = images.images.dim(3);
    const Tensor rows = take_rows(images.images.reshape({-1, height * width}), chosen);
    const Ids answers = argmax(network(rows.reshape({company, 1, height, width})).value());
    for (std::size_t i = 0; i < answers.values.size(); ++i)
      right +=
          answers.values[i] == images.labels.values[static_cast<std::size_t>(chosen.values[i])];
  }
  return static_cast<double>(right) / static_cast<double>(order.size());
}

void batch_norm(std::uint64_t seed, Index steps) {
  const auto task = image_tasks::find_image_task("clutter").make({.clutter = 0});
  Rng rng(seed);
  Network network(rng);
  training::Loop loop(network, {.steps = steps, .learning_rate = 1e-2});
  Rng draws = tasks::stream(seed, tasks::Split::training);
  while (!loop.finished()) {
    const image_tasks::ImageBatch batch = task->batch(32, tasks::Split::training, draws);
    loop.step(nn::cross_entropy(network(batch.images), batch.labels));
  }

  Rng test = tasks::stream(seed, tasks::Split::test);
  const image_tasks::ImageBatch images = task->batch(640, tasks::Split::test, test);
  std::vector<std::int32_t> mixed(640);
  std::iota(mixed.begin(), mixed.end(), 0);
  std::vector<std::int32_t> sorted = mixed;
  std::stable_sort(sorted.begin(), sorted.end(), [&](std::int32_t a, std::int32_t b) {
    return images.labels.values[static_cast<std::size_t>(a)] <
           images.labels.values[static_cast<std::size_t>(b)];
  });

  const auto ask = [&](const std::vector<std::int32_t>& order, Index company) {
    return report::percent(accuracy(network, images, order, company));
  };
  report::Table table({"640 digits, asked", "eval()", "eval() forgotten"});
  network.eval();
  const std::string alone = ask(mixed, 1), together = ask(mixed, 32), alike = ask(sorted, 32);
  network.train();
  table.row({"32 at a time, mixed", together, ask(mixed, 32)});
  table.row({"32 at a time, sorted by digit", alike, ask(sorted, 32)});
  table.row({"one at a time", alone, ask(mixed, 1)});
  network.eval();
  std::printf("%seval() again, with the averages that this has left: %s\n", table.text().c_str(),
              ask(mixed, 32).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("image_parts", [&] {
    std::uint64_t seed = 1;
    Index steps = 300;
    std::vector<std::string> parts = {"convolution", "batch-norm"};
    report::Flags flags("image_parts", "A convolution by hand, and batch norm without eval().");
    flags.choices("--part", "NAMES", &parts, parts, "what to show");
    flags.option("--steps", "N", &steps, "steps of training before batch norm is asked", 1);
    flags.option("--seed", "N", &seed, "seed of weights and images", 0);
    flags.parse(argc, argv);
    for (const std::string& part : parts) {
      if (part != parts.front()) std::printf("\n");
      if (part == "convolution") convolution();
      if (part == "batch-norm") batch_norm(seed, steps);
    }
    return 0;
  });
}

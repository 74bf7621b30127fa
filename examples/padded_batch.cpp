// Chapter 04: in a padded batch of different lengths, every sequence gives what it gives alone, and
// the padding receives no gradient, if `unroll` knows the lengths.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/recurrent.h"

using namespace rapt;
using report::significant, report::Table;

namespace {

// The largest difference between two tensors of one shape.
double difference(const Tensor& a, const Tensor& b) {
  double largest = 0;
  for (Index i = 0; i < a.size(); ++i)
    largest = std::max(largest, std::abs(double(a.values()[i]) - b.values()[i]));
  return largest;
}

void compare(Rng rng) {
  const std::vector<Index> lengths = {3, 7, 10};
  const nn::RNNCell cell(4, 8, rng);
  const Variable x(normal({3, 10, 4}, 1, rng), true);  // beyond its length, a row is garbage
  const Variable packed = nn::unroll(cell, x, lengths).last[0];
  const Variable careless = nn::unroll(cell, x).last[0];
  const Tensor g = grad(packed, {x}, normal(packed.shape(), 1, rng))[0].value();

  Table table({"length", "with lengths", "without", "gradient in the padding"});
  for (Index b = 0; b < 3; ++b) {
    const Variable own = slice(slice(x, 0, b, b + 1), 1, 0, lengths[b]);
    const Tensor alone = nn::unroll(cell, own).last[0].value();
    const Tensor beyond = g.slice(0, b, b + 1).slice(1, lengths[b], 10).contiguous();
    table.row({std::to_string(lengths[b]),
               significant(difference(alone, packed.value().slice(0, b, b + 1)), 2),
               significant(difference(alone, careless.value().slice(0, b, b + 1)), 2),
               significant(difference(beyond, Tensor(beyond.shape())), 2)});
  }
  std::printf("Last state in a padded batch, largest difference from the sequence alone\n%s",
              table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("padded_batch", [&] {
    std::uint64_t seed = 1;
    report::Flags flags("padded_batch", "Does padding change what a recurrent network says?");
    flags.option("--seed", "N", &seed, "seed of the random numbers");
    flags.parse(argc, argv);
    compare(Rng(seed));
    return 0;
  });
}

// Chapter 04: how far back does the gradient of a recurrent network reach?
//   gradient  the length of dL/dx_t by distance, five recurrences and attention at initialization
//   clip      clipping shortens a gradient that is too long, and cannot lengthen the far part
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/attention.h"
#include "nn/recurrent.h"
#include "optim/optimizer.h"

using namespace rapt;
using report::fixed, report::significant, report::Table;

namespace {

constexpr Index kBatch = 32, kSteps = 50, kHidden = 64;

// ---- At initialization: no training, only the weights as they are drawn

struct Recurrence {
  std::string name;
  nn::CellOptions options;
  Scalar input_size;       // standard deviation of the numbers in x
  Scalar weight_size = 0;  // the same of W_hh, where the options do not say how it starts
};

constexpr Scalar kTiny = Scalar(0.01);

const std::vector<Recurrence> kRecurrences = {
    {"default", {}, 1},
    {"orthogonal", {.init = nn::RecurrentInit::orthogonal}, 1},
    {"orthogonal, tiny x", {.init = nn::RecurrentInit::orthogonal}, kTiny},
    {"strong, tiny x", {}, kTiny, 2 / std::sqrt(Scalar(kHidden))},
    {"relu, identity",
     {.activation = nn::Activation::relu, .init = nn::RecurrentInit::identity},
     1}};

nn::RNNCell cell_of(const Recurrence& r, Rng& rng) {
  nn::RNNCell cell(kHidden, kHidden, rng, r.options);
  // Enough for a gradient; parameters() would still hold the old one.
  if (r.weight_size > 0)
    cell.weight_hh = Variable(normal({kHidden, kHidden}, r.weight_size, rng), true);
  return cell;
}

// Powers of W^T W turn any vector into the direction that W stretches most.   [Eq 4.2]
double largest_singular_value(const Tensor& w, Rng& rng) {
  Variable v = normal({1, w.dim(1)}, 1, rng);
  for (int i = 0; i < 200; ++i) {
    v = matmul(matmul(v, transpose(w)), w);
    v = v / sqrt(sum(v * v));
  }
  const Variable stretched = matmul(v, transpose(w));
  return std::sqrt(sum(stretched * stretched).item());
}

// Lengths of dL/dx_t, root mean square over the batch; entry k stands k steps before the end.
std::vector<double> lengths_by_distance(const Tensor& g) {
  std::vector<double> lengths;
  for (Index t = g.dim(1) - 1; t >= 0; --t) {
    double squares = 0;
    for (const double v : g.slice(1, t, t + 1).values()) squares += v * v;
    lengths.push_back(std::sqrt(squares / static_cast<double>(g.dim(0))));
  }
  return lengths;
}

void gradient(Rng rng) {
  std::vector<std::string> header = {"distance k"}, bound = {"bound per step"};
  std::vector<std::vector<double>> columns;
  for (const Recurrence& r : kRecurrences) {
    const nn::RNNCell cell = cell_of(r, rng);
    const Variable x(normal({kBatch, kSteps, kHidden}, r.input_size, rng), true);
    const Variable h = nn::unroll(cell, x).last[0];
    const Tensor upstream = normal(h.shape(), 1, rng);
    columns.push_back(lengths_by_distance(grad(h, {x}, upstream)[0].value()));
    header.push_back(r.name);
    bound.push_back(fixed(largest_singular_value(cell.weight_hh.value(), rng), 2));
  }
  const nn::Linear key(kHidden, kHidden, rng), value(kHidden, kHidden, rng);
  const Tensor query = normal({1, kHidden}, 1, rng);
  const Variable x(normal({kBatch, kSteps, kHidden}, 1, rng), true);
  const Variable k = key(x), v = value(x);
  const Variable context = nn::scaled_dot_product(query, k, v).context;
  const Tensor upstream = normal(context.shape(), 1, rng);
  columns.push_back(lengths_by_distance(grad(context, {x}, upstream)[0].value()));
  header.push_back("attention");
  bound.push_back("-");

  Table table(header);
  for (const std::size_t distance : {0, 1, 2, 5, 10, 20, 30, 40, 49}) {
    std::vector<std::string> cells = {std::to_string(distance)};
    for (const auto& column : columns) cells.push_back(fixed(std::log10(column[distance]), 2));
    table.row(cells);
  }
  std::vector<std::string> factor = {"factor per step"};
  for (const auto& c : columns) factor.push_back(fixed(std::pow(c[49] / c[9], 1.0 / 40), 2));
  table.row(factor);
  table.row(bound);
  std::printf("log10 |dL/dx| by distance from the end, T = %td\n%s", kSteps, table.text().c_str());
}

void clip(Rng rng) {
  Table table({"recurrence", "all gradients", "dL/dx_1", "dL/dx_50", "ratio"});
  for (const Recurrence& r : kRecurrences) {
    const nn::RNNCell cell = cell_of(r, rng);
    const Variable x(normal({kBatch, kSteps, kHidden}, r.input_size, rng), true);
    const Variable h = nn::unroll(cell, x).last[0];
    backward(sum(h * normal(h.shape(), 1, rng)));
    const std::vector<Variable> all = {x, cell.weight_ih, cell.weight_hh, cell.bias_ih,
                                       cell.bias_hh};
    for (const double largest : {1e30, 1.0}) {
      const double length = std::min(optim::clip_by_global_norm(all, largest), largest);
      const std::vector<double> c = lengths_by_distance(x.grad());
      table.row({r.name + (largest == 1 ? ", clipped" : ""), significant(length, 2),
                 significant(c.back(), 2), significant(c[0], 2), significant(c.back() / c[0], 2)});
    }
  }
  std::printf("Lengths of gradients before and after clipping to 1\n%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("vanishing_gradient", [&] {
    std::uint64_t seed = 1;
    std::vector<std::string> parts = {"gradient", "clip"};
    report::Flags flags("vanishing_gradient", "How far back does a recurrent gradient reach?");
    flags.choices("--part", "NAMES", &parts, parts, "what to show");
    flags.option("--seed", "N", &seed, "seed of the random numbers");
    flags.parse(argc, argv);
    for (const std::string& part : parts) {
      if (part != parts.front()) std::printf("\n");
      if (part == "gradient") gradient(Rng(seed));
      if (part == "clip") clip(Rng(seed));
    }
    return 0;
  });
}

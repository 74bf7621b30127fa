// Chapter 07: self-attention over one sentence with numbers small enough for pencil and paper, by
// plain loops, every step printed; then the same loops against the library.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/attention.h"

using namespace rapt;
using report::fixed, report::Table;

namespace {

using Matrix = std::vector<std::vector<double>>;  // a vector of rows

const std::vector<std::string> kWords = {"Life", "is", "short,", "eat", "dessert", "first"};

// One row per word: has it to do with time, with food, with doing?
const Matrix kEmbeddings = {{1, 0, 1}, {0, 0, 1}, {2, 0, 0}, {0, 1, 1}, {0, 2, 0}, {1, 0, 0}};
const Matrix kQuery = {{0, 1, 1}, {1, 0, 0}};             // asks for food, asks for time
const Matrix kKey = {{0, 1, 0}, {1, 0, 0}};               // is food, is time
const Matrix kValue = {{0, 0, 1}, {0, 1, 0}, {1, 1, 1}};  // doing, food, all together

// y = x W^T + b, row by row: x [T, in], w [out, in], b [out] -> [T, out]
Matrix linear(const Matrix& x, const Matrix& w, const std::vector<double>& b) {
  Matrix y(x.size(), b);
  for (std::size_t t = 0; t < x.size(); ++t)
    for (std::size_t o = 0; o < w.size(); ++o)
      for (std::size_t i = 0; i < w[o].size(); ++i) y[t][o] += x[t][i] * w[o][i];
  return y;
}

struct Trace {
  Matrix scores, weights, context;  // [T, T], [T, T], [T, E]
};

// q [T, D], k [T, D], v [T, E]
Trace attention(const Matrix& q, const Matrix& k, const Matrix& v) {
  const std::size_t steps = q.size(), features = q[0].size();
  Trace trace{Matrix(steps, std::vector<double>(steps)), {}, {}};
  for (std::size_t i = 0; i < steps; ++i)
    for (std::size_t j = 0; j < steps; ++j) {
      for (std::size_t d = 0; d < features; ++d) trace.scores[i][j] += q[i][d] * k[j][d];
      trace.scores[i][j] /= std::sqrt(features);
    }
  for (const std::vector<double>& row : trace.scores) {
    const double largest = *std::max_element(row.begin(), row.end());
    std::vector<double> weights;
    double total = 0;
    for (const double score : row) weights.push_back(std::exp(score - largest));
    for (const double w : weights) total += w;
    std::vector<double> context(v[0].size());
    for (std::size_t j = 0; j < steps; ++j) {
      weights[j] /= total;
      for (std::size_t e = 0; e < context.size(); ++e) context[e] += weights[j] * v[j][e];
    }
    trace.weights.push_back(weights);
    trace.context.push_back(context);
  }
  return trace;
}

std::string text(const std::vector<double>& row, int digits) {
  std::string line;
  for (const double v : row) {
    if (!line.empty()) line += "  ";
    line += fixed(v, digits);
  }
  return line;
}

Tensor tensor(const Matrix& m) {
  std::vector<Scalar> values;
  for (const std::vector<double>& row : m)
    for (const double v : row) values.push_back(static_cast<Scalar>(v));
  return Tensor({static_cast<Index>(m.size()), static_cast<Index>(m[0].size())}, values);
}

Matrix matrix(const Tensor& x) {
  Matrix m;
  for (Index i = 0; i < x.dim(0); ++i) {
    const std::vector<Scalar> row = x.slice(0, i, i + 1).values();
    m.emplace_back(row.begin(), row.end());
  }
  return m;
}

bool agree(const Matrix& a, const Tensor& b) {
  const std::vector<Scalar> x = tensor(a).values(), y = b.values();
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](Scalar p, Scalar q) { return std::abs(p - q) < 1e-6; });
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("trace_sentence", [&] {
    report::Flags flags("trace_sentence", "Self-attention by hand, every number printed.");
    flags.parse(argc, argv);

    const Matrix q = linear(kEmbeddings, kQuery, {0, 0}), k = linear(kEmbeddings, kKey, {0, 0});
    const Matrix v = linear(kEmbeddings, kValue, {0, 0, 0});
    const Trace trace = attention(q, k, v);
    Table inputs({"word", "x", "q", "k", "v"});
    Table steps({"word", "scores / sqrt 2", "weights", "context"});
    for (std::size_t t = 0; t < kWords.size(); ++t) {
      inputs.row({kWords[t], text(kEmbeddings[t], 0), text(q[t], 0), text(k[t], 0), text(v[t], 0)});
      steps.row({kWords[t], text(trace.scores[t], 2), text(trace.weights[t], 2),
                 text(trace.context[t], 2)});
    }
    std::printf("%s\n%s\n", inputs.text().c_str(), steps.text().c_str());

    const nn::Attended library = nn::scaled_dot_product(tensor(q), tensor(k), tensor(v));
    const bool same = agree(trace.weights, library.weights.value()) &&
                      agree(trace.context, library.context.value());
    std::printf("nn::scaled_dot_product says the same: %s\n", same ? "yes" : "NO");

    // The layer draws weights of its own; the loops are run again on those.
    Rng rng(7);
    const nn::SelfAttention layer(3, 2, 3, rng);
    const std::vector<Variable> p = layer.parameters();  // weight and bias of query, key, value
    const auto project = [&](int i) {
      const std::vector<Scalar> b = p[i + 1].value().values();
      return linear(kEmbeddings, matrix(p[i].value()), {b.begin(), b.end()});
    };
    const Trace again = attention(project(0), project(2), project(4));
    const nn::Attended layered = layer(tensor(kEmbeddings).reshape({1, 6, 3}));
    const bool equal = agree(again.weights, layered.weights.value()) &&
                       agree(again.context, layered.context.value());
    std::printf("nn::SelfAttention says the same: %s\n", equal ? "yes" : "NO");
    return same && equal ? 0 : 1;
  });
}

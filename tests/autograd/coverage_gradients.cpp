// No operation without a row: whatever stands in the graph of a model, in the graph of its
// gradient, or in a header of autograd/ must have been differentiated by the table.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "autograd/graph.h"
#include "nn/attention.h"
#include "nn/batch_norm.h"
#include "nn/cbam.h"
#include "nn/loss.h"
#include "nn/non_local.h"
#include "nn/pool2d.h"
#include "nn/recurrent.h"
#include "nn/seq2seq.h"
#include "nn/transformer.h"
#include "tests/autograd/operations.h"

namespace rapt {
namespace {

using Names = std::set<std::string>;

void add_names(const Variable& y, Names& names) {
  for (const Node* node : nodes_of(y)) names.insert(node->op);
}

// The operations in y, in its gradient, and in that gradient's gradient.
Names names_in(const Variable& y, const std::vector<Variable>& inputs) {
  Names names;
  add_names(y, names);
  const Variable ones(Tensor(y.shape(), 1), true);
  for (const Variable& first : grad(y, inputs, ones, true)) {
    add_names(first, names);
    if (!first.requires_grad()) continue;
    for (const Variable& second : grad(first, inputs, Tensor(first.shape(), 1), true))
      add_names(second, names);
  }
  return names;
}

const Names& covered() {
  static const Names names = [] {
    Names all;
    for (const Operation& row : kOperations) {
      const std::vector<Variable> inputs = random_inputs(row);
      all.merge(names_in(row.f(inputs), inputs));
    }
    return all;
  }();
  return names;
}

std::string uncovered(const Names& names) {
  std::string missing;
  for (const std::string& name : names)
    if (!covered().count(name)) missing += name + " ";
  return missing;
}

std::string uncovered_in(const Variable& loss, const nn::Module& model) {
  return uncovered(names_in(loss, model.parameters()));
}

TEST(Coverage, AnOperationWithoutARowIsFound) {
  const Variable x(Tensor({2}, 1), true);
  const Variable y =
      record("strange", x.value(), {{x, [](const Variable& g, const Variable&) { return g; }}});
  EXPECT_EQ(uncovered(names_in(y * y, {x})), "strange ");
}

TEST(Coverage, TheAdjointsAreReached) {
  for (const char* name :
       {"add_rows", "scatter_add", "fold_back", "placed", "part_of", "sum_to", "expand"})
    EXPECT_TRUE(covered().count(name)) << name;
}

TEST(Coverage, Transformer) {
  using nn::Activation;
  for (const nn::NormPlace norm : {nn::NormPlace::pre, nn::NormPlace::post})
    for (const Activation activation : {Activation::relu, Activation::gelu, Activation::tanh,
                                        Activation::sigmoid, Activation::identity}) {
      Rng rng(1);
      const nn::EncoderOptions options{.dim = 4,
                                       .heads = 2,
                                       .feed_forward = 6,
                                       .layers = 1,
                                       .dropout = 0.1,
                                       .norm = norm,
                                       .activation = activation};
      const nn::TransformerEncoder model(options, rng);
      const Variable x(uniform({2, 3, 4}, 1, rng), true);
      const nn::Encoded encoded = model(x, nn::Mask::causal(3) & nn::Mask::padding({3, 2}, 3));
      const Variable loss = nn::cross_entropy(encoded.output, {{2, 3}, {0, 1, 2, 3, -1, 0}}, 0.1);
      EXPECT_EQ(uncovered_in(loss, model), "");
    }
}

TEST(Coverage, TransformerWithEachKindOfPositions) {
  for (const std::string& positions : nn::position_names()) {
    const nn::EncoderOptions stack{.dim = 4,
                                   .heads = 2,
                                   .feed_forward = 6,
                                   .layers = 1,
                                   .positions = nn::position_kind(positions),
                                   .longest = 3};
    Rng rng(1);
    const nn::Transformer model(
        {.source_vocabulary = 3, .target_vocabulary = 4, .stack = stack, .tied = true}, rng);
    const nn::Translated y =
        model({{2, 2}, {0, 1, 2, 0}}, {{2, 3}, {0, 1, 2, 3, 1, 0}}, nn::Mask::padding({2, 1}, 2));
    EXPECT_EQ(uncovered_in(nn::cross_entropy(y.logits, {{2, 3}, {0, 1, 2, 3, -1, 0}}), model), "")
        << positions;
    EXPECT_EQ(uncovered_in(sum(y.source_weights[0]), model), "") << positions;
  }
}

TEST(Coverage, CrossAttention) {
  Rng rng(1);
  const nn::MultiHeadAttention model(4, 2, rng);
  const Variable x(uniform({2, 3, 4}, 1, rng)), memory(uniform({2, 5, 4}, 1, rng));
  const nn::Attended attended = model(x, memory);
  EXPECT_EQ(uncovered_in(sum(attended.context * attended.context), model), "");
}

TEST(Coverage, RecurrentNetwork) {
  for (const nn::CellKind cell : {nn::CellKind::rnn, nn::CellKind::lstm, nn::CellKind::gru}) {
    Rng rng(1);
    const nn::RecurrentOptions options{
        .cell = cell, .in = 3, .hidden = 2, .layers = 2, .bidirectional = true, .dropout = 0.1};
    const nn::Recurrent model(options, rng);
    const Variable x(uniform({2, 3, 3}, 1, rng), true);
    const Variable y = model(x, {3, 2}).outputs;
    EXPECT_EQ(uncovered_in(nn::mean_squared_error(y, Tensor(y.shape(), 0.5)), model), "");
  }
}

TEST(Coverage, SequenceToSequence) {
  for (const std::optional<nn::Score> score :
       {std::optional<nn::Score>(), std::optional(nn::Score::general),
        std::optional(nn::Score::additive)}) {
    Rng rng(1);
    const nn::Seq2Seq model({.source_vocabulary = 4,
                             .target_vocabulary = 3,
                             .embedding = 2,
                             .hidden = 2,
                             .attention = score},
                            rng);
    const nn::Seq2SeqOutput translated =
        model({{2, 3}, {0, 1, 2, 3, 0, 0}}, {3, 1}, {{2, 2}, {0, 1, 0, 2}});
    EXPECT_EQ(uncovered_in(nn::cross_entropy(translated.logits, {{2, 2}, {1, 2, 2, -1}}), model),
              "");
  }
}

struct ImageNet : nn::Module {
  explicit ImageNet(Rng& rng)
      : conv(child<nn::Conv2d>("conv", 2, 4, nn::Conv2dOptions{.groups = 2}, rng)),
        norm(child<nn::BatchNorm>("norm", 4)),
        gates(child<nn::Cbam>("gates", 4, 2, 3, rng)),
        between(child<nn::NonLocal>("between", 4, rng)) {}

  Variable operator()(const Variable& x) const {  // [B, 2, Y, X] -> [B, 4]
    const Variable seen = nn::max_pool(relu(norm(conv(x))), {.kernel = 2, .stride = 2});
    return nn::global_average_pool(between(gates(seen).output).context);
  }

  nn::Conv2d& conv;
  nn::BatchNorm& norm;
  nn::Cbam& gates;
  nn::NonLocal& between;
};

TEST(Coverage, ImageModel) {
  Rng rng(1);
  const ImageNet model(rng);
  const Variable logits = model(Variable(uniform({3, 2, 6, 6}, 1, rng), true));
  EXPECT_EQ(uncovered_in(nn::cross_entropy(logits, {{3}, {0, 3, 1}}), model), "");
}

TEST(Coverage, EveryFunctionOfTheHeadersHasARow) {
  const std::map<std::string, std::string> operators{
      {"operator+", "add"}, {"operator-", "sub"}, {"operator*", "mul"}, {"operator/", "div"}};
  const std::string root = RAPT_SOURCE_DIR "/";
  std::ifstream ops(root + "autograd/ops.h");
  int functions = 0;
  for (std::string include; std::getline(ops, include);) {
    if (include.rfind("#include \"", 0) != 0) continue;
    std::ifstream header(root + include.substr(10, include.size() - 11));
    for (std::string line; std::getline(header, line);) {
      if (line.rfind("Variable ", 0) != 0) continue;
      std::string name = line.substr(9, line.find('(') - 9);
      if (operators.count(name)) name = operators.at(name);
      const bool found = std::any_of(kOperations.begin(), kOperations.end(), [&](const auto& row) {
        return row.name == name || std::string(row.name).rfind(name + "_", 0) == 0;
      });
      EXPECT_TRUE(found) << include << ": " << line << ": no row of the table begins with " << name;
      ++functions;
    }
  }
  EXPECT_GT(functions, 40) << "the headers were not found";
}

}  // namespace
}  // namespace rapt

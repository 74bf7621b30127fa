// Chapter 12, without any training: the shapes that pass through an encoder-decoder, which outputs
// feel the edit of one token, that its steps one by one say the same bits, what tied weights save,
// and what label smoothing asks for.
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/table.h"
#include "nn/loss.h"
#include "nn/transformer.h"

using namespace rapt;

namespace {

constexpr Index kVocabulary = 50, kDim = 32, kHeads = 4, kInner = 64, kLayers = 2;
constexpr Index kSource = 7, kTarget = 5;

nn::TransformerOptions options() {
  return {.source_vocabulary = kVocabulary,
          .target_vocabulary = kVocabulary,
          .stack = {.dim = kDim,
                    .heads = kHeads,
                    .feed_forward = kInner,
                    .layers = kLayers,
                    .positions = nn::PositionKind::sinusoidal}};
}

Ids draw_ids(const Shape& shape, Rng& rng) {
  Ids ids{shape, {}};
  for (Index i = 0; i < element_count(shape); ++i)
    ids.values.push_back(static_cast<std::int32_t>(rng.below(kVocabulary)));
  return ids;
}

Ids edited(Ids ids, std::size_t at) {
  ids.values[at] = (ids.values[at] + 1) % kVocabulary;
  return ids;
}

// logits [1, T, V] -> the V numbers of step t
std::vector<Scalar> step_of(const Variable& logits, Index t) {
  return select(logits, 1, t).value().values();
}

void show_shapes(Rng rng) {
  const nn::Transformer model(options(), rng);
  const Ids source = draw_ids({3, kSource}, rng), target = draw_ids({3, kTarget}, rng);
  const nn::Translated said = model(source, target, nn::Mask::padding({7, 5, 2}, kSource));
  report::Table table(
      {message("source ", source.shape, ", target ", target.shape, " ->"), "letters", "shape"});
  table.row({"encoder, weights", "[B, H, S, S]", to_string(said.encoder_weights[0].shape())});
  table.row({"decoder, weights", "[B, H, T, T]", to_string(said.weights[0].shape())});
  table.row({"decoder, to source", "[B, H, T, S]", to_string(said.source_weights[0].shape())});
  table.row({"logits", "[B, T, V]", to_string(said.logits.shape())});
  std::printf("%s\n", table.text().c_str());
}

// Edits one token at a time, and asks at which steps the logits are no longer the same bits.
void show_leak(Rng rng) {
  const nn::Transformer model(options(), rng);
  const Ids source = draw_ids({1, kSource}, rng), target = draw_ids({1, kTarget}, rng);
  const nn::Mask padding = nn::Mask::padding({5}, kSource);  // the last two tokens are padding
  const Variable before = model(source, target, padding).logits;

  std::vector<std::string> header = {"edited; logits change at"};
  for (Index t = 0; t < kTarget; ++t) header.push_back(std::to_string(t));
  report::Table table(header);
  const auto add_row = [&](const std::string& label, const Ids& asked, const Ids& told) {
    const Variable after = model(asked, told, padding).logits;
    std::vector<std::string> row = {label};
    for (Index t = 0; t < kTarget; ++t)
      row.push_back(step_of(after, t) == step_of(before, t) ? "0" : "yes");
    table.row(row);
  };
  for (Index t = 0; t < kTarget; ++t)
    add_row("target token " + std::to_string(t), source, edited(target, t));
  add_row("source token 3", edited(source, 3), target);
  add_row("source token 5, padding", edited(source, 5), target);
  std::printf("%s\n", table.text().c_str());

  nn::State state = model.start(source, padding);
  bool same = true;
  for (Index t = 0; t < kTarget; ++t) {
    const nn::Next next = model.next({{1}, {target.values[t]}}, state);
    same = same && next.logits.value().values() == step_of(before, t);
    state = next.state;
  }
  std::printf("one step at a time, with the cache: the same bits at every step: %s\n\n",
              same ? "yes" : "no");
}

// [Eq 12.5] for the encoder's layers; a decoder's has a second attention and a third norm.
Index stack_parameters() {
  const Index attention = 4 * (kDim * kDim + kDim), norm = 2 * kDim;
  const Index feed_forward = 2 * kDim * kInner + kInner + kDim;
  const Index encoder = attention + feed_forward + 2 * norm;
  const Index decoder = 2 * attention + feed_forward + 3 * norm;
  return kLayers * (encoder + decoder) + 2 * norm;  // pre-norm: one more at the end of each stack
}

void show_tying(const Rng& rng) {
  report::Table table({"embeddings and output", "by formula", "counted"});
  const Index matrix = kVocabulary * kDim;
  for (const auto& [label, shared, tied, extra] :
       {std::tuple{"three matrices", false, false, 3 * matrix + kVocabulary},
        std::tuple{"output tied to the target's", false, true, 2 * matrix},
        std::tuple{"one matrix for all three", true, true, matrix}}) {
    nn::TransformerOptions chosen = options();
    chosen.shared = shared;
    chosen.tied = tied;
    Rng weights = rng;
    const nn::Transformer model(chosen, weights);
    table.row({label, std::to_string(stack_parameters() + extra),
               std::to_string(model.parameter_count())});
  }
  std::printf("%s\n", table.text().c_str());
}

// The loss of one prediction among V classes, by how far the right logit stands above the others.
void show_smoothing() {
  constexpr Index kClasses = 10;
  report::Table table({"right logit above the rest by", "p of the right", "loss", "smoothed, 0.1"});
  for (const double lead : {0.0, 4.0, 4.51, 6.0, 10.0}) {
    Tensor row({1, kClasses});
    row.data()[0] = static_cast<Scalar>(lead);
    const Ids right{{1}, {0}};
    const Scalar loss = nn::cross_entropy(row, right).item();
    const Scalar smoothed = nn::cross_entropy(row, right, Scalar(0.1)).item();
    table.row({report::fixed(lead, 2), report::fixed(std::exp(-loss), 4), report::fixed(loss, 3),
               report::fixed(smoothed, 3)});
  }
  std::printf("%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("decoder_parts", [&] {
    std::uint64_t seed = 1;
    report::Flags flags("decoder_parts", "An encoder-decoder's shapes, masks, cache and sizes.");
    flags.option("--seed", "N", &seed, "seed of weights and tokens", 0);
    flags.parse(argc, argv);

    const NoGrad off;
    show_shapes(Rng(seed));
    show_leak(Rng(seed));
    show_tying(Rng(seed));
    show_smoothing();
    return 0;
  });
}

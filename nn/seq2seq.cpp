#include "nn/seq2seq.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/reduce.h"

namespace rapt::nn {
namespace {

const Seq2SeqOptions& checked(const Seq2SeqOptions& options) {
  expect_at_least("Seq2Seq: source_vocabulary", options.source_vocabulary, 1);
  expect_at_least("Seq2Seq: target_vocabulary", options.target_vocabulary, 1);
  expect_at_least("Seq2Seq: embedding", options.embedding, 1);
  expect_at_least("Seq2Seq: hidden", options.hidden, 1);
  expect_at_least("Seq2Seq: encoder_hidden", options.encoder_hidden, 0);
  expect_at_least("Seq2Seq: layers", options.layers, 1);
  expect_probability("Seq2Seq: dropout", options.dropout);
  return options;
}

RecurrentOptions recurrent(const Seq2SeqOptions& options, Index hidden, bool bidirectional) {
  return {.cell = options.cell,
          .in = options.embedding,
          .hidden = hidden,
          .layers = options.layers,
          .bidirectional = bidirectional,
          .dropout = options.dropout};
}

RecurrentOptions encoder(const Seq2SeqOptions& options) {
  const Index hidden = options.encoder_hidden > 0 ? options.encoder_hidden : options.hidden;
  return recurrent(options, hidden, options.bidirectional);
}

RecurrentOptions decoder(const Seq2SeqOptions& options) {
  return recurrent(options, options.hidden, false);
}

// Tensors in a cell's state.
Index parts(CellKind cell) { return cell == CellKind::lstm ? 2 : 1; }

// All numbers of one sequence's states in all layers of a network.
Index state_features(const RecurrentOptions& options) {
  return options.hidden * parts(options.cell) * options.layers * (options.bidirectional ? 2 : 1);
}

// Step t of each sequence. [B, T] -> [B, 1]
Ids column(const Ids& ids, Index t) {
  Ids step{{ids.shape[0], 1}, {}};
  for (Index b = 0; b < ids.shape[0]; ++b)
    step.values.push_back(ids.values[static_cast<std::size_t>(b * ids.shape[1] + t)]);
  return step;
}

// What a search carries from step to step: the decoder's states, then the memory, all with the
// batch in front.
State packed(const std::vector<State>& states, const Memory& memory) {
  State all;
  for (const State& state : states) all.insert(all.end(), state.begin(), state.end());
  const Shape allowed{memory.values.dim(0), 1, memory.values.dim(1)};
  all.push_back(memory.keys);
  all.push_back(memory.values);
  all.push_back(memory.mask.against(allowed).expand(allowed));
  return all;
}

Source unpacked(const State& all, std::size_t layers, std::size_t parts) {
  constexpr std::size_t kMemory = 3;  // keys, values, mask
  if (all.size() != layers * parts + kMemory)
    throw ValueError(message("Seq2Seq: expected a state of ", layers * parts + kMemory,
                             " tensors, as start() gives it, got ", all.size()));
  std::vector<State> states;
  for (auto part = all.begin(); states.size() < layers; part += static_cast<Index>(parts))
    states.emplace_back(part, part + static_cast<Index>(parts));
  const auto memory = all.end() - kMemory;
  return {states, {memory[0], memory[1], Mask(memory[2].value())}};
}

}  // namespace

Seq2Seq::Seq2Seq(const Seq2SeqOptions& options, Rng& rng)
    : options_(checked(options)),
      source_embedding_(
          child<Embedding>("source_embedding", options.source_vocabulary, options.embedding, rng)),
      target_embedding_(
          child<Embedding>("target_embedding", options.target_vocabulary, options.embedding, rng)),
      encoder_(child<Recurrent>("encoder", encoder(options), rng)),
      decoder_(child<Recurrent>("decoder", decoder(options), rng)),
      bridge_(child<Linear>("bridge", state_features(encoder(options)),
                            state_features(decoder(options)), rng)),
      attention_(options.attention
                     ? &child<CrossAttention>("attention", options.hidden, encoder_.features(), rng,
                                              *options.attention)
                     : nullptr),
      combine_(child<Linear>("combine", encoder_.features() + options.hidden, options.hidden, rng)),
      output_(child<Linear>("output", options.hidden, options.target_vocabulary, rng)),
      dropout_(child<Dropout>("dropout", options.dropout, rng)) {}

Source Seq2Seq::encode(const Ids& source, const std::vector<Index>& lengths) const {
  expect_tokens("Seq2Seq: source [B, S]", source, {kAny, kAny}, options_.source_vocabulary);
  // A sequence without a token has no last state to set out from.
  expect_lengths("Seq2Seq", "source [B, S]", source.shape, lengths, 1);
  const Variable embedded = dropout_(source_embedding_(source));
  const RecurrentOutput read = encoder_(embedded, lengths);
  const std::vector<State> start = bridge(read.last);
  if (attention_) {
    const Mask mask = lengths.empty() ? Mask() : Mask::padding(lengths, source.shape[1]);
    return {start, attention_->read(read.outputs, mask)};
  }
  // What one sequence is squeezed into: the last layer's state after its last step, in each
  // direction.
  const Index directions = options_.bidirectional ? 2 : 1;
  std::vector<Variable> ends;
  for (auto end = read.last.end() - directions; end != read.last.end(); ++end)
    ends.push_back((*end)[0]);
  const Variable summary = reshape(concat(ends, -1), {source.shape[0], 1, encoder_.features()});
  return {start, {summary, summary, Mask()}};
}

std::vector<State> Seq2Seq::bridge(const std::vector<State>& last) const {
  std::vector<Variable> ends;
  for (const State& state : last) ends.insert(ends.end(), state.begin(), state.end());
  const Variable all = tanh(bridge_(concat(ends, -1)));
  std::vector<State> start;
  for (Index at = 0; at < all.dim(1);) {
    start.emplace_back();
    for (Index part = 0; part < parts(options_.cell); ++part, at += options_.hidden)
      start.back().push_back(slice(all, -1, at, at + options_.hidden));
  }
  return start;
}

Attended Seq2Seq::look(const Variable& states, const Memory& memory) const {
  if (attention_) return attention_->ask(states, memory);
  const Index batch = states.dim(0), steps = states.dim(1);
  return {expand(memory.values, {batch, steps, encoder_.features()}), Tensor({batch, steps, 0})};
}

Seq2Seq::Decoded Seq2Seq::decode(const Ids& inputs, const std::vector<State>& states,
                                 const Memory& memory) const {
  const Variable embedded = dropout_(target_embedding_(inputs));
  const RecurrentOutput decoded = decoder_(embedded, {}, states);
  const Attended seen = look(decoded.outputs, memory);
  const Variable combined = tanh(combine_(concat({seen.context, decoded.outputs}, -1)));
  return {output_(dropout_(combined)), seen.weights, decoded.last};
}

Seq2SeqOutput Seq2Seq::operator()(const Ids& source, const std::vector<Index>& lengths,
                                  const Ids& inputs) const {
  const Source known = encode(source, lengths);
  expect_tokens("Seq2Seq: inputs [B, T]", inputs, {source.shape[0], kAny},
                options_.target_vocabulary);
  const Decoded decoded = decode(inputs, known.start, known.memory);
  return {decoded.logits, decoded.weights};
}

Seq2SeqOutput Seq2Seq::operator()(const Ids& source, const std::vector<Index>& lengths,
                                  const Ids& inputs, Scalar teacher, Rng& rng) const {
  if (!(teacher >= 0 && teacher <= 1))
    throw ValueError(message("Seq2Seq: teacher must lie in [0, 1], got ", teacher));
  if (teacher == 1) return (*this)(source, lengths, inputs);  // no step waits for another's answer
  const Source known = encode(source, lengths);
  expect_tokens("Seq2Seq: inputs [B, T]", inputs, {source.shape[0], kAny},
                options_.target_vocabulary);
  std::vector<State> states = known.start;
  std::vector<Variable> logits, weights;
  for (Index t = 0; t < inputs.shape[1]; ++t) {
    Ids tokens = column(inputs, t);
    if (t > 0) {
      const Ids own = argmax(logits.back().value());
      for (std::size_t b = 0; b < own.values.size(); ++b)
        if (!rng.chance(teacher)) tokens.values[b] = own.values[b];
    }
    const Decoded step = decode(tokens, states, known.memory);
    logits.push_back(step.logits);
    weights.push_back(step.weights);
    states = step.last;
  }
  return {concat(logits, 1), concat(weights, 1)};
}

State Seq2Seq::start(const Ids& source, const std::vector<Index>& lengths) const {
  const Source known = encode(source, lengths);
  return packed(known.start, known.memory);
}

Next Seq2Seq::next(const Ids& tokens, const State& state) const {
  const Source known = unpacked(state, static_cast<std::size_t>(options_.layers),
                                static_cast<std::size_t>(parts(options_.cell)));
  expect_tokens("Seq2Seq: tokens [B] for this state", tokens, {known.memory.values.dim(0)},
                options_.target_vocabulary);
  const Decoded step = decode({{tokens.shape[0], 1}, tokens.values}, known.start, known.memory);
  return {select(step.logits, 1, 0), packed(step.last, known.memory), select(step.weights, 1, 0)};
}

}  // namespace rapt::nn

#include "examples/tasks/pair_task.h"

#include <algorithm>
#include <cmath>

#include "examples/report/text.h"

namespace rapt::tasks {
namespace {

constexpr Index kCounted = 4096;  // pairs, for the baseline

std::int32_t at(const Ids& ids, Index row, Index t) {
  return ids.values[static_cast<std::size_t>(row * ids.shape[1] + t)];
}

}  // namespace

void Characters::add(const std::string& text) {
  for (const char32_t c : report::decode_utf8(text, "Characters::add"))
    if (id_.emplace(c, first_ + static_cast<std::int32_t>(size())).second)
      text_.push_back(report::encode_utf8(c));
}

std::vector<std::int32_t> Characters::ids(const std::string& text) const {
  std::vector<std::int32_t> ids;
  for (const char32_t c : report::decode_utf8(text, "Characters::ids")) {
    const auto known = id_.find(c);
    if (known == id_.end())
      throw ValueError(message("Characters::ids: '", text, "' has '", report::encode_utf8(c),
                               "', which is none of the ", size(), " characters"));
    ids.push_back(known->second);
  }
  return ids;
}

const std::string& Characters::text(std::int32_t id) const {
  return text_.at(static_cast<std::size_t>(id - first_));
}

PairTask::PairTask(const std::vector<Pair>& samples) {
  for (const Pair& pair : samples) {
    source_.add(pair.source);
    answer_.add(pair.answer);
    longest_source_ = std::max(longest_source_, Index(source_.ids(pair.source).size()));
    longest_answer_ = std::max(longest_answer_, Index(answer_.ids(pair.answer).size()) + 1);
  }
}

Sizes PairTask::sizes() const {
  Sizes sizes{source_.size(), answer_.size() + 1, longest_source_};
  sizes.answer_length = longest_answer_;
  return sizes;
}

std::vector<Baseline> PairTask::baselines() const {
  Rng rng(0);
  const Batch seen = batch(kCounted, Split::training, rng);
  const Batch asked = batch(kCounted, Split::test, rng);
  const Index classes = sizes().classes;
  std::vector<std::vector<double>> count(
      static_cast<std::size_t>(longest_answer_),
      std::vector<double>(static_cast<std::size_t>(classes), 1.0));  // smoothed by one
  for (Index row = 0; row < kCounted; ++row)
    for (Index t = 0; t < seen.targets.shape[1] && at(seen.targets, row, t) != nn::kIgnored; ++t)
      ++count[t][at(seen.targets, row, t)];

  double loss = 0, positions = 0, right = 0;
  for (Index row = 0; row < kCounted; ++row) {
    bool whole = true;
    for (Index t = 0; t < asked.targets.shape[1] && at(asked.targets, row, t) != nn::kIgnored;
         ++t) {
      const std::vector<double>& here = count[t];
      double all = 0;
      for (const double n : here) all += n;
      loss -= std::log(here[at(asked.targets, row, t)] / all);
      whole = whole && std::max_element(here.begin(), here.end()) - here.begin() ==
                           at(asked.targets, row, t);
      ++positions;
    }
    right += whole ? 1 : 0;
  }
  return {{"guessing", loss / positions, right / kCounted}};
}

Batch PairTask::batch(Index size, Split split, Rng& rng) const {
  std::vector<Pair> pairs;
  for (Index b = 0; b < size; ++b) pairs.push_back(draw(split, rng));
  return encoded(pairs);
}

Batch PairTask::probe(std::size_t which, Index size, Rng& rng) const {
  std::vector<Pair> pairs;
  for (Index b = 0; b < size; ++b) pairs.push_back(draw_probe(which, rng));
  return encoded(pairs);
}

Pair PairTask::draw_probe(std::size_t which, Rng&) const {
  throw ValueError(message("PairTask::draw_probe: there is no probe ", which));
}

Batch PairTask::encoded(const std::vector<Pair>& pairs) const {
  std::vector<std::vector<std::int32_t>> sources, answers;
  std::size_t longest_source = 0, longest_answer = 0;
  for (const Pair& pair : pairs) {
    sources.push_back(source_.ids(pair.source));
    answers.push_back(answer_.ids(pair.answer));
    answers.back().push_back(kEnd);
    longest_source = std::max(longest_source, sources.back().size());
    longest_answer = std::max(longest_answer, answers.back().size());
  }
  const auto count = static_cast<Index>(pairs.size());
  Batch batch{.inputs = {{count, static_cast<Index>(longest_source)}, {}},
              .targets = {{count, static_cast<Index>(longest_answer)}, {}}};
  for (std::size_t b = 0; b < pairs.size(); ++b) {
    batch.lengths.push_back(static_cast<Index>(sources[b].size()));
    sources[b].resize(longest_source, 0);  // never read: beyond the length
    answers[b].resize(longest_answer, nn::kIgnored);
    batch.inputs.values.insert(batch.inputs.values.end(), sources[b].begin(), sources[b].end());
    batch.targets.values.insert(batch.targets.values.end(), answers[b].begin(), answers[b].end());
  }
  return batch;
}

std::string PairTask::symbol(std::int32_t id) const { return source_.text(id); }

std::string PairTask::answer(std::int32_t id) const {
  return id == kEnd ? "<end>" : answer_.text(id);
}

std::string PairTask::source_text(const Batch& batch, Index row) const {
  std::string text;
  for (Index t = 0; t < batch.lengths[static_cast<std::size_t>(row)]; ++t)
    text += symbol(at(batch.inputs, row, t));
  return text;
}

std::string PairTask::answer_text(const Ids& classes, Index row) const {
  std::string text;
  for (Index t = 0; t < classes.shape[1] && at(classes, row, t) != kEnd; ++t)
    text += answer(at(classes, row, t));
  return text;
}

}  // namespace rapt::tasks

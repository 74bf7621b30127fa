#pragma once
#include <map>
#include <string>
#include <vector>

#include "examples/data/pairs.h"
#include "examples/tasks/task.h"

namespace rapt::tasks {

using data::Pair;

// The characters of some texts, numbered as they appear.
class Characters {
 public:
  explicit Characters(std::int32_t first = 0) : first_(first) {}

  void add(const std::string& text);
  Index size() const { return static_cast<Index>(text_.size()); }
  std::vector<std::int32_t> ids(const std::string& text) const;  // ValueError for a new character
  const std::string& text(std::int32_t id) const;

 private:
  std::int32_t first_;
  std::map<char32_t, std::int32_t> id_;
  std::vector<std::string> text_;  // of id first_ + i
};

// Translation, character by character: what all tasks share whose data are pairs of texts. A task
// of this kind says only how a pair is drawn.
//   inputs [B, S], lengths [B]    the source, S the longest of the batch
//   targets [B, M]                the answer, kEnd, then nn::kIgnored
class PairTask : public Task {
 public:
  Sizes sizes() const final;
  // What is reached without reading the source: at each position of the answer, the characters
  // that are frequent there. Counted on drawn training answers, scored on drawn test answers.
  std::vector<Baseline> baselines() const override;

  Batch batch(Index size, Split split, Rng& rng) const final;
  Batch probe(std::size_t which, Index size, Rng& rng) const final;

  std::string symbol(std::int32_t id) const final;
  std::string answer(std::int32_t id) const final;

  // Ids back into text: the source of one sequence, and the answer up to kEnd of one row of
  // classes [B, M], targets or what a model said.
  std::string source_text(const Batch& batch, Index row) const;
  std::string answer_text(const Ids& classes, Index row) const;

 protected:
  // samples: together they have every character and the longest text of each side.
  explicit PairTask(const std::vector<Pair>& samples);

  virtual Pair draw(Split split, Rng& rng) const = 0;
  virtual Pair draw_probe(std::size_t which, Rng& rng) const;

 private:
  Batch encoded(const std::vector<Pair>& pairs) const;

  Characters source_, answer_{kEnd + 1};
  Index longest_source_ = 0, longest_answer_ = 0;  // an answer counts kEnd too
};

}  // namespace rapt::tasks

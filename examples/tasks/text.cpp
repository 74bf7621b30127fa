// Text: predict the next character of a real text, from the characters before it in a window.
// The first 80 % of the text train, the next 10 % choose the learning rate, the last 10 % are the
// test. The baseline counts which character follows which (bigrams), smoothed by one.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "examples/report/files.h"
#include "examples/report/program.h"
#include "examples/report/text.h"
#include "examples/tasks/split.h"

namespace rapt::tasks {
namespace {

constexpr Index kMostSymbols = 256;    // rarer characters share one symbol
constexpr char32_t kRare = U'\uFFFD';  // "�"

// The project's own chapters, one behind the other.
std::string own_chapters() {
  std::vector<std::filesystem::path> chapters;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(RAPT_DOCS_DIR, none))
    if (entry.path().extension() == ".md") chapters.push_back(entry.path());
  if (chapters.empty())
    throw report::UsageError(std::string("--data: no chapters in ") + RAPT_DOCS_DIR +
                             "; expected a text file");
  std::sort(chapters.begin(), chapters.end());
  std::string all;
  for (const auto& chapter : chapters) all += report::read_text_file(chapter.string(), "--data");
  return all;
}

class Text : public Task {
 public:
  Text(const std::u32string& characters, Index window) : window_(window) {
    std::map<char32_t, Index> count;
    for (const char32_t c : characters) ++count[c];
    std::vector<std::pair<Index, char32_t>> ranked;  // the most frequent first
    for (const auto& [c, n] : count) ranked.emplace_back(-n, c);
    std::sort(ranked.begin(), ranked.end());
    if (static_cast<Index>(ranked.size()) > kMostSymbols) ranked.resize(kMostSymbols - 1);
    std::map<char32_t, std::int32_t> id;
    for (const auto& [n, c] : ranked) {
      id.emplace(c, static_cast<std::int32_t>(symbols_.size()));
      symbols_.push_back(c);
    }
    if (id.size() < count.size()) symbols_.push_back(kRare);
    for (const char32_t c : characters) {
      const auto known = id.find(c);
      ids_.push_back(known == id.end() ? static_cast<std::int32_t>(symbols_.size()) - 1
                                       : known->second);
    }
  }

  Sizes sizes() const override { return {vocabulary(), vocabulary(), window_, true}; }
  Defaults defaults() const override {
    return {800, 16, {.dim = 64, .heads = 4, .feed_forward = 256, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    const Index v = vocabulary();
    std::vector<double> pairs(static_cast<std::size_t>(v * v), 1.0), firsts(v, double(v));
    const auto [begin, end] = part(Split::training);
    for (Index i = begin; i + 1 < end; ++i) {
      pairs[ids_[i] * v + ids_[i + 1]] += 1;
      firsts[ids_[i]] += 1;
    }
    const auto [from, to] = part(Split::test);
    double loss = 0, right = 0;
    for (Index i = from; i + 1 < to; ++i) {
      const double* row = pairs.data() + ids_[i] * v;
      loss -= std::log(row[ids_[i + 1]] / firsts[ids_[i]]);
      right += std::max_element(row, row + v) - row == ids_[i + 1];
    }
    const auto predicted = static_cast<double>(to - from - 1);
    return {{"bigrams", loss / predicted, right / predicted}};
  }

  Batch batch(Index size, Split split, Rng& rng) const override {
    const auto [begin, end] = part(split);
    const Shape shape{size, window_};
    Batch batch{.inputs = {shape, {}}, .targets = {shape, {}}};
    for (Index b = 0; b < size; ++b) {
      const auto at = ids_.begin() + begin + rng.below(end - begin - window_);
      batch.inputs.values.insert(batch.inputs.values.end(), at, at + window_);
      batch.targets.values.insert(batch.targets.values.end(), at + 1, at + window_ + 1);
    }
    return batch;
  }

  std::string symbol(std::int32_t id) const override { return report::encode_utf8(symbols_[id]); }

 private:
  Index vocabulary() const { return static_cast<Index>(symbols_.size()); }

  std::pair<Index, Index> part(Split split) const {
    return part_of(static_cast<Index>(ids_.size()), split);
  }

  Index window_;
  std::vector<char32_t> symbols_;  // by id
  std::vector<std::int32_t> ids_;  // the text
};

std::unique_ptr<Task> make(const TaskOptions& options) {
  const Index window = options.length > 0 ? options.length : 64;
  const std::string source =
      options.data.empty() ? "--data (the chapters of the course)" : "--data " + options.data;
  const std::u32string characters = report::decode_utf8(
      options.data.empty() ? own_chapters() : report::read_text_file(options.data, "--data"),
      source);
  const Index least = 10 * (window + 2);
  if (static_cast<Index>(characters.size()) < least)
    throw report::UsageError(message(source, ": expected at least ", least, " characters, so that",
                                     " a tenth holds a window of ", window, "; got ",
                                     characters.size()));
  return std::make_unique<Text>(characters, window);
}

const bool registered = register_task(
    {"text", "next character of a text (--data FILE), window of 64", Form::next, make, true});

}  // namespace
}  // namespace rapt::tasks

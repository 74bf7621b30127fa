// Pairs: the user's own translation. A file with lines of source<TAB>answer, in UTF-8, learned
// character by character; whatever one text turns into another by some rule, such as a plural, a
// pronunciation, another spelling.
//
//   mouse<TAB>mice
//
// A hash of the source leaves 10 % of the lines for validation and 10 % for the test, whatever
// their order; lines with the same source stay together. Guessing: see PairTask. Accuracy is that
// of whole answers. --length is the longest side that is allowed.
#include <array>
#include <set>

#include "examples/report/program.h"
#include "examples/tasks/options.h"
#include "examples/tasks/pair_task.h"
#include "examples/tasks/split.h"

namespace rapt::tasks {
namespace {

constexpr std::size_t kFewest = 100;  // different sources: a tenth of them is the test

class Pairs : public PairTask {
 public:
  Pairs(const std::vector<Pair>& pairs, const std::string& source) : PairTask(pairs) {
    std::set<std::string> sources;
    for (const Pair& pair : pairs) {
      sources.insert(pair.source);
      parts_[static_cast<std::size_t>(split_of(pair.source))].push_back(pair);
    }
    bool empty = false;
    for (const std::vector<Pair>& part : parts_) empty = empty || part.empty();
    if (sources.size() < kFewest || empty)
      throw report::UsageError(message(
          source, ": expected at least ", kFewest,
          " pairs with different sources, so that a tenth can be the test; got ", sources.size()));
  }

  Defaults defaults() const override {
    return {1200, 32, {.dim = 64, .heads = 4, .feed_forward = 128, .layers = 2}};
  }

 private:
  Pair draw(Split split, Rng& rng) const override {
    const std::vector<Pair>& part = parts_[static_cast<std::size_t>(split)];
    return part[static_cast<std::size_t>(rng.below(static_cast<Index>(part.size())))];
  }

  std::array<std::vector<Pair>, 3> parts_;  // by Split
};

std::unique_ptr<Task> make(const TaskOptions& options) {
  if (options.data.empty())
    throw report::UsageError(
        "--data: task pairs expects a file with lines of source<TAB>answer, in UTF-8");
  const Index longest = length_of(options, "pairs", 64, 2, 256);
  return std::make_unique<Pairs>(data::read_pairs(options.data, "--data", longest),
                                 "--data " + options.data);
}

const bool registered =
    register_task({"pairs", "your own source<TAB>answer lines (--data FILE), up to 64 characters",
                   Form::translation, make, true});

}  // namespace
}  // namespace rapt::tasks

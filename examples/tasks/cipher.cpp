// Cipher: answer a sequence of digits with the digits that a fixed key puts in their place, one for
// each, of a source that is read to its end before the first is said. The same backwards.
//
//   0 1 2 3 4 5 6 7 8 9
//   7 3 0 4 9 1 8 2 6 5      cipher: 2019 > 0735      cipher-reversed: 2019 > 5370
//
// L digits, L = 1 .. 20 (--length) equally likely in training; the probes ask for one length each,
// up to twice the longest. Who does not read the source can know no digit and, of the length, only
// how likely each is: a loss of (ln 20 + 10.5 ln 10) / 11.5 = 2.363 over all positions, the end
// included. Accuracy is that of whole answers. Short sequences recur in all splits, as there are
// too few of them to keep apart; half of all have more than ten digits and are met once.
//
// What is expected (Cho et al. 2014; Bahdanau et al. 2015, figure 2): the work for each digit is
// trivial, so that the length alone decides. A decoder that gets the source as one vector of a
// fixed size falls off a cliff at some length; one that attends to the source does not up to the
// lengths of training, and its weights draw the diagonal. Beyond these lengths all fall.
#include "examples/tasks/options.h"
#include "examples/tasks/pair_task.h"

namespace rapt::tasks {
namespace {

constexpr char kKey[] = "7304918265";
constexpr Index kQuarters[] = {1, 2, 3, 4, 5, 6, 8};  // of the training length: the probes

class Cipher : public PairTask {
 public:
  Cipher(Index length, bool reversed)
      : PairTask({pair_of("0123456789", reversed),
                  pair_of(std::string(static_cast<std::size_t>(2 * length), '0'), reversed)}),
        length_(length),
        reversed_(reversed) {}

  Defaults defaults() const override {
    return {1200, 32, {.dim = 64, .heads = 4, .feed_forward = 128, .layers = 2}};
  }

  std::vector<std::string> probes() const override {
    std::vector<std::string> names;
    for (const Index quarters : kQuarters) names.push_back(message("L=", quarters * length_ / 4));
    return names;
  }

 private:
  Pair draw(Split, Rng& rng) const override {
    const Index length = 1 + rng.below(length_);
    return pair_of(digits(length, rng), reversed_);
  }
  Pair draw_probe(std::size_t which, Rng& rng) const override {
    return pair_of(digits(kQuarters[which] * length_ / 4, rng), reversed_);
  }

  static std::string digits(Index length, Rng& rng) {
    std::string text;
    for (Index i = 0; i < length; ++i) text += static_cast<char>('0' + rng.below(10));
    return text;
  }

  static Pair pair_of(const std::string& digits, bool reversed) {
    std::string answer;
    for (const char digit : digits) answer += kKey[digit - '0'];
    if (reversed) answer.assign(answer.rbegin(), answer.rend());
    return {digits, answer};
  }

  Index length_;
  bool reversed_;
};

template <bool reversed>
std::unique_ptr<Task> make(const TaskOptions& options) {
  const char* name = reversed ? "cipher-reversed" : "cipher";
  return std::make_unique<Cipher>(length_of(options, name, 20, 5, 64), reversed);
}

const bool registered = register_task({"cipher", "replace up to 20 digits by a key: a bottleneck",
                                       Form::translation, make<false>}) &&
                        register_task({"cipher-reversed", "the same, answered backwards",
                                       Form::translation, make<true>});

}  // namespace
}  // namespace rapt::tasks

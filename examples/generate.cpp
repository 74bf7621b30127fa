// Generation: a small decoder-only Transformer learns to continue a text, one character after the
// other, and then writes on by itself. Each character is drawn from what the model expects; the
// temperature says how daring the draw is, top-k and top-p cut off what is unlikely. A cache of
// keys and values makes each step as cheap as one position.
#include <algorithm>
#include <cstdio>

#include "examples/comparison/run.h"
#include "examples/models/decoder.h"
#include "examples/report/program.h"
#include "examples/report/text.h"

using namespace rapt;

namespace {

struct Writing {
  std::string prompt = "The ";
  Index symbols = 400;
  nn::SamplingOptions sampling{.temperature = Scalar(0.8)};
};

std::vector<std::int32_t> symbols_of(const std::string& text, const tasks::Task& task) {
  std::vector<std::int32_t> symbols;
  for (const char32_t c : report::decode_utf8(text, "--prompt")) {
    const std::string wanted = report::encode_utf8(c);
    std::int32_t symbol = 0;
    while (symbol < task.sizes().vocabulary && task.symbol(symbol) != wanted) ++symbol;
    if (symbol == task.sizes().vocabulary)
      throw report::UsageError("--prompt: expected characters that occur in the text, got '" +
                               report::on_one_line(wanted) + "'");
    symbols.push_back(symbol);
  }
  return symbols;
}

// Writes on until `count` symbols are said, each shown as soon as it is drawn. The model knows
// positions up to its window: where that is full, it reads the last half of it afresh.
void write_on(const models::DecoderModel& model, const tasks::Task& task,
              std::vector<std::int32_t> said, const Writing& writing, Rng& rng) {
  const NoGrad off;
  const Index window = model.window();
  for (Index left = writing.symbols; left > 0;) {
    const Index known = std::min<Index>(static_cast<Index>(said.size()), window / 2);
    const std::vector<std::int32_t> before(said.end() - known, said.end() - 1);
    const nn::State state = before.empty()
                                ? model.language_model().zero_state(1)
                                : model.language_model().start({{1, known - 1}, before}).state;
    const nn::Limits limits{said.back(), nn::kNoEnd, std::min(left, window - known)};
    const auto show = [&](std::int32_t symbol) {
      std::fputs(task.symbol(symbol).c_str(), stdout);
      std::fflush(stdout);
      return true;
    };
    const nn::Decoded more =
        nn::generate(model.language_model(), state, limits, writing.sampling, rng, show);
    said.insert(said.end(), more.tokens.begin(), more.tokens.end());
    left -= static_cast<Index>(more.tokens.size());
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("generate", [&] {
    comparison::Settings settings{.tasks = {"text"}, .models = {"decoder"}};
    settings.rules.positions = "rotary";  // spelling is about what stands a few places back
    Writing writing;
    report::Flags flags = comparison::flags_of(
        "generate", "Learns a text and writes on in its manner.", settings, tasks::Form::next);
    flags.option("--prompt", "TEXT", &writing.prompt, "what the writing begins with");
    flags.option("--symbols", "N", &writing.symbols, "characters to write", 0, 1'000'000);
    flags.option("--temperature", "X", &writing.sampling.temperature,
                 "0: always the likeliest; above 1: more daring than the model", 0, 100);
    flags.option("--top-k", "K", &writing.sampling.top_k,
                 "draw from the K likeliest only; 0: from all", 0, 100'000);
    flags.option("--top-p", "P", &writing.sampling.top_p,
                 "draw from the fewest whose probabilities reach P", 1e-6, 1);
    comparison::parse(flags, settings, argc, argv);
    for (const std::string& name : settings.tasks)  // before an hour of training, not after
      symbols_of(writing.prompt, *tasks::find_task(name).make(settings.task));

    for (const comparison::Trained& trained : comparison::run("generate", settings)) {
      const std::vector<std::int32_t> prompt = symbols_of(writing.prompt, *trained.task);
      for (const comparison::Result& result : trained.outcome.results) {
        const auto* model = dynamic_cast<const models::DecoderModel*>(result.trained.get());
        if (!model) continue;  // it can be compared, but does not write
        result.trained->eval();
        std::printf("\n%s", writing.prompt.c_str());
        Rng rng(settings.rules.seed);
        write_on(*model, *trained.task, prompt, writing, rng);
      }
    }
    return comparison::exit_code();
  });
}

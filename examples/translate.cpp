// Translation: a sequence in, another of its own length out. Three ways to do it meet: an encoder
// that squeezes the source into one vector, the same with attention over all of the source's
// states, and a Transformer. The program trains them on the same pairs, compares them, lets each
// translate a few unseen sources by greedy and by beam search, and draws the alignment: which
// symbol of the source it looked at for each symbol it said.
#include <cstdio>

#include "examples/comparison/run.h"
#include "examples/models/translation.h"
#include "examples/report/heatmap.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "nn/beam_search.h"

using namespace rapt;

namespace {

// Row `row` of a batch as a batch of its own, without padding.
tasks::Batch alone(const tasks::Batch& batch, Index row) {
  const Index source = batch.inputs.shape[1], answer = batch.targets.shape[1];
  const Index length = batch.lengths.empty() ? source : batch.lengths[row];
  const auto from = batch.inputs.values.begin() + row * source;
  const auto to = batch.targets.values.begin() + row * answer;
  return {.inputs = {{1, length}, {from, from + length}},
          .lengths = {length},
          .targets = {{1, answer}, {to, to + answer}}};
}

std::string text_of(const tasks::Task& task, const std::vector<std::int32_t>& symbols) {
  std::string text;
  for (const std::int32_t symbol : symbols) text += task.answer(symbol);
  return text;
}

std::string wanted(const tasks::Task& task, const tasks::Batch& pair) {
  std::vector<std::int32_t> symbols;
  for (const std::int32_t symbol : pair.targets.values)
    if (symbol != tasks::kEnd && symbol != nn::kIgnored) symbols.push_back(symbol);
  return text_of(task, symbols);
}

// What a model makes of a pair's source; the first is the best that the search found.
std::vector<nn::Decoded> translations(const models::TranslationModel& model,
                                      const tasks::Task& task, const tasks::Batch& pair,
                                      Index width) {
  const nn::Limits limits{model.start_symbol(), tasks::kEnd, task.sizes().answer_length};
  const nn::State start = model.start(pair);
  return width == 1 ? nn::greedy(model, start, limits)
                    : nn::beam_search(model, start, limits, {.width = width});
}

void draw_alignment(const std::string& name, const tasks::Task& task, const tasks::Batch& pair,
                    const nn::Decoded& said, const report::Terminal& terminal) {
  if (said.tokens.empty() || said.alignment.dim(1) == 0) return;
  report::Heatmap map;
  for (Index s = 0; s < pair.inputs.shape[1]; ++s)
    map.column_labels.push_back(task.input_at(pair, 0, s));
  for (std::size_t t = 0; t < said.tokens.size(); ++t) {
    map.row_labels.push_back(task.answer(said.tokens[t]));
    for (Index s = 0; s < pair.inputs.shape[1]; ++s)
      map.values.push_back(said.alignment.at({static_cast<Index>(t), s}));
  }
  std::printf("\n%s: each symbol said (rows), and where in the source it looked\n%s", name.c_str(),
              draw(map, terminal).c_str());
}

void show(const comparison::Trained& trained, Index sources, Index width,
          const comparison::Settings& settings) {
  const NoGrad off;
  const tasks::Task& task = *trained.task;
  Rng rng(settings.rules.seed);
  const tasks::Batch batch = task.batch(sources, tasks::Split::test, rng);
  for (Index row = 0; row < sources; ++row) {
    const tasks::Batch pair = alone(batch, row);
    const std::string line = tasks::sample(task, pair, 0);
    std::printf("\n%s\n", line.c_str());
    report::Table table({"model", "greedy", "", "beam of " + std::to_string(width), "", "log p"});
    const std::string right = wanted(task, pair);
    for (const comparison::Result& result : trained.outcome.results) {
      const auto* model = dynamic_cast<models::TranslationModel*>(result.trained.get());
      if (!model) continue;  // it answers position by position and has no decoder to search with
      result.trained->eval();
      const nn::Decoded greedy = translations(*model, task, pair, 1)[0];
      const nn::Decoded best = translations(*model, task, pair, width)[0];
      const auto verdict = [&](const std::string& said) { return said == right ? "" : "wrong"; };
      const std::string first = text_of(task, greedy.tokens), second = text_of(task, best.tokens);
      table.row({result.model, first, verdict(first), second, verdict(second),
                 report::fixed(best.log_probability, 2)});
    }
    std::printf("%s", table.text().c_str());
  }
  const tasks::Batch pair = alone(batch, 0);
  for (const comparison::Result& result : trained.outcome.results)
    if (const auto* model = dynamic_cast<models::TranslationModel*>(result.trained.get()))
      draw_alignment(result.model, task, pair, translations(*model, task, pair, 1)[0],
                     comparison::screen(settings));
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("translate", [&] {
    comparison::Settings settings{.tasks = {"dates"},
                                  .models = {"seq2seq", "seq2seq-additive", "transformer"}};
    Index sources = 3, width = 4;
    report::Flags flags = comparison::flags_of("translate", "Says in other symbols what it read.",
                                               settings, tasks::Form::translation);
    flags.option("--sources", "N", &sources, "unseen sources to translate at the end", 1, 1000);
    flags.option("--beam", "N", &width, "hypotheses that beam search keeps", 1, 64);
    comparison::parse(flags, settings, argc, argv);

    for (const comparison::Trained& trained : comparison::run("translate", settings))
      if (!trained.outcome.results.empty()) show(trained, sources, width, settings);
    return comparison::exit_code();
  });
}

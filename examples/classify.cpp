// Classification: one label for a whole sequence. "Not bad, good" and "not good, bad" hold the same
// words: a bag of them cannot tell the two apart, whatever it learns. The program trains the models
// on the same sentences, compares them, and shows for a few unseen sentences how sure each is, and
// how much attention, where there is one, the answer paid to every word.
#include <cstdio>

#include "autograd/ops.h"
#include "examples/comparison/run.h"
#include "examples/report/heatmap.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "tensor/reduce.h"

using namespace rapt;

namespace {

Index last_position(const tasks::Batch& batch, Index row) {
  return (batch.lengths.empty() ? batch.targets.shape[1] : batch.lengths[row]) - 1;
}

// "positive 98.2 %": the likelier label and how likely.
std::string opinion(const tasks::Task& task, const Tensor& probabilities, Index row, Index at) {
  std::int32_t best = 0;
  for (std::int32_t c = 1; c < probabilities.dim(2); ++c)
    if (probabilities.at({row, at, c}) > probabilities.at({row, at, best})) best = c;
  return task.answer(best) + " " + report::percent(probabilities.at({row, at, best}));
}

void show_opinions(const comparison::Trained& trained, const tasks::Batch& batch) {
  std::vector<std::string> head = {"right"};
  for (const comparison::Result& result : trained.outcome.results) head.push_back(result.model);
  head.push_back("sentence");
  report::Table table(head, std::vector<report::Align>(head.size(), report::Align::left));

  std::vector<Tensor> probabilities;
  for (const comparison::Result& result : trained.outcome.results)
    probabilities.push_back(softmax((*result.trained)(batch).logits).value());
  for (Index row = 0; row < batch.size(); ++row) {
    const Index at = last_position(batch, row);
    std::vector<std::string> cells = {trained.task->answer_at(batch, row, at)};
    for (const Tensor& p : probabilities) cells.push_back(opinion(*trained.task, p, row, at));
    const std::string line = tasks::sample(*trained.task, batch, row);
    cells.push_back(line.substr(0, line.rfind("  >  ")));
    table.row(cells);
  }
  std::printf("\n%s", table.text().c_str());
}

// The row of the answer, from each head of each layer: who looked at which word?
void show_attention(const comparison::Trained& trained, const tasks::Batch& batch, Index row,
                    const report::Terminal& terminal) {
  const Index at = last_position(batch, row);
  for (const comparison::Result& result : trained.outcome.results) {
    const models::Output output = (*result.trained)(batch);
    if (output.weights.empty()) continue;
    report::Heatmap map;
    for (Index t = 0; t <= at; ++t)
      map.column_labels.push_back(trained.task->input_at(batch, row, t));
    for (std::size_t layer = 0; layer < output.weights.size(); ++layer) {
      const Tensor& weights = output.weights[layer].value();
      for (Index head = 0; head < weights.dim(1); ++head) {
        map.row_labels.push_back(message(layer + 1, ".", head + 1));
        for (Index t = 0; t <= at; ++t) map.values.push_back(weights.at({row, head, at, t}));
      }
    }
    std::printf("\n%s: how much the answer looked at each word (rows: layer.head)\n%s",
                result.model.c_str(), draw(map, terminal).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("classify", [&] {
    comparison::Settings settings{.tasks = {"sentiment"},
                                  .models = {"gru-attention", "attention", "gru", "bag"}};
    Index sentences = 6;
    report::Flags flags = comparison::flags_of("classify", "Gives a whole sequence one label.",
                                               settings, tasks::Form::label);
    flags.option("--sentences", "N", &sentences, "unseen sequences to label at the end", 1, 1000);
    comparison::parse(flags, settings, argc, argv);

    for (const comparison::Trained& trained : comparison::run("classify", settings)) {
      if (trained.outcome.results.empty()) continue;
      const NoGrad off;
      for (const comparison::Result& result : trained.outcome.results) result.trained->eval();
      Rng rng(settings.rules.seed);
      const tasks::Batch batch = trained.task->batch(sentences, tasks::Split::test, rng);
      show_opinions(trained, batch);
      show_attention(trained, batch, 0, comparison::screen(settings));
    }
    return comparison::exit_code();
  });
}

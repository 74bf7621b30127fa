// Tagging: a class for every word of a sentence. Words such as "can" and "fish" change their part
// of speech with what stands before and behind them, so a network that only reads forward has to
// guess, and a bag of words cannot even start. The program trains the models on the same sentences,
// compares them, and shows what each makes of a few sentences it has never seen.
#include <cstdio>

#include "examples/comparison/run.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "tensor/reduce.h"

using namespace rapt;

namespace {

// The answers of a model to a batch, as ids [B, T].
Ids answers_of(models::SequenceModel& model, const tasks::Batch& batch) {
  const NoGrad off;
  model.eval();
  return argmax(model(batch).logits.value());
}

Index length_of(const tasks::Batch& batch, Index row) {
  return batch.lengths.empty() ? batch.targets.shape[1] : batch.lengths[row];
}

// One line of words, one of right tags, and one for each model, with a * at what is wrong.
std::string sentence_table(const comparison::Trained& trained, const tasks::Batch& batch,
                           Index row) {
  const tasks::Task& task = *trained.task;
  const Index length = length_of(batch, row), first = row * batch.targets.shape[1];
  std::vector<std::string> words = {""}, right = {"(right)"};
  for (Index t = 0; t < length; ++t) {
    const std::int32_t target = batch.targets.values[first + t];
    words.push_back(task.input_at(batch, row, t));
    right.push_back(task.is_asked(target) ? task.answer(target) : "");
  }
  report::Table table(words, std::vector<report::Align>(words.size(), report::Align::left));
  table.row(right);
  for (const comparison::Result& result : trained.outcome.results) {
    const Ids answers = answers_of(*result.trained, batch);
    std::vector<std::string> said = {result.model};
    for (Index t = 0; t < length; ++t) {
      const std::int32_t target = batch.targets.values[first + t];
      const std::int32_t answer = answers.values[first + t];
      said.push_back(!task.is_asked(target) ? ""
                                            : task.answer(answer) + (answer == target ? "" : " *"));
    }
    table.row(said);
  }
  return table.text();
}

// How often each model is right about each tag, over many sentences.
std::string tag_table(const comparison::Trained& trained, Index sentences) {
  const tasks::Task& task = *trained.task;
  Rng rng(0);
  const tasks::Batch batch = task.batch(sentences, tasks::Split::test, rng);
  std::vector<Index> asked(static_cast<std::size_t>(task.sizes().classes));
  for (const std::int32_t target : batch.targets.values)
    if (task.is_asked(target)) ++asked[static_cast<std::size_t>(target)];
  std::vector<std::string> head = {"right about"};
  for (std::size_t tag = 0; tag < asked.size(); ++tag)
    if (asked[tag] > 0) head.push_back(task.answer(static_cast<std::int32_t>(tag)));
  report::Table table(head);
  for (const comparison::Result& result : trained.outcome.results) {
    const Ids answers = answers_of(*result.trained, batch);
    std::vector<Index> right(asked.size());
    for (std::size_t i = 0; i < answers.values.size(); ++i) {
      const std::int32_t target = batch.targets.values[i];
      if (task.is_asked(target) && answers.values[i] == target)
        ++right[static_cast<std::size_t>(target)];
    }
    std::vector<std::string> row = {result.model};
    for (std::size_t tag = 0; tag < asked.size(); ++tag)
      if (asked[tag] > 0) row.push_back(report::percent(double(right[tag]) / double(asked[tag])));
    table.row(row);
  }
  return table.text();
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("tag", [&] {
    comparison::Settings settings{.tasks = {"tags"},
                                  .models = {"gru", "gru-forward", "attention", "bag"}};
    Index sentences = 3;
    report::Flags flags = comparison::flags_of("tag", "Gives every word of a sentence its tag.",
                                               settings, tasks::Form::tags);
    flags.option("--sentences", "N", &sentences, "unseen sentences to tag at the end", 0, 1000);
    comparison::parse(flags, settings, argc, argv);

    for (const comparison::Trained& trained : comparison::run("tag", settings)) {
      if (trained.outcome.results.empty()) continue;
      std::printf("\n%s", tag_table(trained, 500).c_str());
      Rng rng(settings.rules.seed);
      const tasks::Batch batch = trained.task->batch(sentences, tasks::Split::test, rng);
      for (Index row = 0; row < sentences; ++row)
        std::printf("\n%s", sentence_table(trained, batch, row).c_str());
    }
    return comparison::exit_code();
  });
}

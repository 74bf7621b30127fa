// Chapter 06: an encoder hands its decoder one vector. How long may a source be that fits into it,
// how much does a wider vector help, and what happens to a decoder that reads its own words?
#include <algorithm>
#include <cstdio>

#include "examples/models/translation.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "examples/training/train.h"
#include "nn/seq2seq.h"
#include "tensor/reduce.h"

using namespace rapt;
using models::TranslationModel;

namespace {

constexpr Index kProbeBatches = 8, kBatch = 32;  // 256 sources of each length

struct Settings {
  std::string task = "cipher";
  bool one_way = false;
  Index steps = 800;
  double rate = 3e-3;
  std::uint64_t seed = 1;
};

class Bottleneck : public TranslationModel {
 public:
  Bottleneck(const models::ModelSpec& spec, bool bidirectional, Rng& rng)
      : TranslationModel(spec),
        seq2seq_(child<nn::Seq2Seq>("seq2seq",
                                    nn::Seq2SeqOptions{.source_vocabulary = spec.sizes.vocabulary,
                                                       .target_vocabulary = spec.sizes.classes + 1,
                                                       .embedding = spec.encoder.dim,
                                                       .hidden = spec.encoder.dim,
                                                       .bidirectional = bidirectional,
                                                       .attention = std::nullopt},
                                    rng)) {}

  models::Output operator()(const tasks::Batch& batch) const override {
    return {without_start(seq2seq_(batch.inputs, batch.lengths, told(batch)).logits), {}};
  }
  const nn::Stepwise& decoder() const override { return seq2seq_; }
  nn::State start(const tasks::Batch& batch) const override {
    return seq2seq_.start(batch.inputs, batch.lengths);
  }

 private:
  nn::Seq2Seq& seq2seq_;
};

training::Trainer learned(const tasks::Task& task, Index width, const Settings& settings) {
  const models::ModelSpec spec{task.sizes(), {.dim = width}};
  Rng rng(settings.seed);
  training::Trainer trainer(std::make_unique<Bottleneck>(spec, !settings.one_way, rng), task,
                            {.steps = settings.steps,
                             .batch = kBatch,
                             .learning_rate = settings.rate,
                             .seed = settings.seed});
  while (!trainer.finished()) trainer.step();
  return trainer;
}

// Shares of the symbols, the end among them, and of the whole answers that are right.
struct Right {
  double symbols = 0, whole = 0;
};

// said [B, M], targets [B, M]
Right right_in(const Ids& said, const Ids& targets) {
  const Index rows = targets.shape[0], steps = targets.shape[1];
  double asked = 0, right = 0, whole = 0;
  for (Index row = 0; row < rows; ++row) {
    bool all = true;
    for (Index i = row * steps; i < (row + 1) * steps; ++i) {
      if (targets.values[i] == nn::kIgnored) continue;
      const bool same = said.values[i] == targets.values[i];
      ++asked;
      right += same ? 1 : 0;
      all = all && same;
    }
    whole += all ? 1 : 0;
  }
  return {right / asked, whole / static_cast<double>(rows)};
}

// What the decoder says when it reads its own symbols. -> [B, M]
Ids greedy_answers(const TranslationModel& model, const tasks::Batch& batch) {
  const Index steps = batch.targets.shape[1];
  const std::vector<nn::Decoded> decoded =
      nn::greedy(model, model.start(batch), {model.start_symbol(), tasks::kEnd, steps});
  Ids said{batch.targets.shape, {}};
  for (const nn::Decoded& sequence : decoded) {
    std::vector<std::int32_t> row = sequence.tokens;
    if (sequence.ended) row.push_back(tasks::kEnd);
    row.resize(static_cast<std::size_t>(steps), nn::kIgnored);  // after its end: nothing
    said.values.insert(said.values.end(), row.begin(), row.end());
  }
  return said;
}

std::string two_readers(const TranslationModel& model, const tasks::Task& task) {
  const NoGrad off;
  report::Table table({"source", "symbols: taught", "greedy", "whole answers: taught", "greedy"});
  const std::vector<std::string> names = task.probes();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Rng rng(i);
    const tasks::Batch batch = task.probe(i, kProbeBatches * kBatch, rng);
    const Right taught = right_in(argmax(model(batch).logits.value()), batch.targets);
    const Right greedy = right_in(greedy_answers(model, batch), batch.targets);
    table.row({names[i], report::percent(taught.symbols), report::percent(greedy.symbols),
               report::percent(taught.whole), report::percent(greedy.whole)});
  }
  return table.text();
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("bottleneck", [&] {
    Settings settings;
    std::vector<std::string> widths = {"16", "32", "64"};
    report::Flags flags("bottleneck", "How much of a source does one vector hold?");
    flags.choice("--task", "NAME", &settings.task, {"cipher", "cipher-reversed"}, "what to learn");
    flags.choices("--width", "NUMBERS", &widths, {"8", "16", "32", "64", "128"},
                  "features of a state");
    flags.toggle("--one-way", &settings.one_way, "the encoder reads forward only");
    flags.option("--steps", "N", &settings.steps, "training steps of each", 1);
    flags.option("--rate", "R", &settings.rate, "learning rate", 1e-9, 1e3);
    flags.option("--seed", "N", &settings.seed, "seed of weights and batches", 0, 1'000'000'000);
    flags.parse(argc, argv);

    const std::unique_ptr<tasks::Task> task = tasks::find_task(settings.task).make({});
    std::vector<std::string> header = {"width", "params"};
    for (const std::string& probe : task->probes()) header.push_back(probe);
    report::Table table(header);
    std::string readers;
    for (const std::string& width : widths) {
      training::Trainer trainer = learned(*task, std::stol(width), settings);
      models::SequenceModel& model = trainer.model();
      std::vector<std::string> row = {width, std::to_string(model.parameter_count())};
      for (std::size_t i = 0; i < task->probes().size(); ++i)
        row.push_back(report::percent(
            training::evaluate_probe(model, *task, i, kProbeBatches, kBatch).accuracy));
      table.row(row);
      readers = two_readers(dynamic_cast<const TranslationModel&>(model), *task);
    }
    std::printf("%s, encoder %s, %td steps: whole answers that are right, by length\n%s",
                settings.task.c_str(), settings.one_way ? "one way" : "both ways", settings.steps,
                table.text().c_str());
    std::printf("\nWidth %s, read in two ways: the right symbols before each, or its own\n%s",
                widths.back().c_str(), readers.c_str());
    return 0;
  });
}

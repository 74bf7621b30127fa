#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "examples/registry.h"
#include "examples/tasks/batch.h"
#include "nn/transformer.h"
#include "tensor/random.h"

namespace rapt::tasks {

// Training draws from one part of the data, the choice of the learning rate is judged on another,
// and the reported figures on a third.
enum class Split { training, validation, test };

// What is reached without learning (guessing), or without order (a bag of tokens).
struct Baseline {
  std::string name;  // "guessing"
  double loss, accuracy;
};

// How a task is trained if nothing else is said.
struct Defaults {
  Index steps, batch;
  nn::EncoderOptions encoder;  // the attention model; others are matched to its parameter count
};

// A kind of sequence and the answer that is wanted. A task draws its own data, or reads a file of
// the user's.
class Task {
 public:
  virtual ~Task() = default;

  virtual Sizes sizes() const = 0;
  virtual std::vector<Baseline> baselines() const = 0;  // at least one; guessing first
  virtual Defaults defaults() const = 0;

  // B sequences, drawn with rng; equal generators give equal batches.
  virtual Batch batch(Index size, Split split, Rng& rng) const = 0;

  // Further tests, harder than training in one respect: "T=40", "3 attractors".
  virtual std::vector<std::string> probes() const { return {}; }
  virtual Batch probe(std::size_t which, Index size, Rng& rng) const;

  // outputs [B, T, C] (or [B, M, C]) -> []. Cross entropy, unless a task says otherwise.
  virtual Variable loss(const Variable& outputs, const Batch& batch) const;
  // The share of right answers: of asked positions, or of whole answers where the answer is a
  // sequence of its own. Under teacher forcing a whole answer is right exactly if greedy decoding
  // would say it.
  virtual double accuracy(const Tensor& outputs, const Batch& batch) const;
  // Whether a position with this target counts for the accuracy.
  virtual bool is_asked(std::int32_t target) const;

  // As people read it: a symbol of the input, a class of the answer, and one position of a batch.
  virtual std::string symbol(std::int32_t id) const = 0;
  virtual std::string answer(std::int32_t id) const { return symbol(id); }
  virtual std::string input_at(const Batch& batch, Index row, Index t) const;
  virtual std::string answer_at(const Batch& batch, Index row, Index t) const;
};

// "3 7 1 1 8 > 8 1 1 7 3": one sequence of a batch and its answer, on one line.
std::string sample(const Task& task, const Batch& batch, Index row);

// The shapes of sequence work.
enum class Form {
  label,        // N -> 1: one class for a sequence
  tags,         // N -> N: a class at each position, or at some of them
  next,         // N -> N+1: the symbol that follows
  translation,  // N -> M: a sequence of its own
  number        // a number at one position, or at each: regression and forecasting
};

struct TaskOptions {
  Index length = 0;       // 0: the task's own
  std::string data = "";  // path of a file; empty: the task's own data
};

// A task registers itself in the file that defines it:
//   const bool registered =
//       register_task({"reverse", "..", Form::tags, [](const TaskOptions& o) {..}});
struct TaskEntry {
  std::string name, summary;
  Form form;
  std::function<std::unique_ptr<Task>(const TaskOptions&)> make;
  bool reads_data = false;  // takes TaskOptions::data
};
bool register_task(TaskEntry entry);
const std::vector<TaskEntry>& all_tasks();  // by name
const TaskEntry& find_task(const std::string& name);

}  // namespace rapt::tasks

#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nn/transformer.h"
#include "tensor/ids.h"
#include "tensor/random.h"

namespace rapt::tasks {

// A token in, a token out, at every position.
struct Batch {
  Ids inputs;   // [B, T], 0 .. vocabulary-1
  Ids targets;  // [B, T], 0 .. classes-1, or nn::kIgnored
};

// Training draws from one part of the data, the choice of the learning rate is judged on another,
// and the reported figures on a third.
enum class Split { training, validation, test };

// What is reached without learning anything from the sequence.
struct Baseline {
  std::string name;  // "guessing"
  double loss, accuracy;
};

// How a task is trained if nothing else is said.
struct Defaults {
  Index steps, batch;
  nn::EncoderOptions encoder;  // the attention model; others are matched to its parameter count
};

class Task {
 public:
  virtual ~Task() = default;

  virtual Index vocabulary() const = 0;  // V, symbols of the input
  virtual Index classes() const = 0;     // symbols of the answer
  virtual Index length() const = 0;      // T
  virtual bool causal() const = 0;       // may position t see what follows it?
  virtual Baseline baseline() const = 0;
  virtual Defaults defaults() const = 0;

  // B sequences, drawn with rng; equal generators give equal batches.
  virtual Batch batch(Index size, Split split, Rng& rng) const = 0;

  // A symbol of the input as it is shown to people.
  virtual std::string symbol(std::int32_t id) const = 0;
  // Whether a position with this target counts for the accuracy.
  virtual bool is_asked(std::int32_t target) const;
};

struct TaskOptions {
  Index length = 0;       // 0: the task's own
  std::string text = "";  // path of a text file; empty: the task's own
};

// A task registers itself in the file that defines it:
//   const bool registered = register_task({"reverse", "..", [](const TaskOptions& o) {..}});
struct TaskEntry {
  std::string name, summary;
  std::function<std::unique_ptr<Task>(const TaskOptions&)> make;
};
bool register_task(TaskEntry entry);
const std::vector<TaskEntry>& all_tasks();  // by name
const TaskEntry& find_task(const std::string& name);

}  // namespace rapt::tasks

#pragma once
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "examples/report/terminal.h"

namespace rapt::report {

// The seconds of a clock that never goes back.
double steady_seconds();

// How far a training run is. On a terminal one line is drawn again in place, ten times a second at
// most; elsewhere a plain line is printed at every tenth of the run.
//
//   Progress progress(std::cout, detect(), "reverse / attention", steps);
//   for (...) progress.update(step, loss, accuracy);      // step = 1 .. steps
//   progress.finish();
class Progress {
 public:
  using Clock = std::function<double()>;  // seconds, from any origin

  // steps >= 1; throws std::invalid_argument otherwise. The stream must outlive the object.
  Progress(std::ostream& out, const Terminal& terminal, std::string label, std::int64_t steps,
           Clock clock = steady_seconds);
  ~Progress();  // an unfinished line is ended, so that an error message begins its own
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `step` steps are done.
  void update(std::int64_t step, double loss, std::optional<double> accuracy = std::nullopt);

  // Leaves one line that sums the run up, also one that was stopped early.
  void finish();

 private:
  double rate() const;  // steps per second so far
  std::string live(int width) const;
  std::string plain() const;
  std::string summary() const;
  std::string bar(int width) const;
  void draw();

  std::ostream& out_;
  Terminal terminal_;
  std::string label_;
  std::int64_t steps_;
  Clock clock_;
  double start_, now_;
  std::int64_t done_ = 0;
  double loss_ = 0;
  std::optional<double> accuracy_;
  std::optional<double> drawn_at_;  // interactive: when the line was last drawn
  int tenths_printed_ = 0;          // otherwise: how many tenths have their line
  bool finished_ = false;
};

}  // namespace rapt::report

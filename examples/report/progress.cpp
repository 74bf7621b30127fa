#include "examples/report/progress.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "examples/report/numbers.h"
#include "examples/report/text.h"

namespace rapt::report {
namespace {

constexpr double kSecondsBetweenDrawings = 0.1;
constexpr int kLongestBar = 24, kShortestBar = 4;

std::string per_second(double rate) { return fixed(rate, rate < 10 ? 1 : 0); }

std::string joined(const std::vector<std::string>& facts) {
  std::string text;
  for (const std::string& fact : facts) {
    if (!fact.empty()) text += (text.empty() ? "" : "  ") + fact;
  }
  return text;
}

}  // namespace

Progress::Progress(std::ostream& out, const Terminal& terminal, std::string label,
                   std::int64_t steps, Clock clock)
    : out_(out),
      terminal_(terminal),
      label_(std::move(label)),
      steps_(steps),
      clock_(std::move(clock)),
      start_(clock_()),
      now_(start_) {
  if (steps < 1) {
    throw std::invalid_argument("Progress: expected at least 1 step, got " + std::to_string(steps));
  }
}

Progress::~Progress() {
  if (drawn_at_ && !finished_) out_ << '\n' << std::flush;
}

void Progress::update(std::int64_t step, double loss, std::optional<double> accuracy) {
  done_ = std::clamp<std::int64_t>(step, 0, steps_);
  loss_ = loss;
  accuracy_ = accuracy;
  now_ = clock_();
  if (finished_) return;
  if (terminal_.interactive) {
    // A hair of tolerance: 0.3 - 0.2 is less than 0.1.
    const bool due = !drawn_at_ || now_ - *drawn_at_ > kSecondsBetweenDrawings - 1e-9;
    if (due || done_ == steps_) draw();
    return;
  }
  const auto tenths = static_cast<int>(10.0 * done_ / steps_);
  // The last tenth is the summary's.
  if (tenths > tenths_printed_ && tenths < 10) {
    tenths_printed_ = tenths;
    out_ << plain() << '\n' << std::flush;
  }
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  now_ = clock_();
  if (drawn_at_) out_ << "\r\x1b[K";
  out_ << summary() << '\n' << std::flush;
}

void Progress::draw() {
  drawn_at_ = now_;
  // The last cell stays free: some terminals begin a new line when it is filled.
  out_ << '\r' << live(terminal_.width - 1) << "\x1b[K" << std::flush;
}

// Label, bar and facts. Where the line is too short for all of it, the facts that the bar and the
// others nearly tell go first: step, steps/s, time left, accuracy.
std::string Progress::live(int width) const {
  const std::string total = std::to_string(steps_);
  const int digits = static_cast<int>(total.size());
  std::string step = pad_left(std::to_string(done_), digits) + "/" + total;
  std::string loss = "loss " + fixed(loss_, 4);
  std::string accuracy = accuracy_ ? "acc " + pad_left(percent(*accuracy_), 7) : "";
  std::string speed = rate() > 0 ? per_second(rate()) + "/s" : "";
  std::string left = rate() > 0 ? pad_left(duration((steps_ - done_) / rate()), 8) + " left" : "";
  std::string facts;
  for (std::string* dropped : {&step, &speed, &left, &accuracy}) {
    facts = joined({step, loss, accuracy, speed, left});
    const int room = width - display_width(joined({label_, facts})) - 2;
    if (room >= kShortestBar) return joined({label_, bar(std::min(room, kLongestBar)), facts});
    dropped->clear();
  }
  return cut_to_width(joined({label_, loss}), width, "");
}

std::string Progress::bar(int width) const {
  const double fraction = static_cast<double>(done_) / steps_;
  const int full = static_cast<int>(fraction * width);
  std::string text = terminal_.color ? "\x1b[36m" : "";
  for (int i = 0; i < width; ++i) {
    text += i < full ? (terminal_.utf8 ? "\u2588" : "#") : (terminal_.utf8 ? "\u2591" : ".");
  }
  return text + (terminal_.color ? "\x1b[0m" : "");
}

std::string Progress::plain() const {
  const auto whole_percent = static_cast<int>(100.0 * done_ / steps_);
  return joined({label_, std::to_string(whole_percent) + " %",
                 std::to_string(done_) + "/" + std::to_string(steps_), "loss " + fixed(loss_, 4),
                 accuracy_ ? "accuracy " + percent(*accuracy_) : "",
                 rate() > 0 ? per_second(rate()) + " steps/s" : "",
                 rate() > 0 ? duration((steps_ - done_) / rate()) + " left" : ""});
}

std::string Progress::summary() const {
  return joined({label_,
                 std::to_string(done_) + "/" + std::to_string(steps_) + " steps in " +
                     duration(now_ - start_),
                 done_ > 0 ? "loss " + fixed(loss_, 4) : "",
                 accuracy_ ? "accuracy " + percent(*accuracy_) : "",
                 rate() > 0 ? per_second(rate()) + " steps/s" : ""});
}

double Progress::rate() const { return now_ > start_ ? done_ / (now_ - start_) : 0; }

double steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace rapt::report

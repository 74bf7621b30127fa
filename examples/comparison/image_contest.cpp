#include "examples/comparison/image_contest.h"

#include <algorithm>

#include "examples/report/numbers.h"
#include "examples/report/progress.h"
#include "examples/report/table.h"

namespace rapt::comparison {
namespace {

constexpr Index kTestBatches = 16, kTestBatch = 64;

// "98.1 %", or "98.1 % (97.0 .. 98.4)"; empty if it does not apply.
std::string spread(std::vector<double> values) {
  if (values.empty()) return "";
  const std::string middle = report::percent(report::median(values));
  if (values.size() == 1) return middle;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return message(middle, " (", report::fixed(100 * *least, 1), " .. ",
                 report::fixed(100 * *most, 1), ")");
}

using training::Seen;
struct Column {
  std::string head;
  std::function<std::optional<double>(const Seen&)> value;
};

const std::vector<Column>& columns() {
  static const std::vector<Column> all = {
      {"accuracy", [](const Seen& s) { return std::optional(s.accuracy); }},
      {"map on it", [](const Seen& s) { return s.on_thing; }},
      {"its area", [](const Seen& s) { return s.area; }},
      {"within 2 px", [](const Seen& s) { return s.near; }},
      {"gate on its picture", [](const Seen& s) { return s.on_channel; }},
  };
  return all;
}

std::string cell(const Column& column, const ImageResult& result) {
  std::vector<double> values;
  for (const Seen& seen : result.seen)
    if (const std::optional<double> value = column.value(seen)) values.push_back(*value);
  return spread(values);
}

}  // namespace

ImageResult hold(const image_tasks::ImageTask& task, const std::string& model,
                 training::ImageTraining options, Index seeds, const training::ImageWatch& watch) {
  ImageResult result{model};
  bool goes_on = true;
  for (Index i = 0; i < seeds && goes_on; ++i, ++options.seed) {
    Rng rng(options.seed);
    result.trained = image_models::find_image_model(model).make(task.sizes(), rng);
    result.parameters = result.trained->parameter_count();
    const double start = report::steady_seconds();
    training::train(*result.trained, task, options, [&](Index step, double loss) {
      return goes_on = watch(i * options.steps + step, loss);
    });
    result.seconds += report::steady_seconds() - start;
    if (!goes_on) break;
    result.seen.push_back(
        training::evaluate(*result.trained, task, tasks::Split::test, kTestBatches, kTestBatch));
  }
  return result;
}

std::string table(const image_tasks::ImageTask& task, const std::vector<ImageResult>& results,
                  bool timed) {
  std::vector<Column> shown;
  for (const Column& column : columns())
    if (std::any_of(results.begin(), results.end(),
                    [&](const ImageResult& r) { return !cell(column, r).empty(); }))
      shown.push_back(column);
  std::vector<std::string> head = {"model", "params"};
  std::vector<std::string> guess = {"(guessing)", "", report::percent(task.chance())};
  for (const Column& column : shown) head.push_back(column.head);
  if (timed) head.push_back("s");
  guess.resize(head.size());
  report::Table table(head);
  for (const ImageResult& result : results) {
    std::vector<std::string> cells = {result.model, std::to_string(result.parameters)};
    for (const Column& column : shown) cells.push_back(cell(column, result));
    if (timed) cells.push_back(report::fixed(result.seconds, 1));
    table.row(cells);
  }
  table.row(guess);
  return table.text();
}

}  // namespace rapt::comparison

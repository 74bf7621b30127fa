// Chapter 15: attention in images. The same small convolutional network, without attention and with
// attention over channels, over places, over both, and from every place to every other, on images
// that need it: a digit among pieces of other digits, and four pictures of which a mark tells the
// right one. Does it help, and does the map lie on the thing that the answer is about?
#include <cstdio>
#include <iostream>

#include "examples/comparison/image_contest.h"
#include "examples/image_tasks/view.h"
#include "examples/report/files.h"
#include "examples/report/flags.h"
#include "examples/report/interrupt.h"
#include "examples/report/picture.h"
#include "examples/report/progress.h"
#include "examples/tasks/split.h"
#include "tensor/parallel.h"
#include "tensor/reduce.h"

using namespace rapt;

namespace {

struct Settings {
  std::vector<std::string> tasks = {"clutter", "cue"};
  std::vector<std::string> models = {"cnn", "se", "spatial", "cbam", "non-local"};
  image_tasks::ImageTaskOptions task;
  training::ImageTraining training = {.steps = 0};  // 0: the task's own
  Index seeds = 1, show = 0;
  int threads = thread_count();
  bool untimed = false;
  std::string out = "results";
};

Settings parsed(int argc, char** argv) {
  Settings s;
  std::vector<std::string> tasks, models;
  for (const auto& entry : image_tasks::all_image_tasks()) tasks.push_back(entry.name);
  for (const auto& entry : image_models::all_image_models()) models.push_back(entry.name);
  report::Flags flags("cbam", "Attention in images: does it help, and does its map lie right?");
  flags.choices("--task", "NAMES", &s.tasks, tasks, "tasks, in this order");
  flags.choices("--model", "NAMES", &s.models, models, "models");
  flags.option("--steps", "N", &s.training.steps,
               "training steps of each model (default: the task's own)", 1, 10'000'000);
  flags.option("--rate", "R", &s.training.learning_rate, "learning rate of every model", 1e-9, 1e3);
  flags.option("--clutter", "N", &s.task.clutter,
               "pieces of other digits around the one of task clutter (default: 8)", 0, 20);
  flags.option("--data", "FOLDER", &s.task.data,
               "your own images for task folder: one folder of PGM or PPM files per class "
               "(default: none)");
  flags.option("--show", "N", &s.show, "draw N images of each task, and do not train", 0, 1000);
  flags.option("--seed", "N", &s.training.seed, "seed of weights and batches", 0, 1'000'000'000);
  flags.option("--seeds", "N", &s.seeds, "train with so many seeds, and print median and range", 1,
               100);
  flags.option("--threads", "N", &s.threads, "threads; they change no result", 1, 1024);
  flags.option("--out", "FOLDER", &s.out, "where the maps go, as SVG and PPM");
  flags.toggle("--untimed", &s.untimed,
               "print the bare results, which are the same in every run; no files unless --out "
               "is given");
  flags.parse(argc, argv);
  if (flags.given("--clutter") && !flags.given("--task")) s.tasks = {"clutter"};
  if (flags.given("--data") && !flags.given("--task")) s.tasks = {"folder"};
  if (s.untimed && !flags.given("--out")) s.out.clear();
  return s;
}

report::Terminal screen(const Settings& settings) {
  if (settings.untimed) return {.utf8 = true, .width = 100};
  return report::detect();
}

// Test images with the map of a model over each, the same images for every model; not those that
// the table judged.
std::vector<report::Picture> pictures(const comparison::ImageResult& result,
                                      const image_tasks::ImageBatch& batch,
                                      const image_tasks::ImageTask& task) {
  const NoGrad off;
  const image_models::ImageOutput output = (*result.trained)(batch.images);
  const Ids answers = argmax(output.logits.value());
  std::vector<report::Picture> all;
  for (Index row = 0; row < batch.size(); ++row) {
    const auto b = static_cast<std::size_t>(row);
    const bool separate = task.sizes().separate && !batch.channels.empty();
    report::Picture picture{
        .title = result.model + " says " + task.answer(answers.values[b]) + ", right is " +
                 task.answer(batch.labels.values[b]),
        .image = separate ? image_tasks::channel_of(batch.images, row, batch.channels[b])
                          : image_tasks::gray_of(batch.images, row),
        .glimpse_size = static_cast<int>(output.glimpse_size)};
    if (output.places) picture.map = image_tasks::map_of(*output.places, row);
    for (const Tensor& centres : output.glimpses)
      picture.glimpses.push_back(image_tasks::glimpse_of(centres, row, picture.image));
    if (output.places || !output.glimpses.empty()) all.push_back(picture);
  }
  return all;
}

// In the folder --out four images as SVG, the first of them as PPM, too; that one on the screen.
void draw_maps(const std::string& task_name, const image_tasks::ImageTask& task,
               const std::vector<comparison::ImageResult>& results, const Settings& settings) {
  Rng rng = tasks::stream(settings.training.seed, tasks::Split::test);
  const image_tasks::ImageBatch batch = task.batch(4, tasks::Split::test, rng);
  for (const comparison::ImageResult& result : results) {
    if (result.seen.empty()) continue;  // interrupted in its first seed
    const std::vector<report::Picture> all = pictures(result, batch, task);
    if (all.empty()) continue;
    std::cout << '\n' << report::draw(all.front(), screen(settings));
    if (settings.out.empty()) continue;
    const std::string base = settings.out + "/cbam-" + task_name + "-" + result.model;
    report::write_atomically(base + ".svg", report::svg(all));
    report::write_atomically(base + ".ppm", report::ppm(all.front()));
    std::cout << "written: " << base << ".svg and .ppm\n";
  }
}

void show(const std::string& name, const image_tasks::ImageTask& task, const Settings& settings) {
  Rng rng = tasks::stream(settings.training.seed, tasks::Split::training);
  const image_tasks::ImageBatch batch = task.batch(settings.show, tasks::Split::training, rng);
  for (Index row = 0; row < batch.size(); ++row) {
    const std::string answer = task.answer(batch.labels.values[static_cast<std::size_t>(row)]);
    for (Index c = 0; c < task.sizes().channels; ++c)
      std::cout << report::draw({.title = message(name, ", channel ", c, ": ", answer),
                                 .image = image_tasks::channel_of(batch.images, row, c)},
                                screen(settings));
  }
}

// What was trained before a model diverges is shown before the error is.
void hold(const std::string& name, const image_tasks::ImageTask& task, Settings settings) {
  if (settings.training.steps == 0) settings.training.steps = task.defaults().steps;
  settings.training.batch = task.defaults().batch;
  std::vector<comparison::ImageResult> results;
  std::string failure;
  for (const std::string& model : settings.models) {
    if (report::interrupted() || !failure.empty()) break;
    std::optional<report::Progress> progress;
    if (!settings.untimed)
      progress.emplace(std::cout, screen(settings), name + " / " + model,
                       settings.seeds * settings.training.steps);
    const auto watch = [&](Index step, double loss) {
      if (progress) progress->update(step, loss);
      return !report::interrupted();
    };
    try {
      results.push_back(comparison::hold(task, model, settings.training, settings.seeds, watch));
    } catch (const training::DivergedError& error) {
      failure = message(name, " / ", model, ": ", error.what());
    }
    if (progress) progress->finish();
  }
  std::printf("%s%s: %td steps, %td seed%s\n", settings.untimed ? "" : "\n", name.c_str(),
              settings.training.steps, settings.seeds, settings.seeds == 1 ? "" : "s");
  std::printf("%s", comparison::table(task, results, !settings.untimed).c_str());
  std::fflush(stdout);
  draw_maps(name, task, results, settings);
  if (!failure.empty()) throw std::runtime_error(failure);
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("cbam", [&] {
    const Settings settings = parsed(argc, argv);
    set_thread_count(settings.threads);
    // Everything that can be wrong is found before the first step.
    std::vector<std::unique_ptr<image_tasks::ImageTask>> tasks;
    for (const std::string& name : settings.tasks)
      tasks.push_back(image_tasks::find_image_task(name).make(settings.task));
    for (const auto& task : tasks)
      for (const std::string& model : settings.models) {
        Rng any(0);
        image_models::find_image_model(model).make(task->sizes(), any);
      }
    if (!settings.out.empty() && settings.show == 0) report::ensure_folder(settings.out, "--out");
    report::install_interrupt_handler();
    for (std::size_t i = 0; i < tasks.size() && !report::interrupted(); ++i)
      settings.show > 0 ? show(settings.tasks[i], *tasks[i], settings)
                        : hold(settings.tasks[i], *tasks[i], settings);
    return report::interrupted() ? 130 : 0;
  });
}

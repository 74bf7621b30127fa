// The main job: trains self-attention and a recurrent network on the same batches of the same
// tasks, and shows who wins where. Any model, any task: --model, --task.
#include "examples/comparison/run.h"
#include "examples/report/program.h"

using namespace rapt;

int main(int argc, char** argv) {
  return report::guarded("compare", [&] {
    comparison::Settings settings{.tasks = {"reverse", "copy", "text"},
                                  .models = {"attention", "rnn"}};
    report::Flags flags = comparison::flags_of(
        "compare", "Trains attention and a recurrent network on the same batches.", settings);
    comparison::parse(flags, settings, argc, argv);
    comparison::run("compare", settings);
    return comparison::exit_code();
  });
}

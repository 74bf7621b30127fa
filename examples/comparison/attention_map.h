#pragma once
#include <optional>

#include "examples/comparison/contest.h"

namespace rapt::comparison {

// The attention of the model's sharpest head (the one whose queries put the most weight on their
// favourite key) over one test sequence. Rows are the positions that the task asks about, the last
// 24 of them at most; nothing for a model without attention.
std::optional<AttentionMap> map_of(models::SequenceModel& model, const tasks::Task& task);

}  // namespace rapt::comparison

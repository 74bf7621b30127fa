#pragma once
#include <string_view>
#include <utility>

#include "examples/tasks/task.h"

namespace rapt::tasks {

// The part of the data to which an item belongs, decided by a hash of the item alone: the order and
// the number of the others change nothing, and no item is in two parts. Validation and test get the
// share `held_out` each.
Split split_of(std::string_view item, double held_out = 0.1);

// The same for data in an order, as a text or a series is: the first 80 % train, the next 10 % are
// for validation, the last for the test. -> first position, one behind the last
std::pair<Index, Index> part_of(Index count, Split split);

// Where data are drawn: the generator of a split's batches. Seeds of the splits lie apart, so that
// none repeats what another has drawn.
Rng stream(std::uint64_t seed, Split split);

}  // namespace rapt::tasks

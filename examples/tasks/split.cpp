#include "examples/tasks/split.h"

namespace rapt::tasks {

Split split_of(std::string_view item, double held_out) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, 64 bits
  for (const char byte : item) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  // Its high bits hardly differ between short items: a generator seeded with it spreads them.
  const double share = Rng(hash).uniform();
  return share < held_out       ? Split::validation
         : share < 2 * held_out ? Split::test
                                : Split::training;
}

std::pair<Index, Index> part_of(Index count, Split split) {
  switch (split) {
    case Split::training:
      return {0, count * 8 / 10};
    case Split::validation:
      return {count * 8 / 10, count * 9 / 10};
    default:
      return {count * 9 / 10, count};
  }
}

Rng stream(std::uint64_t seed, Split split) {
  return Rng(seed * 4 + static_cast<std::uint64_t>(split));
}

}  // namespace rapt::tasks

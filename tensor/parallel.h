#pragma once
#include <functional>

#include "tensor/scalar.h"

namespace rapt {

// Runs body(begin, end) over the blocks [0, grain), [grain, 2 grain), .. that cover [0, count), on
// all threads of the pool; returns when all are done. The blocks depend on `grain` alone and never
// on the number of threads, so whatever a block computes has the same bits on any machine. An
// exception thrown by a block is thrown here. A call from inside a block runs in that thread.
void parallel_for(Index count, Index grain, const std::function<void(Index, Index)>& body);

// How many threads work together, the calling one included. Starts as the number of cores.
int thread_count();
void set_thread_count(int count);  // std::invalid_argument below 1; not from inside a block

}  // namespace rapt

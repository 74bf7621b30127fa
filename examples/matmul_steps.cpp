// From the naive loop to the machine's limit: one matrix product in five ways, each a little nearer
// to what the core can do. All five give the same bits, because none changes the order in which the
// products of one element are added.
#include <cmath>
#include <cstdio>

#include "examples/benchmark/measure.h"
#include "examples/benchmark/peak.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "tensor/errors.h"
#include "tensor/matmul.h"
#include "tensor/parallel.h"
#include "tensor/random.h"
#include "tensor/simd.h"

using namespace rapt;

namespace {

// Square matrices of n x n, row by row.
using Multiply = void (*)(Index n, const Scalar* a, const Scalar* b, Scalar* c);

// The formula as it is written: for each element of c, a row of a times a column of b. The column
// lies scattered over memory, one number in each cache line.
void naive(Index n, const Scalar* a, const Scalar* b, Scalar* c) {
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      Scalar sum = 0;
      for (Index k = 0; k < n; ++k) sum = std::fma(a[i * n + k], b[k * n + j], sum);
      c[i * n + j] = sum;
    }
}

// The loop over j inside: rows of b and c are read as they lie, eight or sixteen numbers at once.
// But each row of c is loaded and stored n times.
void reordered(Index n, const Scalar* a, const Scalar* b, Scalar* c) {
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) c[i * n + j] = 0;
    for (Index k = 0; k < n; ++k) {
      const Scalar element = a[i * n + k];
      for (Index j = 0; j < n; ++j) c[i * n + j] = std::fma(element, b[k * n + j], c[i * n + j]);
    }
  }
}

// A few rows and vectors of c stay in registers while k runs: every number that is loaded is used
// several times, and c is stored once.
constexpr int kRows = 6, kVectors = simd::kRegisters == 32 ? 4 : 2;
constexpr Index kColumns = kVectors * simd::kLanes;

void tiled(Index n, const Scalar* a, const Scalar* b, Scalar* c) {
  for (Index i = 0; i < n; i += kRows)
    for (Index j = 0; j < n; j += kColumns) {
      simd::Vector sum[kRows][kVectors] = {};
      for (Index k = 0; k < n; ++k) {
        simd::Vector part[kVectors];
        for (int v = 0; v < kVectors; ++v) {
          part[v] = simd::load(b + k * n + j + v * simd::kLanes);
          simd::keep(part[v]);
        }
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) {
          const simd::Vector element = simd::broadcast(a[(i + r) * n + k]);
          for (int v = 0; v < kVectors; ++v)
            sum[r][v] = simd::multiply_add(element, part[v], sum[r][v]);
        }
      }
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r)
        for (int v = 0; v < kVectors; ++v)
          simd::store(sum[r][v], c + (i + r) * n + j + v * simd::kLanes);
    }
}

struct Way {
  std::string name;
  Multiply multiply;  // none: the library's own
  int threads;
};

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("matmul_steps", [&] {
    constexpr Index kUnit = kRows * 64;  // of rows and of columns: whole tiles only
    Index size = 2 * kUnit;
    double budget = 1;
    int threads = thread_count();
    report::Flags flags("matmul_steps", "Multiplies two matrices in five ways.");
    flags.option("--size", "N", &size, message("rows and columns, a multiple of ", kUnit), kUnit,
                 4096);
    flags.option("--threads", "N", &threads, "threads of the last way", 1, 1024);
    flags.option("--budget", "SECONDS", &budget, "time to spend on each way", 0.001, 3600);
    flags.parse(argc, argv);
    if (size % kUnit != 0)
      throw report::UsageError(
          message("--size: expected a multiple of ", kUnit, " (", kRows, " rows), got ", size));

    Rng rng(1);
    const Tensor a = normal({size, size}, 1, rng), b = normal({size, size}, 1, rng);
    const double peak = benchmark::peak_flops(budget);
    const double flops = 2.0 * static_cast<double>(size * size * size);
    std::printf("%td x %td, one core can do %s GFLOP/s\n", size, size,
                report::significant(peak / 1e9, 4).c_str());
    report::Table table({"way", "GFLOP/s", "of one core's peak", "bits"});
    const Tensor expected = matmul(a, b);
    for (const Way& way : {Way{"naive", naive, 1},
                           {"rows of b", reordered, 1},
                           {"tile in registers", tiled, 1},
                           {"packed panels", nullptr, 1},
                           {message(threads, " threads"), nullptr, threads}}) {
      set_thread_count(way.threads);
      Tensor c({size, size});
      const benchmark::Step step = [&] {
        if (way.multiply)
          way.multiply(size, a.data(), b.data(), c.data());
        else
          c = matmul(a, b);
      };
      const double rate = flops / benchmark::shortest_time(step, budget);
      table.row({way.name, report::significant(rate / 1e9, 3), report::percent(rate / peak, 0),
                 c.values() == expected.values() ? "equal" : "different"});
    }
    std::printf("%s", table.text().c_str());
    return 0;
  });
}

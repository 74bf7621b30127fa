// What a tensor is: one block of numbers, and a shape, strides and an offset that read it. Shows
// views that share their block, broadcasting as a stride of 0 and its adjoint, what a walk against
// the strides costs, why the order of a sum is fixed, and what an error says.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "tensor/elementwise.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"

using namespace rapt;

namespace {

std::string on_one_line(const Tensor& x) {
  std::string text = x.str();
  std::erase(text, '\n');
  return text;
}

void show_views() {
  const Tensor x({2, 3}, {0, 1, 2, 3, 4, 5});
  report::Table table({"view", "shape", "strides", "offset", "contiguous", "reads"});
  const auto add = [&](const char* name, const Tensor& v) {
    const auto offset = std::to_string(v.base() - x.base());
    table.row({name, to_string(v.shape()), to_string(v.strides()), offset,
               v.is_contiguous() ? "yes" : "no", on_one_line(v)});
  };
  add("x", x);
  add("x.transpose()", x.transpose());
  add("x.slice(1, 1, 3)", x.slice(1, 1, 3));
  add("x.reshape({3, 2})", x.reshape({3, 2}));
  add("x.slice(0, 1, 2).expand({2, 3})", x.slice(0, 1, 2).expand({2, 3}));
  std::printf("Five views of one block\n%s\n", table.text().c_str());

  const Tensor t = x.transpose();
  assign(x.slice(0, 0, 1), Tensor({1, 3}, {7, 8, 9}));
  std::printf("7 8 9 written into row 0 of x; its transpose now reads\n%s\n\n",
              on_one_line(t).c_str());
}

void show_broadcasting() {
  const Tensor b({3}, {10, 20, 30}), g({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto inner = [](const Tensor& p, const Tensor& q) {
    return sum(zip("mul", p, q, std::multiplies<Scalar>())).item();
  };
  const Tensor forward = b.expand({2, 3}), back = sum_to(g, {3});
  std::printf("Broadcasting and its adjoint\n");
  std::printf("b          %s, strides %s\n", b.str().c_str(), to_string(b.strides()).c_str());
  std::printf("expand(b)  %s, strides %s\n", on_one_line(forward).c_str(),
              to_string(forward.strides()).c_str());
  std::printf("sum_to(g)  %s\n", back.str().c_str());
  std::printf("<expand(b), g> = %g    <b, sum_to(g)> = %g\n\n", inner(forward, g), inner(b, back));
}

// Calls visit(offset) for every element of a view of two axes, the last axis innermost.
template <class Visit>
void walk(const Tensor& x, Visit visit) {
  for (Index i = 0; i < x.dim(0); ++i)
    for (Index j = 0; j < x.dim(1); ++j) visit(i * x.strides()[0] + j * x.strides()[1]);
}

// How often a toy cache (512 lines of 16 floats, 32 KiB) must fetch a line from memory.
Index cache_misses(const Tensor& x) {
  std::vector<Index> held(512, -1);
  Index misses = 0;
  walk(x, [&](Index offset) {
    const Index line = offset / 16;
    if (std::exchange(held[line % 512], line) != line) ++misses;
  });
  return misses;
}

// A copy row by row without gaps, the fastest of five.
double milliseconds_to_copy(const Tensor& x) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto start = Clock::now();
    copy(x);
    best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  return best;
}

void show_walks() {
  const Tensor x({1000, 1000}, 1);
  std::printf("Walking a [1000, 1000] matrix, 1000000 elements\n");
  std::printf("along its rows     %7td cache lines fetched\n", cache_misses(x));
  std::printf("along its columns  %7td\n\n", cache_misses(x.transpose()));
}

void time_walks() {
  const Tensor large({4000, 4000}, 1);
  std::printf("Copying a [4000, 4000] matrix %.0f ms, its transpose %.0f ms\n",
              milliseconds_to_copy(large), milliseconds_to_copy(large.transpose()));
}

void show_sums() {
  const Scalar a = 0.2, b = 0.1, c = 0.4;
  const Tensor tenths({1000000}, Scalar(0.1));
  Scalar running = 0;
  for (const Scalar v : tenths.values()) running += v;
  std::printf("The order of a sum\n");
  std::printf("(0.2 + 0.1) + 0.4 = %.8f    0.2 + (0.1 + 0.4) = %.8f\n", (a + b) + c, a + (b + c));
  std::printf("0.1 added a million times: one by one %.2f, in sixteen lanes %.2f\n\n", running,
              sum(tenths).item());
}

void show_error(const std::function<void()>& wrong) {
  try {
    wrong();
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
  }
}

void show_errors() {
  const Tensor x({2, 5, 8}), row({5});
  std::printf("Errors\n");
  show_error([&] { matmul(x, x); });
  show_error([&] { zip("add", x, row, std::plus<Scalar>()); });
  show_error([&] { x.slice(1, 2, 7); });
  show_error([&] { x.reshape({4, -1, 3}); });
  show_error([&] { x.transpose().data(); });
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("tensor_views", [&] {
    bool timed = false;
    report::Flags flags("tensor_views", "Shapes, strides, views and broadcasting.");
    flags.toggle("--time", &timed, "only time a copy along rows against one along columns");
    flags.parse(argc, argv);
    if (timed) return time_walks(), 0;
    show_views();
    show_broadcasting();
    show_walks();
    show_sums();
    show_errors();
    return 0;
  });
}

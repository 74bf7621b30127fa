#include "tensor/tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

TEST(Tensors, AreMadeFromShapesAndValues) {
  EXPECT_EQ(Tensor().item(), 0);
  EXPECT_TRUE(same(Tensor({2, 2}, 3), Tensor({2, 2}, {3, 3, 3, 3})));
  EXPECT_EQ(Tensor({2, 0}).size(), 0);
  EXPECT_EQ(Tensor({2, 3}).dim(-1), 3);
  EXPECT_EQ(error<ShapeError>([] {
              Tensor({2, 2}, {1, 2, 3});
            }),
            "Tensor: 3 values do not fill shape [2, 2] (4 elements)");
  EXPECT_EQ(error<ShapeError>([] { Tensor({2, -1}); }), "Tensor: negative extent in shape [2, -1]");
}

TEST(Tensors, AreFilledHoweverLarge) {
  for (const Index count : {0, 1, 65'536, 65'537, 300'000}) {
    const std::vector<Scalar> values = Tensor({count}, 3).values();
    EXPECT_EQ(std::count(values.begin(), values.end(), Scalar(3)), count);
  }
}

TEST(Tensors, CopiesShareTheNumbersAndCopyDoesNot) {
  const Tensor x = counting({2, 3});
  const Tensor y = x, z = copy(x);
  EXPECT_EQ(y.base(), x.base());
  EXPECT_NE(z.base(), x.base());
  EXPECT_TRUE(same(z, x));
  EXPECT_FALSE(x.owns_alone());
  EXPECT_TRUE(z.owns_alone());
  EXPECT_FALSE(Tensor(z.transpose()).owns_alone());
}

TEST(Tensors, ElementsAreReadWithChecks) {
  const Tensor x = counting({2, 3}).transpose();
  EXPECT_EQ(x.at({2, 1}), 5);
  EXPECT_EQ(error<IndexError>([&] { x.at({2, 2}); }), "at: position 2 is outside axis 1 of [3, 2]");
  EXPECT_EQ(error<IndexError>([&] {
              x.at({-1, 0});
            }),
            "at: position -1 is outside axis 0 of [3, 2]");
  EXPECT_EQ(error<IndexError>([&] { x.at({1}); }), "at: 1 positions given for shape [3, 2]");
  EXPECT_EQ(error<ShapeError>([&] { x.item(); }), "item: expected one element, got shape [3, 2]");
  EXPECT_EQ(x.slice(0, 1, 2).slice(1, 1, 2).item(), 4);
  EXPECT_EQ(x.values(), (std::vector<Scalar>{0, 3, 1, 4, 2, 5}));
}

TEST(Views, ShareTheNumbers) {
  const Tensor x = counting({2, 3, 4});
  EXPECT_EQ(x.transpose().base(), x.base());
  EXPECT_EQ(x.transpose().strides(), (Shape{12, 1, 4}));
  EXPECT_EQ(x.permute({2, 0, 1}).strides(), (Shape{1, 12, 4}));
  EXPECT_EQ(x.slice(1, 1, 3).base(), x.base() + 4);
  EXPECT_EQ(x.reshape({6, -1}).base(), x.base());
  EXPECT_EQ(x.expand({5, 2, 3, 4}).base(), x.base());
  EXPECT_EQ(x.expand({5, 2, 3, 4}).strides(), (Shape{0, 12, 4, 1}));
  EXPECT_EQ(x.contiguous().base(), x.base());
  EXPECT_NE(x.transpose().contiguous().base(), x.base());
}

TEST(Views, ShowTheRightElements) {
  const Tensor x = counting({2, 3, 4});
  const auto slow = [&](const Shape& shape, auto where) {
    return made(shape, [&](const Position& p) { return at(x, where(p)); });
  };
  EXPECT_TRUE(same(x.transpose(0, -1), slow({4, 3, 2}, [](const Position& p) {
                     return Position{p[2], p[1], p[0]};
                   })));
  EXPECT_TRUE(same(x.permute({-1, 0, 1}), slow({4, 2, 3}, [](const Position& p) {
                     return Position{p[1], p[2], p[0]};
                   })));
  EXPECT_TRUE(same(x.slice(-1, 1, 3), slow({2, 3, 2}, [](const Position& p) {
                     return Position{p[0], p[1], p[2] + 1};
                   })));
  EXPECT_TRUE(same(x.slice(-1, 1, 4, 2), slow({2, 3, 2}, [](const Position& p) {
                     return Position{p[0], p[1], 2 * p[2] + 1};
                   })));
  EXPECT_TRUE(same(x.slice(1, 0, 3, 2).slice(2, 0, 4, 3), slow({2, 2, 2}, [](const Position& p) {
                     return Position{p[0], 2 * p[1], 3 * p[2]};
                   })));
  EXPECT_TRUE(same(x.slice(0, 1, 2).expand({3, 2, 3, 4}), slow({3, 2, 3, 4}, [](const Position& p) {
                     return Position{1, p[2], p[3]};
                   })));
  EXPECT_TRUE(
      same(x.transpose().reshape({-1}), slow({24},
                                             [](const Position& p) {
                                               return Position{p[0] / 12, p[0] % 3, p[0] / 3 % 4};
                                             })))
      << "a strided view is copied";
  EXPECT_EQ(x.slice(1, 3, 3).shape(), (Shape{2, 0, 4}));
  EXPECT_EQ(x.slice(1, 1, 1, 5).shape(), (Shape{2, 0, 4}));
  EXPECT_EQ(x.slice(2, 1, 4, 9).shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(Tensor({0, 3}).reshape({3, -1}).shape(), (Shape{3, 0}));
  EXPECT_EQ(Tensor({2, 0}).reshape({0, -1}).shape(), (Shape{0, 0}));
}

TEST(Views, RefuseWhatDoesNotFit) {
  const Tensor x({2, 3});
  EXPECT_EQ(error<ShapeError>([] { Tensor({3}).transpose(); }),
            "transpose: expected two axes or more, got [3]");
  EXPECT_EQ(error<IndexError>([&] { x.transpose(0, 2); }),
            "transpose: axis 2 is out of range for shape [2, 3] (expected -2 to 1)");
  EXPECT_EQ(error<ShapeError>([&] { x.permute({0}); }), "permute: 1 axes given for shape [2, 3]");
  EXPECT_EQ(error<ShapeError>([&] { x.permute({1, -1}); }), "permute: axis 1 of [2, 3] twice");
  for (const auto& [begin, end] : {std::pair{-1, 2}, {2, 1}, {0, 4}})
    EXPECT_EQ(
        error<IndexError>([&, b = begin, e = end] { x.slice(-1, b, e); }),
        message("slice: [", begin, ", ", end, ") does not lie in axis 1 of [2, 3] (extent 3)"));
  EXPECT_EQ(error<ValueError>([&] { x.slice(0, 0, 2, 0); }),
            "slice: step must be at least 1, got 0");
  EXPECT_EQ(error<ShapeError>([&] {
              x.reshape({4, 2});
            }),
            "reshape: cannot view [2, 3] (6 elements) as [4, 2]");
  EXPECT_EQ(error<ShapeError>([&] {
              x.reshape({4, -1});
            }),
            "reshape: cannot view [2, 3] (6 elements) as [4, -1]");
  EXPECT_EQ(error<ShapeError>([&] {
              x.reshape({-1, -1});
            }),
            "reshape: cannot view [2, 3] (6 elements) as [-1, -1]");
  EXPECT_EQ(error<ShapeError>([&] { x.expand({3}); }),
            "expand: cannot stretch [2, 3] to [3]; only new axes in front and axes of extent 1 can "
            "grow");
  EXPECT_EQ(error<ShapeError>([&] {
              x.expand({2, 1});
            }),
            "expand: cannot stretch [2, 3] to [2, 1]; only new axes in front and axes of extent 1 "
            "can grow");
  EXPECT_EQ(error<ShapeError>([&] {
              x.expand({4, 3});
            }),
            "expand: cannot broadcast [2, 3] with [4, 3] (axis -2: 2 vs 4)");
}

TEST(Views, FlatAccessToAStridedOneThrows) {
  Tensor x({2, 3});
  EXPECT_EQ(x.data(), x.base());
  EXPECT_EQ(error<std::logic_error>([&] { x.transpose().data(); }),
            "data: shape [3, 2] with strides [1, 3] is a strided view; call contiguous() first");
  EXPECT_TRUE(x.slice(0, 1, 2).is_contiguous());
  EXPECT_FALSE(x.slice(1, 0, 2).is_contiguous());
  EXPECT_FALSE(Tensor({1}).expand({2}).is_contiguous());
  EXPECT_TRUE(x.slice(1, 0, 0).is_contiguous()) << "nothing is contiguous";
  EXPECT_TRUE(Tensor({3, 1}).transpose().is_contiguous());
}

TEST(Printing, ShowsNestedRows) {
  EXPECT_EQ(Tensor(Shape{}, 2.5).str(), "2.5");
  EXPECT_EQ(Tensor({3}, {1, 2, 3}).str(), "[1, 2, 3]");
  EXPECT_EQ(Tensor({2, 2}, {1, 2, 3, 4}).str(), "[[1, 2],\n [3, 4]]");
  EXPECT_EQ(counting({2, 2, 2}).str(), "[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]");
  EXPECT_EQ(counting({2, 2}).transpose().str(), "[[0, 2],\n [1, 3]]");
}

TEST(Printing, AlignsColumns) {
  EXPECT_EQ(Tensor({2, 2}, {1, -20, 0.125, 3}).str(), "[[    1,   -20],\n [0.125,     3]]");
  EXPECT_EQ(Tensor({2}, {Scalar(1) / 3, 1e9}).str(), "[0.3333,  1e+09]");
}

TEST(Printing, ShortensLongAxes) {
  EXPECT_EQ(counting({8}).str(), "[0, 1, 2, 3, 4, 5, 6, 7]");
  EXPECT_EQ(counting({9}).str(), "[0, 1, 2, .., 6, 7, 8]");
  EXPECT_EQ(counting({1000}).str(), "[  0,   1,   2, .., 997, 998, 999]");
  EXPECT_EQ(counting({9, 1}).str(), "[[0],\n [1],\n [2],\n ..,\n [6],\n [7],\n [8]]");
}

TEST(Printing, ShowsEmptyAxes) {
  EXPECT_EQ(Tensor({0}).str(), "[]");
  EXPECT_EQ(Tensor({2, 0}).str(), "[[],\n []]");
  EXPECT_EQ(Tensor({0, 2}).str(), "[]");
}

TEST(Blocks, AreAlignedAndTakenAgain) {
  for (const Index count : {0, 1, 15, 16, 17, 1000, 100'000})
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Tensor({count}).base()) % 64, 0u) << count;
#if !RAPT_SANITIZE  // there nothing waits, so that reads after the end are found
  const Scalar* freed = nullptr;
  {
    const Tensor x({1000});
    freed = x.base();
  }
  EXPECT_EQ(Tensor({900}).base(), freed) << "of the same size class";
#endif
}

TEST(Blocks, LiveAsLongAsAViewOfThem) {
  const auto second_row = [] { return counting({2, 3}).slice(0, 1, 2); };
  const Tensor row = second_row();
  const Tensor other({2, 3}, 7);
  EXPECT_TRUE(same(row, Tensor({1, 3}, {3, 4, 5})));
}

}  // namespace
}  // namespace rapt

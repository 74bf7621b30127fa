#pragma once
#include "autograd/variable.h"
#include "tensor/ids.h"

namespace rapt {

// Rows of a table by id: table [V, D], ids [..] -> [.., D].
Variable embedding(const Variable& table, const Ids& ids);

// y[.., i, ..] = x[.., ids[.., i, ..], ..]: along one axis. x and ids agree in all other axes.
Variable gather(const Variable& x, const Ids& ids, Index axis);

// condition != 0 ? a : b, with broadcasting. What is not chosen gets no gradient, and may be
// infinite or NaN.
Variable where(const Tensor& condition, const Variable& a, const Variable& b);

}  // namespace rapt

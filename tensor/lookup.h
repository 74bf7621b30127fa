#pragma once
#include <vector>

#include "tensor/ids.h"
#include "tensor/tensor.h"

namespace rapt {

// Reading rows of a table by id and its adjoint: adding rows into a table by id.
// table [V, D], ids [..] -> [.., D]. IndexError if an id lies outside 0 .. V-1.
Tensor take_rows(const Tensor& table, const Ids& ids);
// rows [.., D], ids [..] -> [V, D]; rows with the same id are added in their order.
Tensor add_rows(const Tensor& rows, const Ids& ids, Index count);

// Reading along one axis and its adjoint. x and ids have the same shape but for `axis`:
// y[.., i, ..] = x[.., ids[.., i, ..], ..].
Tensor gather(const Tensor& x, const Ids& ids, Index axis);
// y of extent `extent` along `axis`, zero but for y[.., ids[.., i, ..], ..] += x[.., i, ..].
Tensor scatter_add(const Tensor& x, const Ids& ids, Index axis, Index extent);

// One behind the other along an axis; all other extents must be equal.
Tensor concat(const std::vector<Tensor>& parts, Index axis);

}  // namespace rapt

#include "autograd/views.h"

#include "tensor/elementwise.h"
#include "tensor/lookup.h"

namespace rapt {

// y[..] = x[..] in row order.                     dL/dx = g in the shape of x
Variable reshape(const Variable& x, const Shape& shape) {
  return record(
      "reshape", x.value().reshape(shape),
      {{x, [s = x.shape()](const Variable& g, const Variable&) { return reshape(g, s); }}});
}

Variable as_rows(const Variable& x) {
  Index rows = 1;
  for (Index axis = 0; axis + 1 < x.rank(); ++axis) rows *= x.dim(axis);
  return reshape(x, {rows, x.dim(-1)});  // not -1, which cannot tell if N is 0
}

// Axis i of y is axis order[i] of x.              dL/dx = g, permuted back
Variable permute(const Variable& x, const std::vector<Index>& order) {
  const Tensor y = x.value().permute(order);
  std::vector<Index> back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    back[checked_axis("permute", order[i], x.shape())] = static_cast<Index>(i);
  return record("permute", y,
                {{x, [back](const Variable& g, const Variable&) { return permute(g, back); }}});
}

// Two axes of x swapped.                          dL/dx = g, swapped back
Variable transpose(const Variable& x, Index axis, Index other) {
  return record("transpose", x.value().transpose(axis, other),
                {{x, [axis, other](const Variable& g, const Variable&) {
                    return transpose(g, axis, other);
                  }}});
}

// y = x, repeated along broadcast axes.           dL/dx = g summed over the copies (by the engine)
Variable expand(const Variable& x, const Shape& shape) {
  return record("expand", x.value().expand(shape),
                {{x, [](const Variable& g, const Variable&) { return g; }}});
}

// y = x summed over the axes that were broadcast. dL/dx = g, repeated along them
Variable sum_to(const Variable& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  return record(
      "sum_to", sum_to(x.value(), shape),
      {{x, [s = x.shape()](const Variable& g, const Variable&) { return expand(g, s); }}});
}

// y_i = x[begin + i step] along one axis.         dL/dx = g in that part, else 0 (by the engine)
Variable slice(const Variable& x, Index axis, Index begin, Index end, Index step) {
  const View part = [=](const Tensor& t) { return t.slice(axis, begin, end, step); };
  return record("slice", part(x.value()),
                {{x, [](const Variable& g, const Variable&) { return g; }, part}});
}

Variable select(const Variable& x, Index axis, Index position) {
  axis = checked_axis("select", axis, x.shape());
  Shape shape = x.shape();
  shape.erase(axis);
  return reshape(slice(x, axis, position, position + 1), shape);
}

// y = parts, one behind the other.                dL/dpart = its slice of g
Variable concat(const std::vector<Variable>& parts, Index axis) {
  std::vector<Tensor> values;
  for (const Variable& part : parts) values.push_back(part.value());
  const Tensor y = concat(values, axis);
  std::vector<Edge> edges;
  Index begin = 0;
  for (const Variable& part : parts) {
    const Index end = begin + part.dim(axis);
    edges.push_back({part, [axis, begin, end](const Variable& g, const Variable&) {
                       return slice(g, axis, begin, end);
                     }});
    begin = end;
  }
  return record("concat", y, edges);
}

Variable stack(const std::vector<Variable>& parts, Index axis) {
  if (parts.empty()) throw ShapeError("stack: expected at least one tensor, got none");
  Shape shape = parts[0].shape();
  const Index rank = shape.rank() + 1;
  if (axis < -rank || axis >= rank)
    throw IndexError(message("stack: axis ", axis, " is out of range for parts of ", shape));
  if (axis < 0) axis += rank;
  shape.insert(axis, 1);
  std::vector<Variable> layers;
  for (const Variable& part : parts) {
    if (part.shape() != parts[0].shape())
      throw ShapeError(
          message("stack: shapes ", parts[0].shape(), " and ", part.shape(), " differ"));
    layers.push_back(reshape(part, shape));
  }
  return concat(layers, axis);
}

}  // namespace rapt

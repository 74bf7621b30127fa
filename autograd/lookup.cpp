#include "autograd/lookup.h"

#include <memory>

#include "tensor/elementwise.h"
#include "tensor/lookup.h"

namespace rapt {
namespace {

// Rules are copied along with the graph; the ids, which may be many, are shared.
using SharedIds = std::shared_ptr<const Ids>;

Variable embedding(const Variable& table, const SharedIds& ids);
Variable gather(const Variable& x, const SharedIds& ids, Index axis);

// The adjoint of embedding: y[V, D], y[ids[i]] += rows[i].     dL/drows = embedding(g, ids)
Variable add_rows(const Variable& rows, const SharedIds& ids, Index count) {
  return record("add_rows", add_rows(rows.value(), *ids, count),
                {{rows, [ids](const Variable& g, const Variable&) { return embedding(g, ids); }}});
}

// The adjoint of gather.                                       dL/dx = gather(g, ids)
Variable scatter_add(const Variable& x, const SharedIds& ids, Index axis, Index extent) {
  return record(
      "scatter_add", scatter_add(x.value(), *ids, axis, extent),
      {{x, [ids, axis](const Variable& g, const Variable&) { return gather(g, ids, axis); }}});
}

// y[.., :] = table[ids[..], :].                   dL/dtable = g, its rows added up by id
Variable embedding(const Variable& table, const SharedIds& ids) {
  return record("embedding", take_rows(table.value(), *ids),
                {{table, [ids, count = table.dim(0)](const Variable& g, const Variable&) {
                    return add_rows(g, ids, count);
                  }}});
}

// y[i] = x[ids[i]] along one axis.                dL/dx = g, added up where it was read
Variable gather(const Variable& x, const SharedIds& ids, Index axis) {
  const Tensor y = gather(x.value(), *ids, axis);
  return record("gather", y,
                {{x, [ids, axis, extent = x.dim(axis)](const Variable& g, const Variable&) {
                    return scatter_add(g, ids, axis, extent);
                  }}});
}

}  // namespace

Variable embedding(const Variable& table, const Ids& ids) {
  return embedding(table, std::make_shared<const Ids>(ids));
}

Variable gather(const Variable& x, const Ids& ids, Index axis) {
  return gather(x, std::make_shared<const Ids>(ids), axis);
}

// y = condition ? a : b.                          dL/da = condition ? g : 0, dL/db the reverse
Variable where(const Tensor& condition, const Variable& a, const Variable& b) {
  return record("where", where(condition, a.value(), b.value()),
                {{a, [condition](const Variable& g,
                                 const Variable&) { return where(condition, g, Scalar(0)); }},
                 {b, [condition](const Variable& g, const Variable&) {
                    return where(condition, Scalar(0), g);
                  }}});
}

}  // namespace rapt

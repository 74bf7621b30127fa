#pragma once
#include <optional>
#include <string>
#include <vector>

#include "autograd/variable.h"

namespace rapt {

// All nodes that y depends on and that can pass a gradient, y included, the oldest first.
std::vector<const Node*> nodes_of(const Variable& y);

// The graph of y as Graphviz text: one box per node with its operation and shape, leaves with
// their names, arrows in the direction of the computation. Draw it with `dot -Tsvg`.
std::string to_dot(const Variable& y, const std::vector<NamedVariable>& names = {});

// If y is NaN or infinite: the oldest node from which such numbers spread to it without a break, in
// words, "exp [2, 3]" or "parameter 'head.weight' [4, 8]".
std::optional<std::string> first_nonfinite(const Variable& y,
                                           const std::vector<NamedVariable>& names = {});

}  // namespace rapt

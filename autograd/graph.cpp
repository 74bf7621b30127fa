#include "autograd/graph.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace rapt {
namespace {

using Names = std::unordered_map<const Node*, std::string>;

Names names_by_node(const std::vector<NamedVariable>& names) {
  Names by_node;
  for (const auto& [name, variable] : names) by_node.emplace(&Node::of(variable), name);
  return by_node;
}

bool is_finite(const Tensor& x) {
  const std::vector<Scalar> values = x.values();
  return std::all_of(values.begin(), values.end(), [](Scalar v) { return std::isfinite(v); });
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe;
}

}  // namespace

std::vector<const Node*> nodes_of(const Variable& y) {
  std::vector<const Node*> nodes{&Node::of(y)};
  std::unordered_set<const Node*> seen{nodes[0]};
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const Edge& edge : nodes[i]->edges)
      if (seen.insert(&Node::of(edge.input)).second) nodes.push_back(&Node::of(edge.input));
  std::sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return a->id < b->id; });
  return nodes;
}

std::string to_dot(const Variable& y, const std::vector<NamedVariable>& names) {
  const Names name_of = names_by_node(names);
  const std::vector<const Node*> nodes = nodes_of(y);
  std::unordered_map<const Node*, std::size_t> number;
  for (const Node* node : nodes) number.emplace(node, number.size());

  std::string text = "digraph rapt {\n  rankdir=LR\n  node [shape=box, fontname=\"monospace\"]\n";
  for (const Node* node : nodes) {
    const auto name = name_of.find(node);
    const std::string title = name == name_of.end() ? node->op : escaped(name->second);
    text += message("  n", number[node], " [label=\"", title, "\\n", node->value.shape(), "\"",
                    node->edges.empty() ? ", style=filled, fillcolor=lightgray" : "", "]\n");
  }
  for (const Node* node : nodes)
    for (const Edge& edge : node->edges)
      text += message("  n", number[&Node::of(edge.input)], " -> n", number[node], "\n");
  return text + "}\n";
}

std::optional<std::string> first_nonfinite(const Variable& y,
                                           const std::vector<NamedVariable>& names) {
  if (is_finite(y.value())) return std::nullopt;
  // Only what reaches y counts: the infinities of a mask that a softmax turned into zeros do not.
  std::vector<const Node*> reached{&Node::of(y)};
  std::unordered_set<const Node*> seen{reached[0]};
  const Node* first = reached[0];
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i]->id < first->id) first = reached[i];
    for (const Edge& edge : reached[i]->edges) {
      const Node* input = &Node::of(edge.input);
      if (!is_finite(input->value) && seen.insert(input).second) reached.push_back(input);
    }
  }
  const Names name_of = names_by_node(names);
  const auto name = name_of.find(first);
  if (name == name_of.end()) return message(first->op, " ", first->value.shape());
  return message("parameter '", name->second, "' ", first->value.shape());
}

}  // namespace rapt

#include "nn/module.h"

namespace rapt::nn {

Module::Module() = default;
Module::Module(Module&&) noexcept = default;
Module::~Module() = default;

std::vector<NamedVariable> Module::named_parameters() const {
  std::vector<NamedVariable> all = parameters_;
  for (const auto& [name, layer] : children_)
    for (const NamedVariable& p : layer->named_parameters())
      all.push_back({name + "." + p.name, p.variable});
  return all;
}

std::vector<Variable> Module::parameters() const {
  std::vector<Variable> all;
  for (const NamedVariable& p : named_parameters()) all.push_back(p.variable);
  return all;
}

Index Module::parameter_count() const {
  Index count = 0;
  for (const Variable& p : parameters()) count += p.value().size();
  return count;
}

void Module::train(bool on) {
  training_ = on;
  for (const auto& [name, layer] : children_) layer->train(on);
}

Variable Module::parameter(const std::string& name, const Tensor& initial) {
  check_name(name);
  parameters_.push_back({name, Variable(initial, true)});
  return parameters_.back().variable;
}

void Module::own(const std::string& name, std::unique_ptr<Module> layer) {
  check_name(name);
  children_.emplace_back(name, std::move(layer));
}

void Module::check_name(const std::string& name) const {
  if (name.empty() || name.find('.') != std::string::npos)
    throw ValueError("Module: a name must not be empty or hold a '.', got '" + name + "'");
  for (const NamedVariable& p : parameters_)
    if (p.name == name) throw ValueError("Module: the name '" + name + "' is taken");
  for (const auto& [taken, layer] : children_)
    if (taken == name) throw ValueError("Module: the name '" + name + "' is taken");
}

}  // namespace rapt::nn

#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "autograd/variable.h"

namespace rapt::nn {

// A tree of named parameters. A layer registers its parameters and child layers where it
// constructs them; the tree owns them and names them by path, "layers.0.self_attn.query.weight".
// Layers hold references into the tree, so a module can be moved but not copied. Each layer has an
// operator() of its own; none is virtual.
class Module {
 public:
  Module();  // these three are compiled once, not in the file of every layer
  Module(Module&&) noexcept;
  virtual ~Module();

  std::vector<NamedVariable> named_parameters() const;  // own ones first, in order of creation
  std::vector<Variable> parameters() const;
  Index parameter_count() const;  // numbers in all parameters

  // Training differs from evaluation where a layer draws at random (dropout).
  void train(bool on = true);
  void eval() { train(false); }
  bool training() const { return training_; }

 protected:
  // The initial value is copied. Names are not empty, hold no '.', and are used once.
  Variable parameter(const std::string& name, const Tensor& initial);

  template <class Layer, class... Args>
  Layer& child(const std::string& name, Args&&... args) {
    return adopt(name, std::make_unique<Layer>(std::forward<Args>(args)...));
  }

  // A child whose kind is chosen while the program runs, so that somebody else constructed it.
  template <class Layer>
  Layer& adopt(const std::string& name, std::unique_ptr<Layer> layer) {
    Layer& reference = *layer;
    own(name, std::move(layer));
    return reference;
  }

 private:
  void own(const std::string& name, std::unique_ptr<Module> layer);
  void check_name(const std::string& name) const;

  std::vector<NamedVariable> parameters_;
  std::vector<std::pair<std::string, std::unique_ptr<Module>>> children_;
  bool training_ = true;
};

// Several layers of one kind, named "0", "1", ..
template <class Layer>
class List : public Module {
 public:
  template <class... Args>
  Layer& add(Args&&... args) {
    layers_.push_back(&child<Layer>(std::to_string(layers_.size()), std::forward<Args>(args)...));
    return *layers_.back();
  }
  const std::vector<Layer*>& all() const { return layers_; }

 private:
  std::vector<Layer*> layers_;
};

}  // namespace rapt::nn

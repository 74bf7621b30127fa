#pragma once
// Reads the results of PyTorch that make_reference.py stored, and compares ours with them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensor/ids.h"
#include "tensor/window.h"
#include "tests/nn/module_checks.h"

namespace rapt {

// One file of tests/reference: arrays by name. The format stands in make_reference.py.
class Reference {
 public:
  explicit Reference(const std::string& name) : name_(name) {
    const std::string path = RAPT_SOURCE_DIR "/tests/reference/" + name + ".txt";
    std::ifstream file(path);
    if (!file) throw std::runtime_error("Reference: cannot read " + path);
    for (std::string line; std::getline(file, line);) read(line);
  }

  const Tensor& operator[](const std::string& key) const {
    const auto found = arrays_.find(key);
    if (found == arrays_.end()) throw std::out_of_range("Reference " + name_ + ": no " + key);
    return found->second;
  }
  Variable input(const std::string& key) const { return Variable((*this)["input/" + key], true); }
  Scalar option(const std::string& key) const { return (*this)["option/" + key].item(); }

  std::vector<Index> lengths() const {
    const std::vector<Scalar> numbers = (*this)["option/lengths"].values();
    return {numbers.begin(), numbers.end()};
  }
  Window window() const {
    return {pair("kernel", 1), pair("stride", 1), pair("dilation", 1), pair("padding", 0)};
  }
  Ids ids(const std::string& key) const {
    const Tensor& numbers = (*this)["option/" + key];
    Ids ids{numbers.shape(), {}};
    for (const Scalar v : numbers.values()) ids.values.push_back(static_cast<std::int32_t>(v));
    return ids;
  }

  // Gives each parameter the stored value of its name. Neither side may have a name of its own.
  void load_into(const nn::Module& module) const {
    std::size_t stored = 0;
    for (const auto& [key, value] : arrays_) stored += key.starts_with("parameter/") ? 1 : 0;
    EXPECT_EQ(module.parameters().size(), stored) << name_ << ": number of parameters";
    for (const NamedVariable& p : module.named_parameters()) {
      const Tensor& value = (*this)["parameter/" + p.name];
      ASSERT_EQ(to_string(p.variable.shape()), to_string(value.shape())) << name_ << ": " << p.name;
      Variable parameter = p.variable;
      parameter.mutable_value() = copy(value);
    }
  }

  // Compares the outputs, then the gradients of sum(upstream * output) for inputs and parameters.
  void expect_matches(const std::vector<NamedVariable>& outputs,
                      std::vector<NamedVariable> leaves) const {
    Variable loss = Scalar(0);
    for (const NamedVariable& y : outputs) {
      EXPECT_TRUE(close(y.variable, (*this)["output/" + y.name])) << name_ << ": " << y.name;
      loss = loss + sum(y.variable * (*this)["upstream/" + y.name]);
    }
    backward(loss);
    for (const NamedVariable& x : leaves)
      EXPECT_TRUE(close(x.variable.grad(), (*this)["gradient/" + x.name]))
          << name_ << ": gradient of " << x.name;
  }
  void expect_matches(const std::vector<NamedVariable>& outputs, std::vector<NamedVariable> inputs,
                      const nn::Module& module) const {
    for (const NamedVariable& p : module.named_parameters()) inputs.push_back(p);
    expect_matches(outputs, inputs);
  }

 private:
  // What is not stored is `usual`.
  Pair pair(const std::string& key, Index usual) const {
    if (arrays_.count("option/" + key) == 0) return usual;
    const std::vector<Scalar> numbers = (*this)["option/" + key].values();
    return {static_cast<Index>(numbers[0]), static_cast<Index>(numbers[1])};
  }

  // name extents.. : numbers..
  void read(const std::string& line) {
    std::istringstream words(line);
    std::string key, word;
    words >> key;
    Shape shape;
    while (words >> word && word != ":") shape.push_back(std::stoll(word));
    std::vector<Scalar> numbers;
    while (words >> word) numbers.push_back(static_cast<Scalar>(std::stod(word)));
    arrays_.emplace(key, Tensor(shape, numbers));
  }

  std::string name_;
  std::map<std::string, Tensor> arrays_;
};

}  // namespace rapt

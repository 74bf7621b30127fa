#pragma once
#include <memory>
#include <utility>

#include "tensor/memory.h"

namespace rapt {

// A function object that moves and is never copied, in recycled memory. std::function would ask
// the system for memory for nearly every rule, as a captured Variable does not fit in place.
template <class Signature>
class Rule;

template <class Result, class... Arguments>
class Rule<Result(Arguments...)> {
 public:
  Rule() = default;  // none
  template <class F>
  Rule(F f) : held_(std::make_unique<Held<F>>(std::move(f))) {}
  Result operator()(Arguments... arguments) const { return held_->call(arguments...); }
  explicit operator bool() const { return held_ != nullptr; }

 private:
  struct Callable : Recycled {
    virtual ~Callable() = default;
    virtual Result call(Arguments... arguments) const = 0;
  };
  template <class F>
  struct Held final : Callable {
    explicit Held(F&& f) : f(std::move(f)) {}
    Result call(Arguments... arguments) const override { return f(arguments...); }
    F f;
  };
  std::unique_ptr<const Callable> held_;
};

}  // namespace rapt

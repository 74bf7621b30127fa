#pragma once
// What the tests of gates for images share.
#include <cmath>
#include <string>

#include "nn/squeeze_excitation.h"
#include "tests/reference/reference.h"

namespace rapt {

inline Scalar squashed(double v) { return static_cast<Scalar>(1 / (1 + std::exp(-v))); }

template <class Gate>
void expect_matches_stored(const std::string& name, const Gate& gate) {
  const Reference stored(name);
  stored.load_into(gate);
  const Variable x = stored.input("x");
  const nn::Gated y = gate(x);
  stored.expect_matches({{"y", y.output}, {"gate", y.gate}}, {{"x", x}}, gate);
}

// A gate for channels knows no places.
template <class Gate>
void expect_places_may_change_places(const Gate& gate) {
  const Variable x = random_tensor({2, 4, 3, 5});
  const nn::Gated y = gate(x), turned = gate(transpose(x));
  EXPECT_TRUE(close(turned.gate, y.gate.value()));
  EXPECT_TRUE(close(turned.output, transpose(y.output).value()));
}

}  // namespace rapt

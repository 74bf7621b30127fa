// Seq2Seq of every kind: gradients against differences.
#include "tests/nn/seq2seq_models.h"

namespace rapt {
namespace {

TEST(Seq2SeqGradients, EveryKind) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    SCOPED_TRACE(kind.name);
    const nn::Seq2Seq model = make_seq2seq(kind.options);
    expect_gradients_match_differences(model, {},
                                       [&] { return model(kSource, kLengths, kInputs).logits; });
    if (kind.options.attention)
      expect_gradients_match_differences(model, {},
                                         [&] { return model(kSource, kLengths, kInputs).weights; });
  }
}

}  // namespace
}  // namespace rapt

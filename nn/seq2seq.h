#pragma once
#include <optional>

#include "nn/attention.h"
#include "nn/decoding.h"
#include "nn/embedding.h"
#include "nn/recurrent.h"

namespace rapt::nn {

struct Seq2SeqOptions {
  Index source_vocabulary = 0;
  Index target_vocabulary = 0;  // V
  Index embedding = 32;         // D, features of a token
  Index hidden = 64;            // H, of the decoder
  Index encoder_hidden = 0;     // of each direction of the encoder; 0: H. Under dot scores the
                                // encoder's states have to be as wide as the decoder's
  Index layers = 1;             // of the encoder, and of the decoder
  CellKind cell = CellKind::gru;
  bool bidirectional = true;                         // the encoder reads in both directions
  std::optional<Score> attention = Score::additive;  // nullopt: the bottleneck
  Scalar dropout = 0;  // of embeddings, between layers, and before the output layer
};

// What the decoder knows of the source. E features at each position, of both
// directions if there are two.
struct Source {
  std::vector<State> start;  // the state from which each layer of the decoder sets out
  Memory memory;  // the encoder's states [B, S, E]; in the bottleneck the last, [B, 1, E]
};

struct Seq2SeqOutput {
  Variable logits;   // [B, T, V]
  Variable weights;  // [B, T, S], where each step looked in the source; [B, T, 0] without attention
};

// One sequence to another, by two recurrent networks. The decoder sets out from what the encoder
// ended with, and each of its states s_t sees a context c_t of the source (biases left out):
//   s_0 = tanh(W_s h)                     [Eq 6.2]  h: encoder's last states; Bahdanau et al. 2015,
//                                                   appendix A.2.2
//   s_t = cell(y_(t-1), s_(t-1))          [Eq 6.3]  Sutskever et al. 2014, section 2
//   logits_t = W_y tanh(W_c [c_t; s_t])   [Eq 6.4]  Luong et al. 2015, section 3, equations 5 and 6
// With attention, c_t are the encoder's states, mixed by how well each matches s_t. As in Luong et
// al., s_t does not depend on c_(t-1): in training all steps ask the source in one product.
//   c_t = sum_j softmax(score(s_t, h_j)) h_j   [Eq 8.1]
// Without it, c_t is the same vector at every step, the encoder's last state: the bottleneck of Cho
// et al. 2014, section 2.2, where every output sees the summary. All else is equal.
//   c_t = h_S in each direction   [Eq 6.5]
class Seq2Seq : public Module, public Stepwise {
 public:
  Seq2Seq(const Seq2SeqOptions& options, Rng& rng);

  // Teacher forcing: every step reads the right token before it, whatever the model would say.
  //   p(y | x) = product over t of p(y_t | y_1 .. y_(t-1), x)   [Eq 6.1]
  // source [B, S], lengths [B] or empty (all S), inputs [B, T], the targets shifted by one step
  // -> logits [B, T, V], weights [B, T, S]
  Seq2SeqOutput operator()(const Ids& source, const std::vector<Index>& lengths,
                           const Ids& inputs) const;

  // Scheduled sampling (Bengio et al. 2015, section 2.4): each token after the first is the given
  // one with probability `teacher`, else the one that the model found most likely.   [Eq 6.6]
  Seq2SeqOutput operator()(const Ids& source, const std::vector<Index>& lengths, const Ids& inputs,
                           Scalar teacher, Rng& rng) const;

  Source encode(const Ids& source, const std::vector<Index>& lengths = {}) const;

  // Step by step: where decoding begins, and the logits after one more token of each sequence.
  State start(const Ids& source, const std::vector<Index>& lengths = {}) const;
  Next next(const Ids& tokens, const State& state) const override;

 private:
  struct Decoded {
    Variable logits, weights;
    std::vector<State> last;
  };
  // The decoder for any number of steps: all of them in training, one in `next`.
  Decoded decode(const Ids& inputs, const std::vector<State>& states, const Memory& memory) const;
  Attended look(const Variable& states, const Memory& memory) const;
  std::vector<State> bridge(const std::vector<State>& last) const;

  Seq2SeqOptions options_;
  Embedding &source_embedding_, &target_embedding_;
  Recurrent &encoder_, &decoder_;
  Linear& bridge_;
  CrossAttention* attention_;  // nullptr in the bottleneck
  Linear &combine_, &output_;
  Dropout& dropout_;
};

}  // namespace rapt::nn

// SPDX-License-Identifier: GPL-3.0-or-later
// How nets that fill blanks are judged: on one set of sentences that none of them learns from.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <vector>

#include "lessons/bert/masked_text.h"
#include "lessons/data/agreement_grammar.h"
#include "lessons/nn/transformer.h"

namespace viva {

class MaskedJudge {
 public:
  /// Blanks are made by hiding `rate` of the tokens, whatever the nets learn from.
  MaskedJudge(const MaskedText& text, double rate, at::Generator generator,
              const std::string& device);

  /// Of one net.
  struct Finding {
    double loss = 0, accuracy = 0;  ///< of the blanks
    double seen_accuracy = 0;       ///< of the words that it is shown, where nothing is hidden
    /// Grammar: the share of blanks whose form is the more probable one, a blank a sentence, in the
    /// order of kDecided.
    std::array<double, 4> decided{};
  };
  std::vector<Finding> judge(const Transformer& nets) const;

  /// Grammar: the loss of the same blanks for a reader that knows the grammar, and sees all that is
  /// not hidden or only what is to the left.
  double bestLoss(bool sees_the_right) const;

 private:
  const MaskedText& text_;
  torch::Tensor plain_;                ///< [sentences, length], on the CPU
  Blanks blanks_;                      ///< of the same, on the CPU
  agreement::Sentences sentences_{};   ///< the grammar's
  torch::Tensor all_, plain_targets_;  ///< everything that is read, and what stands there
  torch::Tensor blank_targets_;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// A few labelled sentences for two nets: one that has learned to fill blanks, and one that has not.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/bert/masked_language_model.h"
#include "lessons/data/agreement_grammar.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// Is the sentence about one or about many? Four nouns and three verbs say either; a few sentences
/// do not show all of them often enough to tell them apart from the rest.
class FewLabels {
 public:
  /// The net without pre-training begins as `nets` is now.
  FewLabels(const Transformer& nets, std::int64_t labels, at::Generator generator,
            const std::string& device);

  /// The other one begins as `nets` is now.
  void start(const Transformer& nets);
  /// One update of both on all labelled sentences: Adam, all weights.
  void learn();
  std::vector<LabelStanding> standings() const;
  void save(WeightSink& sink) const;

 private:
  struct Labelled {
    torch::Tensor words;   ///< [sentences, 12], int64
    torch::Tensor labels;  ///< [sentences], int64: 1 for many
  };
  static Labelled draw(std::int64_t sentences, at::Generator generator, const std::string& device);
  /// [2, sentences, width]: of what the blocks make of the words, the largest of each number.
  torch::Tensor pooled(const torch::Tensor& words) const;
  /// [2, 2, sentences]: logits of the two classes.
  torch::Tensor answers(const torch::Tensor& pooled) const;

  Transformer nets_;      ///< kPretrained, kScratch
  FlatWeights read_out_;  ///< of both: [2, width], [2]
  Labelled few_, test_;
};

}  // namespace viva

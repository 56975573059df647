// SPDX-License-Identifier: GPL-3.0-or-later
// A small GPT over the characters of a text that a grammar wrote, trained before row 0: the net
// that is then quantised, or that speculates.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/characters.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// The text, and its last tenth, which is not trained on.
struct ServedText {
  ServedText();
  CharacterText characters;
  std::vector<std::int64_t> learned, held_out;
};

struct ServedRecipe {
  std::int64_t layers = 2, heads = 4, width = 64, updates = 250;
  std::int64_t windows = 8;  ///< in an update
  std::uint64_t weight_stream = 0, batch_stream = 0;
};

inline constexpr std::int64_t kServedContext = 64;

class ServedGpt {
 public:
  ServedGpt(const ServedText& text, const ServedRecipe& recipe, std::uint64_t seed,
            const std::string& device);

  /// Some updates of AdamW on windows of the text. False: it is trained.
  bool learn();
  Transformer& net() { return net_; }
  const Transformer& net() const { return net_; }

  void keep(WeightSink& sink, const std::string& name) const;
  void resume(const std::vector<NamedArray>& kept, const std::string& name);

 private:
  ServedRecipe recipe_;
  at::Generator batches_;
  torch::Tensor training_;  ///< [characters]
  Transformer net_;
  std::int64_t done_ = 0;
};

/// Windows [n, context + 1] of `text`, one behind the other.
torch::Tensor windowsOf(const std::vector<std::int64_t>& text, const torch::Device& device);

}  // namespace viva

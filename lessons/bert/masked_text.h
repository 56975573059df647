// SPDX-License-Identifier: GPL-3.0-or-later
// What a masked language model reads: sentences of the agreement grammar, or pieces of a text as
// numbers of its characters, with some of them hidden.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lessons/bert/masked_language_model.h"
#include "lessons/core/message.h"

namespace viva {

class MaskedText {
 public:
  /// Throws FileError where the user's own text cannot be read.
  explicit MaskedText(const Parameters& parameters);

  bool isGrammar() const { return is_grammar_; }
  std::int64_t length() const { return length_; }  ///< tokens of a sentence, or of a piece
  /// Tokens by number. The last one is [MASK].
  const std::vector<std::string>& names() const { return names_; }
  std::int64_t vocabulary() const { return static_cast<std::int64_t>(names_.size()); }
  std::int64_t mask() const { return vocabulary() - 1; }

  /// [count, length], int64: fresh sentences, or pieces of the part to learn from.
  torch::Tensor draw(std::int64_t count, at::Generator generator) const;
  /// The same of the part that is held out; of the grammar, of which there is no end, fresh ones.
  torch::Tensor drawHeldOut(std::int64_t count, at::Generator generator) const;

  /// What was typed as tokens, `_` as [MASK]; empty: the example. A message says which tokens are
  /// not known, or that there are too many.
  std::variant<std::vector<std::int64_t>, Message> read(const std::string& typed) const;

 private:
  std::vector<std::int64_t> example() const;
  torch::Tensor pieces(std::int64_t first, std::int64_t end, std::int64_t count,
                       at::Generator generator) const;

  bool is_grammar_;
  std::int64_t length_ = 0, held_out_from_ = 0;
  std::vector<std::string> names_;
  torch::Tensor text_;  ///< [characters], int64; undefined for the grammar
};

/// Blanks in tokens [batch, length]. Where the nets differ in them: [nets, batch, length].
struct Blanks {
  torch::Tensor inputs;   ///< tokens, some of them replaced
  torch::Tensor targets;  ///< what was there, kIgnored where nothing is asked
};
/// How blanks are made for one net.
struct Hiding {
  double rate = 0.2;
  Replacement replacement = Replacement::MaskOnly;
  bool operator==(const Hiding&) const = default;
};
/// One draw for all: of two nets that hide the same share, both hide the same tokens; of two
/// shares, the larger one hides what the smaller one does. There is one blank at least.
Blanks hide(const MaskedText& text, const torch::Tensor& tokens, const std::vector<Hiding>& of_nets,
            at::Generator generator);

}  // namespace viva

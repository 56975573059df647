// SPDX-License-Identifier: GPL-3.0-or-later
// Small tasks on sequences of tokens, drawn at random, whose right answers say where a head has to
// look.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lessons/core/message.h"
#include "lessons/transformer/attention_task_kind.h"

namespace viva {

inline constexpr std::int64_t kShifted = 3;      ///< Shift: y[i] = x[i - 3]
inline constexpr double kNotBlank = 0.3;         ///< Recent: the share of tokens that say something
inline constexpr std::int64_t kLowestBound = 4;  ///< Max: tokens of a sequence go up to 4 ... 19
inline constexpr std::int64_t kHighestBound = 19;

struct TokenBatch {
  torch::Tensor tokens;   ///< [batch, length], int64
  torch::Tensor targets;  ///< [batch, length], int64; kIgnored where nothing is asked
  /// [batch, length], int64: the position that holds the answer, -1 where nothing is asked.
  /// Undefined for tasks whose answer is at no one place.
  torch::Tensor needed;

  TokenBatch to(const torch::Device& device) const;
};

class AttentionTask {
 public:
  explicit AttentionTask(AttentionTaskKind kind);

  AttentionTaskKind kind() const { return kind_; }
  /// What each token is called.
  const std::vector<std::string>& symbols() const { return symbols_; }
  std::int64_t vocabulary() const { return static_cast<std::int64_t>(symbols_.size()); }
  /// Whether a position may look only at those before it.
  bool isCausal() const;
  bool hasNeeded() const;
  /// Tokens of a sequence of this length; of Addition, of two numbers with so many digits.
  std::int64_t tokensOf(std::int64_t length) const;

  TokenBatch draw(std::int64_t batch, std::int64_t length, at::Generator generator) const;
  /// What is asked of these tokens [batch, length].
  TokenBatch answered(const torch::Tensor& tokens) const;

 private:
  torch::Tensor drawTokens(std::int64_t batch, std::int64_t length, at::Generator generator) const;

  AttentionTaskKind kind_;
  std::vector<std::string> symbols_;
};

/// The tokens of a sum: both numbers with `digits` digits, as they are written, and the answer with
/// its lowest digit first but without its highest: `12+34=64`. The numbers are [batch, digits],
/// highest digit first.
torch::Tensor sumTokens(const torch::Tensor& first, const torch::Tensor& second);

/// Reads a sequence that somebody typed: tokens one after the other, or separated by blanks or
/// commas; for Addition `12+34`, the answer is put behind it. [1, length], int64. A message says
/// what cannot be read: unknown tokens by name, more than `longest` of them, nothing to read. The
/// numbers of a sum are filled up with zeros to `length` digits.
std::variant<torch::Tensor, Message> readTokens(const AttentionTask& task, const std::string& typed,
                                                std::int64_t length, std::int64_t longest);

}  // namespace viva

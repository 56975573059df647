// SPDX-License-Identifier: GPL-3.0-or-later
// Random strings that are said twice: whoever remembers what followed a token can foretell the
// second time.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace viva {

struct RepeatedStrings {
  torch::Tensor tokens;   ///< [batch, length], int64
  torch::Tensor periods;  ///< [batch], int64: how long the string is
  /// [batch, length - 1]: the next token where a string is said for the second time, its first
  /// token excepted, which nothing foretells; elsewhere kIgnored.
  torch::Tensor second() const;
  /// The same for the first time, as many.
  torch::Tensor first() const;
  RepeatedStrings to(torch::Device device) const;
};

/// Rows of random tokens that end with a random string of a quarter to a half of the length, said
/// twice; how long it is, is drawn for each row, or positions alone would tell.
RepeatedStrings drawStrings(std::int64_t batch, std::int64_t length, std::int64_t vocabulary,
                            at::Generator generator);

/// Means of the attention `weights` [batch, heads, length - 1, length - 1] over the queries that
/// second() asks: on the token behind the last occurrence of the one that is read (what an
/// induction head looks at), and on the token before it. [heads] each.
struct HeadScores {
  torch::Tensor prefix_matching, previous_token;
};
HeadScores headScores(const torch::Tensor& weights, const RepeatedStrings& strings);

}  // namespace viva

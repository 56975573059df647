// SPDX-License-Identifier: GPL-3.0-or-later
// One query and one key of one head, down to each number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/nn/attention.h"
#include "lessons/nn/transformer.h"

namespace viva {

struct ScorePlace {
  std::int64_t layer = 0, head = 0, query = 0, key = 0;
  std::int64_t component = 0;  ///< of the values
};

/// The numbers on the way from a query to a component of its head's output.
struct OneScore {
  ScorePlace place;
  std::vector<std::string> tokens;   ///< what is read at each position
  std::vector<double> q, k;          ///< a component each
  double scale = 1;                  ///< 1 / sqrt(head width), or 1
  std::vector<double> dots;          ///< q k of the query with each key
  std::vector<double> added;         ///< mask and ALiBi, a key each; -inf hides it
  std::vector<double> scores;        ///< dots scale + added
  std::vector<double> exponentials;  ///< e^(score - the largest)
  std::vector<double> weights;       ///< their shares of the sum
  std::vector<double> values;        ///< the component of each key's value
  double mixed = 0;                  ///< the sum of weights times values

  double largest() const;
  double total() const;  ///< of the exponentials
};

/// From what a block of copy 0 computed for one sequence. The softmax is computed again, in double;
/// only q, k and v are the block's.
OneScore scoreOf(const Attended& attended, const Manner& manner, const ScorePlace& place,
                 std::vector<std::string> tokens);

GraphData scoreGraph(const OneScore& score);
/// q, k and their product a component, the sum, and the score.
TableData productTable(const OneScore& score);
/// The softmax of the query's row, a key each, and what each adds to the component of the output.
TableData softmaxTable(const OneScore& score);

}  // namespace viva

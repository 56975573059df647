// SPDX-License-Identifier: GPL-3.0-or-later
// Indices that are picked in a view, as a Text parameter keeps them: `0,3,5`, or `0.1,2.0` where a
// row and a column belong together.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace viva {

/// The indices in `text`, ascending, each once; what is no whole number from 0 is passed over.
std::vector<std::int64_t> indexList(std::string_view text);

/// `index` put into the list or, where it is in it, taken out: `0,3,5`. Negative ones change
/// nothing but the form.
std::string withIndexToggled(std::string_view text, std::int64_t index);

/// A row and a column, both from 0.
using IndexPair = std::pair<std::int64_t, std::int64_t>;

/// The pairs in `text`, ascending, each once; what is none is passed over.
std::vector<IndexPair> pairList(std::string_view text);

/// The pair put into the list or, where it is in it, taken out: `0.1,2.0`. One with a negative
/// index changes nothing but the form.
std::string withPairToggled(std::string_view text, IndexPair pair);

/// The pieces of a list that are no pairs, as they are written, without spaces around them.
std::vector<std::string> notPairs(std::string_view text);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Indices that are picked in a view, as a Text parameter keeps them: `0,3,5`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viva {

/// The indices in `text`, ascending, each once; what is no whole number from 0 is passed over.
std::vector<std::int64_t> indexList(std::string_view text);

/// `index` put into the list or, where it is in it, taken out: `0,3,5`. Negative ones change
/// nothing but the form.
std::string withIndexToggled(std::string_view text, std::int64_t index);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that may be very small or very large, for verdicts.
#pragma once

#include <optional>
#include <string>

namespace viva {

/// `0.236`, `74900`, `2.31×10⁻³²`, `∞`, `NaN`; a dash for none.
std::string readable(const std::optional<double>& value);
/// `12.5 %`.
std::string percent(double share);

}  // namespace viva

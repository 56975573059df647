// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as text, the same in every locale: the C library's functions would write 0,5 in some.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace viva {

/// The whole of `text` as a number, `+1`, `.5` and `1e-3` too; nothing when it is not one.
std::optional<double> numberFrom(std::string_view text);

/// `decimals` digits behind the point: withDecimals(2, 2) is `2.00`. As printf's `%.2f`.
std::string withDecimals(double number, int decimals);
/// At most `digits` significant digits without trailing zeros, `1.5e+10` where that is shorter. As
/// printf's `%.4g`.
std::string withDigits(double number, int digits);

/// A number for people, 4 significant digits, without trailing zeros, and whole from 1000 on;
/// `1.44×10⁶` for what is very large or small.
std::string readableNumber(double number);
/// For verdicts: `0.236`, `74900`, `2.31×10⁻³²`, `∞`, `NaN`; a dash for none.
std::string readable(const std::optional<double>& value);
/// `12.5 %`; `NaN`.
std::string percent(double share);

}  // namespace viva

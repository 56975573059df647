// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/number_text.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "lessons/core/parameter.h"

namespace viva {
namespace {

std::string written(double number, std::chars_format format, int precision) {
  char text[512];  // the largest double has 309 digits before the point
  const auto end = std::to_chars(text, text + sizeof text, number, format, precision).ptr;
  return {text, end};
}

}  // namespace

std::optional<double> numberFrom(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string withDecimals(double number, int decimals) {
  return written(number, std::chars_format::fixed, decimals);
}

std::string withDigits(double number, int digits) {
  return written(number, std::chars_format::general, digits);
}

std::string readableNumber(double number) {
  if (!std::isfinite(number)) return formatNumber(number);
  const double size = std::abs(number);
  if (size == 0 || (size >= 1e-4 && size < 999999.5))
    return size >= 1000 ? withDecimals(number, 0) : withDigits(number, 4);
  static const char* const kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const std::string text = written(number, std::chars_format::scientific, 2);
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  digits.erase(digits.find_last_not_of("0.") + 1);
  std::string power = text[e + 1] == '-' ? "⁻" : "";
  for (std::size_t i = text.find_first_not_of("+-0", e + 1); i < text.size(); ++i)
    power += kRaised[text[i] - '0'];
  return digits + "×10" + power;
}

std::string percent(double share) {
  if (std::isnan(share)) return "NaN";
  return withDigits(100 * share, 3) + "\u00a0%";
}

std::string readable(const std::optional<double>& value) {
  if (!value) return "–";
  if (std::isnan(*value)) return "NaN";
  if (std::isinf(*value)) return *value > 0 ? "∞" : "−∞";
  const double size = std::abs(*value);
  return size >= 1e-3 && size < 1e3 ? withDigits(*value, 3) : readableNumber(*value);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/number_text.h"

#include <cmath>
#include <cstdio>

namespace viva {

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g\u00a0%%", 100 * share);
  return text;
}

std::string readable(const std::optional<double>& value) {
  if (!value) return "–";
  if (std::isnan(*value)) return "NaN";
  const double size = std::abs(*value);
  char text[64];
  if (size == 0 || !std::isfinite(size) || (size >= 1e-3 && size < 1e5)) {
    std::snprintf(text, sizeof text, size >= 1e3 ? "%.0f" : "%.3g", *value);
    return text;
  }
  std::snprintf(text, sizeof text, "%.1e", *value);
  static const char* const kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const std::string written = text;
  const std::size_t e = written.find('e');
  std::string power = written[e + 1] == '-' ? "⁻" : "";
  for (std::size_t i = written.find_first_not_of("+-0", e + 1); i < written.size(); ++i)
    power += kRaised[written[i] - '0'];
  return written.substr(0, e) + "·10" + power;
}

}  // namespace viva

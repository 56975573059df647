// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/number_text.h"

#include <cmath>
#include <cstdio>

#include "lessons/core/words.h"

namespace viva {

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g\u00a0%%", 100 * share);
  return text;
}

std::string readable(const std::optional<double>& value) {
  if (!value) return "–";
  if (std::isnan(*value)) return "NaN";
  if (std::isinf(*value)) return *value > 0 ? "∞" : "−∞";
  const double size = std::abs(*value);
  if (!(size >= 1e-3 && size < 1e3)) return readableNumber(*value);
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", *value);
  return text;
}

}  // namespace viva

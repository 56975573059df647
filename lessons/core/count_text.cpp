// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/count_text.h"

namespace viva {

std::string grouped(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string made;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0 && made != "-") made += ',';
    made += digits[i];
  }
  return made;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Boxes as people type them: numbers with spaces between, a box each, separated by semicolons.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/parameter.h"

namespace viva {

struct ScoredBox {
  Box box;
  double score = 0;
};
struct PlacedBox {
  std::int64_t image = 0;
  Box box;
};
struct Detection {
  std::int64_t image = 0;
  double score = 0;
  Box box;
};

// All throw RequestError, which names the box that is wrong. An empty text is an empty list, and so
// is what stands behind a last semicolon.

/// `x1 y1 x2 y2 score; ...`
std::vector<ScoredBox> scoredBoxesIn(std::string_view text);
/// `x1 y1 x2 y2; ...`
std::vector<Box> boxesIn(std::string_view text);
/// `image x1 y1 x2 y2; ...`
std::vector<PlacedBox> truthsIn(std::string_view text);
/// `image score x1 y1 x2 y2; ...`
std::vector<Detection> detectionsIn(std::string_view text);

}  // namespace viva

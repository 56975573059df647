// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/digits.h"

namespace viva {

Dataset digits(std::int64_t samples, at::Generator generator, std::int64_t side) {
  static const std::vector<Glyph> shapes{
      {arc(0, 0, 0.5f, 0.85f, 0, 4)},
      {{{-0.3f, -0.5f}, {0.05f, -0.85f}, {0.05f, 0.85f}}},
      {arc(0, -0.4f, 0.45f, 0.45f, -2.2f, 0.4f), {{0.37f, -0.15f}, {-0.5f, 0.85f}, {0.5f, 0.85f}}},
      {arc(-0.05f, -0.42f, 0.45f, 0.42f, -2.3f, 1), arc(-0.05f, 0.42f, 0.5f, 0.43f, -1, 2.2f)},
      {{{0.2f, 0.85f}, {0.2f, -0.85f}, {-0.55f, 0.3f}, {0.55f, 0.3f}}},
      {{{0.45f, -0.85f}, {-0.4f, -0.85f}, {-0.45f, -0.1f}},
       arc(-0.05f, 0.33f, 0.52f, 0.52f, -1.6f, 2.1f)},
      {arc(0.25f, 0.3f, 0.72f, 1.15f, 2, 3.1f), arc(0, 0.4f, 0.47f, 0.45f, 0, 4)},
      {{{-0.5f, -0.85f}, {0.5f, -0.85f}, {-0.1f, 0.85f}}},
      {arc(0, -0.43f, 0.38f, 0.42f, 0, 4), arc(0, 0.43f, 0.47f, 0.43f, 0, 4)},
      {arc(0, -0.4f, 0.45f, 0.45f, 0, 4), arc(-0.25f, -0.3f, 0.7f, 1.15f, 0, 1.1f)},
  };
  return handwritten(shapes, samples, std::move(generator), side);
}

}  // namespace viva

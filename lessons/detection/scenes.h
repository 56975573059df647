// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures with a few coloured shapes, and where they are.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/detection/box_rows.h"

namespace viva {

inline constexpr std::int64_t kSceneSide = 48;   ///< pixels
inline constexpr std::int64_t kSceneShapes = 3;  ///< disc, square, triangle

struct Scenes {
  torch::Tensor images;  ///< [scenes, 3, 48, 48], float32, 0 to 1 but for the noise
  torch::Tensor shapes;  ///< [scenes, most objects], int64; -1 where there is no further object
  torch::Tensor boxes;   ///< [scenes, most objects, 4], float32: x0, y0, x1, y1 in pixels, y down

  std::int64_t count() const { return images.size(0); }
  std::int64_t mostObjects() const { return shapes.size(1); }
  Scenes from(std::int64_t start, std::int64_t count) const;
  Scenes first(std::int64_t count) const { return from(0, count); }
  /// For each shape where it is; the image is the number of its scene.
  std::vector<std::vector<PlacedBox>> truths() const;
};

/// 1 to `most_objects` shapes a scene: half sizes 5 to 9, side ratios 3/4 to 4/3, five colours,
/// noise of 0.08. Where 20 places overlap what is there by an IoU of 0.1 and more, the shape is
/// left out.
Scenes drawScenes(std::int64_t scenes, std::int64_t most_objects, at::Generator generator);

}  // namespace viva

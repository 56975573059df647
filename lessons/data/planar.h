// SPDX-License-Identifier: GPL-3.0-or-later
// Classes of points in the plane, an equal share of the samples each. Inputs [samples, 2], float32.
#pragma once

#include "lessons/core/parameter.h"
#include "lessons/data/dataset.h"

namespace viva {

/// Two interleaved half circles of radius 1, with Gaussian noise of standard deviation `noise`.
Dataset moons(std::int64_t samples, double noise, at::Generator generator);
/// A circle of radius 1 (class 0) around one of radius 0.5 (class 1), with Gaussian noise.
Dataset circles(std::int64_t samples, double noise, at::Generator generator);
/// Two arms that wind `turns` times around the origin out to radius 1, with Gaussian noise.
Dataset spirals(std::int64_t samples, double turns, double noise, at::Generator generator);

/// One Gaussian a class, of standard deviation `spread`, on a circle of radius 1, the first at
/// angle 90 degrees. At least two classes.
Dataset blobs(std::int64_t samples, std::int64_t classes, double spread, at::Generator generator);

/// Points drawn by hand, in the order in which they were drawn. As in a file, the classes are those
/// that occur, named by their labels in the order of these; where fewer than two do, the smallest
/// labels that are left make them two.
Dataset drawnPoints(const Points& points);

}  // namespace viva

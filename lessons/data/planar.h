// SPDX-License-Identifier: GPL-3.0-or-later
// Two classes of points in the plane, half of the samples each. Inputs [samples, 2], float32.
#pragma once

#include "lessons/data/dataset.h"

namespace viva {

/// Two interleaved half circles of radius 1, with Gaussian noise of standard deviation `noise`.
Dataset moons(std::int64_t samples, double noise, at::Generator generator);
/// A circle of radius 1 (class 0) around one of radius 0.5 (class 1), with Gaussian noise.
Dataset circles(std::int64_t samples, double noise, at::Generator generator);
/// Two arms that wind `turns` times around the origin out to radius 1, with Gaussian noise.
Dataset spirals(std::int64_t samples, double turns, double noise, at::Generator generator);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// What `recurrent-explosion` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class RecurrentMatrix { Random, Orthogonal, NonNormal };
enum class RecurrentActivation { Tanh, Relu, Linear };
enum class Clipping { None, Norm, Value };

inline constexpr Parameter<RecurrentMatrix> kExplosionMatrix{"matrix"};
inline constexpr Parameter<double> kExplosionRadius{"spectral_radius"};
inline constexpr Parameter<RecurrentActivation> kExplosionActivation{"activation"};
inline constexpr Parameter<std::int64_t> kExplosionHidden{"hidden"};
inline constexpr Parameter<std::int64_t> kExplosionLength{"length"};
inline constexpr Parameter<std::int64_t> kExplosionBatchSize{"batch_size"};
inline constexpr Parameter<double> kExplosionRate{"lr"};
inline constexpr Parameter<Clipping> kExplosionClip{"clip"};
inline constexpr Parameter<double> kExplosionMaxNorm{"max_norm"};
inline constexpr Parameter<double> kExplosionMaxValue{"max_value"};

std::vector<ParameterSpec> explosionParameters();
/// `unclipped`, and beside it, where something is to be clipped, `clipped`: the same net.
std::vector<std::string> copiesIn(const Parameters& parameters);
std::vector<RecordSpec> explosionRecords(const Parameters& parameters);
std::vector<ViewSpec> explosionViews();
std::vector<Preset> explosionPresets();

}  // namespace viva

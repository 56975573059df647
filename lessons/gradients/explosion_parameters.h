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

inline constexpr ParameterName<RecurrentMatrix> kExplosionMatrix{"matrix"};
inline constexpr ParameterName<double> kExplosionRadius{"spectral_radius"};
inline constexpr ParameterName<RecurrentActivation> kExplosionActivation{"activation"};
inline constexpr ParameterName<std::int64_t> kExplosionHidden{"hidden"};
inline constexpr ParameterName<std::int64_t> kExplosionLength{"length"};
inline constexpr ParameterName<std::int64_t> kExplosionBatchSize{"batch_size"};
inline constexpr ParameterName<double> kExplosionRate{"lr"};
inline constexpr ParameterName<Clipping> kExplosionClip{"clip"};
inline constexpr ParameterName<double> kExplosionMaxNorm{"max_norm"};
inline constexpr ParameterName<double> kExplosionMaxValue{"max_value"};

std::vector<ParameterSpec> explosionParameters();
/// `unclipped`, and beside it, where something is to be clipped, `clipped`: the same net.
std::vector<std::string> copiesIn(const Parameters& parameters);
std::vector<RecordSpec> explosionRecords(const Parameters& parameters);
std::vector<ViewSpec> explosionViews();
std::vector<Preset> explosionPresets();

}  // namespace viva

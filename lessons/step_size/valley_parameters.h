// SPDX-License-Identifier: GPL-3.0-or-later
// What `lr-valley` can be told, and what it says can be shown.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/step_size/valley.h"

namespace viva {

inline constexpr ParameterName<ValleyFunction> kValleyFunction{"function"};
inline constexpr ParameterName<double> kCurvature{"L"};
inline constexpr ParameterName<ValleyMethod> kValleyMethod{"method"};
inline constexpr ParameterName<double> kValleyMomentum{"momentum"};
inline constexpr ParameterName<double> kValleyNoise{"noise"};
inline constexpr ParameterName<double> kValleyStart{"start"};

inline constexpr std::size_t kBalls = 5;
std::string ballName(std::size_t ball);  ///< `ball-1`
double ballRate(const Parameters& parameters, std::size_t ball);
Valley valleyOf(const Parameters& parameters);
/// Zero for gradient descent.
double momentumOf(const Parameters& parameters);

std::vector<ParameterSpec> valleyParameters();
std::vector<RecordSpec> valleyRecords(const Parameters& parameters);
std::vector<ViewSpec> valleyViews();
std::vector<Preset> valleyPresets();

}  // namespace viva

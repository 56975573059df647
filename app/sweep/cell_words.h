// SPDX-License-Identifier: GPL-3.0-or-later
// Names of a sweep's metric, axes and cells for people.
#pragma once

#include <string>

#include "app/sweep/metric.h"
#include "lessons/core/words.h"

namespace viva {

/// The label of a parameter; of one of several (`adam.lr`) with its group.
std::string parameterInWords(const ExperimentSpec& spec, const ParameterSpec& parameter,
                             const Words& words);
std::string choiceInWords(const std::string& experiment, const std::string& parameter,
                          const std::string& choice, const Words& words);

/// `Adam · loss (last)`.
std::string metricInWords(const Sweep& sweep, const Metric& metric, const Words& words);
std::string axisInWords(const Sweep& sweep, std::size_t axis, const Words& words);
/// A number in four digits, a choice by its name in words.
std::string valueInWords(const Sweep& sweep, std::size_t axis, const Value& value,
                         const Words& words);
/// `learning rate 0.1, batch 32`.
std::string cellInWords(const Sweep& sweep, std::size_t cell, const Words& words);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// The seven optimizers of the lesson: their names, their parameters, their rules.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/core/parameter.h"
#include "lessons/nn/update_rules.h"

namespace viva {

/// In the order of UpdateRule's alternatives.
enum class Optimizer { Sgd, Momentum, Adagrad, RmsProp, Adam, AdamW, AdaBelief };

inline constexpr std::array<Optimizer, 7> kOptimizers{
    Optimizer::Sgd,  Optimizer::Momentum, Optimizer::Adagrad,  Optimizer::RmsProp,
    Optimizer::Adam, Optimizer::AdamW,    Optimizer::AdaBelief};

/// `sgd`, `adabelief`: as parameters, records and curves spell it.
const std::string& nameOf(Optimizer optimizer);
const std::vector<std::string>& optimizerNames();
/// The word `curve.<name>`.
Label labelOf(Optimizer optimizer);

/// One of the seven.
Parameter<Optimizer> optimizerChoice(std::string name, Optimizer default_value);

Parameter<double> rateParameter(std::string name, double default_value);
/// The weight of the past in an average: 0 forgets at once, near 1 hardly ever.
Parameter<double> memoryParameter(std::string name, double default_value);
Parameter<double> decayParameter(std::string name, double default_value);

/// What can be told to each of the seven, which have these rates at first: `adam.lr`, `adam.beta1`,
/// ... and nothing that they share. The switch `adam.on` needs a new run; all else is live.
std::vector<ParameterSpec> optimizerParameters(const std::array<double, kOptimizers.size()>& rates);
/// Those that are switched on (`adam.on`), in the order of kOptimizers.
std::vector<Optimizer> optimizersIn(const Parameters& parameters);

/// A fresh rule with the settings that are usual; its rate is still to be set.
UpdateRule plainRule(Optimizer optimizer);
/// A fresh rule with the settings `<prefix>lr`, `<prefix>beta1`, ... and `weight_decay`, which is
/// shared by all but AdamW.
UpdateRule makeRule(Optimizer optimizer, const Parameters& parameters, const std::string& prefix);
/// New settings for a rule that keeps what it remembers.
void configure(UpdateRule& rule, const Parameters& parameters, const std::string& prefix);

}  // namespace viva

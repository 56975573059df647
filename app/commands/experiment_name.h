// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "lessons/core/catalog.h"

namespace viva {

/// The ids of all experiments, in teaching order.
std::vector<std::string> experimentNames(const Catalog& catalog);

/// Null where there is none of this id.
const ExperimentSpec* findExperiment(const std::string& name, const Catalog& catalog);

/// Throws RequestError naming the experiments there are, also when `name` is empty.
const ExperimentSpec& experimentNamed(const std::string& name, const Catalog& catalog);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "lessons/core/catalog.h"

namespace viva {

/// Throws RequestError naming the experiments there are, also when `name` is empty.
const ExperimentSpec& experimentNamed(const std::string& name, const Catalog& catalog);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace viva {

/// A count for people: `61,706`.
std::string grouped(std::int64_t number);

}  // namespace viva

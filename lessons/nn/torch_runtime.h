// SPDX-License-Identifier: GPL-3.0-or-later
// What a run needs of LibTorch: generators, threads, devices, weight files.
#pragma once

#include "lessons/core/runtime.h"

namespace viva {

/// The one runtime of the process; LibTorch's default generators and thread count are
/// process-wide too.
Runtime& torchRuntime();

}  // namespace viva

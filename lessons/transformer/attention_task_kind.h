// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks by name; without LibTorch.
#pragma once

namespace viva {

enum class AttentionTaskKind { Reverse, Sort, Copy, Addition, Shift, Recent, Max };

}  // namespace viva

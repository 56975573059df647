// SPDX-License-Identifier: GPL-3.0-or-later
// Which position encodings there are, and where the norm stands; without LibTorch.
#pragma once

namespace viva {

enum class PositionKind { None, Sinusoidal, Learned, Rope, Alibi };

/// Pre: x + f(norm(x)). Post: norm(x + f(x)), as in arXiv 1706.03762 and in BERT.
enum class NormOrder { Pre, Post };

}  // namespace viva

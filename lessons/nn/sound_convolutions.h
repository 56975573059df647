// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace viva {

/// Holds convolutions in float32, and their gradients, once a process against those in float64, and
/// leaves oneDNN out from then on where they are wrong. Debian 13's LibTorch 2.6 with oneDNN 3.6
/// gives, with instructions of AVX2 or later and few channels, gradients with respect to the input
/// that are off by 50 to 90 % and not the same from call to call; LibTorch's own way is right.
void useSoundConvolutions();

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Which of its kernels OpenBLAS computes with.
#pragma once

namespace viva {

/// Names fast kernels to OpenBLAS (OPENBLAS_CORETYPE) on Intel processors with AVX2 or AVX-512,
/// unless the user has. Debian 12's OpenBLAS knows processors by their model number and computes
/// with those of 2004 on a newer one than itself: 1.42 s instead of 0.85 s for 2,000 steps of
/// capacity-lab. To be called before LibTorch is loaded and before there are other threads.
void preferFastBlasKernels();

}  // namespace viva

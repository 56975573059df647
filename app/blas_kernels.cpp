// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/blas_kernels.h"

#include <cstdlib>

namespace viva {

void preferFastBlasKernels() {
#if defined(__x86_64__) && defined(__GNUC__)
  if (!__builtin_cpu_is("intel")) return;
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx512 || has_avx2)
    ::setenv("OPENBLAS_CORETYPE", has_avx512 ? "SkylakeX" : "Haswell", /*overwrite=*/0);
#endif
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Says which kernels the program would name to OpenBLAS here; nothing for none. Run by CMake.
#include <cstdio>
#include <cstdlib>

#include "app/blas_kernels.h"

int main() {
  viva::preferFastBlasKernels();
  if (const char* kernels = std::getenv("OPENBLAS_CORETYPE")) std::puts(kernels);
}

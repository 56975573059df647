// SPDX-License-Identifier: GPL-3.0-or-later
// Which library multiplies the matrices: a factor of ten in speed that nothing else tells the user.
#pragma once

#include <string>

namespace viva {

/// `openblas (SkylakeX)` with the kernels that it computes with, `openblas-pthread`, `mkl`,
/// `reference`, or `unknown`: asked of the symbols that this process really has, once LibTorch is
/// loaded.
std::string findBlas();

/// C = alpha op(A) op(B) + beta C in float32, of matrices that lie column after column (the
/// interface of Fortran, with integers of 32 bits).
using MatrixProduct = void (*)(const char* op_a, const char* op_b, const int* m, const int* n,
                               const int* k, const float* alpha, const float* a, const int* lda,
                               const float* b, const int* ldb, const float* beta, float* c,
                               const int* ldc);

/// The one that LibTorch multiplies with, for products too small to be worth an operation of
/// LibTorch each; null where it keeps it to itself.
MatrixProduct matrixProduct();

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// What a model of capacity-lab sees of a sample.
#pragma once

#include <cstdint>

namespace at {
class Tensor;  // torch::Tensor, without Torch's headers in files that only declare
}

namespace viva {

enum class LabFeatures { Raw, Polynomial, Poor };

/// Columns of features [features, samples] of `places` [samples, 1] in [0, 1] (a curve) or
/// [samples, 2] in [-2, 2] (classes), both first scaled to [-1, 1]; in the type of `places`.
///
/// Raw: the coordinates. Polynomial: products of Legendre polynomials, orthonormal over the scaled
/// square, of total degree 1 to `degree`; powers of x span the same curves, but are so alike that
/// gradient descent on them stands still. Poor: one number that has lost what matters: the distance
/// from the middle of a curve, or the first of two coordinates.
at::Tensor labFeatures(LabFeatures kind, std::int64_t degree, const at::Tensor& places);

/// The number of rows that labFeatures gives for `dimensions` coordinates.
std::int64_t labFeatureCount(LabFeatures kind, std::int64_t degree, std::int64_t dimensions);

}  // namespace viva

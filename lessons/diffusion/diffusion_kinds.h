// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of this folder choose between, by name, for whoever needs no tensor.
#pragma once

namespace viva {

/// How fast the signal fades. Linear: the variances beta of Ho et al. (arXiv 2006.11239); Cosine:
/// the share of the signal of Nichol and Dhariwal (arXiv 2102.09672).
enum class NoiseSchedule { Linear, Cosine };

/// What the net is asked for at x_t = a x_0 + s e: the noise e, the clean x_0, or the direction
/// of the path, a' x_0 + s' e. Velocity (arXiv 2202.00512) and Flow (arXiv 2209.03003, 2210.02747)
/// are one formula on two paths: a quarter of a circle, a = cos, s = sin, and a straight line,
/// a = 1 - u, s = u.
enum class DenoisingObjective { Epsilon, X0, Velocity, Flow };

/// Ddpm draws from the posterior, Ddim (arXiv 2010.02502) with eta 0 from none; Euler and Heun
/// follow the direction of the path as a differential equation.
enum class DiffusionSampler { Ddpm, Ddim, Euler, Heun };

}  // namespace viva

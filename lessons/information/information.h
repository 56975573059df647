// SPDX-License-Identifier: GPL-3.0-or-later
// Entropies and divergences of distributions over a few classes, in nats. 0 log 0 is 0; where q is
// zero and p is not, cross-entropy and KL are infinite. Source: Cover and Thomas, Elements of
// Information Theory, chapter 2.
#pragma once

#include <cstddef>
#include <vector>

namespace viva {

using Probabilities = std::vector<double>;

/// Weights that sum to one within 1e-6, so that they sum to one exactly.
Probabilities normalised(Probabilities weights);
Probabilities uniform(std::size_t classes);
/// All of it on the first class.
Probabilities certain(std::size_t classes);
/// Whether one class has it all.
bool isCertain(const Probabilities& p);

/// Of `values`, one a class; a class without probability may have an infinite one.
double expectation(const Probabilities& p, const std::vector<double>& values);
double entropy(const Probabilities& p);
double crossEntropy(const Probabilities& p, const Probabilities& q);
double divergence(const Probabilities& p, const Probabilities& q);  ///< KL(p || q)
/// Jensen-Shannon: the mean divergence of both from their midpoint; at most ln 2.
double jensenShannon(const Probabilities& p, const Probabilities& q);

/// Infinite logits are allowed: minus infinity is a probability of zero.
Probabilities softmax(const std::vector<double>& logits);

enum class Objective { CrossEntropy, ForwardKl, ReverseKl, JensenShannon };
double valueOf(Objective objective, const Probabilities& p, const Probabilities& q);
/// Of the objective with respect to the logits of q = softmax(z). Not finite where the objective is
/// infinite and falls in no direction that a step could take.
std::vector<double> logitGradient(Objective objective, const Probabilities& p,
                                  const Probabilities& q);

/// KL(N(mean_a, sigma_a^2) || N(mean_b, sigma_b^2)).
double gaussianDivergence(double mean_a, double sigma_a, double mean_b, double sigma_b);

}  // namespace viva

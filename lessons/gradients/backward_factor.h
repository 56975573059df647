// SPDX-License-Identifier: GPL-3.0-or-later
// What theory says about the way of a gradient through a stack of random layers, and what a net's
// own pre-activations say about its layers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/gradients/wiring.h"

namespace viva {

class DeepNet;
struct Forward;

/// One hidden layer on one batch.
struct LayerStatistics {
  double mean = 0, deviation = 0;  ///< of the layer's output
  double derivative = 0;           ///< sqrt(E f'(z)^2) over units and samples
  double saturated = 0;            ///< share of z where f' is below a tenth of its maximum
  double weight = 0;               ///< root mean square of the layer's weights
};
std::vector<LayerStatistics> layerStatistics(const DeepNet& net, const Wiring& wiring,
                                             const Forward& forward);

/// The norm of the gradient with respect to each layer's pre-activations, relative to the last
/// layer's, if weights were independent, of mean zero, of everything else. With deviation s, width
/// n: a plain layer multiplies it by s sqrt(n) sqrt(E f'(z)^2); a residual one adds its branch to
/// what flows past it, sqrt(1 + s^2 n E f'(z)^2). Nothing for a net with norms: there the batch or
/// the layer takes part in the derivative.
std::optional<std::vector<double>> predictedFlow(const Wiring& wiring,
                                                 const std::vector<LayerStatistics>& layers,
                                                 std::int64_t width);

/// The part of a net from which a factor a layer can be read: the last layers whose norms are far
/// from the limits of float32.
struct Usable {
  std::size_t first = 0, last = 0;  ///< layers, both included
  std::size_t steps() const { return last - first; }
};
Usable usableLayers(const std::vector<double>& norms);

/// The geometric mean of what each layer on the way back multiplies a norm by; none for fewer than
/// two usable layers.
std::optional<double> meanFactor(const std::vector<double>& norms, Usable layers);

}  // namespace viva

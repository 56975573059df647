// SPDX-License-Identifier: GPL-3.0-or-later
// How the layers of a deep net compute and begin, in words that need no tensor.
#pragma once

namespace viva {

enum class Activation { Sigmoid, Tanh, Relu, LeakyRelu, Gelu };
enum class Initialisation { SmallNormal, LargeNormal, Xavier, He, Orthogonal, PyTorch };
enum class Normalisation { None, Batch, Layer };

/// How the hidden layers compute. Layer 0 is f(norm(W h)), and so are all others, or, with
/// `residual`, h + f(norm(W h)) (He et al., arXiv 1512.03385, with the shortcut left an identity).
struct Wiring {
  Activation activation = Activation::Sigmoid;
  Normalisation norm = Normalisation::None;
  bool residual = false;
};

}  // namespace viva

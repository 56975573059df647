// SPDX-License-Identifier: GPL-3.0-or-later
// Seven optimizers, each as its paper writes it, for a point of the plane. theta is what is
// learned, g its gradient; both have one entry a coordinate, and every rule treats the coordinates
// one by one. weight_decay is coupled (L2: added to the gradient) everywhere but in AdamW.
//
// Where the order of two operations changes the last bit, it is that of torch.optim, so that a
// position agrees with PyTorch's to the last bit even after a thousand steps on a rough surface.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <variant>

namespace viva {

using Pair = std::array<double, 2>;
inline constexpr std::array<int, 2> kCoordinates{0, 1};

/// sum + factor * term, rounded once, as LibTorch's add(term, factor) does.
inline double addScaled(double sum, double factor, double term) {
  return std::fma(factor, term, sum);
}

/// Robbins and Monro, 1951.
struct Sgd {
  double learning_rate = 0.01, weight_decay = 0;

  void update(Pair& theta, Pair g) {
    for (int i : kCoordinates) {
      g[i] = addScaled(g[i], weight_decay, theta[i]);
      theta[i] = addScaled(theta[i], -learning_rate, g[i]);
    }
  }
};

/// Polyak's heavy ball, 1964, without dampening: the rate stands outside the velocity, so a
/// change of rate acts at once.
struct Momentum {
  double learning_rate = 0.01, beta = 0.9, weight_decay = 0;
  Pair velocity{};

  void update(Pair& theta, Pair g) {
    for (int i : kCoordinates) {
      g[i] = addScaled(g[i], weight_decay, theta[i]);
      velocity[i] = beta * velocity[i] + g[i];
      theta[i] = addScaled(theta[i], -learning_rate, velocity[i]);
    }
  }
};

/// Duchi, Hazan and Singer, JMLR 2011.
struct Adagrad {
  double learning_rate = 0.01, weight_decay = 0, epsilon = 1e-10;
  Pair sum_of_squares{};

  void update(Pair& theta, Pair g) {
    for (int i : kCoordinates) {
      g[i] = addScaled(g[i], weight_decay, theta[i]);
      sum_of_squares[i] = addScaled(sum_of_squares[i], g[i], g[i]);
      theta[i] -= learning_rate * g[i] / (std::sqrt(sum_of_squares[i]) + epsilon);
    }
  }
};

/// Hinton, lecture 6e, 2012. No bias correction: the first step is rate / sqrt(1 - alpha) long.
struct RmsProp {
  double learning_rate = 0.01, alpha = 0.99, weight_decay = 0, epsilon = 1e-8;
  Pair v{};

  void update(Pair& theta, Pair g) {
    for (int i : kCoordinates) {
      g[i] = addScaled(g[i], weight_decay, theta[i]);
      v[i] = addScaled(alpha * v[i], (1 - alpha) * g[i], g[i]);
      theta[i] -= learning_rate * g[i] / (std::sqrt(v[i]) + epsilon);
    }
  }
};

/// Kingma and Ba, arXiv 1412.6980.
struct Adam {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, weight_decay = 0, epsilon = 1e-8;
  Pair m{}, v{};
  std::int64_t t = 0;

  void update(Pair& theta, Pair g) {
    t += 1;
    const double correction1 = 1 - std::pow(beta1, t);
    const double correction2 = 1 - std::pow(beta2, t);
    for (int i : kCoordinates) {
      g[i] = addScaled(g[i], weight_decay, theta[i]);
      m[i] = addScaled(beta1 * m[i], 1 - beta1, g[i]);
      v[i] = addScaled(beta2 * v[i], (1 - beta2) * g[i], g[i]);
      theta[i] -=
          learning_rate / correction1 * m[i] / (std::sqrt(v[i]) / std::sqrt(correction2) + epsilon);
    }
  }
};

/// Loshchilov and Hutter, arXiv 1711.05101: the decay stands outside the adaptive step.
struct AdamW {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, decay = 0.01, epsilon = 1e-8;
  Pair m{}, v{};
  std::int64_t t = 0;

  void update(Pair& theta, Pair g) {
    t += 1;
    const double correction1 = 1 - std::pow(beta1, t);
    const double correction2 = 1 - std::pow(beta2, t);
    for (int i : kCoordinates) {
      theta[i] *= 1 - learning_rate * decay;
      m[i] = addScaled(beta1 * m[i], 1 - beta1, g[i]);
      v[i] = addScaled(beta2 * v[i], (1 - beta2) * g[i], g[i]);
      theta[i] -=
          learning_rate / correction1 * m[i] / (std::sqrt(v[i]) / std::sqrt(correction2) + epsilon);
    }
  }
};

/// Zhuang et al., arXiv 2010.07468, without rectification: s averages the squared distance of the
/// gradient from its own mean. epsilon is added twice, as in the paper's algorithm.
struct AdaBelief {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, weight_decay = 0, epsilon = 1e-16;
  Pair m{}, s{};
  std::int64_t t = 0;

  void update(Pair& theta, Pair g) {
    t += 1;
    const double correction1 = 1 - std::pow(beta1, t);
    const double correction2 = 1 - std::pow(beta2, t);
    for (int i : kCoordinates) {
      g[i] = addScaled(g[i], weight_decay, theta[i]);
      m[i] = addScaled(beta1 * m[i], 1 - beta1, g[i]);
      const double surprise = g[i] - m[i];
      s[i] = addScaled(beta2 * s[i], (1 - beta2) * surprise, surprise) + epsilon;
      theta[i] -=
          learning_rate / correction1 * m[i] / (std::sqrt(s[i]) / std::sqrt(correction2) + epsilon);
    }
  }
};

using UpdateRule = std::variant<Sgd, Momentum, Adagrad, RmsProp, Adam, AdamW, AdaBelief>;

inline void update(UpdateRule& rule, Pair& theta, const Pair& g) {
  std::visit([&](auto& chosen) { chosen.update(theta, g); }, rule);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `alexnet-tricks` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/backbones/convnet_comparison.h"
#include "lessons/backbones/training_figures.h"
#include "lessons/core/experiment.h"

namespace viva {

enum class Trick { Relu, Dropout, ResponseNorm, Augmentation };

inline const auto kTrick = choice<Trick>("trick", {{Trick::Relu, "relu"},
                                                   {Trick::Dropout, "dropout"},
                                                   {Trick::ResponseNorm, "lrn"},
                                                   {Trick::Augmentation, "augmentation"}})
                               .grouped("trick");
inline const auto kTrickDropout =
    real("dropout", 0.5).range(0, 0.9).stepping(0.05).grouped("trick");
inline const auto kTrickAlpha = real("alpha", 1e-4).range(1e-6, 10).logarithmic().grouped("trick");
inline const auto kTrickShift = integer("shift", 1).range(1, 4).grouped("trick");
inline const auto kTrickOthers = toggle("others", false).grouped("trick");
inline const auto kTrickImageCount =
    integer("images", 1000).range(20, 5000).logarithmic().grouped("data");
inline const auto kTrickRandomLabels =
    real("random_labels", 0).range(0, 1).stepping(0.05).grouped("data");
inline const auto kTrickWidth = integer("width", 8).range(2, 32).logarithmic().grouped("net");
inline const auto kTrickHidden = integer("hidden", 64).range(8, 256).logarithmic().grouped("net");
/// The nets that learn from the same batches, as records spell them, the one with the trick first:
/// `with` and `without`; of ReLU `relu`, `tanh` and `sigmoid`; of response normalisation also
/// `constant`, which divides by what the norm divides by where nothing is active.
std::vector<std::string> trickNets(Trick trick);

/// What the claims look at, as of the newest evaluation.
struct TrickState {
  struct Net {
    std::string id;
    double train_loss = 0, train_accuracy = 0;  ///< without dropout, images as they are
    double test_loss = 0, test_accuracy = 0;
  };
  std::int64_t step = 0;
  std::vector<Net> nets;
  /// Of the response normalisation's divisors on test images: the smallest and the largest.
  double least_divisor = 0, largest_divisor = 0;

  const Net* net(std::string_view id) const { return figuresOf(nets, id); }
};
VerdictData trickVerdict(const std::string& preset, const TrickState& state);

std::unique_ptr<Experiment> makeAlexnetTricks(const Parameters& parameters,
                                              const RunContext& context);

}  // namespace viva

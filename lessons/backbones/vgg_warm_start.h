// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `vgg-warm-start` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/backbones/convnet_comparison.h"
#include "lessons/backbones/training_figures.h"
#include "lessons/core/experiment.h"

namespace viva {

enum class WarmCompared { Start, Scales };
enum class WarmInit { SmallNormal, He };

inline const auto kWarmCompared =
    choice<WarmCompared>("compare",
                         {{WarmCompared::Start, "start"}, {WarmCompared::Scales, "scales"}})
        .grouped("comparison");
inline const auto kWarmInit =
    choice<WarmInit>("init", {{WarmInit::SmallNormal, "small-normal"}, {WarmInit::He, "he"}})
        .grouped("comparison");
inline const auto kWarmDeviation = real("std", 0.068)
                                       .range(1e-3, 1)
                                       .logarithmic()
                                       .grouped("comparison")
                                       .onlyWhen(kWarmInit, {WarmInit::SmallNormal});
inline const auto kWarmPretraining = integer("pretraining", 250)
                                         .range(1, 5000)
                                         .logarithmic()
                                         .grouped("comparison")
                                         .onlyWhen(kWarmCompared, {WarmCompared::Start});
inline const auto kWarmSmallest = real("smallest", 0.6)
                                      .range(0.3, 1)
                                      .stepping(0.05)
                                      .grouped("comparison")
                                      .onlyWhen(kWarmCompared, {WarmCompared::Scales});
inline const auto kWarmLargest = real("largest", 1.2)
                                     .range(1, 2)
                                     .stepping(0.05)
                                     .grouped("comparison")
                                     .onlyWhen(kWarmCompared, {WarmCompared::Scales});
inline const auto kWarmImageCount =
    integer("images", 1000).range(50, 5000).logarithmic().grouped("data");
inline const auto kWarmNewLayers = integer("new_layers", 3).range(1, 6).grouped("net");
inline const auto kWarmWidth = integer("width", 16).range(4, 32).logarithmic().grouped("net");
inline const auto kWarmHidden = integer("hidden", 128).range(8, 256).logarithmic().grouped("net");
/// The nets of a run, as records spell them: `warm` and `scratch`, or `fixed` and `jittered`.
std::vector<std::string> warmNets(WarmCompared compared);

/// What the claims look at, as of the newest evaluation.
struct WarmState {
  struct Net {
    std::string id;
    std::int64_t convolutions = 0, updates = 0;  ///< of the net as it is now
    double train_loss = 0, train_accuracy = 0, test_loss = 0, test_accuracy = 0;
    /// On test images of the smallest and the largest scale, where scales are compared.
    double small_accuracy = 0, large_accuracy = 0;
  };
  std::int64_t step = 0;
  bool is_he = false;
  bool is_pretraining = false;  ///< `warm` is still the shallow net
  std::vector<Net> nets;

  const Net* net(std::string_view id) const { return figuresOf(nets, id); }
};
VerdictData warmVerdict(const std::string& preset, const WarmState& state);

std::unique_ptr<Experiment> makeVggWarmStart(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva

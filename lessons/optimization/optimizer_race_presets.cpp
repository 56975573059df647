// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/optimizer_race_presets.h"

#include <initializer_list>
#include <string>
#include <utility>

namespace viva {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// The setting of one rate for each of the seven, in their usual order.
Settings with(Settings settings, std::initializer_list<const char*> rates) {
  static const char* const names[] = {"sgd.lr",  "momentum.lr", "adagrad.lr",  "rmsprop.lr",
                                      "adam.lr", "adamw.lr",    "adabelief.lr"};
  const char* const* name = names;
  for (const char* rate : rates) settings.emplace_back(*name++, rate);
  return settings;
}

/// The views for a surface whose heights go below zero.
const std::vector<std::string> kBelowZero{"plane", "value_linear", "step_size", "standings",
                                          "verdict"};

}  // namespace

std::vector<Preset> racePresets() {
  return {
      // SGD close to its limit 2 / kappa, so that it overshoots the ravine's floor at every step.
      {"ravine-zigzag",
       with({{"surface", "ravine"}, {"start", "-1.8,1.2"}, {"kappa", "100"}},
            {"0.0196", "0.005", "0.25", "0.012", "0.3", "0.12", "0.06"}),
       150},
      // From higher up than the ridge, so that a ball without friction would come over it.
      {"escape-local-minimum",
       with({{"surface", "two-valleys"}, {"start", "1.8,0.8"}},
            {"0.07", "0.02", "0.4", "0.02", "0.1", "0.05", "0.03"}),
       120, kBelowZero},
      // One rate for all that adapt; the minimum leaves at half a hundredth a step.
      {"adagrad-stalls",
       with({{"surface", "ravine"}, {"start", "-1.8,1.2"}, {"kappa", "10"}, {"drift", "0.005"}},
            {"0.05", "0.01", "0.05", "0.05", "0.05", "0.05", "0.05"}),
       350},
      {"rmsprop-tracks",
       with({{"surface", "ravine"},
             {"start", "-1.8,1.2"},
             {"kappa", "10"},
             {"drift", "0.005"},
             {"noise", "0.3"}},
            {"0.05", "0.01", "0.05", "0.05", "0.05", "0.05", "0.05"}),
       350},
      // A slope of 0.002 away from the saddle. Momentum's rate is SGD's times (1 - beta).
      {"adam-fast-start",
       with({{"surface", "saddle"}, {"start", "1.5,0.001"}},
            {"0.05", "0.005", "0.1", "0.01", "0.05", "0.04", "0.03"}),
       80, kBelowZero},
      // Along the floor the gradient is steady: far from zero, close to its own average.
      {"adabelief-curvature",
       with({{"surface", "ravine"}, {"start", "-1.9,0.5"}, {"kappa", "25"}},
            {"0.02", "0.004", "0.01", "0.01", "0.01", "0.01", "0.01"}),
       150},
      // 2.5 % above SGD's limit 2 / kappa, and the same rate for everybody.
      {"sgd-rate-sensitivity",
       with({{"surface", "ravine"}, {"start", "-1.8,1.2"}, {"kappa", "25"}},
            {"0.082", "0.082", "0.082", "0.082", "0.082", "0.082", "0.082"}),
       50},
  };
}

}  // namespace viva

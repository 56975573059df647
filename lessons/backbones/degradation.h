// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `degradation` share: its parameters, and what is known of each net.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "lessons/backbones/classified_images.h"
#include "lessons/backbones/training_figures.h"
#include "lessons/core/experiment.h"

namespace viva {

/// Of the nets with shortcuts: which of them there are.
enum class Shortened { ZeroPadding, Projection, Both };

inline constexpr std::int64_t kShallowDepth = 8, kDeepest = 56;

const auto kDepth = integer("depth", 56).range(kShallowDepth, kDeepest).stepping(6).grouped("net");
const auto kShortcuts = choice<Shortened>("shortcut", {{Shortened::ZeroPadding, "zero-padding"},
                                                       {Shortened::Projection, "projection"},
                                                       {Shortened::Both, "both"}})
                            .grouped("net");
const auto kDegradationWidth = integer("width", 4).range(2, 16).grouped("net");
const auto kRate = real("lr", 0.1).range(1e-4, 1).logarithmic().live().grouped("training");
const auto kDropAfter =
    integer("drop_after", 0).range(0, 2000).in("unit.updates").live().grouped("training");
const auto kEvaluateEvery =
    integer("evaluate_every", 25).range(1, 1000).logarithmic().grouped("data");

inline const std::string kShallowNet = "shallow", kPlainNet = "plain", kResidualNet = "residual",
                         kProjectedNet = "projected";
/// Those of the run, in this order.
std::vector<std::string> netsOf(const Parameters& parameters);

/// One net's run.
struct DepthFigures : TrainingFigures {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  std::int64_t depth = 0;
  /// The norm of the loss gradient with respect to what each ReLU receives, in the newest update.
  std::vector<double> gradients;
  /// Of all updates: what reaches the first layer, over what reaches the last convolution.
  double smallest_ratio = std::numeric_limits<double>::infinity(), first_ratio = kNone;

  double ratio() const { return first() / last(); }
  double first() const { return gradients.empty() ? kNone : gradients.front(); }
  double last() const { return gradients.empty() ? kNone : gradients.back(); }
};

struct DegradationState {
  std::int64_t step = 0;
  std::vector<DepthFigures> nets;
  const DepthFigures* net(std::string_view id) const { return figuresOf(nets, id); }
};

BarsData gradientBars(const DegradationState& state);
TableData depthTable(const DegradationState& state);
VerdictData degradationVerdict(const std::string& preset, const DegradationState& state);

std::unique_ptr<Experiment> makeDegradation(const Parameters& parameters,
                                            const RunContext& context);

}  // namespace viva

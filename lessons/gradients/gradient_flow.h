// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `gradient-flow` share: its parameters, and what is remembered of both nets.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/gradients/backward_factor.h"
#include "lessons/gradients/layer_history.h"
#include "lessons/nn/optimizers.h"

namespace at {
struct Generator;
}

namespace viva {

struct Dataset;
struct Split;

enum class FlowData { Moons, Circles, Spirals, Digits };

/// What one of the two nets is told.
struct NetSettings {
  std::int64_t depth = 0, width = 0;
  Initialisation initialisation{};
  Wiring wiring;
  double rate_factor = 1;  ///< of the shared rate
  bool warms_up = true;
};

/// The parameters of one net: `a.depth`, `a.activation`, ...
struct NetParameters {
  NetParameters(const std::string& name, bool is_residual);

  std::string side;  ///< `a`, `b`: as parameters, records and curves spell it
  Parameter<std::int64_t> depth, width;
  Parameter<Activation> activation;
  Parameter<Initialisation> initialisation;
  Parameter<Normalisation> norm;
  Parameter<bool> residual;
  Parameter<double> rate_factor;
  Parameter<bool> warms_up;

  NetSettings in(const Parameters& parameters) const;
};
const std::array<NetParameters, 2> kFlowNets{NetParameters("a", false), NetParameters("b", true)};

const auto kFlowOptimizer = choice<Optimizer>("optimizer",
                                              {{Optimizer::Sgd, "sgd"},
                                               {Optimizer::Momentum, "momentum"},
                                               {Optimizer::Adagrad, "adagrad"},
                                               {Optimizer::RmsProp, "rmsprop"},
                                               {Optimizer::Adam, "adam"},
                                               {Optimizer::AdamW, "adamw"},
                                               {Optimizer::AdaBelief, "adabelief"}},
                                              Optimizer::Adam)
                                .live()
                                .grouped("training");
const auto kFlowRate = real("lr", 0.001).range(1e-6, 10).logarithmic().live().grouped("training");
const auto kFlowWarmup =
    integer("warmup", 0).range(0, 1000).in("unit.updates").live().grouped("training");
const auto kFlowBatchSize =
    integer("batch_size", 64).range(1, 512).logarithmic().grouped("training");
const auto kFlowDataset = choice<FlowData>("dataset", {{FlowData::Moons, "moons"},
                                                       {FlowData::Circles, "circles"},
                                                       {FlowData::Spirals, "spirals"},
                                                       {FlowData::Digits, "digits"}})
                              .grouped("data");
const auto kFlowSamples = integer("samples", 1000).range(100, 10000).logarithmic().grouped("data");
const auto kFlowEvaluateEvery =
    integer("evaluate_every", 20).range(1, 1000).logarithmic().grouped("data");

/// A fifth of the samples is kept for validation.
inline constexpr double kFlowValidationShare = 0.2;

/// Inputs [samples, features] with mean 0 and deviation 1 on the training samples.
Split flowData(const Parameters& parameters, std::uint64_t seed);
at::Generator flowBatchOrder(std::uint64_t seed);
/// Both nets draw their weights from the same numbers: where their shapes agree they are equal.
DeepNet flowNet(const NetSettings& settings, const Dataset& data, const RunContext& context);

/// `grad_norm/layer_07`.
std::string layerRecord(const std::string& quantity, std::int64_t layer);

/// The norms of one backward pass, first hidden layer first.
struct FlowNorms {
  std::vector<double> pre_activations, weights;

  /// What reaches the first hidden layer of what reaches the last; none for 0/0.
  std::optional<double> firstToLast() const;
};

/// One net's run in a few numbers.
struct FlowReport {
  std::string side;
  NetSettings settings;
  std::vector<LayerStatistics> initial_layers, layers;  ///< before the first update, and now
  FlowNorms initial_norms, norms;

  double start_loss = 0, loss = 0;  ///< of the batches, averaged over about the last 20
  double accuracy = 0;              ///< of the newest evaluation
  std::int64_t updates = 0;
  /// Of all updates so far.
  double smallest_ratio = std::numeric_limits<double>::infinity(), largest_ratio = 0;

  void observe(double batch_loss, FlowNorms found);
  /// What one layer on the way back multiplies the gradient by, before the first update.
  std::optional<double> factor() const;
  /// How much the mean of the layers' outputs grows a layer, before the first update.
  double drift() const;
};
using FlowReports = std::array<FlowReport, 2>;

/// The norm of what flows through each layer, with the theory as curves where there is one.
BarsData flowBars(const FlowReports& nets);
BarsData weightGradientBars(const FlowReports& nets);
BarsData saturationBars(const FlowReports& nets);
/// Mean of the layers' outputs; for a ReLU behind a batch norm in a residual branch, which adds
/// 1 / sqrt(2 pi) a block, also that line.
SeriesData activationMeans(const FlowReports& nets);
SeriesData activationDeviations(const FlowReports& nets);
TableData netsTable(const FlowReports& nets);
/// Layer by step, both nets on one colour scale.
std::array<MatrixData, 2> historyPictures(const std::array<LayerHistory, 2>& histories,
                                          const FlowReports& nets);
/// Judges the claim of `preset`, or says how the two nets stand.
VerdictData flowVerdict(const std::string& preset, std::int64_t step, const FlowReports& nets);

std::unique_ptr<Experiment> makeGradientFlow(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva

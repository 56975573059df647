// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `quantization` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/inference/rounding_scheme.h"

namespace viva {

inline constexpr std::int64_t kQuantizedLayers = 2;
/// Four matrices a block, and the output matrix.
inline constexpr std::int64_t kQuantizedMatrices = 4 * kQuantizedLayers + 1;

inline const auto kScaleShare = choice<ScaleShare>("scheme",
                                                   {{ScaleShare::Tensor, "tensor"},
                                                    {ScaleShare::Channel, "channel"},
                                                    {ScaleShare::Group, "group"}},
                                                   ScaleShare::Channel);
inline const auto kWeightCode = choice<WeightCode>(
    "code", {{WeightCode::Int8, "int8"}, {WeightCode::Int4, "int4"}, {WeightCode::Nf4, "nf4"}});
inline const auto kOutlierSize = real("outlier", 0).range(0, 100).stepping(1);

/// One way to write the weights: three codes with the chosen scheme, three schemes with the chosen
/// code.
struct QuantizedWay {
  std::string id;
  ScaleShare share = ScaleShare::Tensor;
  WeightCode code = WeightCode::Int8;
  double bits = 32;     ///< a weight, with its share of the scales
  double rmse = 0;      ///< of the weights that are in code so far
  double loss = 0;      ///< nats per held-out character
  double kl = 0;        ///< from the float net's predictions to these, nats
  double hit_rmse = 0;  ///< rmse of the matrix with the outlier alone
};

/// What the claims look at.
struct QuantizationState {
  std::int64_t step = 0;
  double float_loss = 0, outlier = 0;
  std::string code = "int8", scheme = "channel";
  std::vector<QuantizedWay> ways{};
  const QuantizedWay& of(const std::string& id) const;
};
VerdictData quantizationVerdict(const std::string& preset, const QuantizationState& state);

std::unique_ptr<Experiment> makeQuantization(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// What the models of capacity-lab learn from and are judged by.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// The streams of randomness of capacity-lab. Both of its models draw from streams of the same
/// numbers, so that they begin alike and differ only by what is compared.
inline constexpr std::uint64_t kLabTraining = 0, kLabInitialisation = 1, kLabMasks = 2,
                               kLabJitter = 3, kLabValidation = 4, kLabTest = 5, kLabFlips = 6,
                               kLabValidationFlips = 7, kLabTestFlips = 8;

struct LabSamples {
  torch::Tensor inputs;   ///< [samples, 1] of a curve, [samples, 2] of classes; float32
  torch::Tensor targets;  ///< [samples]: float32 of a curve, int64 classes from 0

  std::int64_t size() const { return targets.size(0); }
};

struct LabData {
  LabSamples training;
  LabSamples validation;  ///< from the same distribution as training
  LabSamples test;        ///< moved by `test_shift`; undefined for samples drawn by hand or read
  bool is_curve = false;
  std::int64_t classes = 2;
  /// With what label each class is drawn by hand, [classes], ascending; empty for other samples,
  /// whose classes are their numbers.
  std::vector<int> labels;
  /// The loss that the noise leaves to the best model: the variance of a curve's noise, the entropy
  /// of flipped labels in nats (which takes the classes themselves to be apart). None where the
  /// distribution is not known.
  std::optional<double> noise_floor;
  double baseline = 0;             ///< validation loss of the best constant of the training samples
  std::optional<Message> reading;  ///< of a file: what is predicted from what

  /// Whether there is something to learn from and something to be judged by.
  bool isEnough() const { return training.size() > 1 && validation.size() > 0; }
};

/// Draws, reads or takes over what `parameters` say. A smaller training set is the beginning of a
/// larger one of the same seed. Throws FileError, and RequestError for a training set that is too
/// small to have a sample of every class of its file.
LabData labData(const Parameters& parameters, const RunContext& context);

/// The curve that `sine` is drawn from, over [0, 1].
double labTruth(double x);

}  // namespace viva

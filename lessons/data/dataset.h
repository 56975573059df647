// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled samples, and how every lesson draws from them.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

/// Samples with one class each.
struct Dataset {
  torch::Tensor inputs;  ///< [samples, ...], float32; word numbers are int64
  torch::Tensor labels;  ///< [samples], int64, from 0 to classes - 1
  std::int64_t classes = 2;
  std::int64_t vocabulary = 0;             ///< of word numbers; 0 for other inputs
  std::vector<std::string> feature_names;  ///< a file's columns; empty otherwise
  std::vector<std::string> class_names;    ///< a file's labels in the order of their numbers

  std::int64_t samples() const { return labels.size(0); }
  /// Whether the inputs are points of a plane: [samples, 2].
  bool isPlanar() const { return inputs.dim() == 2 && inputs.size(1) == 2; }
  Dataset at(const torch::Tensor& indices) const;
  /// The first `count` samples, or all if there are not so many.
  Dataset first(std::int64_t count) const;
  Dataset to(torch::Device device) const;
};

struct Split {
  Dataset training, validation;
};

/// Shuffles and keeps `validation_share` of the samples (at least one) for validation.
Split split(const Dataset& dataset, double validation_share, at::Generator generator);

/// Shifts and scales every feature to mean 0 and deviation 1 on the training samples, the others by
/// the same; a feature that is constant there is only shifted.
void standardize(Split& data);

/// A generator of one stream of randomness of a run (data, initialisation, batches), so that
/// drawing more from one leaves the others as they were. Always on the CPU: a run's data are the
/// same on every device.
at::Generator generatorFor(std::uint64_t seed, std::uint64_t stream);

/// Training samples in a new random order each epoch, `batch_size` at a time. What does not fill
/// a batch at the end of an epoch is left out.
class Batches {
 public:
  Batches(Dataset dataset, std::int64_t batch_size, at::Generator generator);

  struct Batch {
    torch::Tensor inputs;  ///< [batch, ...], on the data set's device
    torch::Tensor labels;  ///< [batch], int64
  };
  Batch next();

 private:
  Dataset dataset_, shuffled_;
  std::int64_t batch_size_, position_;
  at::Generator generator_;
};

}  // namespace viva

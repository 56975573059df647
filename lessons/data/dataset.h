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
  /// [samples, ...], float32; word numbers are int64, a file's columns float64 until they are
  /// standardized or made floats: what is far from zero has no digits left in a float.
  torch::Tensor inputs;
  torch::Tensor labels;  ///< [samples], int64, from 0 to classes - 1
  std::int64_t classes = 2;
  std::int64_t vocabulary = 0;             ///< of word numbers; 0 for other inputs
  std::vector<std::string> feature_names;  ///< a file's columns; empty otherwise
  std::vector<std::string> class_names;    ///< a file's labels in the order of their numbers
  std::string label_name;                  ///< a file's column that is predicted
  std::string file;                        ///< its path

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

/// A random order, [samples] int64, any beginning of which is a fair sample: it has of every class
/// the share that the whole has (+-1), and of every class one as soon as it is as long as there are
/// classes. `labels` [samples], int64, from 0 to classes - 1.
torch::Tensor stratifiedOrder(const torch::Tensor& labels, std::int64_t classes,
                              at::Generator generator);

/// Splits what was read from a file: of every class `validation_share` is kept for validation, at
/// least one sample, and at least one remains for training; both parts are in a stratifiedOrder.
/// Throws FileError for a class that has but one sample.
Split stratifiedSplit(const Dataset& dataset, double validation_share, at::Generator generator);

/// Shifts and scales every feature to mean 0 and deviation 1 on the training samples, the others by
/// the same; a feature that is constant there is only shifted. Computed in their own type, float32
/// then.
void standardize(Split& data);
/// As they are, but float32.
void toFloats(Split& data);

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
  Dataset dataset_;
  bool is_gathered_at_once_;       ///< an epoch, or else a batch
  torch::Tensor order_;            ///< of the epoch, [samples], int64
  torch::Tensor inputs_, labels_;  ///< what was gathered last
  std::int64_t batch_size_, position_;
  at::Generator generator_;
};

}  // namespace viva

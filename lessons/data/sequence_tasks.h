// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks that cannot be solved without remembering: sequences drawn at random, and their baselines.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/data/characters.h"
#include "lessons/data/sequence_kinds.h"

namespace viva {

inline constexpr std::int64_t kCopied = 10;  ///< symbols to remember
inline constexpr std::int64_t kDeepest = 3;
/// Up to the end of the sequence: 4 steps after the longer distance, 5 after the shorter one. The
/// fifth can only mean the shorter one, so counting to five alone gives a loss of 0.616 instead of
/// ln 2 (8/9 of it), and a first hold for what learns. Without that step LSTMs of 16 units got
/// nowhere in 2,000 updates.
inline constexpr std::int64_t kTimingSlack = 4;
inline constexpr std::int64_t kNotAsked = -100;  ///< a label that no loss and no accuracy counts
/// An answer to the adding problem counts as right within this (as in the paper of 1997).
inline constexpr double kAddingTolerance = 0.04;

/// Some sequences of one length.
struct SequenceBatch {
  torch::Tensor inputs;   ///< [time, batch, features], float32
  torch::Tensor targets;  ///< Adding: [batch], float32; else labels [time, batch], int64

  SequenceBatch to(torch::Device device) const { return {inputs.to(device), targets.to(device)}; }
};

/// One task at one length: what goes in, what is asked, and what a guess costs.
class SequenceSource {
 public:
  /// `text` is used by the task Text only: at least two different characters.
  SequenceSource(SequenceTask task, std::int64_t length, const std::string& text = "");

  SequenceTask task() const { return task_; }
  std::int64_t length() const { return length_; }
  /// Steps of a sequence.
  std::int64_t time() const;
  /// What a symbol is shown as: an input unit each. Empty for Adding and Timing.
  const std::vector<std::string>& symbols() const { return symbols_; }
  std::int64_t features() const;
  /// Names of the classes; one for Adding, whose answer is a number.
  const std::vector<std::string>& answers() const { return answers_; }
  bool isRegression() const { return task_ == SequenceTask::Adding; }

  /// The loss of the best answer that remembers nothing. Adding: 1/6, the mean squared error of
  /// always saying 1. Copy: 10 ln 8 / (length + 20). Timing: ln 2. Brackets and Text: the entropy
  /// of the answer given the present symbol alone, in nats.
  double baseline() const { return baseline_; }

  SequenceBatch draw(std::int64_t batch, at::Generator generator) const;

  /// Inputs [time, 1, features] and labels [time, 1] for numbers of symbols. Tasks with symbols.
  SequenceBatch ofSymbols(const std::vector<std::int64_t>& symbols) const;
  /// Inputs and target for numbers and whether each is marked.
  SequenceBatch ofNumbers(const std::vector<double>& numbers,
                          const std::vector<bool>& marked) const;
  /// Inputs and labels for the steps (0 or 1 each) of a spike train.
  SequenceBatch ofSpikes(const std::vector<bool>& spikes) const;

 private:
  double measuredBaseline() const;
  std::vector<std::int64_t> labelsOf(const std::vector<std::int64_t>& symbols) const;

  SequenceTask task_;
  std::int64_t length_;
  std::vector<std::string> symbols_, answers_;
  std::vector<std::int64_t> text_;  ///< numbers of symbols
  double baseline_ = 0;
};

/// The mean loss over what is asked: squared error, or cross-entropy in nats. Outputs
/// [time, batch, answers]; of Adding only the last step counts.
torch::Tensor sequenceLoss(const SequenceSource& source, const torch::Tensor& outputs,
                           const SequenceBatch& batch);
/// The share of right answers. Of Copy only the ten symbols count, not the blanks.
torch::Tensor sequenceAccuracy(const SequenceSource& source, const torch::Tensor& outputs,
                               const SequenceBatch& batch);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Non-maximum suppression, one box at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/detection/box_rows.h"

namespace viva {

/// Greedy: a box that overlaps a better one that was kept by more than the threshold is dropped.
/// Soft (arXiv 1704.04503): instead its score is multiplied, by 1 - IoU where that is above the
/// threshold (linear), or by exp(-IoU^2 / sigma) (Gaussian).
enum class Suppressing { Greedy, SoftLinear, SoftGaussian };

struct SuppressionRule {
  Suppressing method = Suppressing::Greedy;
  double threshold = 0.5;
  double sigma = 0.5;
  double floor = 0.001;  ///< a soft score below it drops the box
};

/// What became of a box.
struct BoxDecision {
  std::int64_t box = 0;
  double score = 0;  ///< when it was decided
  bool is_kept = false;
  /// Of the better box that overlaps it most, if any does.
  std::optional<std::int64_t> over;
  double overlap = 0;
};

class Suppression {
 public:
  Suppression(std::vector<ScoredBox> boxes, SuppressionRule rule);

  /// Decides the box with the highest score of those that are left; the first one of equals. False:
  /// none is left.
  bool decide();
  const std::vector<ScoredBox>& boxes() const { return boxes_; }
  /// Scores as they are now.
  const std::vector<double>& scores() const { return scores_; }
  const std::vector<BoxDecision>& decided() const { return decided_; }
  std::vector<std::int64_t> kept() const;

 private:
  std::vector<ScoredBox> boxes_;
  SuppressionRule rule_;
  std::vector<double> scores_;
  std::vector<bool> is_decided_;
  std::vector<BoxDecision> decided_;
};

/// All of `boxes` decided.
Suppression suppressed(std::vector<ScoredBox> boxes, SuppressionRule rule);

/// How many of `objects` are found: each kept box, the best first, takes the one that it overlaps
/// most of those that are free, by an IoU of at least a half.
std::int64_t foundBy(const Suppression& suppression, const std::vector<Box>& objects);

}  // namespace viva

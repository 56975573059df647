// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/suppression.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/detection/box_measures.h"

namespace viva {

Suppression::Suppression(std::vector<ScoredBox> boxes, SuppressionRule rule)
    : boxes_(std::move(boxes)), rule_(rule), is_decided_(boxes_.size()) {
  for (const ScoredBox& box : boxes_) scores_.push_back(box.score);
}

bool Suppression::decide() {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < boxes_.size(); ++i)
    if (!is_decided_[i] && (!best || scores_[i] > scores_[*best])) best = i;
  if (!best) return false;

  BoxDecision now{static_cast<std::int64_t>(*best), scores_[*best], true, std::nullopt, 0};
  for (const BoxDecision& before : decided_) {
    if (!before.is_kept) continue;
    const double iou = overlap(boxes_[*best].box, boxes_[before.box].box);
    if (iou > now.overlap) {
      now.over = before.box;
      now.overlap = iou;
    }
  }
  if (rule_.method == Suppressing::Greedy)
    now.is_kept = now.overlap <= rule_.threshold;
  else
    now.is_kept = now.score >= rule_.floor;
  is_decided_[*best] = true;
  decided_.push_back(now);
  if (rule_.method == Suppressing::Greedy || !now.is_kept) return true;

  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    if (is_decided_[i]) continue;
    const double iou = overlap(boxes_[i].box, boxes_[*best].box);
    if (rule_.method == Suppressing::SoftGaussian)
      scores_[i] *= std::exp(-iou * iou / rule_.sigma);
    else if (iou > rule_.threshold)
      scores_[i] *= 1 - iou;
  }
  return true;
}

std::vector<std::int64_t> Suppression::kept() const {
  std::vector<std::int64_t> kept;
  for (const BoxDecision& decided : decided_)
    if (decided.is_kept) kept.push_back(decided.box);
  return kept;
}

Suppression suppressed(std::vector<ScoredBox> boxes, SuppressionRule rule) {
  Suppression made(std::move(boxes), rule);
  while (made.decide()) {
  }
  return made;
}

std::int64_t foundBy(const Suppression& suppression, const std::vector<Box>& objects) {
  constexpr double kLeast = 0.5;
  std::vector<bool> is_found(objects.size());
  for (const std::int64_t box : suppression.kept()) {
    std::optional<std::size_t> best;
    double most = 0;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const double iou = overlap(suppression.boxes()[box].box, objects[i]);
      if (is_found[i] || iou < kLeast || iou <= most) continue;
      best = i;
      most = iou;
    }
    if (best) is_found[*best] = true;
  }
  return std::ranges::count(is_found, true);
}

}  // namespace viva

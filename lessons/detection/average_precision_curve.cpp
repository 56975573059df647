// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/average_precision_curve.h"

#include <algorithm>

#include "lessons/detection/box_measures.h"

namespace viva {
namespace {

/// The truth of its image that a detection asks for, and how far they overlap.
void ask(Matched& match, const std::vector<PlacedBox>& truths, const std::vector<bool>& is_taken,
         Matching matching) {
  for (std::size_t i = 0; i < truths.size(); ++i) {
    if (truths[i].image != match.detection.image) continue;
    if (matching == Matching::Coco && is_taken[i]) continue;
    const double iou = overlap(match.detection.box, truths[i].box);
    if (iou > match.overlap) {
      match.truth = static_cast<std::int64_t>(i);
      match.overlap = iou;
    }
  }
}

/// Of the first `count` detections: the largest precision from each one on, and 0 behind the last.
std::vector<double> fallingPrecision(const std::vector<Matched>& matches, std::size_t count) {
  std::vector<double> falling(count + 1);
  for (std::size_t i = count; i-- > 0;) falling[i] = std::max(falling[i + 1], matches[i].precision);
  return falling;
}

/// The mean over r = 0, 1/steps, ..., 1.
double meanOver(const std::vector<Matched>& matches, const std::vector<double>& falling,
                int steps) {
  double sum = 0;
  std::size_t reached = 0;
  for (int i = 0; i <= steps; ++i) {
    // A recall of 3/5 and an r of 6/10 are the same double: both are divisions, rounded once.
    const double r = static_cast<double>(i) / steps;
    while (reached + 1 < falling.size() && matches[reached].recall < r) reached += 1;
    sum += falling[reached];
  }
  return sum / (steps + 1);
}

}  // namespace

std::vector<Matched> matched(const std::vector<PlacedBox>& truths,
                             const std::vector<Detection>& detections, Matching matching,
                             double least_overlap, double score_cut) {
  std::vector<Matched> matches;
  for (std::size_t i = 0; i < detections.size(); ++i)
    if (detections[i].score >= score_cut)
      matches.push_back(
          {detections[i], static_cast<std::int64_t>(i), std::nullopt, 0, false, 0, 0});
  std::ranges::stable_sort(matches, [](const Matched& a, const Matched& b) {
    return a.detection.score > b.detection.score;
  });
  std::vector<bool> is_taken(truths.size());
  double right = 0, seen = 0;
  for (Matched& match : matches) {
    ask(match, truths, is_taken, matching);
    match.is_true = match.truth && match.overlap >= least_overlap && !is_taken[*match.truth];
    if (match.is_true) is_taken[*match.truth] = true;
    right += match.is_true ? 1 : 0;
    seen += 1;
    match.precision = right / seen;
    match.recall = right / static_cast<double>(truths.size());
  }
  return matches;
}

double precisionFrom(const std::vector<Matched>& matches, std::size_t count, double recall) {
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (matches[i].recall >= recall) largest = std::max(largest, matches[i].precision);
  return largest;
}

AveragePrecisions averagesOf(const std::vector<Matched>& matches, std::size_t count) {
  const std::vector<double> falling = fallingPrecision(matches, count);
  AveragePrecisions made;
  made.at_11 = meanOver(matches, falling, 10);
  made.at_101 = meanOver(matches, falling, 100);
  double reached = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (matches[i].recall <= reached) continue;
    made.area += (matches[i].recall - reached) * falling[i];
    reached = matches[i].recall;
  }
  return made;
}

}  // namespace viva

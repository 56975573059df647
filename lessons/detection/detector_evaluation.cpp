// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/detector_evaluation.h"

#include <torch/types.h>

#include <algorithm>

#include "lessons/detection/suppression.h"

namespace viva {
namespace {

constexpr std::size_t kMostDetections = 100;
constexpr int kRecallPoints = 101;

}  // namespace

DetectionsOfShapes detectionsIn(const torch::Tensor& scores, const torch::Tensor& boxes,
                                const DetectorCut& cut) {
  const auto score = scores.accessor<float, 3>();
  const auto corner = boxes.accessor<float, 3>();
  DetectionsOfShapes found(static_cast<std::size_t>(scores.size(2)));
  for (std::int64_t image = 0; image < scores.size(0); ++image)
    for (std::int64_t shape = 0; shape < scores.size(2); ++shape) {
      std::vector<ScoredBox> candidates;
      for (std::int64_t place = 0; place < scores.size(1); ++place) {
        if (score[image][place][shape] < cut.score) continue;
        const auto b = corner[image][place];
        candidates.push_back({{b[0], b[1], b[2], b[3]}, score[image][place][shape]});
      }
      std::ranges::stable_sort(candidates, std::ranges::greater{}, &ScoredBox::score);
      if (candidates.size() > kMostDetections) candidates.resize(kMostDetections);
      const auto keep = [&](const ScoredBox& kept) {
        found[shape].push_back({image, kept.score, kept.box});
      };
      if (!cut.is_suppressed) {
        std::ranges::for_each(candidates, keep);
        continue;
      }
      const Suppression all = suppressed(candidates, {Suppressing::Greedy, cut.nms});
      for (const std::int64_t box : all.kept()) keep(all.boxes()[box]);
    }
  return found;
}

std::vector<std::vector<Matched>> matchedOf(const TruthsOfShapes& truths,
                                            const DetectionsOfShapes& found, double least_overlap) {
  std::vector<std::vector<Matched>> matches;
  for (std::size_t shape = 0; shape < truths.size(); ++shape)
    matches.push_back(
        matched(truths[shape], found[shape], Matching::Coco, least_overlap, /*score_cut=*/0));
  return matches;
}

double meanAverage(const TruthsOfShapes& truths, const DetectionsOfShapes& found,
                   double least_overlap) {
  double sum = 0;
  int shapes = 0;
  const auto matches = matchedOf(truths, found, least_overlap);
  for (std::size_t shape = 0; shape < truths.size(); ++shape) {
    if (truths[shape].empty()) continue;
    sum += averagesOf(matches[shape], matches[shape].size()).at_101;
    shapes += 1;
  }
  return shapes > 0 ? sum / shapes : 0;
}

DetectorMarks marksOf(const TruthsOfShapes& truths, const DetectionsOfShapes& found) {
  DetectorMarks marks;
  for (int i = 0; i < 10; ++i) {
    const double average = meanAverage(truths, found, (50 + 5 * i) / 100.0);
    if (i == 0) marks.map50 = average;
    if (i == 5) marks.map75 = average;
    marks.map += average / 10;
  }
  for (const auto& of_shape : found) marks.detections += static_cast<std::int64_t>(of_shape.size());
  return marks;
}

std::vector<double> precisionCurve(const TruthsOfShapes& truths, const DetectionsOfShapes& found,
                                   double least_overlap) {
  std::vector<double> curve(kRecallPoints);
  const auto matches = matchedOf(truths, found, least_overlap);
  const auto shapes =
      std::ranges::count_if(truths, [](const auto& of_shape) { return !of_shape.empty(); });
  for (std::size_t shape = 0; shape < truths.size(); ++shape)
    for (int i = 0; i < kRecallPoints && !truths[shape].empty(); ++i)
      curve[i] += precisionFrom(matches[shape], matches[shape].size(), i / 100.0) /
                  static_cast<double>(shapes);
  return curve;
}

}  // namespace viva

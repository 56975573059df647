// SPDX-License-Identifier: GPL-3.0-or-later
// From a detector's answers to boxes, and from boxes to average precision as COCO has it.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/detection/average_precision_curve.h"
#include "lessons/detection/detector_training.h"

namespace viva {

/// Of each shape, the boxes that were found, image by image.
using DetectionsOfShapes = std::vector<std::vector<Detection>>;
using TruthsOfShapes = std::vector<std::vector<PlacedBox>>;

/// Which answers become boxes.
struct DetectorCut {
  double score = 0.05;  ///< at least
  double nms = 0.5;
  bool is_suppressed = true;
};
/// `scores` [images, places, shapes] and `boxes` [images, places, 4], on the CPU. Of each image and
/// shape the hundred best answers at most, suppressed for each shape apart.
DetectionsOfShapes detectionsIn(const torch::Tensor& scores, const torch::Tensor& boxes,
                                const DetectorCut& cut);

/// The shapes' detections, matched for each shape apart.
std::vector<std::vector<Matched>> matchedOf(const TruthsOfShapes& truths,
                                            const DetectionsOfShapes& found, double least_overlap);
/// The mean over the shapes, of which there are truths, of the 101-point average precision.
double meanAverage(const TruthsOfShapes& truths, const DetectionsOfShapes& found,
                   double least_overlap);
/// `map` is the mean of ten meanAverage: at 0.50, 0.55, ..., 0.95.
DetectorMarks marksOf(const TruthsOfShapes& truths, const DetectionsOfShapes& found);
/// For recall 0, 0.01, ..., 1 the largest precision from there on, the mean over the shapes: its
/// mean is meanAverage.
std::vector<double> precisionCurve(const TruthsOfShapes& truths, const DetectionsOfShapes& found,
                                   double least_overlap);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// From matched detections to precision, recall and three averages of one curve.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/detection/box_rows.h"

namespace viva {

/// Which truth a detection takes: the one that it overlaps most, taken or not (VOC), or the one
/// that it overlaps most of those that no better detection has taken (COCO).
enum class Matching { Voc, Coco };

struct Matched {
  Detection detection;
  std::int64_t given = 0;             ///< its place in the list as it was typed
  std::optional<std::int64_t> truth;  ///< the one that was asked; none where nothing overlaps
  double overlap = 0;                 ///< with it
  bool is_true = false;
  double precision = 0, recall = 0;  ///< of all detections down to this one
};

/// Detections of at least `score_cut`, the best first, equal scores as they were given; each is
/// true if the truth that it takes is free and overlaps by at least `least_overlap`.
std::vector<Matched> matched(const std::vector<PlacedBox>& truths,
                             const std::vector<Detection>& detections, Matching matching,
                             double least_overlap, double score_cut);

/// Averages of the largest precision at a recall of at least r, over the first `count` detections.
struct AveragePrecisions {
  double at_11 = 0;   ///< r = 0, 1/10, ..., 1 (VOC 2007)
  double area = 0;    ///< the exact area below the falling staircase (VOC from 2010 on)
  double at_101 = 0;  ///< r = 0, 1/100, ..., 1 (COCO, for one threshold)
};
AveragePrecisions averagesOf(const std::vector<Matched>& matches, std::size_t count);

/// The largest precision at a recall of at least `recall`; 0 where none is reached.
double precisionFrom(const std::vector<Matched>& matches, std::size_t count, double recall);

}  // namespace viva

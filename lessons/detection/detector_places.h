// SPDX-License-Identifier: GPL-3.0-or-later
// Where a dense detector answers, and which of its answers are about an object.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/detection/detector_training.h"
#include "lessons/detection/scenes.h"

namespace viva {

/// Which truth a place is to answer with.
inline constexpr std::int64_t kNoObject = -1, kTakesNoPart = -2;

/// Center: a place a cell of the grid; the cell that holds the centre of an object is to find it.
/// Anchors: nine boxes a cell, of sides 10, 14 and 18 pixels and ratios h/w 2/3, 1 and 3/2; an
/// anchor is to find the object that it overlaps most, if that is by 0.5, or if no anchor overlaps
/// that object more; from 0.4 to 0.5 it is not asked (arXiv 1708.02002, section 4).
class DetectorPlaces {
 public:
  DetectorPlaces(Assignment assignment, std::int64_t grid);

  std::int64_t count() const { return boxes_.size(0); }
  std::int64_t aCell() const { return assignment_ == Assignment::Anchors ? 9 : 1; }
  /// [places, 4], float32: x0, y0, x1, y1. All boxes of a kind, row by row, then the next kind.
  const torch::Tensor& boxes() const { return boxes_; }
  /// [scenes, places], int64: a number of the scene's objects, kNoObject or kTakesNoPart.
  torch::Tensor assigned(const Scenes& scenes) const;
  /// What four raw answers [..., 4] at `places` [..., 4] (of boxes()) say: x0, y0, x1, y1. Center:
  /// the centre moves by tanh of the first two, up to a cell, the sides are 14 pixels times exp of
  /// the others. Anchors: the encoding of R-CNN, in units of the anchor.
  torch::Tensor decoded(const torch::Tensor& raw, const torch::Tensor& places) const;

 private:
  void assignCells(const float* boxes, std::int64_t objects, std::int64_t* roles) const;
  void assignAnchors(const float* boxes, std::int64_t objects, std::int64_t* roles) const;

  Assignment assignment_;
  std::int64_t grid_;
  double cell_;  ///< its side, in pixels
  torch::Tensor boxes_;
};

}  // namespace viva

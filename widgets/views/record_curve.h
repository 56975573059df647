// SPDX-License-Identifier: GPL-3.0-or-later
// One column of the records made ready for drawing: each row is looked at once.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "lessons/core/records.h"

namespace viva {

/// Called with a step and a value; a NaN value breaks the line there.
using CurveSink = std::function<void(double step, double value)>;

/// Minimum, maximum and breaks of a column, in blocks of RecordChunk::kBlock rows, grown as rows
/// arrive. The blocks are our own and not the chunks' extents because those are floats (1e300 does
/// not fit), and do not say whether a block holds a NaN or a value that a logarithmic axis lacks.
class RecordCurve {
 public:
  /// Takes in the rows that are new. The column must be the same as before unless `clear` is
  /// called.
  void extend(const Records& records, std::size_t column);
  void clear() { *this = {}; }

  std::int64_t rows() const { return rows_; }
  std::int64_t present() const { return present_; }
  /// Of the finite values; minimum > maximum when there are none.
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }
  /// Infinity when no value is positive.
  double smallestPositive() const { return smallest_positive_; }
  std::int64_t notPositive() const { return not_positive_; }
  /// Most rows have no value: the points are marked.
  bool isSparse() const { return present_ * 3 < rows_; }
  struct Break {
    std::int64_t step;
    double value;  ///< NaN or an infinity
  };
  /// Where values stop being finite: the first of each stretch.
  const std::vector<Break>& breaks() const { return breaks_; }
  /// Whether the values hide their course: there are many, and from one to the next they jump, on
  /// the average, by more than 3 % of all that an axis of this kind shows of them, so that what is
  /// drawn is a slab. It stays so until they jump by less than 2 %. Follows from the values alone:
  /// in a window of any size and in a picture it is the same.
  bool isNoise(bool logarithmic) const { return noise_[logarithmic].is_noise; }
  /// The smoothing that shows the course of such values: a mean over some 3 % of them; else 0.
  double usefulSmoothing(bool logarithmic) const;

  /// The rows `first` to `last` (not included) in at most two points for every `bucket` rows, the
  /// smallest and the largest, so that no spike is lost. Absent values are passed over. When
  /// `positive_only`, other values break the line.
  void sample(const Records& records, std::size_t column, std::int64_t first, std::int64_t last,
              std::int64_t bucket, bool positive_only, const CurveSink& sink) const;

 private:
  struct Block {
    double minimum = std::numeric_limits<double>::infinity();
    double maximum = -std::numeric_limits<double>::infinity();
    double first = 0, last = 0;
    std::int32_t present = 0;
    bool broken = false;
  };
  bool sampleBlocks(std::int64_t first, std::int64_t last, bool positive_only,
                    const CurveSink& sink) const;

  struct Noise {
    double previous = std::numeric_limits<double>::quiet_NaN();
    double minimum = std::numeric_limits<double>::infinity();
    double maximum = -std::numeric_limits<double>::infinity();
    double jumped = 0;
    std::int64_t jumps = 0;
    bool is_noise = false;
    void take(double value);
  };

  std::vector<Block> blocks_;
  std::vector<Break> breaks_;
  Noise noise_[2];  ///< on a linear axis, on a logarithmic one
  std::int64_t rows_ = 0, present_ = 0, not_positive_ = 0;
  double minimum_ = std::numeric_limits<double>::infinity();
  double maximum_ = -std::numeric_limits<double>::infinity();
  double smallest_positive_ = std::numeric_limits<double>::infinity();
  bool in_break_ = false;
};

/// Exponential smoothing of a column: s <- a s + (1 - a) v, divided by the weight given so far, so
/// that the start is not pulled towards zero (as in Kingma and Ba 2014, section 3). Values that are
/// not finite are passed over.
class SmoothCurve {
 public:
  /// Takes in the rows that are new; another `smoothing` starts over.
  void extend(const Records& records, std::size_t column, double smoothing);
  void clear() { *this = {}; }
  /// The rows `first` to `last` (not included) in at most two points for every `bucket` rows, the
  /// smallest and the largest. When `positive_only`, other values break the line.
  void sample(const Records& records, std::size_t column, std::int64_t first, std::int64_t last,
              std::int64_t bucket, bool positive_only, const CurveSink& sink) const;
  /// The smoothed value after this row; NaN before the first value.
  double at(const Records& records, std::size_t column, std::int64_t row) const;

 private:
  struct State {
    double sum = 0, weight = 0;
    void take(double value, double smoothing) {
      if (!std::isfinite(value)) return;
      sum = smoothing * sum + (1 - smoothing) * value;
      weight = smoothing * weight + (1 - smoothing);
    }
    double value() const {
      return weight > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN();
    }
  };
  struct Block {
    State before;  ///< its first row
    double minimum = std::numeric_limits<double>::infinity();
    double maximum = -std::numeric_limits<double>::infinity();
  };
  State stateBefore(const Records& records, std::size_t column, std::int64_t row) const;
  /// From whole blocks; false where these do not tell.
  bool sampleBlocks(std::int64_t first, std::int64_t last, bool positive_only,
                    const CurveSink& sink) const;

  double smoothing_ = 0;
  std::int64_t rows_ = 0;
  State state_;
  std::vector<Block> blocks_;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/record_curve.h"

#include <algorithm>

namespace viva {
namespace {

constexpr std::int64_t kBlock = RecordChunk::kBlock;
constexpr double kBreak = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMany = 300;  // values; fewer can be told apart
constexpr double kJumpOfNoise = 0.03, kJumpOfACourse = 0.02;

// Calls `use(row, value)` for the rows of a column, a chunk at a time.
template <typename Use>
void forRows(const Records& records, std::size_t column, std::int64_t first, std::int64_t last,
             Use use) {
  last = std::min(last, records.rows());
  while (first < last) {
    const std::int64_t chunk = first / RecordChunk::kRows, start = chunk * RecordChunk::kRows;
    const auto values = records.chunks()[chunk]->column(column);
    const std::int64_t end = std::min(last, start + RecordChunk::kRows);
    for (; first < end; ++first) use(first, values[first - start]);
  }
}

}  // namespace

void RecordCurve::Noise::take(double value) {
  if (!std::isfinite(value)) return;
  minimum = std::min(minimum, value);
  maximum = std::max(maximum, value);
  if (std::isfinite(previous)) {
    jumped += std::abs(value - previous);
    ++jumps;
  }
  previous = value;
  if (jumps < kMany) return;
  const double range = (maximum - minimum) * static_cast<double>(jumps);
  is_noise = jumped > (is_noise ? kJumpOfACourse : kJumpOfNoise) * range;
}

double RecordCurve::usefulSmoothing(bool logarithmic) const {
  if (!isNoise(logarithmic)) return 0;
  return present_ < 1000 ? 0.9 : present_ < 3000 ? 0.95 : present_ < 10000 ? 0.98 : 0.99;
}

void RecordCurve::extend(const Records& records, std::size_t column) {
  blocks_.resize((records.rows() + kBlock - 1) / kBlock);
  forRows(records, column, rows_, records.rows(), [this](std::int64_t row, double value) {
    if (isAbsent(value)) return;
    Block& block = blocks_[row / kBlock];
    if (!std::isfinite(value)) {
      if (!in_break_) breaks_.push_back({row, value});
      in_break_ = true;
      block.broken = true;
      return;
    }
    in_break_ = false;
    ++present_;
    noise_[0].take(value);
    if (value > 0) noise_[1].take(std::log10(value));
    if (block.present++ == 0) block.first = value;
    block.last = value;
    block.minimum = std::min(block.minimum, value);
    block.maximum = std::max(block.maximum, value);
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
    if (value > 0)
      smallest_positive_ = std::min(smallest_positive_, value);
    else
      ++not_positive_;
  });
  rows_ = records.rows();
}

bool RecordCurve::sampleBlocks(std::int64_t first, std::int64_t last, bool positive_only,
                               const CurveSink& sink) const {
  Block whole;
  bool broken = false;
  for (std::int64_t i = first / kBlock; i * kBlock < last; ++i) {
    const Block& block = blocks_[i];
    broken = broken || block.broken;
    if (block.present == 0) continue;
    if (whole.present == 0) whole.first = block.first;
    whole.last = block.last;
    whole.present += block.present;
    whole.minimum = std::min(whole.minimum, block.minimum);
    whole.maximum = std::max(whole.maximum, block.maximum);
  }
  // Nothing to draw: a run that went on long after it diverged, or reached exactly zero.
  const bool nothing = whole.present == 0 || (positive_only && !(whole.maximum > 0));
  if (nothing) {
    if (broken || whole.present > 0) sink(static_cast<double>(first), kBreak);
    return true;
  }
  if (broken || (positive_only && !(whole.minimum > 0))) return false;
  const double length = static_cast<double>(last - first);
  if (whole.minimum == whole.maximum) {
    sink(first + length / 2, whole.minimum);
    return true;
  }
  // Which came first is not known; a rising stretch most likely began at its minimum.
  const bool rising = whole.first <= whole.last;
  sink(first + length / 4, rising ? whole.minimum : whole.maximum);
  sink(first + length * 3 / 4, rising ? whole.maximum : whole.minimum);
  return true;
}

void RecordCurve::sample(const Records& records, std::size_t column, std::int64_t first,
                         std::int64_t last, std::int64_t bucket, bool positive_only,
                         const CurveSink& sink) const {
  last = std::min(last, rows_);
  for (; first < last; first += bucket) {
    const std::int64_t end = std::min(first + bucket, last);
    const bool whole_blocks = first % kBlock == 0 && (end % kBlock == 0 || end == rows_);
    if (bucket >= kBlock && whole_blocks && sampleBlocks(first, end, positive_only, sink)) continue;
    std::int64_t low_row = -1, high_row = -1;
    double low = 0, high = 0;
    int breaks = 0;
    const auto emit = [&] {
      if (low_row < 0) return;
      if (low_row == high_row) {
        sink(low_row, low);
      } else {
        sink(std::min(low_row, high_row), low_row < high_row ? low : high);
        sink(std::max(low_row, high_row), low_row < high_row ? high : low);
      }
      low_row = high_row = -1;
    };
    forRows(records, column, first, end, [&](std::int64_t row, double value) {
      if (isAbsent(value)) return;
      if (!std::isfinite(value) || (positive_only && !(value > 0))) {
        // A bucket that flickers between drawn and not would cost a point a row.
        if (breaks++ > 4) return;
        emit();
        sink(row, kBreak);
        return;
      }
      if (low_row < 0 || value < low) low_row = row, low = value;
      if (high_row < 0 || value > high) high_row = row, high = value;
    });
    emit();
  }
}

void SmoothCurve::extend(const Records& records, std::size_t column, double smoothing) {
  if (smoothing != smoothing_) {
    clear();
    smoothing_ = smoothing;
  }
  forRows(records, column, rows_, records.rows(), [this](std::int64_t row, double value) {
    if (row % kBlock == 0) blocks_.push_back({state_});
    state_.take(value, smoothing_);
    if (!(state_.weight > 0)) return;
    Block& block = blocks_.back();
    block.minimum = std::min(block.minimum, state_.value());
    block.maximum = std::max(block.maximum, state_.value());
  });
  rows_ = records.rows();
}

SmoothCurve::State SmoothCurve::stateBefore(const Records& records, std::size_t column,
                                            std::int64_t row) const {
  if (row >= rows_) return state_;
  State state = blocks_[row / kBlock].before;
  forRows(records, column, row / kBlock * kBlock, row,
          [&](std::int64_t, double value) { state.take(value, smoothing_); });
  return state;
}

double SmoothCurve::at(const Records& records, std::size_t column, std::int64_t row) const {
  if (row < 0 || rows_ == 0) return kBreak;
  return stateBefore(records, column, row + 1).value();
}

bool SmoothCurve::sampleBlocks(std::int64_t first, std::int64_t last, bool positive_only,
                               const CurveSink& sink) const {
  Block whole;
  for (std::int64_t i = first / kBlock; i * kBlock < last; ++i) {
    whole.minimum = std::min(whole.minimum, blocks_[i].minimum);
    whole.maximum = std::max(whole.maximum, blocks_[i].maximum);
  }
  if (whole.minimum > whole.maximum) return true;  // no value yet
  if (positive_only && !(whole.minimum > 0)) return false;
  const double length = static_cast<double>(last - first);
  if (whole.minimum == whole.maximum) {
    sink(first + length / 2, whole.minimum);
    return true;
  }
  const State& before = blocks_[first / kBlock].before;
  const State& after = last < rows_ ? blocks_[last / kBlock].before : state_;
  const bool rising = !(before.value() > after.value());
  sink(first + length / 4, rising ? whole.minimum : whole.maximum);
  sink(first + length * 3 / 4, rising ? whole.maximum : whole.minimum);
  return true;
}

void SmoothCurve::sample(const Records& records, std::size_t column, std::int64_t first,
                         std::int64_t last, std::int64_t bucket, bool positive_only,
                         const CurveSink& sink) const {
  last = std::min(last, rows_);
  if (first >= last) return;
  State state;
  std::int64_t state_at = -1;  // the row that `state` is before
  for (; first < last; first += bucket) {
    const std::int64_t end = std::min(first + bucket, last);
    const bool whole_blocks = first % kBlock == 0 && (end % kBlock == 0 || end == rows_);
    if (bucket >= kBlock && whole_blocks && sampleBlocks(first, end, positive_only, sink)) continue;
    if (state_at != first) state = stateBefore(records, column, first);
    std::int64_t low_row = -1, high_row = -1;
    double low = 0, high = 0;
    bool is_broken = false;
    forRows(records, column, first, end, [&](std::int64_t row, double value) {
      state.take(value, smoothing_);
      if (isAbsent(value) || !(state.weight > 0)) return;
      const double smooth = state.value();
      if (positive_only && !(smooth > 0)) {
        is_broken = true;
        return;
      }
      if (low_row < 0 || smooth < low) low_row = row, low = smooth;
      if (high_row < 0 || smooth > high) high_row = row, high = smooth;
    });
    state_at = end;
    if (is_broken) sink(static_cast<double>(first), kBreak);
    if (low_row < 0) continue;
    sink(std::min(low_row, high_row), low_row < high_row ? low : high);
    if (low_row != high_row) sink(std::max(low_row, high_row), low_row < high_row ? high : low);
  }
}

}  // namespace viva

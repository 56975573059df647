// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/attention_stages.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace viva {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// softmax of a row in place, as the formula says it: 0 / 0 where everything is hidden.
void softmax(double* row, std::int64_t size) {
  const double largest = *std::max_element(row, row + size);
  double total = 0;
  for (std::int64_t i = 0; i < size; ++i) total += row[i] = std::exp(row[i] - largest);
  for (std::int64_t i = 0; i < size; ++i) row[i] /= total;
}

template <typename OfRow>
double meanOverRows(const NumberRows& weights, const OfRow& of_row) {
  double sum = 0;
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < weights.rows; ++row) {
    const double* first = weights.values.data() + row * weights.columns;
    if (std::all_of(first, first + weights.columns, [](double weight) { return weight == 0; }))
      continue;
    sum += of_row(first, first + weights.columns);
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

bool AttentionStages::isHiddenWhole(std::int64_t query) const {
  for (std::int64_t key = 0; key < masked.columns; ++key)
    if (masked.at(query, key) != -kInfinity) return false;
  return true;
}

AttentionStages attentionStages(const NumberRows& q, const NumberRows& k, const NumberRows& v,
                                bool is_scaled, const Masking& masking) {
  AttentionStages stages;
  stages.dots = NumberRows(q.rows, k.rows);
  for (std::int64_t i = 0; i < q.rows; ++i)
    for (std::int64_t j = 0; j < k.rows; ++j)
      for (std::int64_t c = 0; c < q.columns; ++c) stages.dots.at(i, j) += q.at(i, c) * k.at(j, c);

  stages.scale = is_scaled ? 1 / std::sqrt(static_cast<double>(q.columns)) : 1;
  stages.scaled = stages.dots;
  for (double& score : stages.scaled.values) score *= stages.scale;

  stages.masked = stages.scaled;
  for (std::int64_t i = 0; i < q.rows; ++i)
    for (std::int64_t j = i + 1; masking.is_causal && j < k.rows; ++j)
      stages.masked.at(i, j) = -kInfinity;
  for (const auto& [query, key] : masking.hidden) stages.masked.at(query, key) = -kInfinity;

  stages.naive = stages.weights = stages.masked;
  stages.output = NumberRows(q.rows, v.columns);
  for (std::int64_t i = 0; i < q.rows; ++i) {
    softmax(stages.naive.values.data() + i * k.rows, k.rows);
    for (std::int64_t j = 0; j < k.rows; ++j) {
      stages.weights.at(i, j) = stages.isHiddenWhole(i) ? 0 : stages.naive.at(i, j);
      for (std::int64_t c = 0; c < v.columns; ++c)
        stages.output.at(i, c) += stages.weights.at(i, j) * v.at(j, c);
    }
  }
  return stages;
}

double meanRowEntropy(const NumberRows& weights) {
  return meanOverRows(weights, [](const double* first, const double* last) {
    double entropy = 0;
    for (; first != last; ++first)
      if (*first > 0) entropy -= *first * std::log(*first);
    return entropy;
  });
}

double meanLargestWeight(const NumberRows& weights) {
  return meanOverRows(weights, [](const double* first, const double* last) {
    return *std::max_element(first, last);
  });
}

double varianceOf(const NumberRows& rows) {
  const auto count = static_cast<double>(rows.values.size());
  double mean = 0, variance = 0;
  for (const double value : rows.values) mean += value / count;
  for (const double value : rows.values) variance += (value - mean) * (value - mean) / count;
  return variance;
}

NumberRows normalRows(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  // 53 bits, and never 0, whose logarithm there is not.
  const auto uniform = [&] { return (static_cast<double>(generator() >> 11) + 0.5) * 0x1p-53; };
  NumberRows made(rows, columns);
  for (double& value : made.values) {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    value = radius * std::cos(2 * std::numbers::pi * uniform());
  }
  return made;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/spectrogram_lab_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/multimodal/short_time_fourier.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kMostSpectrumRows = 120, kMostColumns = 160, kMostCurvePoints = 600;
constexpr double kFloor = -80;  ///< dB below the loudest

torch::Tensor decibels(const torch::Tensor& powers) {
  const double loudest = std::max(powers.max().item<double>(), 1e-30);
  return (10 * (powers / loudest + 1e-30).log10()).clamp_min(kFloor);
}

std::vector<float> asFloats(const torch::Tensor& values) {
  std::vector<float> floats;
  for (const double value : numbersOf(values)) floats.push_back(static_cast<float>(value));
  return floats;
}

/// At most `most` of `count`, evenly: [chosen].
torch::Tensor evenly(std::int64_t count, std::int64_t most) {
  if (count <= most) return torch::arange(count, torch::kLong);
  return (torch::arange(most, torch::kDouble) *
          (static_cast<double>(count) / static_cast<double>(most)))
      .floor()
      .to(torch::kLong);
}

/// [rows, columns] in decibels, the first row on top.
void fill(MatrixData& matrix, const torch::Tensor& decibel, const std::vector<std::string>& rows,
          std::int64_t hop, const torch::Tensor& columns, double rate) {
  matrix.rows = static_cast<int>(decibel.size(0));
  matrix.columns = static_cast<int>(decibel.size(1));
  matrix.values = shareFloats(asFloats(decibel));
  matrix.minimum = kFloor, matrix.maximum = 0;
  matrix.row_labels = rows;
  for (const double column : numbersOf(columns.to(torch::kDouble)))
    matrix.column_labels.push_back(
        withDecimals(1000 * column * static_cast<double>(hop) / rate, 0));
}

Curve curveOf(const char* id, const torch::Tensor& power, double rate, double low, double high) {
  Curve curve{id, Word{std::string("spectrogram-lab.curve.") + id}, {}, {}, false};
  const double hertz_a_bin = rate / (2 * static_cast<double>(power.size(0) - 1));
  const auto first = static_cast<std::int64_t>(std::ceil(low / hertz_a_bin));
  const std::int64_t last =
      std::min(power.size(0) - 1, static_cast<std::int64_t>(std::floor(high / hertz_a_bin)));
  const auto decibel = decibels(power).narrow(0, first, last - first + 1);
  const auto chosen = evenly(decibel.size(0), kMostCurvePoints);
  curve.y = numbersOf(decibel.index_select(0, chosen));
  for (const double bin : numbersOf(chosen.to(torch::kDouble)))
    curve.x.push_back((bin + static_cast<double>(first)) * hertz_a_bin);
  return curve;
}

}  // namespace

void showSpectrogram(Frame& frame, const torch::Tensor& powers, double rate, double low,
                     double high, std::int64_t hop) {
  const double hertz_a_bin = rate / (2 * static_cast<double>(powers.size(1) - 1));
  const auto first = static_cast<std::int64_t>(std::ceil(low / hertz_a_bin));
  const auto last = static_cast<std::int64_t>(std::floor(high / hertz_a_bin));
  const auto rows = (evenly(last - first + 1, kMostSpectrumRows) + first).flip(0);
  const auto columns = evenly(powers.size(0), kMostColumns);
  const auto shown = decibels(powers).index_select(0, columns).index_select(1, rows).t();
  std::vector<std::string> labels;
  for (const double row : numbersOf(rows.to(torch::kDouble)))
    labels.push_back(withDecimals(row * hertz_a_bin, 0));
  fill(frame.at<MatrixData>("spectrogram"), shown.contiguous(), labels, hop, columns, rate);
}

void showMel(Frame& frame, const torch::Tensor& powers, double rate, std::int64_t mels,
             std::int64_t hop) {
  const auto columns = evenly(powers.size(0), kMostColumns);
  const auto filters = melFilters(mels, powers.size(1), rate);
  const auto shown = decibels(filters.matmul(powers.index_select(0, columns).t())).flip(0);
  std::vector<std::string> labels;
  const auto corners = melCorners(mels, rate / 2);
  for (std::int64_t i = mels; i > 0; --i)
    labels.push_back(withDecimals(corners[static_cast<std::size_t>(i)], 0));
  fill(frame.at<MatrixData>("mel"), shown.contiguous(), labels, hop, columns, rate);
}

void showSpectrum(Frame& frame, const torch::Tensor& hann, const torch::Tensor& box, double rate,
                  double low, double high) {
  auto& curves = frame.at<SeriesData>("spectrum").curves;
  curves = {curveOf("hann", hann, rate, low, high), curveOf("box", box, rate, low, high)};
}

void showWeights(Frame& frame, const torch::Tensor& window, std::int64_t hop, double rate) {
  const std::int64_t length = window.size(0), count = 1 + (3 * length) / hop;
  auto sum = torch::zeros({(count - 1) * hop + length}, torch::kDouble);
  auto& curves = frame.at<SeriesData>("weights").curves;
  const auto curve = [&](const std::string& id, const torch::Tensor& values, std::int64_t from,
                         bool reference) {
    Curve made{id, Word{"spectrogram-lab.curve." + id}, {}, {}, reference};
    const auto chosen = evenly(values.size(0), kMostCurvePoints);
    made.y = numbersOf(values.index_select(0, chosen));
    for (const double n : numbersOf(chosen.to(torch::kDouble)))
      made.x.push_back(1000 * (n + static_cast<double>(from)) / rate);
    return made;
  };
  for (std::int64_t i = 0; i < count; ++i) sum.narrow(0, i * hop, length) += window;
  curves.push_back(curve("weight", sum, 0, false));
  curves.push_back(curve("one_window", window, (count / 2) * hop, true));
}

void showLabNumbers(Frame& frame, const SpectrogramState& state, std::int64_t samples) {
  auto& table = frame.at<TableData>("numbers");
  table.columns = {{"quantity"}, {"value"}};
  const SpectrogramStep& now = state.now();
  const auto add = [&](const char* name, double value) {
    table.rows.push_back({"", {Word{std::string("spectrogram-lab.quantity.") + name}, value}});
  };
  add("window", static_cast<double>(now.window));
  add("window_ms", 1000 * state.seconds(now));
  add("bins", static_cast<double>(now.window / 2 + 1));
  add("bin_width", 1 / state.seconds(now));
  add("hop", static_cast<double>(now.hop));
  add("frames",
      static_cast<double>(samples < now.window ? 0 : 1 + (samples - now.window) / now.hop));
  add("frames_centred", static_cast<double>(1 + samples / now.hop));
  add("resolution", now.resolution);
  add("product", now.resolution * state.seconds(now));
}

}  // namespace viva

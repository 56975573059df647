// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/ctc_recognizer_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::size_t kMostLabels = 5;
const std::string kBlankSign = "–";

std::string symbolName(std::int64_t symbol) { return symbol == 0 ? kBlankSign : spelled({symbol}); }

/// Rows of columns, [times][symbols] turned so that time runs to the right.
MatrixData turned(const std::vector<std::vector<double>>& by_time, std::vector<std::string> rows) {
  MatrixData matrix;
  matrix.rows = static_cast<int>(rows.size());
  matrix.columns = static_cast<int>(by_time.size());
  std::vector<float> values;
  for (std::size_t s = 0; s < rows.size(); ++s)
    for (const auto& at_time : by_time) values.push_back(static_cast<float>(at_time[s]));
  matrix.values = shareFloats(std::move(values));
  matrix.row_labels = std::move(rows);
  matrix.minimum = 0, matrix.maximum = 1;
  return matrix;
}

}  // namespace

void showToneWord(Frame& frame, const ToneWordBatch& probe) {
  auto& matrix = frame.at<MatrixData>("sound");
  const auto bands = probe.frames[0].narrow(0, 0, probe.lengths.front()).t().flip(0).contiguous();
  std::vector<float> values;
  for (const double value : numbersOf(bands)) values.push_back(static_cast<float>(value));
  matrix.rows = static_cast<int>(bands.size(0));
  matrix.columns = static_cast<int>(bands.size(1));
  matrix.values = shareFloats(std::move(values));
  for (std::int64_t band = kToneBands; band > 0; --band)
    matrix.row_labels.push_back(std::to_string(band));
  matrix.minimum = -0.5, matrix.maximum = 1.2;
}

void showSymbols(Frame& frame, const LogRows& log_p) {
  std::vector<std::string> names;
  for (std::int64_t symbol = 0; symbol <= kToneLetters; ++symbol)
    names.push_back(symbolName(symbol));
  auto p = log_p;
  for (auto& row : p)
    for (double& value : row) value = std::exp(value);
  frame.at<MatrixData>("symbols") = turned(p, names);
}

void showLattice(Frame& frame, const CtcLattice& lattice) {
  std::vector<std::string> names;
  for (const std::int64_t state : lattice.states) names.push_back(symbolName(state));
  frame.at<MatrixData>("lattice") = turned(lattice.posterior, names);
}

void showReadings(Frame& frame, const ToneWord& word, const LogRows& log_p, std::size_t beam) {
  auto& tokens = frame.at<TokensData>("readings");
  tokens.minimum = 0, tokens.maximum = 1;
  const auto row = [&](const char* id, const std::vector<std::int64_t>& symbols) {
    TokensData::Row made{id, Word{std::string("ctc-recognizer.curve.") + id}, {}};
    for (const std::int64_t symbol : symbols)
      made.pieces.push_back({symbolName(symbol), symbol == 0 ? 0.0 : 0.5});
    tokens.rows.push_back(std::move(made));
  };
  const auto path = likeliestPath(log_p);
  const CtcLabel greedy = collapsed(path);
  auto labels = beamLabels(log_p, std::max(beam, kMostLabels));
  row("word", word), row("path", path), row("greedy", greedy), row("beam", labels.front().first);

  auto& bars = frame.at<BarsData>("labels");
  labels.resize(std::min(labels.size(), kMostLabels));
  for (const CtcLabel& also : {greedy, word})
    if (std::ranges::none_of(labels, [&](const auto& one) { return one.first == also; }))
      labels.emplace_back(also, 0);
  BarsData::Group group{"probability", Word{"ctc-recognizer.curve.probability"}, {}};
  for (const auto& [label, found] : labels) {
    std::string name = label.empty() ? "∅" : spelled(label);
    if (label == word) name += " ✓";
    if (label == greedy) name += " ←";
    bars.categories.emplace_back(name);
    group.values.push_back(std::exp(-ctcLattice(log_p, label).loss));
  }
  bars.groups = {std::move(group)};
}

void showCtcStandings(Frame& frame, const CtcState& state) {
  auto& table = frame.at<TableData>("orders");
  table.columns = {{"order"}, {"repeats"}, {"others"}};
  const CtcStanding& now = state.now;
  table.rows = {
      {"collapse-first",
       {Word{"ctc-recognizer.curve.collapse-first"}, now.repeats_right, now.others_right}},
      {"blanks-first",
       {Word{"ctc-recognizer.curve.blanks-first"}, now.repeats_wrong, now.others_wrong}}};
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// What Python makes of the weights that a run saves, and nothing else of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/lessons/python_program.h"

namespace viva::tests {

struct PythonsReading {
  double logits_off = INFINITY;  ///< the largest distance from `probe.logits`
  /// [blocks * heads * length][length]: a row a query, of each head of each block.
  std::vector<std::vector<double>> attention;
};

/// Of the net whose weights have `prefix` in front of their names.
inline PythonsReading readByPython(const Run& run, int heads, bool is_causal,
                                   const char* prefix = "") {
  Task weights = emptyTask();
  for (const auto& [name, tensor] : weightTensors(run)) weights.insert(name, tensor);
  const QTemporaryDir folder;
  QFile file(folder.filePath("weights.pt"));
  const auto bytes = pythonPickle(weights);
  if (!file.open(QIODevice::WriteOnly) ||
      file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0)
    return {};
  file.close();
  auto rows = numbersIn(
      runPython({VIVA_SOURCE_DIR "/tests/lessons/saved_weights/read_weights.py", file.fileName(),
                 QString::number(heads), is_causal ? "causal" : "free", prefix})
          .lines);
  if (rows.empty()) return {};
  const double off = rows.front().front();
  rows.erase(rows.begin());
  return {off, std::move(rows)};
}

/// How far what is shown of a head, counted through all blocks, is from what Python computed.
inline double distanceOf(const MatrixData& shown, const PythonsReading& read, int head) {
  double distance = 0;
  for (int query = 0; query < shown.rows; ++query) {
    const auto row = static_cast<std::size_t>(head * shown.rows + query);
    if (row >= read.attention.size() || std::ssize(read.attention[row]) != shown.columns)
      return INFINITY;
    for (int key = 0; key < shown.columns; ++key)
      distance = std::max(distance, std::abs((*shown.values)[query * shown.columns + key] -
                                             read.attention[row][static_cast<std::size_t>(key)]));
  }
  return distance;
}

}  // namespace viva::tests

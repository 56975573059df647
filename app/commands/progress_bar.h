// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lessons/core/run.h"
#include "lessons/core/words.h"

namespace viva {

/// One line on standard error that is drawn over again: step, steps a second, time left and the
/// main records. Draws nothing when standard error is no terminal, or when quiet.
class ProgressBar {
 public:
  ProgressBar(const Run& run, const Words& words, bool quiet);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void draw();
  void clear();

 private:
  std::string recordsText() const;

  const Run& run_;
  const Words& words_;
  bool shown_, drawn_ = false;
  std::vector<std::size_t> columns_;  ///< of the main records: those of the first Series view
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// `0:07`, `1:02:03`.
std::string readableDuration(double seconds);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/commands/terminal_line.h"
#include "lessons/core/run.h"
#include "lessons/core/words.h"

namespace viva {

/// Step, steps a second, time left and the main records of a run.
class ProgressBar {
 public:
  ProgressBar(const Run& run, const Words& words, bool quiet);

  void draw();
  void clear() { line_.clear(); }

 private:
  std::string recordsText() const;

  const Run& run_;
  const Words& words_;
  TerminalLine line_;
  std::vector<std::size_t> columns_;  ///< of the main records: those of the first Series view
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace viva

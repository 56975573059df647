// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace viva {

/// One line on standard error that is drawn over again. Draws nothing when standard error is no
/// terminal, or when quiet.
class TerminalLine {
 public:
  explicit TerminalLine(bool quiet);
  ~TerminalLine();
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  bool isShown() const { return shown_; }
  /// `part` of 1 as a bar, and behind it `text`, cut to the terminal's width.
  void draw(double part, const std::string& text);
  void clear();

 private:
  bool shown_, drawn_ = false;
};

/// `0:07`, `1:02:03`.
std::string readableDuration(double seconds);

}  // namespace viva

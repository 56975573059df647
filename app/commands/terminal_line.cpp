// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/terminal_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "app/commands/sentence.h"

namespace viva {
namespace {

constexpr std::size_t kBarWidth = 20;

std::size_t terminalWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

void toTerminal(const std::string& text) {
  // A terminal that goes away must not end a run.
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

TerminalLine::TerminalLine(bool quiet) : shown_(!quiet && isatty(STDERR_FILENO) == 1) {
  const char* terminal = std::getenv("TERM");
  if (terminal && std::string_view(terminal) == "dumb") shown_ = false;
}

TerminalLine::~TerminalLine() { clear(); }

void TerminalLine::draw(double part, const std::string& text) {
  if (!shown_) return;
  const auto filled = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * kBarWidth);
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, ' ');
  toTerminal("\r\033[K" + cut("[" + bar + "] " + text, terminalWidth() - 1));
  drawn_ = true;
}

void TerminalLine::clear() {
  if (drawn_) toTerminal("\r\033[K");
  drawn_ = false;
}

std::string readableDuration(double seconds) {
  const auto whole = static_cast<long long>(std::min(std::max(seconds, 0.0), 3.6e9) + 0.5);
  char text[48];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  else
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  return text;
}

}  // namespace viva

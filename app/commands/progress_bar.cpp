// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/progress_bar.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "app/commands/sentence.h"

namespace viva {
namespace {

constexpr std::size_t kBarWidth = 20;
constexpr std::size_t kMainRecords = 3;

std::size_t terminalWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

void print(const std::string& text) {
  // A terminal that goes away must not end a run.
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

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

ProgressBar::ProgressBar(const Run& run, const Words& words, bool quiet)
    : run_(run), words_(words), shown_(!quiet && isatty(STDERR_FILENO) == 1) {
  const char* terminal = std::getenv("TERM");
  if (terminal && std::string_view(terminal) == "dumb") shown_ = false;
  const auto& names = run.records().names();
  for (const ViewSpec& view : run.spec().views)
    for (const std::string& pattern : view.records)
      for (std::size_t column = 0; column < names.size(); ++column)
        if (columns_.size() < kMainRecords && matchRecord(pattern, names[column]))
          columns_.push_back(column);
}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::draw() {
  if (!shown_) return;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const double speed = seconds > 0 ? static_cast<double>(run_.step()) / seconds : 0;
  const std::int64_t length = std::max<std::int64_t>(run_.settings().steps, 1);
  const double part = static_cast<double>(run_.step()) / static_cast<double>(length);
  const auto filled = static_cast<std::size_t>(part * kBarWidth);
  std::string line = "[" + std::string(filled, '#') + std::string(kBarWidth - filled, ' ') + "] ";
  line += words_(Message{
      "command.progress",
      {{"step", run_.step()},
       {"steps", run_.settings().steps},
       {"speed", speed},
       {"left", speed > 0 ? readableDuration(static_cast<double>(length - run_.step()) / speed)
                          : std::string("?")}}});
  line += recordsText();
  print("\r\033[K" + cut(line, terminalWidth() - 1));
  drawn_ = true;
}

void ProgressBar::clear() {
  if (drawn_) print("\r\033[K");
  drawn_ = false;
}

std::string ProgressBar::recordsText() const {
  std::string text;
  const Records& records = run_.records();
  for (const std::size_t column : columns_) {
    const double value = records.last(column, records.rows() - 1);
    if (!isAbsent(value)) text += "  " + records.names()[column] + " " + readableNumber(value);
  }
  return text;
}

}  // namespace viva

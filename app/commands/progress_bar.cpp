// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/progress_bar.h"

#include <algorithm>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

constexpr std::size_t kMainRecords = 3;

}  // namespace

ProgressBar::ProgressBar(const Run& run, const Words& words, bool quiet)
    : run_(run), words_(words), line_(quiet) {
  const auto& names = run.records().names();
  for (const ViewSpec& view : run.spec().views)
    for (const std::string& pattern : view.records)
      for (std::size_t column = 0; column < names.size(); ++column)
        if (columns_.size() < kMainRecords && matchRecord(pattern, names[column]))
          columns_.push_back(column);
}

void ProgressBar::draw() {
  if (!line_.isShown()) return;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const double speed = seconds > 0 ? static_cast<double>(run_.step()) / seconds : 0;
  const std::int64_t length = std::max<std::int64_t>(run_.settings().steps, 1);
  const Message text{
      "command.progress",
      {{"step", run_.step()},
       {"steps", run_.settings().steps},
       {"speed", speed},
       {"left", speed > 0 ? readableDuration(static_cast<double>(length - run_.step()) / speed)
                          : std::string("?")}}};
  line_.draw(static_cast<double>(run_.step()) / static_cast<double>(length),
             words_(text) + recordsText());
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

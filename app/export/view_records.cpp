// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/view_records.h"

#include "lessons/core/record_label.h"

namespace viva {

std::vector<ViewRecord> recordsOf(const ViewSpec& view, const std::string& experiment,
                                  const Records& records, const Words& words) {
  std::vector<ViewRecord> found;
  for (const std::string& pattern : view.records)
    for (std::size_t column = 0; column < records.names().size(); ++column) {
      const std::string& record = records.names()[column];
      const auto match = matchRecord(pattern, record);
      if (!match) continue;
      if (match->empty())
        found.push_back({column, record, recordLabel(words, experiment, record)});
      else
        found.push_back({column, *match, words.of(experiment, "curve", *match)});
    }
  return found;
}

std::vector<ViewPath> pathsOf(const ViewSpec::Path& path, const std::string& experiment,
                              const Records& records, const Words& words) {
  std::vector<ViewPath> found;
  const std::vector<std::string>& names = records.names();
  for (std::size_t x = 0; x < names.size(); ++x) {
    const auto match = matchRecord(path.x_record, names[x]);
    if (!match) continue;
    for (std::size_t y = 0; y < names.size(); ++y) {
      if (matchRecord(path.y_record, names[y]) != match) continue;
      const std::string id = match->empty() ? names[x] : *match;
      found.push_back({x, y, id, words.of(experiment, "curve", id)});
      break;
    }
  }
  return found;
}

}  // namespace viva

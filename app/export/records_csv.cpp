// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/records_csv.h"

#include <charconv>
#include <cmath>
#include <vector>

namespace viva {
namespace {

void append(std::string& line, double value) {
  if (isAbsent(value)) return;
  if (std::isnan(value)) {
    line += "nan";
  } else if (std::isinf(value)) {
    line += value > 0 ? "inf" : "-inf";
  } else {
    char digits[32];
    const auto [end, error] =
        std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 17);
    line.append(digits, end);
  }
}

}  // namespace

void RecordsCsv::write(const Records& records) {
  std::string line;
  if (!begun_) {
    line = "step";
    for (const std::string& name : records.names()) line += "," + name;
    file_.write(line + "\n");
    begun_ = true;
  }
  const std::size_t columns = records.names().size();
  std::vector<const double*> values(columns);
  while (next_row_ < records.rows()) {
    const auto& chunk = records.chunks()[static_cast<std::size_t>(next_row_ / RecordChunk::kRows)];
    for (std::size_t column = 0; column < columns; ++column)
      values[column] = chunk->column(column).data();
    const std::int64_t first = next_row_ / RecordChunk::kRows * RecordChunk::kRows;
    const std::int64_t end = std::min(first + RecordChunk::kRows, records.rows());
    for (; next_row_ < end; ++next_row_) {
      line = std::to_string(next_row_);
      for (std::size_t column = 0; column < columns; ++column) {
        line += ',';
        append(line, values[column][next_row_ - first]);
      }
      line += '\n';
      file_.write(line);
    }
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// records.csv: one row a step, one column a record.
#pragma once

#include <cstdint>

#include "app/export/file_writer.h"
#include "lessons/core/records.h"

namespace viva {

/// Writes the rows of a growing run as they come, so that no second copy of them is held.
class RecordsCsv {
 public:
  explicit RecordsCsv(FileWriter& file) : file_(file) {}
  /// The rows not yet written; before the first of them the line of names.
  void write(const Records& records);

 private:
  FileWriter& file_;
  std::int64_t next_row_ = 0;
  bool begun_ = false;
};

}  // namespace viva

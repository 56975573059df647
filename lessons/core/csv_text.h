// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of a text: comma-separated values as RFC 4180 has them, and as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace viva {

struct CsvForm {
  std::string separator = ",";  ///< UTF-8
  /// Strict: nothing may stand between a quote that closes and the separator, and spaces belong to
  /// their cell; a line also ends with a carriage return alone. Else spaces around cells are
  /// dropped, and what follows a quoted part belongs to the cell.
  bool strict = false;
  bool comments = false;  ///< a line that begins with `#` is none
  /// A line also ends with a carriage return alone, as on old Macs, though the form is not strict.
  bool old_line_ends = false;

  bool endsWithCarriageReturn() const { return strict || old_line_ends; }
};

struct CsvRow {
  std::int64_t line = 0;  ///< where it begins, from 1; a quoted cell may have several
  std::vector<std::string> cells;
};

struct CsvFault : std::runtime_error {
  enum class Kind { OpenQuote, AfterQuote };
  CsvFault(Kind what, std::int64_t where)
      : std::runtime_error("quoted wrongly"), kind(what), line(where) {}
  Kind kind;
  std::int64_t line;  ///< where the quote was opened; where it was closed
};

/// Reads rows from `text`, one after the other.
class CsvReader {
 public:
  /// `line`: what the first line of `text` is called. `text` must live as long as this.
  CsvReader(std::string_view text, CsvForm form, std::int64_t line = 1)
      : text_(text), form_(std::move(form)), line_(line) {}

  /// The next row, blank ones too (one empty cell), comments not; none at the end. Throws CsvFault.
  std::optional<CsvRow> next();

 private:
  bool skip(std::string_view text);
  bool atEndOfCell() const;
  void endLine();
  std::string cell();
  void readQuoted(std::string& content);

  std::string_view text_;
  CsvForm form_;
  std::size_t at_ = 0;
  std::int64_t line_;
};

/// The byte-order mark of UTF-16, in either order.
bool isUtf16(std::string_view text);
/// Without the byte-order mark of UTF-8.
std::string_view withoutMark(std::string_view text);
/// The line, from 1, that `position` lies in; lines end with LF, CRLF or CR.
std::int64_t lineOf(std::string_view text, std::size_t position);
/// The first line, from 1, that is not UTF-8; none when all are.
std::optional<std::int64_t> lineThatIsNotUtf8(std::string_view text);

}  // namespace viva

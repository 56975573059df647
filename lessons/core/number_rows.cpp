// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/number_rows.h"

#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/core/pieces.h"

namespace viva {
std::variant<NumberRows, Message> readRows(const std::string& name, const std::string& typed) {
  NumberRows made;
  for (const std::string_view line : piecesOf(typed, ";\n")) {
    std::int64_t columns = 0;
    for (const std::string_view piece : piecesOf(line, " ,\t")) {
      if (piece.empty()) continue;
      const auto number = numberFrom(piece);
      if (!number || !std::isfinite(*number))
        return Message{"error.matrix.number", {{"matrix", name}, {"text", std::string(piece)}}};
      made.values.push_back(*number);
      ++columns;
    }
    if (columns == 0) continue;  // a semicolon at the end
    if (made.rows > 0 && columns != made.columns)
      return Message{
          "error.matrix.ragged",
          {{"matrix", name}, {"row", made.rows}, {"found", columns}, {"first", made.columns}}};
    made.columns = columns;
    ++made.rows;
  }
  if (made.rows == 0) return Message{"error.matrix.empty", {{"matrix", name}}};
  if (made.rows > kMostTyped || made.columns > kMostTyped)
    return Message{
        "error.matrix.large",
        {{"matrix", name}, {"rows", made.rows}, {"columns", made.columns}, {"limit", kMostTyped}}};
  return made;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// What a message carries, as lines to read: JSON indented, coloured and folded, other text as it
// is.
#pragma once

#include <QString>
#include <string>
#include <vector>

namespace viva {

struct PayloadSpan {
  enum class Kind { Plain, Key, String, Number, Literal, Fold };
  Kind kind = Kind::Plain;
  QString text;
  bool operator==(const PayloadSpan&) const = default;
};

struct PayloadLine {
  int indent = 0;  ///< levels
  std::vector<PayloadSpan> spans;
  QString text() const;
};

struct PayloadText {
  std::vector<PayloadLine> lines;
  int hidden_lines = 0;  ///< left out after the last one
  bool is_json = false;
  bool is_folded = false;  ///< something is left out
};

/// How much is shown: objects and lists below `depth` as `{ … 3 }` with the number of entries,
/// strings up to `letters`, and so many lines.
struct PayloadFold {
  int depth = 3, letters = 240, lines = 14;
  static PayloadFold none() { return {100, 1 << 20, 2000}; }
};

PayloadText payloadText(const std::string& payload, const PayloadFold& fold);

}  // namespace viva

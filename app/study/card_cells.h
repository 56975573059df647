// SPDX-License-Identifier: GPL-3.0-or-later
// Text files of cells, as Anki and spreadsheets write them (RFC 4180, and Anki's `#` lines:
// https://docs.ankiweb.net/importing/text-files.html).
#pragma once

#include <QByteArray>
#include <QHash>
#include <QStringList>
#include <optional>
#include <vector>

#include "lessons/core/error.h"

namespace viva {

struct CellRow {
  int line = 0;  ///< where it begins, from 1
  QStringList cells;
};

struct CellTable {
  std::optional<bool> html;        ///< what `#html:` says
  QStringList columns;             ///< what `#columns:` says
  QHash<QString, int> placed;      ///< `#guid column:1` is guid at 0; also deck, notetype and tags
  QHash<QString, QString> of_all;  ///< `#deck:ML` is what all rows have; also notetype and tags
  std::vector<CellRow> rows;       ///< without blank lines and comments
};

inline constexpr qsizetype kMostCardBytes = 8 * 1024 * 1024;
inline constexpr int kMostCardRows = 20000;

/// UTF-8, with or without byte-order mark; the separator is what `#separator:` or `sep=` says or,
/// without them, the one of tab, semicolon, comma and pipe that gives the most even rows. Throws
/// RequestError, with the line, when it is too large, empty, not text, or quoted wrongly.
CellTable cellsOf(const QByteArray& file);

/// One line, ended. A cell is quoted where it would be read as something else.
QString lineOf(const QStringList& cells, QChar separator);

}  // namespace viva

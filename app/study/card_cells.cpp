// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/card_cells.h"

#include <QHash>
#include <algorithm>
#include <string_view>

#include "lessons/core/csv_text.h"

namespace viva {
namespace {

constexpr int kRowsToGuessFrom = 50;

RequestError wrong(const char* key, std::int64_t line) {
  return RequestError({key, {{"line", line}}});
}

QString utf8(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The text of a file, without byte-order mark.
std::string_view checked(const QByteArray& file) {
  if (file.size() > kMostCardBytes)
    throw RequestError({"study.cards_too_large", {{"limit", kMostCardBytes / (1024 * 1024)}}});
  const std::string_view bytes(file.constData(), static_cast<std::size_t>(file.size()));
  if (isUtf16(bytes)) throw wrong("study.cards_encoding", 1);
  const std::string_view text = withoutMark(bytes);
  if (const std::size_t zero = text.find('\0'); zero != text.npos)
    throw wrong("study.cards_binary", 1 + std::count(text.begin(), text.begin() + zero, '\n'));
  if (const auto line = lineThatIsNotUtf8(text)) throw wrong("study.cards_encoding", *line);
  if (utf8(text).trimmed().isEmpty()) throw RequestError({"study.cards_empty", {}});
  return text;
}

CsvReader readerOf(std::string_view text, std::int64_t line, QChar separator) {
  return {text, {QString(separator).toStdString(), true, true}, line};
}

/// The next row that is not blank; none at the end. Throws CsvFault.
std::optional<CellRow> nextOf(CsvReader& reader) {
  while (const auto row = reader.next()) {
    QStringList cells;
    for (const std::string& cell : row->cells) cells.append(QString::fromStdString(cell));
    // A spreadsheet writes an empty row as separators alone.
    if (!cells.join(QString()).isEmpty()) return CellRow{static_cast<int>(row->line), cells};
  }
  return std::nullopt;
}

/// 0: the rows do not have several cells. More when more of them have as many as the first.
double evenness(std::string_view text, std::int64_t line, QChar separator) {
  CsvReader reader = readerOf(text, line, separator);
  qsizetype first = 0;
  int rows = 0, even = 0;
  try {
    while (rows < kRowsToGuessFrom) {
      const auto row = nextOf(reader);
      if (!row) break;
      if (++rows == 1) first = row->cells.size();
      even += row->cells.size() == first;
    }
  } catch (const CsvFault&) {
    // With another separator the quotes may be right; if not, reading says what is wrong.
  }
  return first < 2 ? 0 : static_cast<double>(even) / rows;
}

QChar guessedSeparator(std::string_view text, std::int64_t line) {
  QChar best = '\t';
  double most = 0;
  for (const char candidate : {'\t', ';', ',', '|'})
    if (const double here = evenness(text, line, candidate); here > most) {
      most = here;
      best = candidate;
    }
  return best;
}

/// A spreadsheet that saved the file may have filled the line with separators.
QString withoutTail(QString value) {
  while (value.size() > 1 && QStringLiteral(",;\t|").contains(value.back())) value.chop(1);
  return value;
}

QChar separatorNamed(const QString& value, std::int64_t line) {
  static const QHash<QString, QChar> names = {{"tab", '\t'},      {"\\t", '\t'}, {"comma", ','},
                                              {"semicolon", ';'}, {"pipe", '|'}, {"colon", ':'},
                                              {"space", ' '}};
  const QString name = withoutTail(value).trimmed().toLower();
  if (const auto found = names.constFind(name); found != names.cend()) return *found;
  if (!value.isEmpty() && (name.size() <= 1)) return value[0];
  throw wrong("study.cards_separator", line);
}

/// The `#` lines (and a spreadsheet's `sep=`) at the beginning of the file.
class Head {
 public:
  Head(std::string_view text, CellTable& table) : rest(text), table_(table) {
    while (!rest.empty() && takeLine()) {
    }
    if (!separator) separator = guessedSeparator(rest, line);
    if (columns_.empty()) return;
    CsvReader reader = readerOf(columns_, columns_line_, *separator);
    if (auto row = nextOf(reader)) table.columns = row->cells;
    while (!table.columns.isEmpty() && table.columns.back().trimmed().isEmpty())
      table.columns.removeLast();
  }

  std::string_view rest;  ///< where the rows begin
  std::int64_t line = 1;
  std::optional<QChar> separator;

 private:
  bool takeLine() {
    const std::size_t end = rest.find('\n');
    QString content = utf8(rest.substr(0, end));
    if (content.endsWith('\r')) content.chop(1);
    if (content.startsWith("sep=", Qt::CaseInsensitive))
      separator = separatorNamed(content.mid(4), line);
    else if (content.startsWith('#'))
      take(content.mid(1).section(':', 0, 0).trimmed().toLower(), content.section(':', 1));
    else
      return false;
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    ++line;
    return true;
  }

  void take(const QString& name, const QString& value) {
    if (name == "separator") separator = separatorNamed(value, line);
    if (name == "html") table_.html = withoutTail(value).trimmed().toLower() == "true";
    if (name == "columns") {
      columns_ = value.toStdString();
      columns_line_ = line;
    }
    if (name == "deck" || name == "notetype" || name == "tags")
      table_.of_all.insert(name, withoutTail(value).trimmed());
    if (name.endsWith(" column"))
      if (const int place = withoutTail(value).trimmed().toInt(); place > 0)
        table_.placed.insert(name.section(' ', 0, 0), place - 1);
  }

  CellTable& table_;
  std::string columns_;
  std::int64_t columns_line_ = 0;
};

}  // namespace

CellTable cellsOf(const QByteArray& file) {
  const std::string_view text = checked(file);
  CellTable table;
  const auto read = [&] {
    const Head head(text, table);
    CsvReader reader = readerOf(head.rest, head.line, *head.separator);
    while (auto row = nextOf(reader)) {
      if (table.rows.size() == kMostCardRows)
        throw RequestError(
            {"study.cards_too_many",
             {{"line", std::int64_t{row->line}}, {"limit", std::int64_t{kMostCardRows}}}});
      table.rows.push_back(std::move(*row));
    }
  };
  try {
    read();
  } catch (const CsvFault& fault) {
    throw wrong(fault.kind == CsvFault::Kind::OpenQuote ? "study.cards_open_quote"
                                                        : "study.cards_after_quote",
                fault.line);
  }
  if (table.rows.empty()) throw RequestError({"study.cards_empty", {}});
  return table;
}

QString lineOf(const QStringList& cells, QChar separator) {
  QStringList written;
  for (const QString& cell : cells) {
    const bool special =
        cell.startsWith('#') || std::any_of(cell.begin(), cell.end(), [&](QChar c) {
          return c == separator || c == '"' || c == '\n' || c == '\r';
        });
    written.append(special ? '"' + QString(cell).replace('"', "\"\"") + '"' : cell);
  }
  return written.join(separator) + '\n';
}

}  // namespace viva

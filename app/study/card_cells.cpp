// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/card_cells.h"

#include <QHash>
#include <QStringDecoder>
#include <algorithm>
#include <iterator>

namespace viva {
namespace {

constexpr int kRowsToGuessFrom = 50;

RequestError wrong(const char* key, int line) {
  return RequestError({key, {{"line", std::int64_t{line}}}});
}

QString decoded(QByteArray file) {
  if (file.size() > kMostCardBytes)
    throw RequestError({"study.cards_too_large", {{"limit", kMostCardBytes / (1024 * 1024)}}});
  if (file.startsWith("\xff\xfe") || file.startsWith("\xfe\xff"))
    throw wrong("study.cards_encoding", 1);
  if (file.startsWith("\xef\xbb\xbf")) file.remove(0, 3);
  if (const qsizetype zero = file.indexOf('\0'); zero >= 0)
    throw wrong("study.cards_binary", static_cast<int>(file.left(zero).count('\n')) + 1);
  QStringDecoder whole(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
  const QString text = whole(file);
  if (whole.hasError()) {
    int line = 0;
    for (const QByteArray& each : file.split('\n')) {
      ++line;
      QStringDecoder one(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
      [[maybe_unused]] const QString ignored = one(each);
      if (one.hasError()) throw wrong("study.cards_encoding", line);
    }
  }
  if (text.trimmed().isEmpty()) throw RequestError({"study.cards_empty", {}});
  return text;
}

/// Reads records from `text`, one after the other.
class CellReader {
 public:
  CellReader(const QString& text, qsizetype at, int line, QChar separator)
      : text_(text), at_(at), line_(line), separator_(separator) {}

  /// The next record that is neither blank nor a comment; none at the end. Throws RequestError.
  std::optional<CellRow> next() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        endLine(std::min(text_.indexOf('\n', at_), text_.size()));
        continue;
      }
      CellRow row{line_, {}};
      do row.cells.append(cell());
      while (skip(separator_));
      endLine(at_);
      // A spreadsheet writes an empty row as separators alone.
      if (!row.cells.join(QString()).isEmpty()) return row;
    }
    return std::nullopt;
  }

 private:
  bool skip(QChar character) {
    if (at_ >= text_.size() || text_[at_] != character) return false;
    ++at_;
    return true;
  }

  void endLine(qsizetype at) {
    at_ = at < 0 ? text_.size() : at;
    const bool carriage_return = skip('\r');
    if (skip('\n') || carriage_return) ++line_;
  }

  bool atEndOfCell() const {
    return at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' ||
           text_[at_] == '\r';
  }

  QString cell() {
    if (skip('"')) return quoted();
    const qsizetype begin = at_;
    while (!atEndOfCell()) ++at_;
    return text_.mid(begin, at_ - begin);
  }

  /// After its opening quote.
  QString quoted() {
    const int begun = line_;
    QString content;
    while (at_ < text_.size()) {
      const QChar character = text_[at_++];
      if (character == '"' && !skip('"')) {
        if (!atEndOfCell()) throw wrong("study.cards_after_quote", line_);
        return content;
      }
      if (character == '\n') ++line_;
      content += character;
    }
    throw wrong("study.cards_open_quote", begun);
  }

  const QString& text_;
  qsizetype at_;
  int line_;
  QChar separator_;
};

/// 0: the rows do not have several cells. More when more of them have as many as the first.
double evenness(const QString& text, qsizetype at, int line, QChar separator) {
  CellReader reader(text, at, line, separator);
  qsizetype first = 0;
  int rows = 0, even = 0;
  try {
    while (rows < kRowsToGuessFrom) {
      const auto row = reader.next();
      if (!row) break;
      if (++rows == 1) first = row->cells.size();
      even += row->cells.size() == first;
    }
  } catch (const RequestError&) {
    // With another separator the quotes may be right; if not, reading says what is wrong.
  }
  return first < 2 ? 0 : static_cast<double>(even) / rows;
}

QChar guessedSeparator(const QString& text, qsizetype at, int line) {
  QChar best = '\t';
  double most = 0;
  for (const char candidate : {'\t', ';', ',', '|'})
    if (const double here = evenness(text, at, line, candidate); here > most) {
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

QChar separatorNamed(const QString& value, int line) {
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
  Head(const QString& text, CellTable& table) : text_(text), table_(table) {
    while (at < text.size() && takeLine()) {
    }
    if (!separator) separator = guessedSeparator(text, at, line);
    if (columns_.isEmpty()) return;
    if (auto row = CellReader(columns_, 0, columns_line_, *separator).next())
      table.columns = row->cells;
    while (!table.columns.isEmpty() && table.columns.back().trimmed().isEmpty())
      table.columns.removeLast();
  }

  qsizetype at = 0;  ///< where the rows begin
  int line = 1;
  std::optional<QChar> separator;

 private:
  bool takeLine() {
    const qsizetype end = text_.indexOf('\n', at);
    QString content = text_.mid(at, end < 0 ? -1 : end - at);
    if (content.endsWith('\r')) content.chop(1);
    if (content.startsWith("sep=", Qt::CaseInsensitive))
      separator = separatorNamed(content.mid(4), line);
    else if (content.startsWith('#'))
      take(content.mid(1).section(':', 0, 0).trimmed().toLower(), content.section(':', 1));
    else
      return false;
    at = end < 0 ? text_.size() : end + 1;
    ++line;
    return true;
  }

  void take(const QString& name, const QString& value) {
    if (name == "separator") separator = separatorNamed(value, line);
    if (name == "html") table_.html = withoutTail(value).trimmed().toLower() == "true";
    if (name == "columns") {
      columns_ = value;
      columns_line_ = line;
    }
    if (name.endsWith(" column"))
      if (const int place = withoutTail(value).trimmed().toInt(); place > 0)
        table_.placed.insert(name.section(' ', 0, 0), place - 1);
  }

  const QString& text_;
  CellTable& table_;
  QString columns_;
  int columns_line_ = 0;
};

}  // namespace

CellTable cellsOf(const QByteArray& file) {
  const QString text = decoded(file);
  CellTable table;
  const Head head(text, table);
  CellReader reader(text, head.at, head.line, *head.separator);
  while (auto row = reader.next()) {
    if (table.rows.size() == kMostCardRows)
      throw RequestError(
          {"study.cards_too_many",
           {{"line", std::int64_t{row->line}}, {"limit", std::int64_t{kMostCardRows}}}});
    table.rows.push_back(std::move(*row));
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/card_exchange.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <array>

#include "app/export/whole_file.h"
#include "app/study/card_cells.h"
#include "app/study/html_text.h"
#include "app/study/study_file.h"

namespace viva {
namespace {

const std::string kCard = "study.card_", kCards = "study.cards_";

struct Column {
  const char* name;
  QString OwnCard::*text;  ///< null: how the texts are to be read
  QStringList other_names;
  int most_characters;
  bool needed;
  const char* anki = nullptr;  ///< its name in Anki's head, where it is none of the note's fields
};

/// Files without names have the first of them, in this order.
constexpr std::size_t kColumnsInOrder = 5;
/// Those that a note of another program has: what follows is a field of its own.
constexpr std::size_t kFieldsOfNotes = 3;
const std::array<Column, 10>& columns() {
  static const std::array<Column, 10> all = {
      Column{"question", &OwnCard::question, {"front", "问题", "正面"}, 20000, true},
      Column{"answer", &OwnCard::answer, {"back", "答案", "背面"}, 20000, true},
      Column{"explanation", &OwnCard::explanation, {"extra", "解释", "说明"}, 20000, false},
      Column{"lesson", &OwnCard::lesson, {"课程"}, 200, false},
      Column{"id", &OwnCard::id, {"guid", "编号"}, 200, false, "guid"},
      Column{"follow_ups",
             &OwnCard::follow_ups,
             {"then they ask", "follow-ups", "追问", "接着会问"},
             20000,
             false},
      Column{"format", nullptr, {"格式"}, 0, false},
      Column{"notetype", &OwnCard::note_type, {"note type"}, 200, false, "notetype"},
      Column{"deck", &OwnCard::deck, {}, 1000, false, "deck"},
      Column{"tags", &OwnCard::tags, {}, 20000, false, "tags"}};
  return all;
}

const Column* columnNamed(const QString& name) {
  const QString plain = name.trimmed().toLower();
  for (const Column& column : columns())
    if (plain == column.name || column.other_names.contains(plain)) return &column;
  return nullptr;
}

/// What each place of a row is; nullptr: nothing of ours.
using Layout = std::vector<const Column*>;

bool has(const Layout& layout, const char* name) {
  return std::any_of(layout.begin(), layout.end(), [&](const Column* column) {
    return column && qstrcmp(column->name, name) == 0;
  });
}

Layout named(const QStringList& names) {
  Layout layout;
  for (const QString& name : names) {
    const Column* column = columnNamed(name);
    layout.push_back(column && !has(layout, column->name) ? column : nullptr);
  }
  return layout;
}

/// What Anki's head says of places.
void takePlaces(const CellTable& table, Layout& layout) {
  for (const Column& column : columns()) {
    const int at = column.anki ? table.placed.value(column.anki, -1) : -1;
    if (at >= 0 && at < static_cast<int>(layout.size()))
      layout[static_cast<std::size_t>(at)] = &column;
  }
}

/// Anki's own places first; what is left comes in our order.
Layout unnamed(const CellTable& table) {
  Layout layout(static_cast<std::size_t>(table.rows.front().cells.size()), nullptr);
  takePlaces(table, layout);
  const QList<int> places = table.placed.values();
  const QSet<int> taken(places.begin(), places.end());
  const std::size_t most = table.placed.isEmpty() ? kColumnsInOrder : kFieldsOfNotes;
  std::size_t next = 0;
  for (std::size_t place = 0; place < layout.size() && next < most; ++place) {
    if (taken.contains(static_cast<int>(place))) continue;
    const Column& column = columns()[next++];
    if (!has(layout, column.name)) layout[place] = &column;
  }
  return layout;
}

Layout layoutOf(CellTable& table) {
  Layout layout;
  if (!table.columns.isEmpty()) {
    layout = named(table.columns);
    takePlaces(table, layout);
  } else if (layout = named(table.rows.front().cells);
             has(layout, "question") && has(layout, "answer")) {
    table.rows.erase(table.rows.begin());
  } else {
    layout = unnamed(table);
  }
  if (!has(layout, "question") || !has(layout, "answer")) {
    const int line = table.rows.empty() ? 1 : table.rows.front().line;
    throw RequestError({"study.cards_columns", {{"line", std::int64_t{line}}}});
  }
  if (table.rows.empty()) throw RequestError({"study.cards_empty", {}});
  return layout;
}

QString textOf(const QString& cell, const std::optional<bool>& html) {
  if (html) return *html ? textOfHtml(cell) : cell;
  static const QRegularExpression line_break("<br\\s*/?>",
                                             QRegularExpression::CaseInsensitiveOption);
  return QString(cell).replace(line_break, "\n");
}

/// The ids that Viva gives. In the files of versions that had no column `format`, their cards are
/// Markdown.
bool isOfViva(const QString& id) {
  static const QRegularExpression given("^own-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
  return given.match(id).hasMatch();
}

constexpr const char* kMarkdown = "markdown";

/// What is wrong in a line of a file, with the card's id where it has one.
RequestError at(int line, Message message, const QString& id = {}) {
  std::string place = std::to_string(line);
  if (!id.isEmpty()) place += " (" + id.left(80).toStdString() + ")";
  message.arguments.insert(message.arguments.begin(), {"line", std::move(place)});
  return RequestError(std::move(message));
}

/// Throws RequestError when the row does not fit the columns.
OwnCard cardOf(const CellRow& row, const Layout& layout, const CellTable& table) {
  OwnCard card;
  for (const Column& column : columns())
    if (column.anki) card.*(column.text) = table.of_all.value(column.anki);
  if (has(layout, "format")) card.plain = true;
  for (qsizetype place = 0; place < row.cells.size(); ++place) {
    if (place >= static_cast<qsizetype>(layout.size())) {
      // A spreadsheet fills rows up with empty cells.
      if (row.cells[place].trimmed().isEmpty()) continue;
      throw at(row.line, {"study.cards_cells",
                          {{"cells", std::int64_t{row.cells.size()}},
                           {"columns", static_cast<std::int64_t>(layout.size())}}});
    }
    const Column* column = layout[static_cast<std::size_t>(place)];
    if (!column) continue;
    const QString& cell = row.cells[place];
    if (!column->text)
      card.plain = cell.trimmed().toLower() != kMarkdown;
    else
      card.*(column->text) = column->anki ? cell : textOf(cell, table.html);
  }
  if (!has(layout, "format")) card.plain = !isOfViva(card.id);
  return card;
}

/// What is wrong with the card of a row: the sentences of problemOf with the line, where
/// study.card_without is study.cards_without.
std::optional<RequestError> problemIn(const OwnCard& card, int line) {
  auto problem = problemOf(card);
  if (!problem) return std::nullopt;
  problem->key.replace(0, kCard.size(), kCards);
  return at(line, std::move(*problem), card.id);
}

/// Whether the file, or this note of it, is another program's: what it has may be good there and no
/// card here, as a gap to be filled or a picture.
bool isForeign(const CellTable& table, const OwnCard& card) {
  static const QRegularExpression gap("\\{\\{c\\d+::");
  return table.html == true || !table.placed.isEmpty() || gap.match(card.question).hasMatch();
}

}  // namespace

std::optional<Message> problemOf(const OwnCard& card) {
  for (const Column& column : columns()) {
    if (!column.text) continue;
    const QString& text = card.*(column.text);
    if (column.needed && text.trimmed().isEmpty())
      return Message{"study.card_without",
                     {{"column", Word{std::string("study.column.") + column.name}}}};
    if (text.size() > column.most_characters)
      return Message{"study.card_too_long",
                     {{"column", Word{std::string("study.column.") + column.name}},
                      {"limit", std::int64_t{column.most_characters}}}};
  }
  return std::nullopt;
}

std::vector<OwnCard> cardsFromText(const QByteArray& file, std::vector<Message>* left_out) {
  CellTable table = cellsOf(file);
  const Layout layout = layoutOf(table);
  std::vector<OwnCard> cards;
  std::optional<RequestError> first_left_out;
  QHash<QString, int> lines;
  for (const CellRow& row : table.rows) {
    OwnCard card = cardOf(row, layout, table);
    if (const auto problem = problemIn(card, row.line)) {
      if (!isForeign(table, card)) throw *problem;
      if (!first_left_out) first_left_out = problem;
      if (left_out) left_out->push_back(problem->message());
      continue;
    }
    if (!card.id.isEmpty()) {
      if (const int earlier = lines.value(card.id))
        throw at(row.line, {"study.cards_same_id", {{"other", std::int64_t{earlier}}}});
      lines.insert(card.id, row.line);
    }
    cards.push_back(std::move(card));
  }
  if (cards.empty() && first_left_out) throw *first_left_out;
  return cards;
}

QByteArray textOfCards(const std::vector<OwnCard>& cards, QChar separator) {
  const auto has_any = [&](const Column& column) {
    return std::any_of(cards.begin(), cards.end(), [&](const OwnCard& card) {
      // Plain is what needs no word, but for a card that would be read as one of an older Viva.
      return column.text ? !(card.*(column.text)).isEmpty() : !card.plain || isOfViva(card.id);
    });
  };
  // What came later is written where a card has it: an older Viva reads the others as they were.
  std::vector<const Column*> written;
  for (std::size_t i = 0; i < columns().size(); ++i)
    if (i < kColumnsInOrder || has_any(columns()[i])) written.push_back(&columns()[i]);
  const QString name = separator == '\t'  ? "tab"
                       : separator == ',' ? "comma"
                       : separator == ';' ? "semicolon"
                                          : QString(separator);
  QString text = "#separator:" + name + "\n#html:false\n";
  QStringList names;
  for (const Column* column : written) {
    names.append(column->name);
    // With its own ids Anki knows its notes again, and asks for nothing.
    if (column->anki) text += QString("#%1 column:%2\n").arg(column->anki).arg(names.size());
  }
  text += "#columns:" + names.join(separator) + '\n';
  for (const OwnCard& card : cards) {
    QStringList cells;
    for (const Column* column : written)
      cells.append(column->text ? card.*(column->text)
                   : card.plain ? QString()
                                : QString(kMarkdown));
    text += lineOf(cells, separator);
  }
  return text.toUtf8();
}

std::vector<OwnCard> readCards(const QString& path, std::vector<Message>* left_out) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) throw cannotRead(path, file.errorString().toStdString());
  return cardsFromText(file.read(kMostCardBytes + 1), left_out);
}

void writeCards(const QString& path, const std::vector<OwnCard>& cards) {
  const bool commas = path.endsWith(".csv", Qt::CaseInsensitive);
  const QByteArray text = textOfCards(cards, commas ? ',' : '\t');
  try {
    writeWhole(path.toStdString(), text.toStdString());
  } catch (const FileError& error) {
    Message message = error.message();
    message.key = "study.cannot_write";
    throw FileError(message);
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/card_exchange.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSet>
#include <algorithm>
#include <array>

#include "app/study/card_cells.h"
#include "app/study/study_file.h"

namespace viva {
namespace {

const std::string kCard = "study.card_", kCards = "study.cards_";

struct Column {
  const char* name;
  QString OwnCard::*text;
  QStringList other_names;
  int most_characters;
  bool needed;
};

/// Files without names have the first of them, in this order.
constexpr std::size_t kColumnsInOrder = 5;
const std::array<Column, 6>& columns() {
  static const std::array<Column, 6> all = {
      Column{"question", &OwnCard::question, {"front", "问题", "正面"}, 20000, true},
      Column{"answer", &OwnCard::answer, {"back", "答案", "背面"}, 20000, true},
      Column{"explanation", &OwnCard::explanation, {"extra", "解释", "说明"}, 20000, false},
      Column{"lesson", &OwnCard::lesson, {"课程"}, 200, false},
      Column{"id", &OwnCard::id, {"guid", "编号"}, 200, false},
      Column{"follow_ups",
             &OwnCard::follow_ups,
             {"then they ask", "follow-ups", "追问", "接着会问"},
             20000,
             false}};
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

/// Anki's own places first; what is left comes in our order.
Layout unnamed(const CellTable& table) {
  Layout layout(static_cast<std::size_t>(table.rows.front().cells.size()), nullptr);
  QSet<int> taken;
  for (auto place = table.placed.begin(); place != table.placed.end(); ++place) {
    taken.insert(place.value());
    if (place.key() == "guid" && place.value() < static_cast<int>(layout.size()))
      layout[static_cast<std::size_t>(place.value())] = columnNamed("id");
  }
  std::size_t next = 0;
  for (std::size_t place = 0; place < layout.size() && next < kColumnsInOrder; ++place) {
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

/// The text that a browser would show of what Anki's editor makes.
QString textOfHtml(QString html) {
  static const QRegularExpression block("(?<!^)<(div|p|li)\\b[^>]*>",
                                        QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression tag(
      "</?(div|p|li|ul|ol|b|i|u|s|em|strong|span|font|code|pre|sub|sup|small|big|a)\\b[^>]*>",
      QRegularExpression::CaseInsensitiveOption);
  html.replace(block, "\n").remove(tag);
  return html.replace("&nbsp;", " ")
      .replace("&lt;", "<")
      .replace("&gt;", ">")
      .replace("&quot;", "\"")
      .replace("&#39;", "'")
      .replace("&amp;", "&");
}

QString textOf(const QString& cell, const std::optional<bool>& html) {
  if (html == false) return cell;
  static const QRegularExpression line_break("<br\\s*/?>",
                                             QRegularExpression::CaseInsensitiveOption);
  const QString text = QString(cell).replace(line_break, "\n");
  return html == true ? textOfHtml(text) : text;
}

/// What is wrong in a line of a file, with the card's id where it has one.
RequestError at(int line, Message message, const QString& id = {}) {
  std::string place = std::to_string(line);
  if (!id.isEmpty()) place += " (" + id.left(80).toStdString() + ")";
  message.arguments.insert(message.arguments.begin(), {"line", std::move(place)});
  return RequestError(std::move(message));
}

OwnCard cardOf(const CellRow& row, const Layout& layout, const std::optional<bool>& html) {
  OwnCard card;
  for (qsizetype place = 0; place < row.cells.size(); ++place) {
    if (place >= static_cast<qsizetype>(layout.size())) {
      // A spreadsheet fills rows up with empty cells.
      if (row.cells[place].trimmed().isEmpty()) continue;
      throw at(row.line, {"study.cards_cells",
                          {{"cells", std::int64_t{row.cells.size()}},
                           {"columns", static_cast<std::int64_t>(layout.size())}}});
    }
    if (const Column* column = layout[static_cast<std::size_t>(place)])
      card.*(column->text) = textOf(row.cells[place], html);
  }
  if (auto problem = problemOf(card)) {
    // The same sentences, with the line: study.card_without is study.cards_without there.
    problem->key.replace(0, kCard.size(), kCards);
    throw at(row.line, std::move(*problem), card.id);
  }
  return card;
}

}  // namespace

std::optional<Message> problemOf(const OwnCard& card) {
  for (const Column& column : columns()) {
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

std::vector<OwnCard> cardsFromText(const QByteArray& file) {
  CellTable table = cellsOf(file);
  const Layout layout = layoutOf(table);
  std::vector<OwnCard> cards;
  QHash<QString, int> lines;
  for (const CellRow& row : table.rows) {
    OwnCard card = cardOf(row, layout, table.html);
    if (!card.id.isEmpty()) {
      if (const int earlier = lines.value(card.id))
        throw at(row.line, {"study.cards_same_id", {{"other", std::int64_t{earlier}}}});
      lines.insert(card.id, row.line);
    }
    cards.push_back(std::move(card));
  }
  return cards;
}

QByteArray textOfCards(const std::vector<OwnCard>& cards, QChar separator) {
  const auto has_text = [&](const Column& column) {
    return std::any_of(cards.begin(), cards.end(),
                       [&](const OwnCard& card) { return !(card.*(column.text)).isEmpty(); });
  };
  // What came later is written where a card has it: an older Viva reads the others as they were.
  std::vector<const Column*> written;
  for (std::size_t i = 0; i < columns().size(); ++i)
    if (i < kColumnsInOrder || has_text(columns()[i])) written.push_back(&columns()[i]);
  QStringList names;
  for (const Column* column : written) names.append(column->name);
  const QString name = separator == '\t'  ? "tab"
                       : separator == ',' ? "comma"
                       : separator == ';' ? "semicolon"
                                          : QString(separator);
  QString text = "#separator:" + name + "\n#html:false\n#columns:" + names.join(separator) + '\n';
  for (const OwnCard& card : cards) {
    QStringList cells;
    for (const Column* column : written) cells.append(card.*(column->text));
    text += lineOf(cells, separator);
  }
  return text.toUtf8();
}

std::vector<OwnCard> readCards(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) throw cannotRead(path, file.errorString().toStdString());
  return cardsFromText(file.read(kMostCardBytes + 1));
}

void writeCards(const QString& path, const std::vector<OwnCard>& cards) {
  const bool commas = path.endsWith(".csv", Qt::CaseInsensitive);
  const QByteArray text = textOfCards(cards, commas ? ',' : '\t');
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
    throw cannotWrite(path, file.errorString().toStdString());
}

}  // namespace viva

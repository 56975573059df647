// SPDX-License-Identifier: GPL-3.0-or-later
// The glossary of both languages: its terms are used, and what it forbids is not.
#include <QRegularExpression>
#include <QTest>
#include <algorithm>
#include <vector>

#include "tests/style/han.h"
#include "tests/style/project_files.h"

using namespace viva::project;

namespace {

struct Row {
  QStringList english, chinese, never;
};

/// Those of a cell, which commas divide.
QStringList termsIn(const QString& cell) {
  QStringList terms;
  for (const QString& term : cell.split(',', Qt::SkipEmptyParts)) terms.append(term.trimmed());
  return terms;
}

QStringList quotedIn(const QString& cell) {
  static const QRegularExpression quoted("`([^`]+)`");
  QStringList words;
  for (auto all = quoted.globalMatch(cell); all.hasNext();) words.append(all.next().captured(1));
  return words;
}

/// The rows of all tables with three columns, without their heads.
std::vector<Row> rowsOf(const QString& text) {
  std::vector<Row> rows;
  for (const QString& line : text.split('\n')) {
    const QStringList cells = line.split('|');
    if (cells.size() != 5 || line.startsWith("|:") || line.startsWith("| English")) continue;
    rows.push_back({termsIn(cells[1]), termsIn(cells[2]), quotedIn(cells[3])});
  }
  return rows;
}

struct Text {
  QString file, content;
};

/// What people read in this language.
std::vector<Text> textsIn(const QString& code) {
  std::vector<Text> texts;
  for (const QString& file : filesIn({"resources/lessons", "resources/i18n"},
                                     {"*." + code + ".md", "*." + code + ".json"}))
    texts.push_back({file, QString::fromUtf8(contentOf(file))});
  return texts;
}

/// A word of Latin letters begins one, and in upper case too: `pool` stands in `Pools`, not in
/// `spool`.
bool says(const QString& text, const QString& word) {
  if (hasHan(word)) return text.contains(word);
  const QRegularExpression whole("(?<![A-Za-z])" + QRegularExpression::escape(word),
                                 QRegularExpression::CaseInsensitiveOption);
  return text.contains(whole);
}

/// Where the word stands: `file:line`.
QStringList placesOf(const QString& word, const std::vector<Text>& texts) {
  QStringList places;
  for (const Text& text : texts) {
    if (!says(text.content, word)) continue;
    int number = 0;
    for (const QString& line : text.content.split('\n')) {
      ++number;
      if (says(line, word)) places.append(text.file + ':' + QString::number(number) + ": " + word);
    }
  }
  return places;
}

}  // namespace

class GlossaryTest : public QObject {
  Q_OBJECT
  const std::vector<Row> rows_ = rowsOf(QString::fromUtf8(contentOf("resources/i18n/glossary.md")));
  const std::vector<Text> english_ = textsIn("en"), chinese_ = textsIn("zh_CN");

 private Q_SLOTS:
  void everyRowHasATermInBothLanguages() {
    QVERIFY(rows_.size() > 60);
    for (const Row& row : rows_) {
      QVERIFY(!row.english.isEmpty());
      QVERIFY2(row.chinese.size() >= row.english.size() || row.english.size() == 1,
               qPrintable(row.english.join(", ")));
    }
  }

  void everyTermIsUsed() {
    QStringList unused;
    const auto look = [&](const QString& code, const std::vector<Text>& texts,
                          QStringList Row::*terms) {
      for (const Row& row : rows_)
        for (const QString& term : row.*terms)
          if (std::none_of(texts.begin(), texts.end(),
                           [&](const Text& text) { return says(text.content, term); }))
            unused.append(code + ": " + term);
    };
    look("en", english_, &Row::english);
    look("zh_CN", chinese_, &Row::chinese);
    QVERIFY2(unused.isEmpty(), qPrintable(unused.join("\n  ")));
  }

  void whatIsForbiddenIsNotSaid() {
    QStringList places;
    int forbidden = 0;
    for (const Row& row : rows_)
      for (const QString& word : row.never) {
        ++forbidden;
        places += placesOf(word, hasHan(word) ? chinese_ : english_);
      }
    QVERIFY(forbidden > 10);
    QVERIFY2(places.isEmpty(), qPrintable(places.join("\n  ")));
  }

  void aForbiddenWordIsFoundWhole() {
    QVERIFY(says("Trained by reward.", "trained by reward"));
    QVERIFY(!says("constrained by reward", "trained by reward"));
    QVERIFY(says(QStringLiteral("深层隐层的梯度"), QStringLiteral("隐层")));
    const auto rows =
        rowsOf("| English | x | never |\n|:--|:--|:--|\n| a, b | 甲, 乙 | `c`, d |\n");
    QCOMPARE(rows.size(), std::size_t(1));
    QCOMPARE(rows[0].english, QStringList({"a", "b"}));
    QCOMPARE(rows[0].never, QStringList({"c"}));
  }
};

QTEST_APPLESS_MAIN(GlossaryTest)
#include "glossary_test.moc"

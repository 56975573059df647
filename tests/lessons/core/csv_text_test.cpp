// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/csv_text.h"

#include <QTest>

using namespace viva;

using Cells = std::vector<std::string>;
using Rows = std::vector<Cells>;

class CsvTextTest : public QObject {
  Q_OBJECT

  static Rows rowsOf(std::string_view text, const CsvForm& form = {}) {
    Rows rows;
    CsvReader reader(text, form);
    while (auto row = reader.next()) rows.push_back(row->cells);
    return rows;
  }
  static CsvFault faultOf(std::string_view text, const CsvForm& form) {
    try {
      rowsOf(text, form);
    } catch (const CsvFault& fault) {
      return fault;
    }
    return {CsvFault::Kind::OpenQuote, -1};
  }

 private Q_SLOTS:
  void theExamplesOfRfc4180AreRead() {
    for (const bool strict : {false, true}) {
      const CsvForm form{",", strict, false};
      QCOMPARE(rowsOf("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", form),
               (Rows{{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
      QCOMPARE(rowsOf("aaa,bbb,ccc\r\nzzz,yyy,xxx", form),
               (Rows{{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
      QCOMPARE(rowsOf("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", form),
               (Rows{{"aaa", "b\r\nbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
      QCOMPARE(rowsOf("\"aaa\",\"b\"\"bb\",\"ccc\"", form), (Rows{{"aaa", "b\"bb", "ccc"}}));
    }
  }

  void spacesBelongToACellOrNot() {
    QCOMPARE(rowsOf(" a , b \n"), (Rows{{"a", "b"}}));
    QCOMPARE(rowsOf(" \"a \" ,\"b\"c\n"), (Rows{{"a  ", "bc"}}));
    QCOMPARE(rowsOf(" a , b \n", {",", true, false}), (Rows{{" a ", " b "}}));
  }

  void rowsKnowTheirLine() {
    CsvReader reader("a\n\n\"b\nb\"\n# no\nc", {",", true, true}, 5);
    std::vector<std::int64_t> lines;
    while (const auto row = reader.next()) lines.push_back(row->line);
    QCOMPARE(lines, (std::vector<std::int64_t>{5, 6, 7, 10}));
  }

  void aCarriageReturnAloneEndsALineWhereTheFormIsStrict() {
    QCOMPARE(rowsOf("a\rb", {",", true, false}), (Rows{{"a"}, {"b"}}));
    QCOMPARE(rowsOf("a\rb"), (Rows{{"a\rb"}}));
  }

  void aCarriageReturnAloneEndsALineWhereOldLineEndsAreRead() {
    const CsvForm form{.old_line_ends = true};
    QCOMPARE(rowsOf("a,b\rc,d\r\ne,f\ng", form), (Rows{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g"}}));
    const std::string text = "a\r\"b\rb\"\r\nc\rd";
    CsvReader reader(text, form);
    std::vector<std::int64_t> lines;
    while (const auto row = reader.next()) lines.push_back(row->line);
    QCOMPARE(lines, (std::vector<std::int64_t>{1, 2, 4, 5}));
    QCOMPARE(lineOf(text, text.find('d')), 5);
    QCOMPARE(lineThatIsNotUtf8("a\rb\r\n\xff"), std::optional<std::int64_t>(3));
  }

  void aSeparatorMayBeAnyCharacter() {
    QCOMPARE(rowsOf("a；b\n", {"；", true, false}), (Rows{{"a", "b"}}));
    QCOMPARE(rowsOf("a\tb", {"\t", true, false}), (Rows{{"a", "b"}}));
  }

  void wrongQuotesAreNamedWithTheirLine() {
    const CsvFault open = faultOf("a\n\"b\nc", {",", true, false});
    QCOMPARE(open.kind, CsvFault::Kind::OpenQuote);
    QCOMPARE(open.line, 2);
    QCOMPARE(faultOf("a\n\"b\nc", {}).line, 2);
    const CsvFault after = faultOf("a\n\"b\" c", {",", true, false});
    QCOMPARE(after.kind, CsvFault::Kind::AfterQuote);
    QCOMPARE(after.line, 2);
  }

  void whatIsNoUtf8IsFound() {
    QVERIFY(!lineThatIsNotUtf8("a\n\xe7\x8c\xab\xf0\x9f\x90\x88"));
    for (const char* wrong : {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                              "\xf4\x90\x80\x80", "\xe7\x8c", "\x80", "\xe7\x8cx"})
      QCOMPARE(lineThatIsNotUtf8("a\nb\n" + std::string(wrong)), std::optional<std::int64_t>(3));
    QCOMPARE(withoutMark("\xef\xbb\xbfx"), std::string_view("x"));
    QVERIFY(isUtf16("\xff\xfex") && isUtf16("\xfe\xffx") && !isUtf16("x"));
  }
};

QTEST_APPLESS_MAIN(CsvTextTest)
#include "csv_text_test.moc"

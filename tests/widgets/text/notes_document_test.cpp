// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/notes_document.h"

#include <QAbstractTextDocumentLayout>
#include <QImage>
#include <QPainter>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextTable>

#include "widgets/text/formula_object.h"
#include "widgets/text/readable_text.h"

namespace viva {

/// A folder with pictures of formulas that are boxes: `low` reaches 0.2 em below the baseline, `b`
/// 0.5 em and `t` 1.5 em; `wide` is wider than any page.
class Pictures {
 public:
  Pictures() {
    write({QStringLiteral("b"), false}, "0 -1000 2000 1500");
    write({QStringLiteral("b"), true}, "0 -1000 2000 1500");
    write({QStringLiteral("t"), false}, "0 -3000 2000 4500");
    write({QStringLiteral("low"), false}, "0 -700 2000 900");
    write({QStringLiteral("wide"), true}, "0 -1000 90000 1500");
  }
  std::shared_ptr<Formulas> formulas() const { return std::make_shared<Formulas>(folder_.path()); }

 private:
  void write(const Formula& formula, const QByteArray& box) {
    const QList<QByteArray> numbers = box.split(' ');
    QFile file(folder_.filePath(keyOf(formula) + QStringLiteral(".svg")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"" + box +
               "\"><rect fill=\"currentColor\" x=\"0\" y=\"" + numbers[1] + "\" width=\"" +
               numbers[2] + "\" height=\"" + numbers[3] + "\"/></svg>");
  }
  QTemporaryDir folder_;
};

class NotesDocumentTest : public QObject {
  Q_OBJECT

  Pictures pictures_;

  std::unique_ptr<QTextDocument> document(const QString& markdown,
                                          const Appearance& appearance = {}) {
    auto made = makeNotesDocument(markdown, TextStyle(appearance), pictures_.formulas());
    made->setTextWidth(500);
    return made;
  }

  static QString readable(const QTextDocument& document) {
    return readableText(document, 0, document.characterCount() - 1).text.trimmed();
  }

  static QImage painted(const QTextDocument& document, const QColor& background = Qt::white) {
    QImage image(document.size().toSize(), QImage::Format_RGB32);
    image.fill(background);
    QPainter painter(&image);
    const_cast<QTextDocument&>(document).drawContents(&painter);
    return image;
  }

  /// The rectangle of the pixels that have exactly this colour.
  static QRect extent(const QImage& image, QRgb colour) {
    QRect found;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x)
        if (image.pixel(x, y) == colour) found |= QRect(x, y, 1, 1);
    return found;
  }

 private Q_SLOTS:
  void tablesKeepTheirAlignment() {
    const auto made = document(
        QStringLiteral("| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |\n\nafter"));
    const auto frames = made->rootFrame()->childFrames();
    QCOMPARE(frames.size(), 1);
    auto* table = qobject_cast<QTextTable*>(frames[0]);
    QVERIFY(table);
    QCOMPARE(table->rows(), 2);
    QCOMPARE(table->columns(), 4);
    const Qt::Alignment expected[] = {Qt::AlignLeft, Qt::AlignHCenter, Qt::AlignRight,
                                      Qt::AlignLeft};
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 4; ++column)
        QCOMPARE(table->cellAt(row, column).firstCursorPosition().blockFormat().alignment(),
                 expected[column]);
    QCOMPARE(table->cellAt(1, 2).firstCursorPosition().block().text(), QStringLiteral("3"));
    QCOMPARE(made->lastBlock().text(), QStringLiteral("after"));
  }

  void cellsOfARowAreReadApart() {
    const auto made = document(QStringLiteral("| a | b |\n|---|---|\n| 1 | $b$ |\n"));
    QCOMPARE(readable(*made), QStringLiteral("a\tb\n1\t$b$"));
  }

  void nestedListsAreIndented() {
    const auto made = document(QStringLiteral(
        "- one\n  - two\n    - three\n\n      more of three\n- four\n\n9. nine\n10. ten\n"));
    QStringList texts;
    QList<int> indents;
    for (QTextBlock block = made->begin(); block.isValid(); block = block.next()) {
      texts << block.text();
      indents << block.blockFormat().indent();
    }
    QCOMPARE(texts, (QStringList{"\u2022\tone", "\u2013\ttwo", "\u2022\tthree", "more of three",
                                 "\u2022\tfour", "9.\tnine", "10.\tten"}));
    QCOMPARE(indents, (QList<int>{1, 2, 3, 3, 1, 1, 1}));
    QVERIFY(made->begin().blockFormat().textIndent() < 0);
  }

  void taskListsHaveBoxes() {
    const auto made = document(QStringLiteral("- [ ] to do\n- [x] done\n"));
    QCOMPARE(readable(*made), QStringLiteral("\u2610\tto do\n\u2611\tdone"));
  }

  void codeKeepsItsLines() {
    const auto made = document(QStringLiteral("```cpp\na {\n\n  b\n}\n```\n\nafter"));
    QCOMPARE(made->toPlainText().trimmed(), QStringLiteral("a {\n\n  b\n}\nafter"));
  }

  void codeIsColoured() {
    const auto made = document(QStringLiteral("```cpp\nreturn 1; // one\n```\n"));
    const TextStyle style{Appearance{}};
    QTextCursor cursor = made->find(QStringLiteral("return"));
    QCOMPARE(cursor.charFormat().foreground().color(), style.keyword);
    cursor = made->find(QStringLiteral("// one"));
    QCOMPARE(cursor.charFormat().foreground().color(), style.comment);
  }

  void headingsCanBeFound() {
    const auto made = document(QStringLiteral("# One\n\ntext\n\n## Two $b$\n"));
    const auto headings = headingsOf(*made);
    QCOMPARE(headings.size(), std::size_t(2));
    QCOMPARE(headings[1].level, 2);
    QCOMPARE(headings[1].text, QStringLiteral("Two $b$"));
    QCOMPARE(headings[1].position, made->findBlockByNumber(2).position());
  }

  void aFormulaStandsOnTheBaseline() {
    const std::pair<const char*, double> depths[] = {{"low", 0.2}, {"b", 0.5}, {"t", 1.5}};
    for (const auto& [name, depth] : depths) {
      const auto made = document(QStringLiteral("I $%1$ I").arg(QLatin1String(name)));
      const QTextLayout* layout = made->begin().layout();
      const QTextLine line = layout->lineAt(0);
      const double baseline =
          made->documentLayout()->blockBoundingRect(made->begin()).top() + line.y() + line.ascent();
      QImage image = painted(*made);
      const TextStyle style{Appearance{}};
      const double em = Formulas::emFor(style.body);
      const double below = depth * em;
      // The box is the widest thing of the text's colour.
      int bottom = 0;
      for (int y = 0; y < image.height(); ++y) {
        int run = 0, longest = 0;
        for (int x = 0; x < image.width(); ++x) {
          run = image.pixel(x, y) == style.text.rgb() ? run + 1 : 0;
          longest = std::max(longest, run);
        }
        if (longest > em) bottom = y + 1;
      }
      QVERIFY2(
          std::abs(bottom - (baseline + below)) <= 1.5,
          qPrintable(QStringLiteral("%1: %2, not %3").arg(name).arg(bottom).arg(baseline + below)));
    }
  }

  void aTallFormulaMakesItsLineHigher() {
    const auto low = document(QStringLiteral("a $low$ a")),
               tall = document(QStringLiteral("a $t$ a")), none = document(QStringLiteral("a a"));
    const auto height = [](const QTextDocument& made) {
      return made.begin().layout()->lineAt(0).height();
    };
    QCOMPARE(height(*low), height(*none));
    QVERIFY(height(*tall) >= 4.5 * Formulas::emFor(TextStyle(Appearance{}).body));
  }

  void aFormulaTakesTheColourOfTheText() {
    for (const bool dark : {false, true}) {
      const TextStyle style{Appearance{dark}};
      const auto made = document(QStringLiteral("$$b$$"), {dark});
      const QImage image = painted(*made, style.background);
      const QRect box = extent(image, style.text.rgb());
      QVERIFY(box.width() > 20);
      QVERIFY(style.text != TextStyle(Appearance{!dark}).text);
    }
  }

  void aDisplayedFormulaIsCentredAndFits() {
    const auto made = document(QStringLiteral("$$wide$$"));
    const QRect box = extent(painted(*made), TextStyle(Appearance{}).text.rgb());
    QVERIFY(box.width() <= 500);
    QVERIFY(box.width() > 450);
    QCOMPARE(made->begin().blockFormat().alignment(), Qt::AlignHCenter);
  }

  void punctuationStaysWithItsFormula() {
    const auto made = document(QStringLiteral("see ($b$), then"));
    QCOMPARE(readable(*made), QStringLiteral("see ($b$), then"));
    QTextCursor cursor(made.get());
    cursor.setPosition(int(made->begin().text().indexOf(QChar::ObjectReplacementCharacter)) + 1);
    QCOMPARE(cursor.charFormat().stringProperty(kFormulaHead), QStringLiteral("("));
    QCOMPARE(cursor.charFormat().stringProperty(kFormulaTail), QStringLiteral("),"));
  }

  void aFormulaWithoutAPictureIsItsSource() {
    const auto made = document(QStringLiteral("a $\\unknown{x}$ b"));
    QCOMPARE(made->toPlainText().trimmed(), QStringLiteral("a \\unknown{x} b"));
  }

  void onlyKnownLinksAreLinks() {
    const auto made = document(QStringLiteral(
        "[a](preset:x) [b](javascript:alert(1)) [c](file:///etc/passwd) [d](https://example.org)"));
    QStringList targets;
    for (QTextBlock::iterator part = made->begin().begin(); !part.atEnd(); ++part) {
      const QString target = part.fragment().charFormat().anchorHref();
      if (!target.isEmpty() && !targets.contains(target)) targets << target;
    }
    QCOMPARE(targets, (QStringList{"preset:x", "https://example.org"}));
  }

  void chineseHasNoBlankBehindWidePunctuationAndNoItalics() {
    const auto made =
        document(QStringLiteral("**方向。** 直接，*强调*"), {false, Language::Chinese, 1.0});
    QCOMPARE(made->begin().text(), QStringLiteral("方向。直接，强调"));
    for (QTextBlock::iterator part = made->begin().begin(); !part.atEnd(); ++part)
      QVERIFY(!part.fragment().charFormat().fontItalic());
  }

  void theFontScaleEnlargesFormulasToo() {
    const auto one = document(QStringLiteral("$$b$$"));
    const auto two = document(QStringLiteral("$$b$$"), {false, Language::English, 2.0});
    const QRgb ink = TextStyle(Appearance{}).text.rgb();
    const double ratio =
        double(extent(painted(*two), ink).width()) / extent(painted(*one), ink).width();
    QVERIFY2(std::abs(ratio - 2) < 0.15, qPrintable(QString::number(ratio)));
  }

  void garbageIsTypesetWithoutACrash() {
    const QString pieces[] = {
        "$b$", "$$b$$", "$",    "`",  "```\n", "| a | b |\n", "|-|-|\n",       "\n",     "\n\n",
        "- ",  "  - ",  "1. ",  "> ", "# ",    "**",          "[a](preset:b)", "<br>",   "\\",
        "&",   "x y",   "漢字", "~~", "    ",  "---\n",       "- [ ] ",        "![a](b)"};
    QRandomGenerator random(11);
    for (int round = 0; round < 400; ++round) {
      QString text;
      const int length = random.bounded(50);
      for (int i = 0; i < length; ++i) text += pieces[random.bounded(int(std::size(pieces)))];
      const auto made = document(text);
      painted(*made);
      readable(*made);
      headingsOf(*made);
    }
  }

  void hostileSizesEnd() {
    painted(*document(QString(3000, QLatin1Char('>')) + QStringLiteral(" deep")));
    QString row = QStringLiteral("|"), rule = QStringLiteral("|");
    for (int i = 0; i < 200; ++i) {
      row += QStringLiteral("a|");
      rule += QStringLiteral("-|");
    }
    painted(*document(row + QLatin1Char('\n') + rule + QLatin1Char('\n') + row));
    QString nested;
    for (int i = 0; i < 60; ++i)
      nested += QString(2 * i, QLatin1Char(' ')) + QStringLiteral("- x\n");
    painted(*document(nested));
  }
};

}  // namespace viva

QTEST_MAIN(viva::NotesDocumentTest)
#include "notes_document_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/markdown.h"

#include <QRandomGenerator>
#include <QTest>

namespace viva {

using Kind = MarkdownEvent::Kind;

/// Every begun block or span ends, and nothing else ends.
static bool isBalanced(const std::vector<MarkdownEvent>& events) {
  int open = 0;
  for (const MarkdownEvent& event : events) {
    switch (event.kind) {
      case Kind::End:
        --open;
        break;
      case Kind::Text:
      case Kind::Formula:
      case Kind::SoftBreak:
      case Kind::HardBreak:
      case Kind::Rule:
        break;
      default:
        ++open;
    }
    if (open < 0) return false;
  }
  return open == 0;
}

static QString plainText(const std::vector<MarkdownEvent>& events) {
  QString text;
  for (const MarkdownEvent& event : events)
    if (event.kind == Kind::Text) text += event.text;
  return text;
}

class MarkdownTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void headingsFormulasAndLinksAreListed() {
    const MarkdownOutline outline = outlineOf(QStringLiteral(
        "# One $x$ two\n\nText $a_1 + \\frac{b}{c}$ and\n\n$$y = \\sqrt{x}$$\n\n"
        "## Three\n\n[go](preset:ravine-zigzag) [see](experiment:optimizer-race)\n"));
    QCOMPARE(outline.headings.size(), std::size_t(2));
    QCOMPARE(outline.headings[0].level, 1);
    QCOMPARE(outline.headings[0].text, QStringLiteral("One $x$ two"));
    QCOMPARE(outline.headings[1].text, QStringLiteral("Three"));
    const std::vector<Formula> expected = {{QStringLiteral("x"), false},
                                           {QStringLiteral("a_1 + \\frac{b}{c}"), false},
                                           {QStringLiteral("y = \\sqrt{x}"), true}};
    QVERIFY(outline.formulas == expected);
    QCOMPARE(outline.links, (QStringList{"preset:ravine-zigzag", "experiment:optimizer-race"}));
  }

  void plainTextIsShownSignBySign_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"What is 2*3*4?",
                             "$5 and $6",
                             "a_b_c __d__ ~~e~~",
                             "# no heading",
                             "1. no list\n- nor this",
                             "> no quote",
                             "    no code\n\ttab",
                             "```\nfence\n```",
                             "a | b\n--|--\n1 | 2",
                             "<b>no tag</b> &amp; &lt;",
                             "http://example.org www.example.org a@example.org",
                             "[no](link) ![nor](picture)",
                             "back\\slash \\$ \\\\",
                             "line\n\n\nthree below\n",
                             "x\n===\ny\n---",
                             "  two   spaces  ",
                             "$$x$$ \\(y\\) \\[z\\]",
                             "C#",
                             "`code`",
                             "+ - * / = < >",
                             "\\"})
      QTest::newRow(text) << QString(text);
  }
  void plainTextIsShownSignBySign() {
    QFETCH(QString, text);
    QString shown;
    for (const MarkdownEvent& event : parseMarkdown(markdownOfPlain(text))) {
      if (event.kind == Kind::Text) shown += event.text;
      if (event.kind == Kind::HardBreak) shown += '\n';
      QVERIFY2(event.kind == Kind::Text || event.kind == Kind::HardBreak ||
                   event.kind == Kind::BeginParagraph || event.kind == Kind::End,
               qPrintable(text));
    }
    const auto lines = [](QString lines) {
      lines.replace(QChar::Nbsp, ' ').replace('\t', "    ");
      QStringList trimmed = lines.split('\n');
      for (QString& line : trimmed)
        while (line.endsWith(' ')) line.chop(1);
      return trimmed;
    };
    QCOMPARE(lines(shown), lines(text));
  }

  void formulasBesideChineseTextAreFormulas() {
    const MarkdownOutline outline =
        outlineOf(QStringLiteral("学习率 $\\eta$，动量 $\\mu$。第$t$步"));
    QCOMPARE(outline.formulas.size(), std::size_t(3));
    QCOMPARE(outline.formulas[2].tex, QStringLiteral("t"));
    QCOMPARE(outlineOf(QStringLiteral("每𠀀$a$和$b$步，$\\text{学}$")).formulas.size(),
             std::size_t(3));
    const auto display = outlineOf(QStringLiteral("于是$$x$$成立")).formulas;
    QVERIFY(display.size() == 1 && display[0].display);
  }

  /// Nothing is added to what was written, and nothing is lost, wherever a dollar stands.
  void textBesideDollarsStaysAsItWasWritten() {
    const auto textOf = [](const QString& markdown) {
      QString text;
      for (const MarkdownEvent& event : parseMarkdown(markdown))
        text += event.kind == Kind::Formula ? QString("$%1$").arg(event.formula.tex) : event.text;
      return text;
    };
    for (const char16_t* written :
         {u"第$t$步", u"五$元", u"$五", u"a\u205f第$t$步\u2005b", u"每𠀀$a$和$b$"})
      QCOMPARE(textOf(QString::fromUtf16(written)), QString::fromUtf16(written));
    QCOMPARE(textOf(QStringLiteral("`第$t$步`")), QStringLiteral("第$t$步"));
    QCOMPARE(textOf(QStringLiteral("[链接](地址$a)")), QStringLiteral("地址$a链接"));
  }

  void starsAndUnderscoresInAFormulaAreNoEmphasis() {
    const auto events = parseMarkdown(QStringLiteral("$a_1 * b_2 * c_3$"));
    for (const MarkdownEvent& event : events) QVERIFY(event.kind != Kind::BeginEmphasis);
    QCOMPARE(outlineOf(QStringLiteral("$a_1 * b_2 * c_3$")).formulas[0].tex,
             QStringLiteral("a_1 * b_2 * c_3"));
  }

  void aFormulaMayGoOnInTheNextLine() {
    const MarkdownOutline outline = outlineOf(QStringLiteral("$a +\n   b$"));
    QCOMPARE(outline.formulas.size(), std::size_t(1));
    QCOMPARE(outline.formulas[0].tex, QStringLiteral("a + b"));
  }

  void theKeyOfAFormulaIsTheHashOfItsSource() {
    // printf 'inline\nx' | sha256sum
    QCOMPARE(keyOf({QStringLiteral("x"), false}), QStringLiteral("596a938169557684"));
    QCOMPARE(keyOf({QStringLiteral(" \\frac{a}\n {b} "), true}),
             keyOf({QStringLiteral("\\frac{a} {b}"), true}));
    QVERIFY(keyOf({QStringLiteral("x"), false}) != keyOf({QStringLiteral("x"), true}));
  }

  void htmlIsText() {
    const auto events = parseMarkdown(QStringLiteral(
        "<script>alert(1)</script>\n\n<img src=\"http://example.org/a.png\"> <b>x</b>"));
    QVERIFY(isBalanced(events));
    const QString text = plainText(events);
    QVERIFY(text.contains(QLatin1String("<script>alert(1)</script>")));
    QVERIFY(text.contains(QLatin1String("<b>")));
    for (const MarkdownEvent& event : events) QVERIFY(event.kind != Kind::BeginStrong);
  }

  void anImageIsItsAlternativeText() {
    const auto events = parseMarkdown(QStringLiteral("![a *red* cat](http://example.org/cat.png)"));
    QVERIFY(isBalanced(events));
    QCOMPARE(plainText(events), QStringLiteral("a red cat"));
    for (const MarkdownEvent& event : events) QVERIFY(event.kind != Kind::BeginLink);
  }

  void entitiesAreCharacters() {
    QCOMPARE(plainText(parseMarkdown(QStringLiteral("a&nbsp;b &amp; &#x3b7; &unknown;"))),
             QStringLiteral("a\u00A0b & \u03b7 &unknown;"));
  }

  void listsKnowTheirNumbers() {
    const auto events = parseMarkdown(QStringLiteral("7. a\n8. b\n   - c\n9. d\n"));
    QCOMPARE(events[0].kind, Kind::BeginList);
    QVERIFY(events[0].ordered);
    QCOMPARE(events[0].start, 7);
    QCOMPARE(events[0].rows, 3);
  }

  void anchorsAreMadeFromHeadings() {
    QCOMPARE(anchorOf(QStringLiteral("What an update rule is")),
             QStringLiteral("what-an-update-rule-is"));
    QCOMPARE(anchorOf(QStringLiteral("什么是更新规则？")), QStringLiteral("什么是更新规则"));
  }

  void anyInputIsMarkdown() {
    const QString pieces[] = {"$",   "$$",  "`",    "```\n", "|",  "|-|\n", "\n",     "\n\n",
                              "- ",  "1. ", "> ",   "#",     "**", "[",     "](",     ")",
                              "\\",  "<a>", "&",    "\t",    "x",  " ",     "\u0000", "漢",
                              "~~~", "\r",  "&#0;", "![",    "* ", "---",   "    "};
    QRandomGenerator random(7);
    for (int round = 0; round < 3000; ++round) {
      QString text;
      const int length = random.bounded(60);
      for (int i = 0; i < length; ++i) text += pieces[random.bounded(int(std::size(pieces)))];
      QVERIFY2(isBalanced(parseMarkdown(text)), qPrintable(text));
      outlineOf(text);
    }
  }

  void deepAndLongInputEnds() {
    QVERIFY(isBalanced(parseMarkdown(QString(20000, QLatin1Char('>')))));
    QVERIFY(isBalanced(parseMarkdown(QString(20000, QLatin1Char('[')))));
    QVERIFY(isBalanced(parseMarkdown(QString(6 << 20, QLatin1Char('x')))));
    QString lone_surrogate = QStringLiteral("a b");
    lone_surrogate[1] = QChar(0xD800);
    QVERIFY(isBalanced(parseMarkdown(lone_surrogate)));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::MarkdownTest)
#include "markdown_test.moc"

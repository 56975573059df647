// SPDX-License-Identifier: GPL-3.0-or-later
// What a browser shows of the HTML of other programs.
#include "app/study/html_text.h"

#include <QTemporaryDir>
#include <QTest>

#include "app/study/card_exchange.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;

class HtmlTextTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theTextIsThatOfABrowser_data() {
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* html, const char* text) {
      QTest::newRow(html) << QString(html) << QString(text);
    };
    row("10<sup>-4</sup>", "10⁻⁴");
    row("O(n<sup>2</sup>)", "O(n²)");
    row("w<sub>1</sub>", "w₁");
    row("x<sub>i</sub><sup>n+1</sup>", "xᵢⁿ⁺¹");
    row("<SUP>2</SUP>", "²");
    row("<span style='vertical-align: super'>2</span>", "²");
    row("2<sup>1<b>0</b></sup>", "2¹⁰");
    row("w<sub>max</sub>", "w_max");
    row("A<sup>T</sup>", "A^T");
    row("e<sup>-x/2</sup>", "e^(-x/2)");
    row("&asymp; &#x3b1; &#945; &le; &hellip; &rarr;", "≈ α α ≤ … →");
    row("&leq; &varepsilon; &nosuch;", "≤ ϵ &nosuch;");
    row("a &lt; b &amp;amp; &quot;c&quot; &#39;d&#39;", "a < b &amp; \"c\" 'd'");
    row("x < y, 3 <4", "x < y, 3 <4");
    row("r&nbsp;s", "r s");
    row("a<br>b<BR />c", "a\nb\nc");
    row("q<div>line</div>", "q\nline");
    row("<p>one</p><p>two <em>and</em> a half</p>", "one\ntwo and a half");
    row("<ul><li>one</li><li>two</li></ul>", "• one\n• two");
    row("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two");
    row("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td");
    row("<pre>for i in x:\n    y += i</pre>", "for i in x:\n    y += i");
    row("one\n  and  two", "one and two");
    row("see <img src=\"media/net.png\">", "see [net.png]");
    row("<script>alert(1)</script><style>b { color: red }</style>text", "text");
    row("{{c1::Paris}} \\(x^2\\) $x$", "{{c1::Paris}} \\(x^2\\) $x$");
    row("<div><br></div>x<div><br></div>", "x");
    row("no HTML at all: 2*3*4", "no HTML at all: 2*3*4");
  }
  void theTextIsThatOfABrowser() {
    QFETCH(QString, html);
    QFETCH(QString, text);
    QCOMPARE(textOfHtml(html), text);
  }

  void noFileIsOpened() {
    QTemporaryDir folder;
    const QString sheet = folder.filePath("hide.css");
    QVERIFY(study_test::write(sheet, "b { white-space: pre; }"));
    QCOMPARE(textOfHtml("<style>@import url(" + sheet + ");</style><b>a  b</b>"), QString("a b"));
  }

  void ankisNotesKeepWhatIsRaisedAndLowered() {
    const auto cards = cardsFromText(
        "#separator:tab\n#html:true\n#guid column:1\n"
        "a\tO(n<sup>2</sup>)?\tw<sub>1</sub> &asymp; 10<sup>-4</sup>\n"
        "b\tCode?\t\"<pre>x\n  y</pre>\"\n");
    QCOMPARE(cards[0].question, QString("O(n²)?"));
    QCOMPARE(cards[0].answer, QString("w₁ ≈ 10⁻⁴"));
    QCOMPARE(cards[1].answer, QString("x\n  y"));
    QVERIFY(cards[0].plain);
  }
};

QTEST_MAIN(HtmlTextTest)
#include "html_text_test.moc"

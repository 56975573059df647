// SPDX-License-Identifier: GPL-3.0-or-later
// Own cards as Anki, spreadsheets and we ourselves write them.
#include "app/study/card_exchange.h"

#include <QRandomGenerator>

#include "app/study/card_cells.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

OwnCard asked(const QString& question, const QString& answer, const QString& explanation = {},
              const QString& lesson = {}, const QString& id = {}) {
  OwnCard card{id, lesson, question, answer, explanation};
  card.plain = true;
  return card;
}

OwnCard asNote(OwnCard card, const QString& note_type, const QString& deck, const QString& tags) {
  card.note_type = note_type;
  card.deck = deck;
  card.tags = tags;
  return card;
}

const QString kGiven = "own-0b6e2f3a-9d51-4c1e-8a57-6f0d1c2b3a49";  // an id of Viva's

QString problemIn(const QByteArray& file) {
  try {
    cardsFromText(file);
  } catch (const RequestError& error) {
    return sentence(error.message());
  }
  return {};
}

}  // namespace

class CardExchangeTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatIsWrittenIsReadBackExactly_data() {
    QTest::addColumn<QChar>("separator");
    QTest::newRow("tab") << QChar('\t');
    QTest::newRow("comma") << QChar(',');
    QTest::newRow("semicolon") << QChar(';');
  }
  void whatIsWrittenIsReadBackExactly() {
    QFETCH(QChar, separator);
    const std::vector<OwnCard> cards = {
        asked("plain", "answer"),
        asked("a \"quote\", a ; and a \t tab", "two\nlines\r\nand more\r", " spaces ", "lstm",
              "x-1"),
        asked("=1+1", "-2", "@SUM(A1)", "+3", "=id"),
        asked("# not a comment", "#html:true", "#", "", "own-2"),
        asked("中文问题", "$\\frac{1}{2}$ &lt; <br> <b>", "é🙂", "a", "y"),
        asked("\"", "\"\"", "\n", "", ""),
        asked("\"begins", "ends\"", ",,;;\t\t", "", "")};
    const QByteArray text = textOfCards(cards, separator);
    QCOMPARE(cardsFromText(text), cards);
    QCOMPARE(cardsFromText("\xef\xbb\xbf" + text), cards);
    QCOMPARE(textOfCards(cardsFromText(text), separator), text);
  }

  void randomCardsSurviveTheRoundTrip() {
    QRandomGenerator random(7);
    const QString alphabet = "ab \t,;|\"'#=\n\r<>&中";
    for (int round = 0; round < 300; ++round) {
      std::vector<OwnCard> cards(1 + random.bounded(6));
      for (OwnCard& card : cards)
        for (QString OwnCard::*text :
             {&OwnCard::question, &OwnCard::answer, &OwnCard::explanation}) {
          card.*text = "x";
          for (int length = random.bounded(12); length > 0; --length)
            (card.*text)
                .insert(random.bounded((card.*text).size() + 1),
                        alphabet[random.bounded(alphabet.size())]);
        }
      for (const char separator : {'\t', ',', ';', '|'})
        QCOMPARE(cardsFromText(textOfCards(cards, separator)), cards);
    }
  }

  void ankiReadsWhatWeWrite() {
    QCOMPARE(textOfCards({asked("q", "line\nline", {}, "lstm", "x")}),
             QByteArray("#separator:tab\n#html:false\n#guid column:5\n"
                        "#columns:question\tanswer\texplanation\tlesson\tid\n"
                        "q\t\"line\nline\"\t\tlstm\tx\n"));
  }

  void whatTheyAskThenHasAColumnOfItsOwn() {
    OwnCard card = asked("q", "r", "e", "lstm", "x");
    card.follow_ups = "And *why*?\nBecause.";
    const std::vector<OwnCard> cards = {card, asked("other", "r")};
    for (const char separator : {'\t', ',', ';'})
      QCOMPARE(cardsFromText(textOfCards(cards, separator)), cards);
    QVERIFY(textOfCards(cards).contains("\tid\tfollow_ups\n"));
    QCOMPARE(cardsFromText("问题;答案;追问\nq;r;f\n").front().follow_ups, QString("f"));
  }

  /// As Viva wrote it before cards had a fourth part.
  void anOlderExportIsStillRead() {
    QCOMPARE(cardsFromText("#separator:tab\n#html:false\n"
                           "#columns:question\tanswer\texplanation\tlesson\tid\n"
                           "q\tr\te\tlstm\tx\n"),
             std::vector<OwnCard>{asked("q", "r", "e", "lstm", "x")});
    QCOMPARE(cardsFromText("q,r,e,lstm,x,tags\n"),
             std::vector<OwnCard>{asked("q", "r", "e", "lstm", "x")});
  }

  void whatIsWrongIsNamedWithItsLineAndItsCard() {
    const QString said = problemIn("question,answer,id\nq,r,fine\nq,,broken-card\n");
    QVERIFY2(said.contains("3 (broken-card)"), qPrintable(said));
  }

  void ankisNotesInPlainTextAreRead() {
    const auto cards = cardsFromText(
        "#separator:tab\r\n#html:true\r\n#guid column:1\r\n#notetype column:2\r\n#deck column:3\r\n"
        "#tags column:6\r\n"
        "N-)p^TvHb7\tBasic\tDefault\tWhat is <b>Adam</b>?\t\"a<br>b<br />c &lt; d &amp;amp; "
        "\"\"e\"\"\"\ttag\r\n"
        "second\tBasic\tDefault\tq<div>line</div>\tr&nbsp;s\t\r\n");
    QCOMPARE(cards,
             (std::vector<OwnCard>{
                 asNote(asked("What is Adam?", "a\nb\nc < d &amp; \"e\"", {}, {}, "N-)p^TvHb7"),
                        "Basic", "Default", "tag"),
                 asNote(asked("q\nline", "r s", {}, {}, "second"), "Basic", "Default", {})}));
  }

  /// Anki knows a note by its guid, and leaves one alone that comes back with another note type.
  void ankisNotesGoBackAsItsNotes() {
    const auto cards = cardsFromText(
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n"
        "#tags column:7\n"
        "N-)p^TvHb7\tBasic\tML::Nets\tq\tr\textra\thard todo\n"
        "x;y\tBasic (reversed)\tML\tq2\tr2\t\t\n");
    QCOMPARE(textOfCards(cards),
             QByteArray("#separator:tab\n#html:false\n#guid column:5\n#notetype column:6\n"
                        "#deck column:7\n#tags column:8\n"
                        "#columns:question\tanswer\texplanation\tlesson\tid\tnotetype\tdeck\ttags\n"
                        "q\tr\textra\t\tN-)p^TvHb7\tBasic\tML::Nets\thard todo\n"
                        "q2\tr2\t\t\tx;y\tBasic (reversed)\tML\t\n"));
    QCOMPARE(cardsFromText(textOfCards(cards)), cards);
  }

  void whatAnkisHeadSaysOfAllNotesIsThatOfEach() {
    const auto cards =
        cardsFromText("#separator:comma\n#notetype:Basic\n#deck:ML::Nets\n#tags:a b\nq,r\nq2,r2\n");
    QCOMPARE(cards, (std::vector<OwnCard>{asNote(asked("q", "r"), "Basic", "ML::Nets", "a b"),
                                          asNote(asked("q2", "r2"), "Basic", "ML::Nets", "a b")}));
    QCOMPARE(cardsFromText(textOfCards(cards)), cards);
  }

  /// A guid has any sign; only fields are HTML.
  void aGuidIsKeptAsItIs() {
    const auto cards =
        cardsFromText("#separator:tab\n#html:true\n#guid column:1\na&lt;b<i>\tq\tr\n");
    QCOMPARE(cards.front().id, QString("a&lt;b<i>"));
  }

  /// A fourth field of a note is no lesson.
  void fieldsOfNotesBeyondTheThirdAreLeft() {
    const auto cards =
        cardsFromText("#separator:tab\n#html:true\n#guid column:1\ng\tq\tr\te\tfourth\tfifth\n");
    QCOMPARE(cards, std::vector<OwnCard>{asked("q", "r", "e", {}, "g")});
  }

  void theGuidIsTheIdAlsoWhereTheColumnsAreNamed() {
    QCOMPARE(cardsFromText("#separator:comma\n#guid column:3\n#columns:Front,Back,Key\nq,r,k\n"),
             std::vector<OwnCard>{asked("q", "r", {}, {}, "k")});
  }

  void whatSaysNothingOfMarkdownIsPlain_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::newRow("no HTML") << QByteArray("#separator:tab\n#html:false\nq\t2*3*4\n");
    QTest::newRow("a file of one's own") << QByteArray("q\t2*3*4\n");
    QTest::newRow("with names") << QByteArray("question,answer\nq,2*3*4\n");
  }
  void whatSaysNothingOfMarkdownIsPlain() {
    QFETCH(QByteArray, file);
    QCOMPARE(cardsFromText(file), std::vector<OwnCard>{asked("q", "2*3*4")});
  }

  void howTextsAreReadGoesWithThem() {
    OwnCard marked = asked("What is $x$?", "*a*", {}, {}, kGiven);
    marked.plain = false;
    const OwnCard plain = asked("$5 or $6?", "2*3*4", {}, {}, "own-1" + kGiven.mid(5));
    for (const std::vector<OwnCard>& cards :
         {std::vector<OwnCard>{marked}, {plain}, {marked, plain}, {plain, asked("q", "r")}}) {
      QVERIFY(textOfCards(cards).contains("format"));
      QCOMPARE(cardsFromText(textOfCards(cards)), cards);
    }
  }

  /// Before cards could be plain, all were Markdown; an export of then has ids that Viva gave.
  void cardsOfAnOlderVivaStayMarkdown() {
    const auto cards = cardsFromText(
        "#separator:tab\n#html:false\n#columns:question\tanswer\texplanation\tlesson\tid\n"
        "What is $\\beta_1$?\tr\t\t\t" +
        kGiven.toUtf8() + "\n");
    QVERIFY(!cards.front().plain);
  }

  void notesThatAreNoCardsAreLeftOutAndNamed_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("named");
    QTest::newRow("a cloze without a back")
        << QByteArray("#html:false\n#guid column:1\na\tq\tr\nclz\t{{c1::Paris}} is it\t\nb\tq\tr\n")
        << "Line 4 (clz): the answer is empty";
    QTest::newRow("a cloze in a file without a head")
        << QByteArray("q,r\n{{c2::Adam::who}} moves,\nq,r\n") << "Line 2: the answer is empty";
    QTest::newRow("a note without a front")
        << QByteArray("#html:true\n#separator:tab\nq\tr\n<div></div>\tr\nq\tr\n")
        << "Line 4: the question is empty";
  }
  void notesThatAreNoCardsAreLeftOutAndNamed() {
    QFETCH(QByteArray, file);
    QFETCH(QString, named);
    std::vector<Message> left_out;
    const auto cards = cardsFromText(file, &left_out);
    QCOMPARE(cards.size(), std::size_t{2});
    QCOMPARE(cards[1].question, QString("q"));
    QCOMPARE(left_out.size(), std::size_t{1});
    const QString said = sentence(left_out.front());
    QVERIFY2(said.startsWith(named), qPrintable(said));
  }

  void aFileOfNotesOnlyThatAreNoCardsIsRefused() {
    const QString said = problemIn("#html:true\n#separator:tab\n{{c1::Paris}}\t\n");
    QVERIFY2(said.startsWith("Line 3: the answer is empty"), qPrintable(said));
  }

  void twoColumnsAreFrontAndBack() {
    QCOMPARE(cardsFromText("q1\tr1\nq2\tr2"),
             (std::vector<OwnCard>{asked("q1", "r1"), asked("q2", "r2")}));
    QCOMPARE(cardsFromText("Front,Back\nq1,r<br>1\n"), std::vector<OwnCard>{asked("q1", "r\n1")});
  }

  void columnsAreFoundByTheirNames() {
    QCOMPARE(cardsFromText("id,Lesson,Answer,tags,QUESTION\nx,lstm,r,t,q\n"),
             std::vector<OwnCard>{asNote(asked("q", "r", {}, "lstm", "x"), {}, {}, "t")});
    QCOMPARE(cardsFromText("答案;问题;解释\nr;q;e\n"), std::vector<OwnCard>{asked("q", "r", "e")});
    QCOMPARE(cardsFromText("#separator:Semicolon\n#columns:answer;question\nr;q\n"),
             std::vector<OwnCard>{asked("q", "r")});
  }

  void theSeparatorIsNamedOrGuessed_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::newRow("comma") << QByteArray("q,r\nq,r\n");
    QTest::newRow("semicolon") << QByteArray("q;r\nq;r\n");
    QTest::newRow("tab") << QByteArray("q\tr\nq\tr\n");
    QTest::newRow("pipe") << QByteArray("q|r\nq|r\n");
    QTest::newRow("by name") << QByteArray("#separator:Pipe\nq|r\nq|r\n");
    QTest::newRow("by itself") << QByteArray("#separator:;\nq;r\nq;r\n");
    QTest::newRow("a rare one") << QByteArray("#separator:~\nq~r\nq~r\n");
    QTest::newRow("of a spreadsheet") << QByteArray("sep=;\r\nq;r\r\nq;r\r\n");
    QTest::newRow("filled up by a spreadsheet") << QByteArray("#separator:Comma,,\nq,r,\nq,r,\n");
    QTest::newRow("quoted") << QByteArray("\"q\",\"r\"\n\"q\",\"r\"");
    QTest::newRow("old line ends") << QByteArray("q;r\rq;r\r");
    QTest::newRow("blank lines and comments")
        << QByteArray("\n,,\n# a comment, really\nq,r\n\n\nq,r\n\n");
  }
  void theSeparatorIsNamedOrGuessed() {
    QFETCH(QByteArray, file);
    QCOMPARE(cardsFromText(file), (std::vector<OwnCard>{asked("q", "r"), asked("q", "r")}));
  }

  void commasInTextDoNotFoolTheGuess() {
    QCOMPARE(cardsFromText("Why, then?;Because, a, b\nAnd you?;No\n"),
             (std::vector<OwnCard>{asked("Why, then?", "Because, a, b"), asked("And you?", "No")}));
  }

  void aCellThatLooksLikeAFormulaIsText() {
    QCOMPARE(cardsFromText("=1+1,\"=HYPERLINK(\"\"http://x\"\")\"\n"),
             std::vector<OwnCard>{asked("=1+1", "=HYPERLINK(\"http://x\")")});
    QVERIFY(textOfCards({asked("=1+1", "2")}, ',').contains("\n=1+1,2,"));
  }

  void whatIsWrongIsSaidWithItsLine_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("words");
    QTest::newRow("empty") << QByteArray("") << "The file has no cards";
    QTest::newRow("blank") << QByteArray(" \n\n ") << "The file has no cards";
    QTest::newRow("only a header") << QByteArray("question,answer\n") << "The file has no cards";
    QTest::newRow("one column") << QByteArray("#html:false\nq\nq2\n") << "Line 2: the columns";
    QTest::newRow("names without answer")
        << QByteArray("#columns:question,lesson\nq,r\n") << "Line 2: the columns";
    QTest::newRow("binary") << QByteArray("q,r\nq\0,r\n", 10) << "Line 2: this is not a text file";
    QTest::newRow("UTF-16") << QByteArray("\xff\xfeq\0,\0", 6)
                            << "Line 1: the text is not in UTF-8";
    QTest::newRow("GBK") << QByteArray("q,r\nq,\xce\xca\xcc\xe2\n")
                         << "Line 2: the text is not in UTF-8";
    QTest::newRow("cut") << QByteArray("q,r\nq,\xe4\xb8") << "Line 2: the text is not in UTF-8";
    QTest::newRow("open quote") << QByteArray("q,r\nq,\"r\nq,r\n")
                                << "Line 2: a quotation mark is opened";
    QTest::newRow("after a quote")
        << QByteArray("q,r\n\"q\n\"x,r\n") << "Line 3: there is text after";
    QTest::newRow("too many cells")
        << QByteArray("q,r\nq,r,e\n") << "Line 2: there are 3 cells for 2";
    QTest::newRow("no answer") << QByteArray("q,r\nq,\n") << "Line 2: the answer is empty";
    QTest::newRow("too few cells") << QByteArray("q,r\nq2\n") << "Line 2: the answer is empty";
    QTest::newRow("no question") << QByteArray("q,\"r\nr\"\n ,r\n")
                                 << "Line 3: the question is empty";
    QTest::newRow("long") << "q,r\nq," + QByteArray(20001, 'x') + '\n'
                          << "Line 2: the answer is longer than 20000 characters";
    QTest::newRow("same id") << QByteArray("question,answer,id\nq,r,1\nq,r,2\nq,r,1\n")
                             << "Line 4: the id is that of line 2";
    QTest::newRow("separator") << QByteArray("#html:false\n#separator:dash\nq-r\n")
                               << "Line 2: the separator is unknown";
    QTest::newRow("too many") << QByteArray("q,r\n").repeated(20001)
                              << "Line 20001: there are more than";
    QTest::newRow("too large") << QByteArray(8 * 1024 * 1024 + 1, 'x')
                               << "The file is larger than 8 MB";
  }
  void whatIsWrongIsSaidWithItsLine() {
    QFETCH(QByteArray, file);
    QFETCH(QString, words);
    const QString problem = problemIn(file);
    QVERIFY2(problem.startsWith(words), qPrintable(problem));
    QVERIFY2(!problem.contains('{') && !problem.contains('\n'), qPrintable(problem));
  }

  void whatIsAllowedAtMostIsRead() {
    QCOMPARE(cardsFromText(QByteArray("q,r\n").repeated(20000)).size(), std::size_t{20000});
    QCOMPARE(problemIn("q," + QByteArray(20000, 'x')), QString());
  }

  void filesAreReadAndWritten() {
    QTemporaryDir folder;
    const std::vector<OwnCard> cards = {asked("q, really", "r", "e", "a", "x")};
    writeCards(folder.filePath("cards.csv"), cards);
    writeCards(folder.filePath("cards.tsv"), cards);
    QVERIFY(contentOf(folder.filePath("cards.csv")).contains("\"q, really\",r"));
    QVERIFY(contentOf(folder.filePath("cards.tsv")).contains("q, really\tr"));
    QCOMPARE(readCards(folder.filePath("cards.csv")), cards);
    QCOMPARE(readCards(folder.filePath("cards.tsv")), cards);
    QCOMPARE(refusal([&] { readCards(folder.filePath("none")); }),
             std::string("study.cannot_read"));
    QCOMPARE(refusal([&] { writeCards(folder.filePath("no/where.csv"), cards); }),
             std::string("study.cannot_write"));
  }
};

QTEST_GUILESS_MAIN(CardExchangeTest)
#include "card_exchange_test.moc"

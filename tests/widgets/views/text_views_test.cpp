// SPDX-License-Identifier: GPL-3.0-or-later
// Text in pieces and messages between lifelines: what they show and how they answer.
#include <QAccessible>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "tests/fakes/fake_text_views.h"
#include "tests/widgets/views/fake_race.h"
#include "tests/widgets/views/view_testing.h"
#include "widgets/views/payload_text.h"
#include "widgets/views/picture.h"
#include "widgets/views/sequence_view.h"
#include "widgets/views/tokens_view.h"

using namespace viva;
using namespace viva::fakes;

namespace {

const std::vector<ParameterSpec>& specs() {
  static const std::vector<ParameterSpec> list = [] {
    std::vector<ParameterSpec> made;
    made.push_back(integer("row", 0).range(0, 9));
    made.push_back(integer("piece", 0).range(0, 6));
    made.push_back(text("chosen", ""));
    return made;
  }();
  return list;
}

/// A view of this data whose picks come back to it, as a panel does it.
template <typename Kind, typename Data>
struct Shown {
  std::unique_ptr<Kind> view;
  Parameters parameters{specs()};
  int finished = 0;

  Shown(ViewSpec spec, Data data, const Appearance& appearance = {}, QSize size = {600, 400})
      : view(make<Kind>(spec, appearance, size)) {
    view->setParameters(parameters);
    QObject::connect(view.get(), &View::parameterDragged, view.get(),
                     [this](const QString& name, const Value& value, bool is_finished) {
                       parameters.set(name.toStdString(), value);
                       finished += is_finished;
                       view->setParameters(parameters);
                     });
    give(std::move(data));
  }
  void give(Data data) {
    auto frame = std::make_shared<Frame>();
    frame->views.emplace(view->spec().id, std::move(data));
    view->setFrame(frame);
  }
  std::string chosen() const { return std::get<Text>(parameters.value("chosen")).text; }
};
using Tokens = Shown<TokensView, TokensData>;
using Sequence = Shown<SequenceView, SequenceData>;

ViewSpec pickingTokens() {
  ViewSpec spec = tokens("t");
  spec.picks = ViewSpec::Picks{"row", "piece"};
  return spec;
}

void wheel(QWidget& widget, int notches) {
  QWheelEvent event(QPointF(50, 50), widget.mapToGlobal(QPointF(50, 50)), {},
                    QPoint(0, 120 * notches), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                    false);
  QApplication::sendEvent(&widget, &event);
}

QString spoken(View& view) {
  return QAccessible::queryAccessibleInterface(&view)->text(QAccessible::Description);
}

}  // namespace

class TextViewsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void piecesDoNotOverlapAndStayInTheView() {
    for (const QSize size : {QSize(200, 160), QSize(600, 400), QSize(1200, 300)})
      for (const auto& data : {attentionTokens(), translationTokens(), longTokens(300)}) {
        Tokens shown(tokens("t"), data, {}, size);
        std::vector<QRectF> boxes;
        for (int r = 0; r < static_cast<int>(data.rows.size()); ++r)
          for (int p = 0; p < static_cast<int>(data.rows[r].pieces.size()); ++p)
            boxes.push_back(shown.view->pieceRect(r, p));
        for (std::size_t i = 0; i < boxes.size(); ++i) {
          QVERIFY(boxes[i].left() >= 0 && boxes[i].right() <= size.width());
          if (i > 0) QVERIFY(!boxes[i].intersects(boxes[i - 1]));
        }
      }
  }

  void spacesLineEndsAndWhatHasNoLetterAreMadeVisible() {
    QCOMPARE(TokensView::visible(" the"), QString::fromUtf8("·the"));
    QCOMPARE(TokensView::visible("a\n"), QString::fromUtf8("a↵"));
    QCOMPARE(TokensView::visible("\t"), QString::fromUtf8("→"));
    QCOMPARE(TokensView::visible(""), QString::fromUtf8("∅"));
    QCOMPARE(TokensView::visible("语言"), QString::fromUtf8("语言"));
    QCOMPARE(TokensView::visible(std::string("\x01")), QString(QChar(0xfffd)));
    // Half a letter: Qt says each of its bytes.
    QCOMPARE(TokensView::visible("\xe8\xaf"), QString(2, QChar(0xfffd)));
  }

  void aLineEndsAfterALineEnd() {
    TokensData data;
    data.rows.push_back({"r", {}, {{"a", {}, {}}, {"\n", {}, {}}, {"b", {}, {}}}});
    Tokens shown(tokens("t"), data);
    QCOMPARE(shown.view->pieceRect(0, 0).top(), shown.view->pieceRect(0, 1).top());
    QVERIFY(shown.view->pieceRect(0, 2).top() > shown.view->pieceRect(0, 1).bottom());
  }

  void aSentenceIsOneLineInTheMiddleInLettersAsLargeAsFit() {
    const auto rowOf = [](const QSize& size) {
      Tokens shown(tokens("t"), attentionTokens(), {}, size);
      std::vector<QRectF> boxes;
      for (int p = 0; p < 9; ++p) boxes.push_back(shown.view->pieceRect(0, p));
      return boxes;
    };
    double before = 0;
    for (const int width : {560, 800, 1100}) {
      const auto boxes = rowOf({width, 500});
      for (const QRectF& box : boxes) QCOMPARE(box.top(), boxes[0].top());
      const double length = boxes[8].right() - boxes[0].left();
      QVERIFY2(length > before, qPrintable(QString::number(length)));
      before = length;
      // The label and the colours have the margins.
      QVERIFY(length > width * 0.55);
      QVERIFY(boxes[0].top() > 100 && boxes[0].bottom() < 480);
    }
  }

  void theKindsOfArcsAreNamedAndCanBeHidden() {
    Tokens shown(tokens("t"), translationTokens());
    const auto legend = shown.view->legend();
    QCOMPARE(legend.size(), std::size_t{1});
    QCOMPARE(legend[0].id, std::string("alignment"));
    QVERIFY(legend[0].line && legend[0].arrow && !legend[0].marker);
    const QColor colour = legend[0].style.colour;
    const auto pixels = [&] {
      const QImage image = rendered(*shown.view);
      int count = 0;
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
          count += std::abs(qGreen(image.pixel(x, y)) - colour.green()) < 30 &&
                   std::abs(qRed(image.pixel(x, y)) - colour.red()) < 30 &&
                   std::abs(qBlue(image.pixel(x, y)) - colour.blue()) < 30;
      return count;
    };
    const int with = pixels();
    shown.view->setShown("alignment", false);
    QVERIFY(pixels() < with / 3);
    QVERIFY(!shown.view->legend()[0].shown);
  }

  void aValueIsReadOnHoverAndSpokenByKeyboard() {
    Tokens shown(tokens("t"), attentionTokens());
    hover(*shown.view, shown.view->pieceRect(0, 8).center());
    QVERIFY(shown.view->readout());
    const QString text = shown.view->readout()->text();
    QVERIFY2(text.contains(QString::fromUtf8("·it")) && text.contains("0.8"), qPrintable(text));
    QVERIFY2(text.contains(QString::fromUtf8("·animal")), qPrintable(text));  // its heaviest arc
    QTest::keyClick(shown.view.get(), Qt::Key_Escape);
    QVERIFY(!shown.view->readout());
    QTest::keyClick(shown.view.get(), Qt::Key_Home);
    QTest::keyClick(shown.view.get(), Qt::Key_Right);
    QVERIFY(spoken(*shown.view).startsWith(shown.view->readout()->text()));
    QVERIFY(spoken(*shown.view).contains(QString::fromUtf8("·animal")));
    QVERIFY(shown.view->summary().contains("The animal didn't cross the street because it"));
  }

  void arrowKeysGoToTheNextLineAndIntoTheNextRow() {
    Tokens shown(tokens("t"), translationTokens());
    const auto at = [&] { return shown.view->readout()->position; };
    QTest::keyClick(shown.view.get(), Qt::Key_Right);  // shows where one is
    QCOMPARE(at(), shown.view->pieceRect(0, 0).center());
    QTest::keyClick(shown.view.get(), Qt::Key_Down);
    QCOMPARE(at(), shown.view->pieceRect(1, 0).center());
    QTest::keyClick(shown.view.get(), Qt::Key_Left);
    QCOMPARE(at(), shown.view->pieceRect(0, 4).center());
    QTest::keyClick(shown.view.get(), Qt::Key_End);
    QCOMPARE(at(), shown.view->pieceRect(2, 4).center());
    QTest::keyClick(shown.view.get(), Qt::Key_Right);  // there is no further one
    QCOMPARE(at(), shown.view->pieceRect(2, 4).center());
  }

  void aPieceIsPickedByClickAndByKeyWithinTheParametersRange() {
    Tokens shown(pickingTokens(), attentionTokens());
    const QImage before = rendered(*shown.view);
    QTest::mouseClick(shown.view.get(), Qt::LeftButton, {},
                      shown.view->pieceRect(0, 5).center().toPoint());
    QCOMPARE(shown.parameters.integer("piece"), 5);
    QCOMPARE(shown.finished, 1);
    QVERIFY(differing(rendered(*shown.view), before, 40) > 50);
    // Piece 8 lies beyond the range of the parameter.
    QTest::mouseClick(shown.view.get(), Qt::LeftButton, {},
                      shown.view->pieceRect(0, 8).center().toPoint());
    QCOMPARE(shown.parameters.integer("piece"), 5);
    QTest::keyClick(shown.view.get(), Qt::Key_Home);
    QTest::keyClick(shown.view.get(), Qt::Key_Right);
    QTest::keyClick(shown.view.get(), Qt::Key_Space);
    QCOMPARE(shown.parameters.integer("piece"), 1);
    QVERIFY(shown.view->readout());
  }

  void aListTakesPiecesInAndOut() {
    ViewSpec spec = tokens("t");
    spec.picks = ViewSpec::Picks{"", "chosen"};
    Tokens shown(spec, attentionTokens());
    for (const int piece : {5, 0, 3, 5})
      QTest::mouseClick(shown.view.get(), Qt::LeftButton, {},
                        shown.view->pieceRect(0, piece).center().toPoint());
    QCOMPARE(shown.chosen(), std::string("0,3"));
  }

  void twoThousandPiecesScrollAndStayFluent() {
    Tokens shown(tokens("t"), longTokens(2000), {}, {900, 600});
    QVERIFY(shown.view->pieceRect(0, 1999).top() > 600);
    shown.view->grab();
    QElapsedTimer timer;
    timer.start();
    constexpr int kTurns = 20;
    for (int i = 0; i < kTurns; ++i) {
      wheel(*shown.view, -1);
      shown.view->grab();
    }
    const double scrolling = static_cast<double>(timer.elapsed()) / kTurns;
    QVERIFY(shown.view->scrolled() > 0);
    timer.restart();
    for (int i = 0; i < kTurns; ++i) {
      shown.give(longTokens(2000));
      shown.view->grab();
    }
    const double frames = static_cast<double>(timer.elapsed()) / kTurns;
    timer.restart();
    for (int i = 0; i < kTurns; ++i) {
      hover(*shown.view, QPointF(100 + 20 * i, 200));
      shown.view->grab();
    }
    const double hovering = static_cast<double>(timer.elapsed()) / kTurns;
    qInfo("2000 pieces: %.1f ms a scroll, %.1f ms a frame, %.1f ms a hover", scrolling, frames,
          hovering);
    QVERIFY(scrolling < 200 && frames < 200 && hovering < 200);
    QTest::keyClick(shown.view.get(), Qt::Key_End);
    QVERIFY(QRectF(shown.view->rect()).contains(shown.view->pieceRect(0, 1999)));
    wheel(*shown.view, 1000);
    QCOMPARE(shown.view->scrolled(), 0.0);
  }

  void aPictureHasAllPiecesOrSaysHowManyMore() {
    Tokens few(tokens("t"), longTokens(200), {}, {500, 200});
    PictureSettings settings;
    settings.size = {900, 600};
    const QByteArray svg = pictureSvg(*few.view, settings);
    QVERIFY(!svg.contains("more pieces"));
    QVERIFY(svg.contains("语言"));
    settings.size = {200, 100};
    QVERIFY(pictureSvg(*few.view, settings).contains("more pieces"));
  }

  void nothingOfAPictureLiesOutsideOfIt() {
    // The SVG writer ignores clip rectangles.
    for (const bool is_sequence : {false, true}) {
      std::unique_ptr<View> view;
      auto frame = std::make_shared<Frame>();
      if (is_sequence) {
        frame->at<SequenceData>("v") = longSequence(300);
        view = make(sequence("v"));
      } else {
        frame->at<TokensData>("v") = longTokens(2000);
        for (int i = 0; i + 3 < 2000; i += 3)
          frame->at<TokensData>("v").arcs.push_back({0, i, 0, i + 3, 1, ""});
        view = make(tokens("v"));
      }
      view->setFrame(frame);
      QImage image(700, 700, QImage::Format_RGB32);
      image.fill(theme(false).background);
      {
        QPainter painter(&image);
        view->render(painter, QRectF(150, 150, 400, 250));
      }
      QImage inside = image;
      QPainter wiper(&inside);
      wiper.fillRect(QRect(149, 149, 402, 252), theme(false).background);
      wiper.end();
      QImage blank(image.size(), image.format());
      blank.fill(theme(false).background);
      QCOMPARE(differing(inside, blank, 8), 0);
      QVERIFY(differing(image, blank, 8) > 1000);
    }
  }

  void oddTokensAreSurvived() {
    TokensData data;
    data.rows.push_back({"empty", std::string("empty"), {}});
    data.rows.push_back({"odd", {}, {{"", NAN, {}}, {std::string(900, 'x'), INFINITY, {}}}});
    data.arcs = {{0, 0, 1, 0, 1, ""},
                 {1, 0, 1, 7, 1, ""},
                 {-1, 0, 9, 9, 1, ""},
                 {1, 0, 1, 1, NAN, ""},
                 {1, 1, 1, 1, -2, ""}};
    for (const QSize size : {QSize(1, 1), QSize(30, 400), QSize(400, 20), QSize(500, 300)}) {
      Tokens shown(tokens("t"), data, {}, size);
      shown.view->grab();
      shown.view->summary();
      shown.view->dataTable();
      for (const int key : {Qt::Key_Right, Qt::Key_Down, Qt::Key_PageDown, Qt::Key_Home,
                            Qt::Key_End, Qt::Key_Return})
        QTest::keyClick(shown.view.get(), Qt::Key(key));
      rendered(*shown.view);
    }
    Tokens none(tokens("t"), TokensData{});
    QVERIFY(none.view->isEmpty());
    QTest::keyClick(none.view.get(), Qt::Key_Right);
    QTest::mouseClick(none.view.get(), Qt::LeftButton);
  }

  void piecesAndArcsAreCopiedAsData() {
    Tokens shown(tokens("t"), translationTokens());
    const QByteArray csv = dataText(shown.view->dataTable(), ',', Language::English);
    QVERIFY(csv.startsWith("row,piece,text,value,to_row,to_piece,weight\n"));
    QVERIFY(csv.contains("prediction,1,喜爱,-0.7,,,\n"));
    QVERIFY(csv.contains("source,3, learning,,target,2,0.3\n"));
  }

  void messagesDoNotOverlapAndRunDown() {
    for (const QSize size : {QSize(260, 300), QSize(700, 500)}) {
      Sequence shown(sequence("s"), toolCallSequence(), {}, size);
      for (int i = 1; i < 10; ++i) {
        const QRectF before = shown.view->messageRect(i - 1), now = shown.view->messageRect(i);
        QVERIFY(now.top() >= before.bottom() - 0.01);
        QVERIFY(now.height() > 10);
      }
    }
  }

  void aPayloadOpensFoldedThenWholeThenCloses() {
    Sequence shown(sequence("s"), toolCallSequence(), {}, {700, 900});
    const auto height = [&](int message) { return shown.view->messageRect(message).height(); };
    const double closed = height(1);
    const auto click = [&](int message) {
      QTest::mouseClick(shown.view.get(), Qt::LeftButton, {},
                        (shown.view->messageRect(message).topLeft() + QPointF(300, 6)).toPoint());
    };
    click(1);
    QCOMPARE(shown.view->opened(1), SequenceView::Opened::Folded);
    const double folded = height(1);
    QVERIFY(folded > closed + 50);
    click(1);
    QCOMPARE(shown.view->opened(1), SequenceView::Opened::Whole);
    QVERIFY(height(1) > folded + 20);
    click(1);
    QCOMPARE(shown.view->opened(1), SequenceView::Opened::No);
    QCOMPARE(height(1), closed);
    click(8);  // a short one is open or closed
    QCOMPARE(shown.view->opened(8), SequenceView::Opened::Folded);
    click(8);
    QCOMPARE(shown.view->opened(8), SequenceView::Opened::No);
    click(0);  // carries nothing
    QCOMPARE(shown.view->opened(0), SequenceView::Opened::No);
  }

  void aPayloadStaysOpenWhileMessagesCome() {
    SequenceData data = toolCallSequence();
    Sequence shown(sequence("s"), data, {}, {700, 900});
    shown.view->open(1);
    shown.view->open(2);
    data.arrows.push_back(data.arrows[0]);
    data.arrows[2].payload = "other";
    shown.give(data);
    QCOMPARE(shown.view->opened(1), SequenceView::Opened::Folded);
    QCOMPARE(shown.view->opened(2), SequenceView::Opened::No);
  }

  void messagesAreReadOpenedAndPickedByTheKeyboard() {
    ViewSpec spec = sequence("s");
    spec.picks = ViewSpec::Picks{"row", ""};
    Sequence shown(spec, toolCallSequence());
    QTest::keyClick(shown.view.get(), Qt::Key_Down);
    QTest::keyClick(shown.view.get(), Qt::Key_Down);
    QVERIFY2(shown.view->readout()->text().contains("messages, tools"),
             qPrintable(shown.view->readout()->text()));
    QVERIFY(spoken(*shown.view).contains("request"));
    QTest::keyClick(shown.view.get(), Qt::Key_Return);
    QCOMPARE(shown.view->opened(1), SequenceView::Opened::Folded);
    QVERIFY(shown.view->readout());
    QCOMPARE(shown.finished, 0);
    QTest::keyClick(shown.view.get(), Qt::Key_Space);
    QCOMPARE(shown.parameters.integer("row"), 1);
    QTest::keyClick(shown.view.get(), Qt::Key_End);
    QTest::keyClick(shown.view.get(), Qt::Key_Space);
    QCOMPARE(shown.parameters.integer("row"), 9);
    QVERIFY(QRectF(shown.view->rect()).contains(shown.view->messageRect(9).center()));
    QVERIFY2(shown.view->summary().contains("b is not a number"),
             qPrintable(shown.view->summary()));
  }

  void aClickPicksAMessage() {
    ViewSpec spec = sequence("s");
    spec.picks = ViewSpec::Picks{"chosen", ""};
    Sequence shown(spec, toolCallSequence(), {}, {700, 900});
    for (const int message : {7, 3, 0, 3})
      QTest::mouseClick(shown.view.get(), Qt::LeftButton, {},
                        (shown.view->messageRect(message).topLeft() + QPointF(300, 6)).toPoint());
    QCOMPARE(shown.chosen(), std::string("0,7"));
  }

  void hundredsOfMessagesScrollAndStayFluent() {
    Sequence shown(sequence("s"), longSequence(500), {}, {700, 500});
    shown.view->grab();
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i) {
      wheel(*shown.view, -1);
      shown.view->grab();
    }
    const double scrolling = timer.elapsed() / 20.0;
    timer.restart();
    for (int i = 0; i < 20; ++i) {
      shown.give(longSequence(500));
      shown.view->grab();
    }
    const double frames = timer.elapsed() / 20.0;
    qInfo("500 messages: %.1f ms a scroll, %.1f ms a frame", scrolling, frames);
    QVERIFY(scrolling < 200 && frames < 200);
    QVERIFY(shown.view->scrolled() > 0);
  }

  void aSequenceStaysAtItsEndWhenMessagesCome() {
    Sequence shown(sequence("s"), longSequence(500), {}, {700, 500});
    QCOMPARE(shown.view->scrolled(), 0.0);
    shown.give(longSequence(510));
    QCOMPARE(shown.view->scrolled(), 0.0);  // whoever reads at the top is not moved
    QTest::keyClick(shown.view.get(), Qt::Key_End);
    const auto lastIsSeen = [&](int messages) {
      const QRectF last = shown.view->messageRect(messages - 1);
      return last.bottom() <= shown.view->height() && last.top() > 0;
    };
    QVERIFY(lastIsSeen(510));
    for (const int messages : {511, 540, 900}) {
      shown.give(longSequence(messages));
      QVERIFY(lastIsSeen(messages));
    }
    wheel(*shown.view, 3);
    const double place = shown.view->scrolled();
    shown.give(longSequence(950));
    QCOMPARE(shown.view->scrolled(), place);
  }

  void aSequenceThatOutgrowsItsViewShowsWhatCameLast() {
    Sequence shown(sequence("s"), longSequence(2), {}, {700, 500});
    for (int messages = 3; messages <= 60; ++messages) shown.give(longSequence(messages));
    QVERIFY(shown.view->scrolled() > 0);
    QVERIFY(shown.view->messageRect(59).bottom() <= shown.view->height());
  }

  void jsonIsIndentedFoldedAndKeepsItsNumbers() {
    const std::string payload =
        // Not as raw strings, which Qt 6.4's moc reads to their first quote.
        "{\"b\": 1.50, \"a\": {\"c\": {\"d\": {\"e\": [1, 2, {\"f\": \"一\"}], \"long\": \"" +
        std::string(300, 'x') + "\"}}}, \"n\": null, \"t\": [true, -1e-7]}";
    const PayloadText folded = payloadText(payload, {});
    QVERIFY(folded.is_json && folded.is_folded);
    QStringList lines;
    for (const PayloadLine& line : folded.lines) lines << QString(line.indent, u'>') + line.text();
    QCOMPARE(lines.first(), QString("{"));
    QCOMPARE(lines[1], QString(">\"b\": 1.50,"));  // in their order, as they were written
    QVERIFY2(lines.contains(QString::fromUtf8(">>>\"d\": { … 2 }")), qPrintable(lines.join('\n')));
    QVERIFY(lines.contains(">\"t\": [true, -1e-7]"));
    QCOMPARE(folded.lines[1].spans[0].kind, PayloadSpan::Kind::Key);
    QCOMPARE(folded.lines[1].spans[2].kind, PayloadSpan::Kind::Number);
    const PayloadText whole = payloadText(payload, PayloadFold::none());
    QVERIFY(!whole.is_folded);
    QVERIFY(whole.lines.size() > folded.lines.size());
    QVERIFY(std::any_of(whole.lines.begin(), whole.lines.end(), [](const PayloadLine& line) {
      return line.text().contains(QString::fromUtf8("\"一\""));
    }));
  }

  void whatIsNoJsonIsShownAsItIs() {
    QVERIFY(!payloadText("{\"a\": ", {}).is_json);
    const PayloadText text = payloadText("one\ntwo\tx", {});
    QCOMPARE(text.lines.size(), std::size_t{2});
    QCOMPARE(text.lines[1].text(), QString("two    x"));
    const PayloadText many = payloadText(std::string(100, '\n'), {});
    QVERIFY(many.is_folded);
    QCOMPARE(many.lines.size() + static_cast<std::size_t>(many.hidden_lines), std::size_t{101});
    QVERIFY(!payloadText(std::string(5000, '['), PayloadFold::none()).is_json);
  }

  void oddSequencesAreSurvived() {
    SequenceData data;
    data.lifelines = {{"a", {}}};
    data.arrows = {
        {SequenceData::Kind::Request, 0, 7, {}, "{}", NAN},
        {SequenceData::Kind::Note, -3, 0, std::string(2000, 'y'), "", {}},
        {SequenceData::Kind::Error, 0, 0, std::string("e"), std::string(9000, 'z'), 1.0}};
    for (const QSize size : {QSize(1, 1), QSize(40, 300), QSize(500, 300)}) {
      Sequence shown(sequence("s"), data, {}, size);
      for (int i = -1; i < 4; ++i) {
        shown.view->open(i);
        shown.view->open(i);
      }
      shown.view->grab();
      rendered(*shown.view);
      for (const int key : {Qt::Key_Down, Qt::Key_PageDown, Qt::Key_PageUp, Qt::Key_End})
        QTest::keyClick(shown.view.get(), Qt::Key(key));
      shown.view->summary();
      shown.view->dataTable();
    }
    Sequence none(sequence("s"), SequenceData{});
    QVERIFY(none.view->isEmpty());
    QTest::keyClick(none.view.get(), Qt::Key_Down);
    Sequence quiet(sequence("s"), SequenceData{{{"a", {}}, {"b", {}}}, {}});
    QTest::keyClick(quiet.view.get(), Qt::Key_Down);
    quiet.view->grab();
  }

  void messagesAreCopiedAsData() {
    Sequence shown(sequence("s"), toolCallSequence());
    const QByteArray csv = dataText(shown.view->dataTable(), ',', Language::English);
    QVERIFY(csv.startsWith("message,kind,from,to,label,time,payload\n"));
    QVERIFY(csv.contains("8,reply,tool,host,391,1.53,391\n"));
    QVERIFY(csv.contains("3,note,host,,the arguments"));
  }

  void anErrorDiffersFromARequestByMoreThanItsColour() {
    const auto grey = [](SequenceData::Kind kind) {
      SequenceData data;
      data.lifelines = {{"a", {}}, {"b", {}}};
      data.arrows = {{kind, 0, 1, std::string("call"), "", {}}};
      Sequence shown(sequence("s"), data);
      return rendered(*shown.view)
          .convertToFormat(QImage::Format_Grayscale8)
          .convertToFormat(QImage::Format_RGB32);
    };
    using Kind = SequenceData::Kind;
    const QImage request = grey(Kind::Request);
    for (const Kind kind : {Kind::Reply, Kind::Error, Kind::Note})
      QVERIFY(differing(request, grey(kind), 60) > 60);
  }

  void picturesOfBothAreVectorsWithText() {
    FakeRace race;
    PictureSettings settings;
    settings.size = {800, 500};
    for (const char* id : {"attention", "translation", "wire"}) {
      auto view = make(FakeRace::view(id));
      view->setFrame(race.frame());
      QVERIFY(QSvgRenderer(pictureSvg(*view, settings)).isValid());
      QVERIFY(pictureSvg(*view, settings).contains("<text"));
      QVERIFY(picturePdf(*view, settings).startsWith("%PDF"));
      QVERIFY(!picturePng(*view, settings).isEmpty());
    }
  }
};

QTEST_MAIN(TextViewsTest)
#include "text_views_test.moc"

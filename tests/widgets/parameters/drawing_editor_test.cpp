// SPDX-License-Identifier: GPL-3.0-or-later
// A picture drawn by hand: by mouse, by keys, undone, cleared, seen as the net sees it.
#include "widgets/parameters/drawing_editor.h"

#include <QAccessible>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QtTest>

#include "lessons/core/drawing.h"
#include "tests/fakes/fake_dialogue.h"
#include "widgets/parameters/parameter_panel.h"

using namespace viva;
using namespace viva::fakes;

namespace {

struct Paper {
  ParameterSpec spec = drawing("sketch").seenAs(10);
  DrawingEditor editor{spec};
  std::vector<std::pair<Drawing, bool>> given;

  Paper() {
    editor.setWords(Words::in(Language::English), "Sketch", "What is drawn.");
    editor.resize(320, 200);
    editor.show();
    QObject::connect(&editor, &ValueEditor::edited, &editor,
                     [this](const Value& value, bool finished) {
                       given.emplace_back(std::get<Drawing>(value), finished);
                     });
  }
  DrawingPaper& paper() { return *editor.paper(); }
  QPoint at(double x, double y) {
    const int side = std::min(paper().width(), paper().height()) - 4;
    return {qRound((paper().width() - side) / 2.0 + x * side),
            qRound((paper().height() - side) / 2.0 + y * side)};
  }
  void stroke(const std::vector<Point>& way) {
    const auto send = [&](QEvent::Type type, const Point& to, Qt::MouseButton button,
                          Qt::MouseButtons buttons) {
      const QPointF place = at(to.x, to.y);
      QMouseEvent event(type, place, paper().mapToGlobal(place), button, buttons, Qt::NoModifier);
      QApplication::sendEvent(&paper(), &event);
    };
    send(QEvent::MouseButtonPress, way.front(), Qt::LeftButton, Qt::LeftButton);
    for (const Point& to : way) send(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, way.back(), Qt::LeftButton, Qt::NoButton);
  }
  int finished() const {
    int count = 0;
    for (const auto& each : given) count += each.second;
    return count;
  }
  void keys(std::initializer_list<Qt::Key> list) {
    for (const Qt::Key key : list) QTest::keyClick(&paper(), key);
  }
};

}  // namespace

class DrawingEditorTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aStrokeOfTheMouseIsOneFinalEditAndShort() {
    Paper page;
    std::vector<Point> way;
    for (int i = 0; i <= 40; ++i) way.push_back({0.1 + 0.02 * i, 0.5});
    page.stroke(way);
    QCOMPARE(page.finished(), 1);
    QVERIFY(page.given.size() > 10);  // it is seen while it is drawn
    const Drawing& drawn = page.given.back().first;
    QVERIFY(page.given.back().second);
    QCOMPARE(drawn.strokes.size(), std::size_t{1});
    QCOMPARE(drawn.strokes[0].size(), std::size_t{2});
    QVERIFY(std::abs(drawn.strokes[0][1].x - 0.9) < 0.01);
    QVERIFY(formatValue(Value(drawn)).size() < 32);
    QVERIFY(!problemWith(page.spec, Value(drawn)));
  }

  void whatLiesBesideThePaperIsCutToItsEdge() {
    Paper page;
    page.stroke({{0.5, 0.5}, {1.4, -0.3}});
    QCOMPARE(page.given.back().first.strokes[0].back(), (Point{1, 0}));
  }

  void theNetsPictureFollows() {
    Paper page;
    QCOMPARE(page.editor.seen().size(), QSize(10, 10));
    QCOMPARE(qGray(page.editor.seen().pixel(5, 5)), 0);
    page.stroke({{0.55, 0.1}, {0.55, 0.9}});
    QCOMPARE(qGray(page.editor.seen().pixel(5, 5)), 255);
    const auto pixels = rasterised(page.given.back().first, 10);
    for (int row = 0; row < 10; ++row)
      for (int column = 0; column < 10; ++column)
        QVERIFY(std::abs(qGray(page.editor.seen().pixel(column, row)) -
                         255 * pixels[static_cast<std::size_t>(row * 10 + column)]) <= 0.51);
  }

  void itIsDrawnByTheKeyboardAlone() {
    Paper page;
    page.keys({Qt::Key_Space, Qt::Key_Right, Qt::Key_Right, Qt::Key_Down});
    QCOMPARE(page.finished(), 0);
    page.keys({Qt::Key_Space});
    QCOMPARE(page.finished(), 1);
    QCOMPARE(page.given.back().first.strokes,
             (std::vector<Drawing::Stroke>{{{0.55, 0.55}, {0.75, 0.55}, {0.75, 0.65}}}));
    page.keys({Qt::Key_Left, Qt::Key_Space, Qt::Key_Space});  // a dot
    QCOMPARE(page.given.back().first.strokes.size(), std::size_t{2});
    QCOMPARE(page.given.back().first.strokes[1], (Drawing::Stroke{{0.65, 0.65}}));
    for (int i = 0; i < 20; ++i) page.keys({Qt::Key_Left, Qt::Key_Up});  // not beyond the paper
    page.keys({Qt::Key_Space, Qt::Key_Space});
    QCOMPARE(page.given.back().first.strokes[2], (Drawing::Stroke{{0.05, 0.05}}));
  }

  void strokesAreUndoneAndThePaperIsCleared() {
    Paper page;
    QVERIFY(!page.editor.undoButton()->isEnabled() && !page.editor.clearButton()->isEnabled());
    page.stroke({{0.1, 0.1}, {0.9, 0.1}});
    page.stroke({{0.1, 0.9}, {0.9, 0.9}});
    page.keys({Qt::Key_Backspace});
    QCOMPARE(page.paper().drawing().strokes.size(), std::size_t{1});
    page.keys({Qt::Key_Delete});
    QVERIFY(page.paper().drawing().strokes.empty());
    QTest::keyClick(&page.paper(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(page.paper().drawing().strokes.size(), std::size_t{1});
    page.editor.clearButton()->click();
    QVERIFY(page.paper().drawing().strokes.empty());
    page.editor.undoButton()->click();
    page.editor.undoButton()->click();
    QVERIFY(page.paper().drawing().strokes.empty());
    QVERIFY(!page.editor.undoButton()->isEnabled());
    QVERIFY(page.given.back().second);
  }

  void escapeAndUndoTakeBackAStrokeThatIsNotFinished() {
    Paper page;
    page.stroke({{0.1, 0.1}, {0.9, 0.1}});
    for (const Qt::Key key : {Qt::Key_Escape, Qt::Key_Backspace}) {
      page.keys({Qt::Key_Space, Qt::Key_Right, key});
      QCOMPARE(page.paper().drawing().strokes.size(), std::size_t{1});
      page.keys({Qt::Key_Right});  // the pen is up
      QCOMPARE(page.paper().drawing().strokes.size(), std::size_t{1});
    }
  }

  void aValueFromElsewhereIsShownWithoutAnEditAndEndsUndoing() {
    Paper page;
    page.stroke({{0.1, 0.1}, {0.9, 0.1}});
    const auto count = page.given.size();
    page.editor.setValue(Drawing{{{{0.5, 0.5}}}});
    QCOMPARE(page.given.size(), count);
    QVERIFY(!page.paper().canUndo());
    QVERIFY(qGray(page.editor.seen().pixel(5, 5)) > 100);
  }

  void moreThanFitsIsRefusedInWordsAndTheRestStays() {
    Paper page;
    Drawing much;
    for (int i = 0; i < 4999; ++i) much.strokes.push_back({{i / 5000.0, 0.5}});
    page.editor.setValue(much);
    QSignalSpy refused(&page.editor, &ValueEditor::refused);
    page.stroke({{0.1, 0.1}, {0.9, 0.1}, {0.5, 0.9}});
    QCOMPARE(page.paper().drawing(), much);
    QVERIFY(!refused.last().first().toString().isEmpty());
  }

  void everyPartIsSpokenInBothLanguages() {
    for (const Language language : {Language::English, Language::Chinese}) {
      Paper page;
      page.editor.setWords(Words::in(language), "Sketch", "What is drawn.");
      const auto spoken = [](QWidget* part, QAccessible::Text kind) {
        return QAccessible::queryAccessibleInterface(part)->text(kind);
      };
      for (QWidget* part :
           {static_cast<QWidget*>(&page.paper()), static_cast<QWidget*>(page.editor.undoButton()),
            static_cast<QWidget*>(page.editor.clearButton())}) {
        QVERIFY(spoken(part, QAccessible::Name).contains("Sketch"));
        QVERIFY(part->focusPolicy() & Qt::TabFocus);
      }
      const QString before = spoken(&page.paper(), QAccessible::Description);
      page.keys({Qt::Key_Right});
      QVERIFY(spoken(&page.paper(), QAccessible::Description) != before);
      QVERIFY(!before.contains("panel.") && before.contains(QRegularExpression("[0-9]")));
    }
  }

  void aPanelHasPaperForADrawingAndTextForABox() {
    ParameterPanel panel(dialogueSpec());
    panel.setWords(Words::in(Language::English));
    QVERIFY(panel.control("sketch")->findChild<DrawingPaper*>());
    auto* line = panel.control("region")->findChild<QLineEdit*>();
    QVERIFY(line);
    QCOMPARE(line->text(), QString("-1,-0.5,1,0.5"));
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    line->selectAll();
    QTest::keyClicks(line, "0,0,1.5,1");
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(std::get<Box>(edited.last()[1].value<Value>()), (Box{0, 0, 1.5, 1}));
    line->selectAll();
    QTest::keyClicks(line, "1,0,0,1");
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(edited.size(), 1);  // the first corner must be the lower left one
  }
};

QTEST_MAIN(DrawingEditorTest)
#include "drawing_editor_test.moc"

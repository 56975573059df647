// SPDX-License-Identifier: GPL-3.0-or-later
// The card around a view, its legend, and pictures.
#include "widgets/views/view_frame.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTest>
#include <QToolButton>

#include "tests/widgets/views/fake_race.h"
#include "widgets/views/colours.h"
#include "widgets/views/legend.h"
#include "widgets/views/picture.h"

using namespace viva;
using fakes::FakeRace;

namespace {

std::unique_ptr<View> filled(const std::string& id, const Appearance& appearance = {}) {
  FakeRace race;
  race.advance(200);
  auto view = makeView(FakeRace::view(id), "fake-race", appearance);
  view->setRecords(race.records());
  view->setFrame(race.frame());
  view->resize(500, 320);
  return view;
}

PictureSettings settingsFor(QSize size, const Appearance& appearance = {}) {
  PictureSettings settings;
  settings.size = size;
  settings.appearance = appearance;
  return settings;
}

LegendButton* buttonOf(ViewFrame& frame, const std::string& id) {
  for (LegendButton* button : frame.findChildren<LegendButton*>())
    if (button->entry().id == id) return button;
  return nullptr;
}

QAction* actionNamed(const QMenu& menu, const QString& text) {
  for (QAction* action : menu.actions()) {
    if (action->text() == text) return action;
    if (action->menu())
      if (QAction* found = actionNamed(*action->menu(), text)) return found;
  }
  return nullptr;
}

}  // namespace

class ViewFrameTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aLayerThatAFrameBringsEntersTheLegend() {
    const auto view = makeView(plane("plane", {}, {}), "nobody", Appearance{});
    QSignalSpy changed(view.get(), &View::legendChanged);
    auto frame = std::make_shared<Frame>();
    frame->at<PlaneData>("plane").layers.push_back(
        ArrowsLayer{"step", std::string("the step"), "step", {{0, 0}}, {{1, 1}}});
    auto empty = std::make_shared<Frame>();
    empty->at<PlaneData>("plane");
    view->setFrame(empty);
    changed.clear();
    view->setFrame(frame);
    QVERIFY(changed.count() >= 1);
    QCOMPARE(view->legend().size(), std::size_t(1));
    changed.clear();
    view->setFrame(frame);
    QCOMPARE(changed.count(), 0);
  }

  void theLegendHidesACurveByMouseAndByKeyboard() {
    ViewFrame frame(filled("loss"));
    frame.resize(600, 400);
    frame.show();
    QVERIFY(QTest::qWaitForWindowExposed(&frame));
    LegendButton* adam = buttonOf(frame, "adam");
    QVERIFY(adam);
    QVERIFY(adam->focusPolicy() & Qt::TabFocus);
    QVERIFY(!adam->accessibleName().isEmpty());
    adam->setFocus();
    QTest::keyClick(adam, Qt::Key_Space);
    QVERIFY(!frame.view().isShown("adam"));
    QCOMPARE(buttonOf(frame, "adam"), adam);  // and keeps the focus
    QTest::mouseClick(adam, Qt::LeftButton);
    QVERIFY(frame.view().isShown("adam"));
    QTest::keyClick(adam, Qt::Key_Right);
    QVERIFY(buttonOf(frame, "adamw")->hasFocus());
    frame.view().setShown("adamw", false);  // from elsewhere
    QVERIFY(!buttonOf(frame, "adamw")->isChecked());
  }

  void aClickBringsAPaleCurveToStrengthAndTheNextHidesIt() {
    ViewFrame frame(filled("loss"));
    frame.resize(600, 400);
    frame.show();
    QVERIFY(QTest::qWaitForWindowExposed(&frame));
    View& view = frame.view();
    LegendButton* adam = buttonOf(frame, "adam");
    const QColor full = adam->entry().style.colour;
    view.setPale({"adam", "sgd"});
    QCOMPARE(buttonOf(frame, "adam"), adam);
    QVERIFY(adam->entry().style.pale);
    QVERIFY(adam->entry().style.colour != full);
    QVERIFY(!adam->accessibleDescription().isEmpty());
    QVERIFY(!buttonOf(frame, "adamw")->entry().style.pale);

    QSignalSpy strengthened(&view, &View::strengthened);
    adam->setFocus();
    QTest::keyClick(adam, Qt::Key_Space);
    QCOMPARE(strengthened.size(), 1);
    QCOMPARE(strengthened[0][0].toString(), QString("adam"));
    QVERIFY(view.isShown("adam") && !view.isPale("adam") && view.isPale("sgd"));
    QVERIFY(adam->isChecked() && adam->hasFocus());
    QCOMPARE(adam->entry().style.colour, full);
    QVERIFY(adam->accessibleDescription().isEmpty());
    QTest::mouseClick(adam, Qt::LeftButton);
    QVERIFY(!view.isShown("adam"));
    QTest::mouseClick(adam, Qt::LeftButton);
    QVERIFY(view.isShown("adam") && !view.isPale("adam"));

    // A hidden one that is pale comes back pale, and to strength with the next click.
    LegendButton* sgd = buttonOf(frame, "sgd");
    view.setShown("sgd", false);
    QTest::mouseClick(sgd, Qt::LeftButton);
    QVERIFY(view.isShown("sgd") && view.isPale("sgd"));
    QTest::mouseClick(sgd, Qt::LeftButton);
    QVERIFY(view.isShown("sgd") && !view.isPale("sgd"));
  }

  void aPictureIsAsPaleAsItsView() {
    const auto view = filled("loss");
    const QImage strong = pictureImage(*view, settingsFor({500, 320}));
    view->setPale({"adam"});
    const QImage pale = pictureImage(*view, settingsFor({500, 320}));
    QVERIFY(pale != strong);
    view->strengthen("adam");
    QCOMPARE(pictureImage(*view, settingsFor({500, 320})), strong);
  }

  void menuActionsAskForWhatTheyName() {
    ViewFrame frame(filled("loss"));
    const Words& words = Words::in(Language::English);
    const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
    QSignalSpy exported(&frame, &ViewFrame::exportRequested);
    actionNamed(frame.menu(), "SVG")->trigger();
    QCOMPARE(exported.last().first().toString(), QStringLiteral("svg"));
    actionNamed(frame.menu(), word("views.log_y"))->trigger();
    QVERIFY(!frame.view().isLogarithmic(View::Axis::Y));
    actionNamed(frame.menu(), word("views.copy_data"))->trigger();
    QVERIFY(QApplication::clipboard()->text().startsWith("step\tsgd/f\t"));
    actionNamed(frame.menu(), word("views.copy_picture"))->trigger();
    QVERIFY(!QApplication::clipboard()->image().isNull());
    QSignalSpy maximised(&frame, &ViewFrame::maximiseRequested);
    for (QToolButton* button : frame.findChildren<QToolButton*>()) {
      QVERIFY(!button->accessibleName().isEmpty());
      if (button->toolTip() == word("views.maximise")) button->click();
    }
    QCOMPARE(maximised.count(), 1);
    QCOMPARE(maximised.last().first().toBool(), true);
  }

  void theFrameSpeaksTheOtherLanguageAtOnce() {
    ViewFrame frame(filled("loss"));
    frame.setAppearance({true, Language::Chinese, 1.25});
    QCOMPARE(frame.view().appearance().language, Language::Chinese);
    frame.menu().popup(QPoint(0, 0));
    QVERIFY(actionNamed(frame.menu(),
                        QString::fromStdString(Words::in(Language::Chinese)("views.copy_data"))));
    frame.menu().hide();
  }

  void aTitleThatDoesNotFitEndsInDots() {
    ViewFrame frame(makeView(series("a-view-with-a-long-name", {}, {}), "fake-race", {}));
    const auto titleOf = [&](int width) {
      frame.resize(width, 300);
      frame.grab();  // lays out
      for (QLabel* label : frame.findChildren<QLabel*>())
        if (label->toolTip() == frame.view().title()) return label->text();
      return QString();
    };
    QCOMPARE(titleOf(600), frame.view().title());
    const QString cut = titleOf(140);
    QVERIFY(cut.endsWith(u'…') && cut.size() < frame.view().title().size());
    QCOMPARE(titleOf(600), frame.view().title());
  }

  void svgHoldsTheTitleAsTextAndTheCurvesAsLines() {
    const auto view = filled("loss");
    const QByteArray svg = pictureSvg(*view, settingsFor({640, 420}));
    QSvgRenderer renderer(svg);
    QVERIFY(renderer.isValid());
    QCOMPARE(renderer.viewBoxF(), QRectF(0, 0, 640, 420));
    QVERIFY(svg.contains("<text"));
    QVERIFY(svg.contains(view->title().toUtf8()));
    QVERIFY(svg.contains("<polyline"));
    QVERIFY(svg.contains(view->legend().front().style.colour.name().toUtf8()));
    QVERIFY(!svg.contains("<image"));
    QVERIFY(svg.size() < 400000);
    QVERIFY(pictureSvg(*filled("plane"), settingsFor({640, 420})).contains("<image"));
  }

  void pdfAndPngAreWhatTheySay() {
    const auto view = filled("plane");
    QVERIFY(picturePdf(*view, settingsFor({640, 420})).startsWith("%PDF-"));
    PictureSettings settings = settingsFor({640, 420});
    settings.scale = 2;
    const QImage image = QImage::fromData(picturePng(*view, settings));
    QCOMPARE(image.size(), QSize(1280, 840));
    QVERIFY(picture(*view, "tiff", settings).isEmpty());
  }

  void aPictureIsTheSameWhateverTheWindowLooksLike() {
    for (const std::string id : {"loss", "plane", "standings", "gradients", "gates", "verdict"}) {
      const auto small = filled(id), night = filled(id, {true, Language::Chinese, 1.5});
      small->resize(200, 100);
      small->grab();
      night->grab();
      const QByteArray one = picturePng(*small, settingsFor({480, 300}));
      QCOMPARE(one, picturePng(*night, settingsFor({480, 300})));
      QCOMPARE(one, picturePng(*filled(id), settingsFor({480, 300})));
      QVERIFY(one != picturePng(*small, settingsFor({480, 300}, {true, Language::English, 1})));
    }
  }

  void aPictureShowsTheStateOfTheView() {
    const auto view = filled("loss");
    const QByteArray whole = picturePng(*view, settingsFor({480, 300}));
    view->setShown("sgd", false);
    const QByteArray without = picturePng(*view, settingsFor({480, 300}));
    QVERIFY(without != whole);
    view->setAppearance({true, Language::English, 1});
    QCOMPARE(picturePng(*view, settingsFor({480, 300})), without);
    view->zoomBy(2);
    QVERIFY(picturePng(*view, settingsFor({480, 300})) != without);
  }

  void picturesOfAnySizeAreSurvived() {
    for (const ViewSpec& spec : FakeRace::views())
      for (const QSize size : {QSize(1, 1), QSize(30, 20), QSize(200, 60), QSize(2000, 90)})
        for (const char* format : {"png", "svg", "pdf"})
          QVERIFY(!picture(*filled(spec.id), format, settingsFor(size)).isEmpty());
  }

  void aLegendThatGetsNarrowerKeepsAllItsEntries() {
    QWidget window;
    auto* row = new QHBoxLayout(&window);
    auto* frame = new ViewFrame(filled("loss"));
    row->addWidget(frame, 1);
    auto* beside = new QWidget;
    row->addWidget(beside);
    beside->hide();
    window.resize(1300, 700);
    window.show();
    QTRY_VERIFY(buttonOf(*frame, "adam"));
    frame->setAppearance({true, Language::English, 2});
    QCoreApplication::processEvents();
    beside->setFixedWidth(700);
    beside->show();
    const auto hidden = [&] {
      int count = 0;
      for (const LegendButton* button : frame->findChildren<LegendButton*>())
        count += !button->parentWidget()->rect().contains(button->geometry());
      return count;
    };
    QTRY_VERIFY(frame->width() < 700);
    QTRY_COMPARE(hidden(), 0);
  }

  void legendsBreakIntoLines() {
    const auto view = filled("loss");
    const auto wide = layoutLegend(view->legend(), view->font(), 2000);
    const auto narrow = layoutLegend(view->legend(), view->font(), 200);
    QCOMPARE(wide.front().top(), wide.back().top());
    QVERIFY(narrow.back().top() > narrow.front().top());
    for (const QRectF& box : narrow) QVERIFY(box.right() <= 200);
  }
};

QTEST_MAIN(ViewFrameTest)
#include "view_frame_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/notes_view.h"

#include <QAbstractTextDocumentLayout>
#include <QAccessible>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>

#include "widgets/text/find_bar.h"
#include "widgets/text/lesson_texts.h"

namespace viva {

/// Receives what would be opened in a browser.
class Opened : public QObject {
  Q_OBJECT

 public:
  QList<QUrl> urls;

 public Q_SLOTS:
  void open(const QUrl& url) { urls << url; }
};

class NotesViewTest : public QObject {
  Q_OBJECT

  static void show(NotesView& view, const QString& markdown, QSize size = {500, 400}) {
    view.setDocument(markdown);
    view.resize(size);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
  }

  static QString longText() {
    QString text = QStringLiteral("# First\n\n");
    for (int i = 0; i < 60; ++i) text += QStringLiteral("Paragraph %1 of many.\n\n").arg(i);
    text += QStringLiteral("## Second\n\n");
    for (int i = 0; i < 60; ++i) text += QStringLiteral("Paragraph %1 of more.\n\n").arg(i);
    return text + QStringLiteral("## Third\n\nThe end.\n");
  }

  /// The middle of the text's first occurrence, in coordinates of the page's viewport.
  static QPoint placeOf(NotesView& view, const QString& text) {
    QTextCursor cursor = view.browser()->document()->find(text);
    QTextCursor first = cursor, last = cursor;
    first.setPosition(cursor.selectionStart());
    last.setPosition(cursor.selectionEnd());
    return (view.browser()->cursorRect(first).center() +
            view.browser()->cursorRect(last).center()) /
           2;
  }

  static int differentPixels(const QImage& image, QRgb background) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) count += image.pixel(x, y) != background;
    return count;
  }

 private Q_SLOTS:
  void internalLinksAreSignalledAndNotOpened() {
    NotesView view;
    show(view,
         QStringLiteral("[Zigzag](preset:ravine-zigzag) and [race](experiment:optimizer-race)"));
    QSignalSpy activated(&view, &NotesView::linkActivated);
    QTest::mouseClick(view.browser()->viewport(), Qt::LeftButton, {}, placeOf(view, "Zigzag"));
    QTest::mouseClick(view.browser()->viewport(), Qt::LeftButton, {}, placeOf(view, "race"));
    QCOMPARE(activated.count(), 2);
    QCOMPARE(activated[0][0].toString(), QStringLiteral("preset:ravine-zigzag"));
    QCOMPARE(activated[1][0].toString(), QStringLiteral("experiment:optimizer-race"));
    QVERIFY(view.browser()->toPlainText().contains(QLatin1String("Zigzag")));
  }

  void linksWorkByKeyboard() {
    NotesView view;
    show(view, QStringLiteral("Text [one](preset:one) text [two](preset:two)"));
    view.activateWindow();
    view.browser()->setFocus();
    QSignalSpy activated(&view, &NotesView::linkActivated);
    QTest::keyClick(view.browser(), Qt::Key_Tab);
    QTest::keyClick(view.browser(), Qt::Key_Tab);
    QTest::keyClick(view.browser(), Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].toString(), QStringLiteral("preset:two"));
  }

  void webAddressesGoToTheDesktopOnlyWhenClicked() {
    Opened opened;
    QDesktopServices::setUrlHandler(QStringLiteral("https"), &opened, "open");
    NotesView view;
    show(view,
         QStringLiteral("![x](https://example.org/x.png) [paper](https://example.org/paper)"));
    QVERIFY(opened.urls.isEmpty());
    QTest::mouseClick(view.browser()->viewport(), Qt::LeftButton, {}, placeOf(view, "paper"));
    QDesktopServices::unsetUrlHandler(QStringLiteral("https"));
    QCOMPARE(opened.urls, QList<QUrl>{QUrl("https://example.org/paper")});
  }

  void nothingIsLoaded() {
    NotesView view;
    QVERIFY(!view.browser()
                 ->loadResource(QTextDocument::ImageResource, QUrl("file:///etc/hostname"))
                 .isValid());
  }

  void headingsAreReachedByKeyboard() {
    NotesView view;
    show(view, longText());
    QCOMPARE(view.headings().size(), std::size_t(3));
    view.activateWindow();
    view.browser()->setFocus();
    QCOMPARE(view.currentHeading(), 0);
    QTest::keyClick(view.browser(), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(view.currentHeading(), 1);
    QVERIFY(view.browser()->verticalScrollBar()->value() > 0);
    QTest::keyClick(view.browser(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(view.currentHeading(), 0);
  }

  void aLinkToAHeadingGoesThere() {
    NotesView view;
    show(view, QStringLiteral("[down](#third)\n\n") + longText());
    QTest::mouseClick(view.browser()->viewport(), Qt::LeftButton, {}, placeOf(view, "down"));
    QVERIFY(view.browser()->verticalScrollBar()->value() > 0);
    const QTextBlock third = view.browser()->document()->findBlock(view.headings().back().position);
    const double top = view.browser()->document()->documentLayout()->blockBoundingRect(third).top();
    const int scrolled = view.browser()->verticalScrollBar()->value();
    QVERIFY(top >= scrolled && top < scrolled + view.browser()->viewport()->height());
  }

  void findMarksAllMatchesAndMovesThroughThem() {
    NotesView view;
    show(view, longText());
    view.activateWindow();
    view.browser()->setFocus();
    QTest::keyClick(view.browser(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(view.findBar()->isVisible());
    auto* line = view.findBar()->findChild<QLineEdit*>();
    QTest::keyClicks(line, QStringLiteral("paragraph 7 "));
    QCOMPARE(view.findBar()->found().size(), std::size_t(2));
    QCOMPARE(view.browser()->extraSelections().size(), 2);
    QCOMPARE(view.findBar()->current(), 0);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(view.findBar()->current(), 1);
    QVERIFY(view.browser()->verticalScrollBar()->value() > 400);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(view.findBar()->current(), 0);
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(!view.findBar()->isVisible());
    QVERIFY(view.browser()->extraSelections().isEmpty());
  }

  void findingSurvivesAChangeOfLanguage() {
    NotesView view;
    show(view, longText());
    view.find();
    view.findBar()->findChild<QLineEdit*>()->setText(QStringLiteral("end"));
    view.setAppearance({true, Language::Chinese, 1.2});
    QCOMPARE(view.findBar()->found().size(), std::size_t(1));
    view.findBar()->next();
  }

  void copyGivesFormulasAsTex() {
    NotesView view;
    show(view, QStringLiteral("Rate $\\eta$, decay $\\lambda\\theta$."));
    view.browser()->selectAll();
    view.browser()->copy();
    QCOMPARE(QGuiApplication::clipboard()->text().trimmed(),
             QStringLiteral("Rate $\\eta$, decay $\\lambda\\theta$."));
  }

  void screenReadersHearTheFormulas() {
    NotesView view;
    show(view, QStringLiteral("The rate $\\eta$ is small."));
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(view.browser());
    QVERIFY(accessible);
    QVERIFY(!accessible->text(QAccessible::Name).isEmpty());
    QAccessibleTextInterface* text = accessible->textInterface();
    QVERIFY(text);
    const QString expected = QStringLiteral("The rate $\\eta$ is small.");
    QCOMPARE(text->text(0, text->characterCount()).trimmed(), expected);
    text->setSelection(0, int(expected.indexOf("is")), int(expected.indexOf("small")));
    QCOMPARE(view.browser()->textCursor().selectedText(), QStringLiteral("is "));
    int start = 0, end = 0;
    text->selection(0, &start, &end);
    QCOMPARE(expected.mid(start, end - start), QStringLiteral("is "));
  }

  void aChangeOfAppearanceKeepsThePlace() {
    NotesView view;
    show(view, longText());
    view.goToHeading(1);
    view.setAppearance({true, Language::English, 1.5});
    QCOMPARE(view.currentHeading(), 1);
    view.setDocument(longText());
    QCOMPARE(view.browser()->verticalScrollBar()->value(), 0);
  }

  void linesKeepAReadableLength() {
    NotesView view;
    show(view, longText(), {1600, 500});
    const QTextFrameFormat page = view.browser()->document()->rootFrame()->frameFormat();
    QVERIFY(view.browser()->viewport()->width() - page.leftMargin() - page.rightMargin() < 700);
    QVERIFY(page.leftMargin() > 400);
  }

  void theNotesAreDrawnInBothThemesAndLanguages() {
    for (const bool dark : {false, true}) {
      for (const Language language : {Language::English, Language::Chinese}) {
        NotesView view;
        view.setAppearance({dark, language, 1.0});
        view.setDocument(notesOf("optimizers", language));
        const QImage image = view.image(500);
        const QRgb background = TextStyle({dark, language, 1.0}).background.rgb();
        QCOMPARE(image.width(), 500);
        QVERIFY(image.height() > 3000);
        QCOMPARE(image.pixel(2, 2), background);
        const double ink =
            double(differentPixels(image, background)) / (image.width() * image.height());
        QVERIFY2(ink > 0.04 && ink < 0.4, qPrintable(QString::number(ink)));
        const QImage sharp = view.image(500, 2.0);
        QVERIFY(std::abs(sharp.height() - 2 * image.height()) <= 4);
      }
    }
  }

  void anEmptyDocumentIsShown() {
    NotesView view;
    show(view, QString());
    QCOMPARE(view.currentHeading(), -1);
    view.goToHeading(3);
    view.find();
    view.findBar()->findChild<QLineEdit*>()->setText(QStringLiteral("x"));
    QVERIFY(view.findBar()->found().empty());
  }
};

}  // namespace viva

QTEST_MAIN(viva::NotesViewTest)
#include "notes_view_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QToolButton>
#include <QtTest>

#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"

using namespace viva;

namespace {

/// Which pictures the buttons have: a new icon has a new key.
QList<qint64> iconsOf(const QWidget& bar) {
  QList<qint64> keys;
  for (const QToolButton* button : bar.findChildren<QToolButton*>())
    keys.append(button->icon().cacheKey());
  return keys;
}

QStringList namesOf(const QWidget& bar) {
  QStringList names;
  for (const QToolButton* button : bar.findChildren<QToolButton*>())
    names.append(button->accessibleName());
  return names;
}

}  // namespace

class TransportTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aFrameWithoutAChangeMakesNoIcons() {
    TransportBar bar;
    bar.setWords(Words::in(Language::English));
    const auto icons = iconsOf(bar);
    QVERIFY(icons.size() > 5);
    for (int frame = 0; frame < 3; ++frame) {
      bar.setPlaying(false);
      bar.setSeedsRunning(false);
    }
    QCOMPARE(iconsOf(bar), icons);
    Timeline line;
    line.setWords(Words::in(Language::English));
    const auto marks = iconsOf(line);
    QVERIFY(marks.size() > 2);
    for (int step = 0; step < 3; ++step) line.setExtent(step, 100);
    line.setCursor(1, 1);
    QCOMPARE(iconsOf(line), marks);
  }

  void aChangeHasItsIconAndItsName() {
    TransportBar bar;
    bar.setWords(Words::in(Language::English));
    const auto icons = iconsOf(bar);
    const QStringList names = namesOf(bar);
    bar.setPlaying(true);
    QVERIFY(iconsOf(bar) != icons);
    QVERIFY(namesOf(bar) != names);
    bar.setPlaying(false);
    QCOMPARE(namesOf(bar), names);
    bar.setSeedsRunning(true);
    QVERIFY(namesOf(bar) != names);
    bar.setWords(Words::in(Language::Chinese));
    bar.setSeedsRunning(false);
    QVERIFY(!namesOf(bar).contains(names.first()));
  }

  void theNameOfASeedThatDoesNotMatterStays() {
    TransportBar bar;
    bar.setWords(Words::in(Language::English));
    bar.setSeedMatters(false);
    const auto tips = [&] {
      QStringList all;
      for (const QWidget* part : bar.findChildren<QWidget*>()) all.append(part->toolTip());
      return all;
    };
    const QStringList before = tips();
    bar.setPlaying(true);
    bar.setPlaying(false);
    QCOMPARE(tips(), before);
  }
};

QTEST_MAIN(TransportTest)
#include "transport_test.moc"

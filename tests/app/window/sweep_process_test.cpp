// SPDX-License-Identifier: GPL-3.0-or-later
// The process that computes a sweep, and the looks at its folder.
#include "app/window/sweep_process.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "app/commands/sweep_request.h"
#include "tests/fakes/fake_experiment.h"

using namespace viva;
using namespace viva::fakes;

class SweepProcessTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  FakeRuntime runtime_;
  Catalog catalog_ = fakeCatalog(runtime_);

  SweepRequest request() const {
    SweepRequest wanted;
    wanted.run.experiment = fakeSpec().id;
    wanted.run.steps = 5;
    wanted.run.output.folder = folder_.filePath("sweep").toStdString();
    wanted.grids = {"rate=0.1,0.2"};
    wanted.metric = "a/x";
    return wanted;
  }

  QString script(const QByteArray& lines) const {
    QFile file(folder_.filePath("program"));
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write the test's program");
    file.write("#!/bin/sh\n" + lines);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return file.fileName();
  }

 private Q_SLOTS:
  void itGoesWithoutWaitingForAProgramThatDoesNotEnd() {
    const SweepRequest wanted = request();
    const Sweep sweep = sweepOf(wanted, fakeSpec(), runtime_);
    const QString begun = folder_.filePath("begun");
    // Deaf to SIGTERM; it ends when its pipe does.
    const QString program =
        script("trap '' TERM\ntouch '" + begun.toLocal8Bit() + "'\nexec cat >/dev/null\n");
    auto process = std::make_unique<SweepProcess>(program, wanted, sweep, catalog_, nullptr);
    process->start();
    QTRY_VERIFY(QFile::exists(begun));
    QElapsedTimer took;
    took.start();
    process.reset();
    QVERIFY2(took.elapsed() < 500, QByteArray::number(took.elapsed()));
  }

  void pointsAreFoundByOneLook() {
    QTemporaryDir place;
    const SweepFolder folder(place.path().toStdString());
    QVERIFY(folder.pointsThere().empty());
    QVERIFY(QDir(place.path()).mkdir("points"));
    for (const char* name : {"00003.viva", "00010.viva", "123456.viva", "00004.viva.new", "x.viva",
                             ".hidden", "00005"}) {
      QFile file(place.filePath("points/") + name);
      QVERIFY(file.open(QIODevice::WriteOnly));
    }
    std::vector<std::size_t> points = folder.pointsThere();
    std::sort(points.begin(), points.end());
    QCOMPARE(points, (std::vector<std::size_t>{3, 10, 123456}));
  }

  void looksTakeATwentiethOfTheTime() {
    QCOMPARE(pauseAfterLook(0), 150);
    QCOMPARE(pauseAfterLook(5), 150);
    QCOMPARE(pauseAfterLook(40), 800);
    QCOMPARE(pauseAfterLook(60'000), 10'000);
  }
};

QTEST_MAIN(SweepProcessTest)
#include "sweep_process_test.moc"

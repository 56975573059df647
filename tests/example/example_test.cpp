// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the README to what it shows.
#include <QFile>
#include <QtTest>
#include <cmath>

#include "lessons/core/run.h"
#include "tests/fakes/fake_runtime.h"

namespace viva {
const ExperimentSpec& squareRoot();
}

using namespace viva;

namespace {

QString read(const char* path) {
  QFile file(QStringLiteral(VIVA_SOURCE_DIR "/") + path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

Run runOf(const char* preset, fakes::FakeRuntime& runtime) {
  RunSettings settings{squareRoot().parametersOf(preset)};
  settings.steps = squareRoot().findPreset(preset)->steps;
  return Run(squareRoot(), settings, runtime);
}

}  // namespace

class ExampleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theReadmeShowsTheExampleThatIsBuiltHere() {
    const QString source = read("tests/example/square_root.cpp");
    QVERIFY(!source.isEmpty());
    QVERIFY(read("README.md").contains(source.trimmed()));
  }

  void theExampleFindsTheRoot() {
    fakes::FakeRuntime runtime;
    Run run = runOf("converges", runtime);
    run.advance(60);
    QCOMPARE(run.status(), RunStatus::Completed);
    QVERIFY(std::abs(run.records().at(60, 0) - std::sqrt(2.0)) < 1e-9);
    for (const CheckResult& check : run.checks()) QVERIFY(!check.failed());
  }

  void tooLargeARateDivergesAndSaysWhen() {
    fakes::FakeRuntime runtime;
    Run run = runOf("diverges", runtime);
    run.advance(20);
    QVERIFY(run.divergedAt().has_value());
  }

  void everyPictureOfTheReadmeIsThere() {
    const QRegularExpression picture(QStringLiteral("\\]\\((docs/images/[^)]+)\\)"));
    int count = 0;
    for (auto match = picture.globalMatch(read("README.md")); match.hasNext(); ++count) {
      const QString path = match.next().captured(1);
      QVERIFY2(QFile::exists(QStringLiteral(VIVA_SOURCE_DIR "/") + path), qPrintable(path));
    }
    QVERIFY(count >= 2);
  }
};

QTEST_GUILESS_MAIN(ExampleTest)
#include "example_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The race against its PyTorch equivalent, the very file that the Code tab shows.
#include <QTest>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "tests/lessons/experiment_run.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::int64_t kSteps = 1000;
constexpr std::int64_t kStepsOfChaos = 50;

const char* const kOptimizers[] = {"sgd",  "momentum", "adagrad",  "rmsprop",
                                   "adam", "adamw",    "adabelief"};

/// Record name -> a value a row.
using Columns = std::map<std::string, std::vector<double>>;

Columns columnsIn(QList<QByteArray> lines) {
  if (lines.isEmpty()) return {};
  const QList<QByteArray> names = lines.takeFirst().split(',');
  Columns columns;
  for (const QByteArray& line : lines) {
    const QList<QByteArray> cells = line.trimmed().split(',');
    for (int i = 0; i < names.size(); ++i)
      columns[names[i].trimmed().toStdString()].push_back(
          cells[i] == "nan" ? std::nan("")
                            : (cells[i] == "inf"    ? std::numeric_limits<double>::infinity()
                               : cells[i] == "-inf" ? -std::numeric_limits<double>::infinity()
                                                    : cells[i].toDouble()));
  }
  return columns;
}

/// Far from its own perturbation by one unit in the last place: chaotic.
bool staysTogether(const Run& run, const Run& perturbed, const std::string& record) {
  for (std::int64_t row = 0; row <= kSteps; ++row) {
    const double value = at(run, row, record), other = at(perturbed, row, record);
    if (!std::isfinite(value) || !std::isfinite(other)) break;
    if (std::abs(value - other) > 1e-10 * std::max(1.0, std::abs(value))) return false;
  }
  return true;
}

}  // namespace

class RacePythonTest : public QObject {
  Q_OBJECT

  static void addRows() {
    QTest::addColumn<QString>("surface");
    QTest::addColumn<QString>("start");
    QTest::addColumn<QStringList>("settings");
    const QStringList gentle{"sgd.lr=0.001",     "momentum.lr=0.0002", "adagrad.lr=0.2",
                             "rmsprop.lr=0.005", "adam.lr=0.02",       "adamw.lr=0.02",
                             "adabelief.lr=0.02"};
    const auto row = [&](const char* surface, const char* start, const QStringList& settings) {
      QTest::newRow(qPrintable(
          QString("%1 from %2%3").arg(surface, start, settings.isEmpty() ? "" : ", gentle rates")))
          << QString(surface) << QString(start) << settings;
    };
    row("ravine", "-1.8,1.2", {});
    row("ravine", "-1.8,1.2", gentle + QStringList{"weight_decay=0.01", "adamw.decay=0.1"});
    row("rosenbrock", "-1.5,2", gentle);
    row("beale", "-1,1.5", gentle);
    row("himmelblau", "-1,-1.5", gentle);
    row("booth", "-5,-7", gentle);
    row("saddle", "1.5,0.001", gentle);
    row("rastrigin", "2.3,-1.4", gentle);
    row("two-valleys", "1.8,0.8", {});
    row("two-valleys", "1.8,0.8", gentle);
  }

 private Q_SLOTS:
  void initTestCase() {
    if (runPython({"-c", "import torch"}).lines.isEmpty())
      QSKIP("/usr/bin/python3 has no torch: install python3-torch");
  }

  void positionsEqualThoseOfTorchOptim_data() { addRows(); }
  void positionsEqualThoseOfTorchOptim() {
    QFETCH(QString, surface);
    QFETCH(QString, start);
    QFETCH(QStringList, settings);

    const QStringList program{lessonProgram("optimizers/optimizer_race.py")};
    const QStringList arguments{surface, start, QString::number(kSteps)};
    const Columns torch = columnsIn(runPython(program + arguments + settings).lines);
    QVERIFY(torch.count("adam/x"));

    Settings ours{{"surface", surface.toStdString()}, {"start", start.toStdString()}};
    for (const QString& setting : settings)
      ours.emplace_back(setting.section('=', 0, 0).toStdString(),
                        setting.section('=', 1).toStdString());
    const auto run = finishedRun("optimizer-race", ours, kSteps);
    const Point place = std::get<Point>(run->parameters().value("start"));
    ours[1].second = formatValue(Point{std::nextafter(place.x, 100), std::nextafter(place.y, 100)});
    const auto perturbed = finishedRun("optimizer-race", ours, kSteps);

    int compared_to_the_end = 0;
    for (const std::string name : kOptimizers) {
      const bool is_chaotic = !staysTogether(*run, *perturbed, name + "/x") ||
                              !staysTogether(*run, *perturbed, name + "/y");
      const std::int64_t last = is_chaotic ? kStepsOfChaos : kSteps;
      if (!is_chaotic) ++compared_to_the_end;
      for (const std::string axis : {"/x", "/y"})
        for (std::int64_t row = 0; row <= last; ++row) {
          const double expected = torch.at(name + axis)[static_cast<std::size_t>(row)];
          const double value = at(*run, row, name + axis);
          if (!std::isfinite(expected) || !std::isfinite(value)) break;  // it ran away
          const double difference = std::abs(value - expected) / std::max(1.0, std::abs(expected));
          QVERIFY2(difference <= 1e-9, qPrintable(QString("%1, step %2: %3 is not %4")
                                                      .arg((name + axis).c_str())
                                                      .arg(row)
                                                      .arg(value, 0, 'g', 17)
                                                      .arg(expected, 0, 'g', 17)));
        }
    }
    QVERIFY2(compared_to_the_end >= 3, "a row in which nearly all is chaotic compares nothing");
    qInfo("%d of 7 compared over all %d steps", compared_to_the_end, static_cast<int>(kSteps));
  }

  void aStepOfAdamTakenApartIsThatOfTorch() {
    const QString program = lessonProgram("optimizers/optimizer_anatomy.py");
    const Columns torch = columnsIn(runPython({program, "-1.5,1.2", "60", "0.1"}).lines);
    QVERIFY(torch.count("gradient/x"));
    const auto run = finishedRun("optimizer-anatomy", {}, 60);
    for (const char* record : {"gradient/x", "gradient/y", "first_moment/x", "first_moment/y",
                               "second_moment/x", "second_moment/y", "step/x", "step/y", "x", "y"})
      for (std::int64_t row = 1; row <= 60; ++row) {
        const double expected = torch.at(record)[static_cast<std::size_t>(row - 1)];
        QVERIFY2(
            std::abs(at(*run, row, record) - expected) <= 1e-9 * std::max(1.0, std::abs(expected)),
            record);
      }
  }
};

QTEST_GUILESS_MAIN(RacePythonTest)
#include "race_python_test.moc"

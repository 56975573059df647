// SPDX-License-Identifier: GPL-3.0-or-later
// Each program on a thousand random inputs, against LibTorch and against PyTorch in Python, which
// runs the program of the Code tab.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "lessons/core/error.h"
#include "lessons/core/words.h"
#include "lessons/programs/program_reference.h"
#include "tests/lessons/programs/random_inputs.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::programs;
using namespace viva::tests;

namespace {

constexpr int kInputs = 1000;

struct Drawn {
  ProgramKind kind;
  QString input;
};

/// A thousand for each program.
const std::vector<Drawn>& drawn() {
  static const std::vector<Drawn> all = [] {
    std::vector<Drawn> made;
    for (const ProgramEntry& program : programList()) {
      RandomInputs inputs(static_cast<std::uint64_t>(program.kind) + 1);
      for (int i = 0; i < kInputs; ++i) made.push_back({program.kind, inputs.next(program.kind)});
    }
    return made;
  }();
  return all;
}

std::vector<double> numbersOfResults(const std::vector<Held>& variables) {
  std::vector<double> numbers;
  for (const Held& held : variables)
    if (held.is_result) numbers.insert(numbers.end(), held.numbers.begin(), held.numbers.end());
  return numbers;
}

bool isNear(double ours, double theirs) {
  if (ours == theirs || (std::isnan(ours) && std::isnan(theirs))) return true;
  return std::abs(ours - theirs) <= 1e-9 * std::max(1.0, std::abs(theirs));
}

}  // namespace

class ProgramsPythonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aThousandRandomInputsGiveWhatLibTorchGives_data() {
    QTest::addColumn<int>("kind");
    for (const ProgramEntry& program : programList())
      QTest::newRow(program.name.c_str()) << int(program.kind);
  }
  void aThousandRandomInputsGiveWhatLibTorchGives() {
    QFETCH(int, kind);
    const ProgramEntry& program = programOf(ProgramKind(kind));
    int compared = 0, strayed = 0;
    for (const Drawn& one : drawn()) {
      if (one.kind != program.kind) continue;
      Given given;
      try {
        given = givenIn(one.kind, one.input.toStdString());
      } catch (const RequestError& refusal) {
        QFAIL(qPrintable(one.input + ": " +
                         QString::fromStdString(Words::in(Language::English)(refusal.message()))));
      }
      const ReferenceResult reference = referenceFor(one.kind, given);
      given.seed = static_cast<std::uint64_t>(++compared);
      const double difference = differenceFrom(reference, finished(program, given).variables);
      // Shares of so many draws leave 4.5 deviations at most three times in a hundred thousand, and
      // are drawn 7,000 times.
      const bool is_drawn = one.kind == ProgramKind::Reservoir;
      if (difference <= reference.tolerance) continue;
      ++strayed;
      QVERIFY2(is_drawn && difference < 6.0 / 4.5 * reference.tolerance,
               qPrintable(QString("%1: %2").arg(one.input).arg(difference)));
    }
    QCOMPARE(compared, kInputs);
    QVERIFY2(strayed <= 3, qPrintable(QString::number(strayed)));
  }

  void theProgramOfTheCodeTabGivesTheSameOnThem() {
    const QTemporaryDir folder;
    QFile tasks(folder.filePath("tasks"));
    QVERIFY(tasks.open(QIODevice::WriteOnly));
    std::vector<const Drawn*> asked;
    for (const Drawn& one : drawn()) {
      if (one.kind == ProgramKind::Reservoir) continue;
      asked.push_back(&one);
      tasks.write(
          (QString::fromStdString(programOf(one.kind).name) + "\t" + one.input + "\n").toUtf8());
    }
    tasks.close();
    const auto printed =
        runPython({lessonProgram("coding-interview/programs.py"), tasks.fileName()});
    QCOMPARE(printed.lines.size(), qsizetype(asked.size()));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto& [kind, input] = *asked[i];
      const auto ours = finished(programOf(kind), givenIn(kind, input.toStdString())).variables;
      const auto halves = printed.lines[qsizetype(i)].split('\t');
      std::vector<double> theirs;
      for (const QByteArray& number : halves[0].split(' '))
        if (!number.isEmpty()) theirs.push_back(number.toDouble());
      const auto numbers = numbersOfResults(ours);
      const QString name = QString::fromStdString(programOf(kind).name) + " " + input;
      QVERIFY2(numbers.size() == theirs.size(), qPrintable(name));
      for (std::size_t k = 0; k < numbers.size(); ++k)
        QVERIFY2(isNear(numbers[k], theirs[k]),
                 qPrintable(QString("%1: %2 %3").arg(name).arg(numbers[k]).arg(theirs[k])));
      QStringList texts;
      for (const Held& held : ours)
        for (const std::string& text : held.texts)
          if (held.is_result) texts << QString::fromStdString(text);
      QCOMPARE(texts.join(","), QString::fromUtf8(halves.value(1)));
    }
  }
};

QTEST_GUILESS_MAIN(ProgramsPythonTest)
#include "programs_python_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The programs of the interview: vectors worked out apart, their classic mistakes, bad input, and
// the line that is marked.
#include "lessons/programs/programs.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <cmath>
#include <set>

#include "lessons/programs/program_reference.h"
#include "lessons/programs/program_source.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::programs;
using namespace viva::tests;
using fakes::refusalOf;

namespace {

const ProgramEntry& programCalled(const QString& name) {
  for (const ProgramEntry& program : programList())
    if (program.name == name.toStdString()) return program;
  throw std::logic_error("no such program");
}

std::vector<Held> resultsOf(const QString& program, const QString& input) {
  const ProgramEntry& entry = programCalled(program);
  auto variables = finished(entry, givenIn(entry.kind, input.toStdString())).variables;
  std::erase_if(variables, [](const Held& held) { return !held.is_result; });
  return variables;
}

std::vector<double> numbersOf(const QString& program, const QString& input) {
  std::vector<double> numbers;
  for (const Held& held : resultsOf(program, input))
    numbers.insert(numbers.end(), held.numbers.begin(), held.numbers.end());
  return numbers;
}

const QString kImage = "1 2 3 4; 5 6 7 8; 9 10 11 12; 13 14 15 16 | ";
const QString kThree = "1 0; 0 1; 1 1";
const QString kFive = "0 0 10 10 .9; 1 1 11 11 .8; 0 0 5 5 .7; 20 20 30 30 .6; 21 20 31 30 .95 | ";
const QString kBeam =
    ".6 .4 0 0 0 | 0 0 .4 .35 .25; 0 0 .9 .05 .05; 0 0 0 0 0; 0 0 0 0 0; 0 0 0 0 0 | ";
const QString kCtc = ".2 .5 .3; .6 .2 .2; .1 .7 .2 | ";

/// The input without one of its numbers or statements: what is left may be no input any more.
QStringList smallerThan(const QString& input) {
  QStringList made;
  static const QRegularExpression piece("[^ ;|]+");
  for (auto all = piece.globalMatch(input); all.hasNext();) {
    const auto match = all.next();
    made << input.left(match.capturedStart()) + input.mid(match.capturedEnd());
  }
  for (const QChar between : {';', '|'}) {
    const QStringList parts = input.split(between);
    for (qsizetype i = 0; i < parts.size() && parts.size() > 1; ++i) {
      QStringList fewer = parts;
      fewer.removeAt(i);
      made << fewer.join(between);
    }
  }
  return made;
}

}  // namespace

class ProgramsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void resultsAreThoseWorkedOutByHand_data() {
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("input");
    QTest::addColumn<QVector<double>>("expected");
    int count = 0;
    const auto row = [&](const char* program, const QString& input, QVector<double> expected) {
      QTest::newRow(qPrintable(QString("%1 %2").arg(program).arg(++count)))
          << program << input << expected;
    };
    const QVector<double> softmax{.09003057, .24472847, .66524096};
    row("softmax", "1 2 3", softmax);
    row("softmax", "1000 1001 1002", softmax);
    row("logsumexp", "1 2 3", {3.4076059644});
    row("logsumexp", "1000 1001 1002", {1002.4076059644});
    row("logsumexp", "-1000 -1001", {-999.6867383125});
    row("logsumexp", "-inf -inf", {-INFINITY});
    row("attention", "1 0; 0 1 | 1 0; 1 1 | 1 2; 3 4", {2, 3, 2.3395231, 3.3395231});
    row("attention", "1 0; 0 1 | 1 0; 1 1 | 1 2; 3 4 | causal", {1, 2, 2.3395231, 3.3395231});
    const QString same = kThree + " | " + kThree + " | " + kThree;
    row("attention", same, {.8022242, .5988879, .5988879, .8022242, .7517449, .7517449});
    row("attention", same + " | causal", {1, 0, .3302385, .6697615, .7517449, .7517449});
    row("attention", "1 0; 0 1 | 1 0; 1 1 | 1 2; 3 4 | 0 0; 1 1", {0, 0, 2.3395231, 3.3395231});
    row("conv2d", kImage + "1 0; 0 -1", QVector<double>(9, -5));
    row("conv2d", kImage + "1 2; 3 4", {44, 54, 64, 84, 94, 104, 124, 134, 144});
    row("conv2d", kImage + "1 0; 0 -1 | 2 1", {-1, -3, 0, -9, -5, 8, 0, 14, 16});
    row("nms", kFive + ".2", {4, 0});
    row("nms", kFive + ".3", {4, 0, 2});
    row("nms", kFive + ".5", {4, 0, 2});
    row("nms", kFive + ".7", {4, 0, 1, 2});
    row("nms", kFive + ".9", {4, 0, 1, 2, 3});
    row("nms", "0 0 1 1 .5; 0 0 1 1 .5", {0});
    row("nms", "0 0 0 0 .5; 0 0 0 0 .4", {0, 1});
    row("kmeans", "0 0; 0 1; 1 0; 10 10; 10 11; 11 10 | 0 0; 1 0",
        {1 / 3., 1 / 3., 31 / 3., 31 / 3., 0, 0, 0, 1, 1, 1, 2.6666667});
    row("beam-search", kBeam + "1 2", {std::log(.24)});
    row("beam-search", kBeam + "2 2", {std::log(.36), std::log(.24)});
    row("beam-search", kBeam + "4 2", {std::log(.36), std::log(.24), std::log(.21), std::log(.15)});
    // exp(-1) and then one more token, which ends; divided by ((5 + 2) / 6)^0.6.
    row("beam-search", "0.36787944117144233 0 | 0 1; 0 0 | 1 2 .6", {-.911658});
    row("sampling", "2 1 .5 0 -1", {.56302123, .20712394, .12562702, .07619664, .02803118});
    row("sampling", "2 1 .5 0 -1 | 1 2", {.73105858, .26894142, 0, 0, 0});
    row("sampling", "2 1 .5 0 -1 | 1 0 .5", {1, 0, 0, 0, 0});
    row("sampling", "2 1 .5 0 -1 | 1 0 .8", {.62853172, .23122390, .14024438, 0, 0});
    const QVector<double> four{.57925853, .21309730, .12925005, .07839412, 0};
    row("sampling", "2 1 .5 0 -1 | 1 0 .9", four);
    row("sampling", "2 1 .5 0 -1 | 1 0 .95", four);
    row("sampling", "2 1 .5 0 -1 | 1 0 1 .1", four);
    row("sampling", "2 1 .5 0 -1 | .5", {.82924464, .11222606, .04128566, .01518815, .00205549});
    row("sampling", "2 1 .5 0 -1 | 2", {.37454491, .22717297, .17692249, .13778737, .08357227});
    row("sampling", "2 1 .5 0 -1 | 0", {1, 0, 0, 0, 0});
    row("perplexity", ".5 .25 .125 .125", {4.7568285});
    row("layernorm", "1 2 3 4", {-1.3416354, -.4472118, .4472118, 1.3416354});
    row("bpe", "low*5 lower*2 newest*6 widest*3 | 10", {9, 9, 9, 7, 7, 6, 6, 6, 5, 3});
    const QString two = ".6 .3 .1; .5 .4 .1 | ";
    row("ctc", two + "1", {.6733446});
    row("ctc", two + "2", {2.1202635});
    row("ctc", two + "1 2", {3.5065579});
    row("ctc", kCtc + "1", {1.4872203});
    row("ctc", kCtc + "1 1", {1.5606477});
    row("ctc", kCtc + "1 2", {2.1370707});
    row("ctc", kCtc + "2 1", {1.4105871});
    row("average-precision", ".9 1; .8 1; .7 0; .6 1; .5 0; .4 1; .3 0 | 5",
        {.6833333, .7121212, .6864686});
    row("auroc",
        ".99 .97 .95 .93 .90 .88 .85 .80 .70 .55 | .98 .86 .75 .60 .58 .52 .50 .45 .40 .35", {.83});
    row("lstm-step", "1; -1; .5 | 0 | 0 | .5; .6; .7; .8 | .1; .2; .3; .4 | .01 .02 .03 .04",
        {.0999677852, .1664060523});
    row("optimizer-step", "1 | 2 | .1 .9 .999 1e-8 0 3", {.9000000005, .8004122287, .7015862729});
    row("optimizer-step", "1 | 2 | .1 .9 .999 1e-8 .01 3", {.8990000005, .7985190272, .6989111832});
    row("optimizer-step", "1 | 2 | .1 .9 .999 1e-8 .1 3", {.8900000005, .7815718559, .6751012216});
    row("optimizer-step", "1 | 2 | .001 .9 .999 1e-8 0 3", {.9990000000, .9980000262, .9970000961});
    row("online-softmax", "1 | 0", {1, 1, 0});
    row("online-softmax", "1 3 | 0 0", {3, 1.1353353, 0});
    row("online-softmax", "1 3 2 | 0 0 0", {3, 1.5032147, 0});
  }
  void resultsAreThoseWorkedOutByHand() {
    QFETCH(QString, program);
    QFETCH(QString, input);
    QFETCH(QVector<double>, expected);
    const auto found = numbersOf(program, input);
    QCOMPARE(qsizetype(found.size()), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      QVERIFY2(found[i] == expected[i] || std::abs(found[i] - expected[i]) < 6e-8 * 10,
               qPrintable(QString("%1: %2").arg(i).arg(found[i], 0, 'g', 12)));
  }

  void repetitionPenaltyDividesPositiveLogitsAndMultipliesNegativeOnes() {
    const auto& entry = programOf(ProgramKind::Sampling);
    const auto variables = finished(entry, givenIn(entry.kind, "2 -1 | 1 | 1.2 0 1")).variables;
    QVERIFY(std::abs(variables[0].numbers[0] - 2 / 1.2) < 1e-12);
    QVERIFY(std::abs(variables[0].numbers[1] + 1.2) < 1e-12);
  }

  void pairsAreMergedInTheOrderWorkedOut() {
    const auto results = resultsOf("bpe", "low*5 lower*2 newest*6 widest*3 | 10");
    QCOMPARE(results[0].texts,
             (std::vector<std::string>{"low</w>", "low e r </w>", "newest</w>", "wi d est</w>"}));
    QCOMPARE(results[1].texts,
             (std::vector<std::string>{"e s", "es t", "est </w>", "l o", "lo w", "n e", "ne w",
                                       "new est</w>", "low </w>", "w i"}));
  }

  void beamsAreRankedAsWorkedOut() {
    QCOMPARE(resultsOf("beam-search", kBeam + "4 2")[0].texts,
             (std::vector<std::string>{"bc", "ac", "ad", "ae"}));
  }

  void inertiaNeverRises() {
    const auto run = finishedRun("programs", {{"program", "kmeans"}}, 5000);
    QVERIFY(run->status() == RunStatus::Finished);
    Watch watch;
    Walk walk = kMeans(givenIn(ProgramKind::KMeans, ""), watch);
    std::vector<double> totals;
    double last = 0;
    while (walk.advance()) {
      const double inertia = watch.look().back().numbers[0];
      if (inertia < last) totals.push_back(last);
      last = inertia;
    }
    totals.push_back(last);
    QCOMPARE(totals.size(), std::size_t{3});
    QVERIFY(std::abs(totals[0] - 584) < 1e-9 && std::abs(totals[1] - 39.4375) < 1e-9 &&
            std::abs(totals[2] - 2.6666666667) < 1e-9);
  }

  void reservoirKeepsEachItemEquallyOften() {
    const auto& entry = programOf(ProgramKind::Reservoir);
    Given given = givenIn(entry.kind, "1 2 3 4 5 6 7 8 | 1 4000");
    given.seed = 5;
    const auto variables = finished(entry, given).variables;
    double chi = 0;
    for (const double share : variables.back().numbers)
      chi += std::pow(share * 4000 - 500, 2) / 500;
    QVERIFY2(chi < 24.3, qPrintable(QString::number(chi)));  // 7 degrees of freedom, p = 0.001
  }

  void eachMistakeIsCaughtOnAnInputThatCannotBeMadeSmaller_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("place");
    for (const ProgramEntry& program : programList())
      for (std::size_t i = 0; i < program.mistakes.size(); ++i)
        QTest::newRow(qPrintable(QString::fromStdString(
            program.name + ", " + kMistake.nameOf(program.mistakes[i].mistake))))
            << int(program.kind) << int(i);
  }
  void eachMistakeIsCaughtOnAnInputThatCannotBeMadeSmaller() {
    QFETCH(int, kind);
    QFETCH(int, place);
    const ProgramEntry& program = programOf(ProgramKind(kind));
    const KnownMistake& known = program.mistakes[std::size_t(place)];
    const auto isCaught = [&](const std::string& input, Mistake mistake) {
      Given given = givenIn(program.kind, input);
      const ReferenceResult reference = referenceFor(program.kind, given);
      given.mistake = mistake;
      return differenceFrom(reference, finished(program, given).variables) > reference.tolerance;
    };
    QVERIFY(isCaught(known.smallest, known.mistake));
    QVERIFY(!isCaught(known.smallest, Mistake::None));
    for (const QString& smaller : smallerThan(QString::fromStdString(known.smallest))) {
      if (smaller.trimmed().isEmpty()) continue;
      bool is_input = true;
      try {
        givenIn(program.kind, smaller.toStdString());
      } catch (const RequestError&) {
        is_input = false;
      }
      if (is_input) QVERIFY2(!isCaught(smaller.toStdString(), known.mistake), qPrintable(smaller));
    }
  }

  void everyProgramHasAMistakeAndEveryMistakeAProgram() {
    std::set<Mistake> used;
    for (const ProgramEntry& program : programList()) {
      QVERIFY2(!program.mistakes.empty(), program.name.c_str());
      for (const KnownMistake& known : program.mistakes) used.insert(known.mistake);
    }
    QCOMPARE(used.size() + 1, mistakeNames().size());
    for (std::size_t i = 0; i < mistakeNames().size(); ++i)
      QCOMPARE(std::size_t(mistakeNames()[i].first), i);
    for (std::size_t i = 0; i < programList().size(); ++i)
      QCOMPARE(std::size_t(programList()[i].kind), i);
  }

  void examplesEndWithinFiveThousandSteps() {
    for (const ProgramEntry& program : programList()) {
      const auto run = finishedRun("programs", {{"program", program.name}}, 5000);
      QVERIFY2(run->status() == RunStatus::Finished, program.name.c_str());
      const double difference = at(*run, run->step(), "difference");
      QVERIFY2(difference <= referenceFor(program.kind, givenIn(program.kind, "")).tolerance,
               program.name.c_str());
    }
  }

  void badInputIsRefusedInOneSentence_data() {
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("input");
    const auto row = [](const char* program, const char* what, const QString& input) {
      QTest::newRow(qPrintable(QString("%1, %2").arg(program, what))) << program << input;
    };
    const QString many = QString("1 ").repeated(65), huge = "1e300";
    for (const ProgramEntry& program : programList()) {
      const char* name = program.name.c_str();
      row(name, "empty part", "|");
      row(name, "nothing in it", ";");
      row(name, "too many parts", "1 | 1 | 1 | 1 | 1 | 1 | 1");
      if (program.kind == ProgramKind::Bpe) continue;
      // Each number of the example becomes something else.
      const QString example = QString::fromStdString(program.example);
      static const QRegularExpression number("[0-9.][0-9.e-]*");
      for (const char* bad : {"nan", "inf", "1e300", "x"})
        row(name, bad,
            QString(example).replace(number.match(example).capturedStart(),
                                     number.match(example).capturedLength(), bad));
    }
    row("softmax", "a matrix", "1 2; 3 4");
    row("softmax", "too many", many);
    row("softmax", "minus infinity", "-inf 1");
    row("attention", "widths differ", "1 0 | 1 0 0 | 1");
    row("attention", "keys and values differ", "1 0 | 1 0; 0 1 | 1");
    row("attention", "ragged", "1 0; 1 | 1 0 | 1");
    row("attention", "mask of another shape", "1 | 1 | 1 | 1 0");
    row("attention", "mask of other numbers", "1 | 1 | 1 | 2");
    row("conv2d", "kernel too large", "1 | 1 2; 3 4");
    row("conv2d", "no stride", "1 | 1 | 0");
    row("conv2d", "half a stride", "1 | 1 | 1.5");
    row("nms", "four numbers", "0 0 1 1");
    row("nms", "turned", "1 1 0 0 .5");
    row("nms", "threshold", "0 0 1 1 .5 | 2");
    row("kmeans", "dimensions differ", "0 0 | 1");
    row("beam-search", "transitions", ".5 .5 | .5 .5");
    row("beam-search", "above one", ".5 1.5 | .5 .5; .5 .5");
    row("beam-search", "nothing possible", "0 0 | 0 0; 0 0");
    row("beam-search", "width", "1 | 1 | 0");
    row("sampling", "temperature", "1 2 | -1");
    row("sampling", "top-p", "1 2 | 1 0 2");
    row("sampling", "no such token", "1 2 | 1 | 1.2 2");
    row("perplexity", "zero", ".5 0");
    row("perplexity", "above one", ".5 2");
    row("layernorm", "gains", "1 2 | 1");
    row("backpropagation", "no statement", "a+b");
    row("backpropagation", "not yet", "a=1; b=a*c");
    row("backpropagation", "twice", "a=1; a=2");
    row("backpropagation", "no operation", "a=1; b=sin a");
    row("bpe", "no letters", "*3");
    row("bpe", "no count", "low*x");
    row("bpe", "half a count", "low*1.5");
    row("bpe", "huge count", "low*1e300");
    row("bpe", "nan merges", "low | nan");
    row("ctc", "label is blank", ".5 .5 | 0");
    row("ctc", "no such label", ".5 .5 | 2");
    row("ctc", "no probability", "1.5 .5 | 1");
    row("average-precision", "flag", ".9 2 | 1");
    row("average-precision", "fewer truths than found", ".9 1; .8 1 | 1");
    row("auroc", "one class", ".5");
    row("lstm-step", "weights", "1 | 0 | 0 | 1; 1; 1 | 1; 1; 1; 1 | 0 0 0 0");
    row("optimizer-step", "curvatures", "1 2 | 1");
    row("optimizer-step", "momentum", "1 | 1 | .1 1");
    row("online-softmax", "values", "1 2 | 1");
    row("reservoir", "room", "1 2 | 3");
    row("reservoir", "rounds", "1 2 | 1 1e6");
  }
  void badInputIsRefusedInOneSentence() {
    QFETCH(QString, program);
    QFETCH(QString, input);
    const ExperimentSpec& spec = viva_catalog()->experiment("programs");
    Parameters parameters(spec.parameters);
    parameters.setFromText("program", program.toStdString());
    parameters.setFromText("input", input.toStdString());
    const auto problem = spec.validate(parameters);
    QVERIFY2(problem, qPrintable(input));
    for (const Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(*problem);
      QVERIFY2(sentence != problem->key && sentence.find('{') == std::string::npos,
               sentence.c_str());
      QVERIFY2(sentence.size() < 400, sentence.c_str());
    }
    QVERIFY(problem->key.starts_with("error.program."));
  }

  void aMistakeOfAnotherProgramIsRefusedWithThoseThatThereAre() {
    const ExperimentSpec& spec = viva_catalog()->experiment("programs");
    Parameters parameters(spec.parameters);
    parameters.setFromText("bug", "unsorted");
    const auto problem = spec.validate(parameters);
    QVERIFY(problem);
    QCOMPARE(fakes::argumentOf(*problem, "allowed"), std::string("none, no-maximum"));
  }

  /// What is marked is a line of the file that pauses there, of every step of every program.
  void theMarkedLineIsOneThatPausesInTheSource_data() {
    QTest::addColumn<int>("kind");
    for (const ProgramEntry& program : programList())
      QTest::newRow(program.name.c_str()) << int(program.kind);
  }
  void theMarkedLineIsOneThatPausesInTheSource() {
    QFETCH(int, kind);
    const ProgramEntry& program = programOf(ProgramKind(kind));
    QFile file(VIVA_SOURCE_DIR "/" + QString::fromStdString(sourceFileOf(program)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto source = file.readAll().split('\n');
    Watch watch;
    Walk walk = program.run(givenIn(program.kind, ""), watch);
    QVERIFY(walk.advance());
    std::set<int> shown;
    for (const SourceLine& line : sourceLines(program.kind)) {
      shown.insert(line.number);
      const QByteArray original = source[line.number - 1];
      QCOMPARE(QByteArray::fromStdString(line.text),
               QByteArray(original).replace(", co_yield here()", ""));
    }
    while (walk.advance()) {
      const int line = static_cast<int>(walk.place().line());
      QVERIFY2(source[line - 1].contains("co_yield here()"), source[line - 1].constData());
      QVERIFY(shown.contains(line));
    }
    QCOMPARE(source[lastLine(program.kind) - 1], QByteArray("}"));
  }

  void aStepIsALineAndItsFrameShowsWhatItWrote() {
    const auto run = startedRun("programs", {}, 5000);
    run->advance(std::int64_t{4});  // three for the largest, one exponential
    const auto frame = run->frame();
    const auto& code = std::get<TableData>(frame->views.at("code"));
    int marked = 0;
    for (const TableData::Row& row : code.rows) {
      if (row.id != "running") continue;
      ++marked;
      QVERIFY(std::get<std::string>(row.cells[1]).find("std::exp") != std::string::npos);
      QCOMPARE(std::get<double>(row.cells[2]), 1.0);
    }
    QCOMPARE(marked, 1);
    QCOMPARE(at(*run, 4, "written"), std::exp(-2.0));
    const auto& variables = std::get<TableData>(frame->views.at("variables"));
    QCOMPARE(std::get<std::string>(variables.rows[0].cells[2]), std::string("[0] = 0.1353"));
  }

  void mistakesAreShownWithBothResults() {
    const auto run = finishedRun("programs", {}, 5000);
    const auto& table = std::get<TableData>(run->frame()->views.at("mistakes"));
    QCOMPARE(table.rows.size(), std::size_t{1});
    QCOMPARE(std::get<std::string>(table.rows[0].cells[1]), std::string("710"));
    QCOMPARE(std::get<std::string>(table.rows[0].cells[2]), std::string("p = NaN"));
    QCOMPARE(std::get<std::string>(table.rows[0].cells[3]), std::string("p = 1"));
  }
};

QTEST_GUILESS_MAIN(ProgramsTest)
#include "programs_test.moc"

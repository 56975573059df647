// SPDX-License-Identifier: GPL-3.0-or-later
// FSRS-6 against ts-fsrs 5.4.2 (tools/fsrs/make.mjs wrote the vectors) and its published formulas.
#include "app/study/fsrs.h"

#include <QDateTime>
#include <QFile>
#include <QtTest>
#include <cmath>

using namespace viva::fsrs;

namespace {

constexpr double kTolerance = 1e-8;

struct Transition {
  Aim aim;
  State before, after;
  std::int64_t last = 0, now = 0;  ///< seconds since 1970
  Grade grade = Grade::Again;
  std::int64_t due = 0;
  bool lapse = false;
  int line = 0;
};

std::vector<Transition> transitionsOfTheFile() {
  QFile file(VIVA_SOURCE_DIR "/tests/app/study/fsrs_vectors.txt");
  std::vector<Transition> all;
  if (!file.open(QIODevice::ReadOnly)) return all;
  Transition next;
  int lapses = 0;
  while (!file.atEnd()) {
    const QList<QByteArray> words = file.readLine().trimmed().split(' ');
    ++next.line;
    if (words[0] == "#") continue;
    if (words[0] == "S") {
      next.aim = {words[1].toDouble(), words[2].toInt()};
      next.now = words[3].toLongLong();
      next.after = {};
      lapses = 0;
      continue;
    }
    next.before = next.after;
    next.last = next.now;
    next.grade = static_cast<Grade>(words[0].toInt());
    next.now += words[1].toLongLong();
    next.after = {static_cast<Phase>(words[2].toInt()), words[3].toInt(), words[4].toDouble(),
                  words[5].toDouble()};
    next.due = words[6].toLongLong();
    next.lapse = words[7].toInt() > lapses;
    lapses = words[7].toInt();
    all.push_back(next);
  }
  return all;
}

/// Between the dates in UTC, as ts-fsrs counts them.
int daysBetween(std::int64_t earlier, std::int64_t later) {
  const auto date = [](std::int64_t seconds) {
    return QDateTime::fromSecsSinceEpoch(seconds).toUTC().date();
  };
  return static_cast<int>(date(earlier).daysTo(date(later)));
}

Next made(const Transition& from) {
  const int days = from.before.phase == Phase::New ? 0 : daysBetween(from.last, from.now);
  return next(from.before, days, from.aim)[static_cast<std::size_t>(from.grade) - 1];
}

}  // namespace

class FsrsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyTransitionIsThatOfTsFsrs() {
    const auto all = transitionsOfTheFile();
    QVERIFY(all.size() >= 10000);
    int same_day = 0;
    for (const Transition& transition : all) {
      const Next got = made(transition);
      const QByteArray line = "line " + QByteArray::number(transition.line);
      QVERIFY2(got.state.phase == transition.after.phase, line);
      QVERIFY2(got.state.step == transition.after.step, line);
      QVERIFY2(std::abs(got.state.stability - transition.after.stability) <= kTolerance, line);
      QVERIFY2(std::abs(got.state.difficulty - transition.after.difficulty) <= kTolerance, line);
      QVERIFY2(got.seconds == transition.due, line);
      QVERIFY2(got.lapse == transition.lapse, line);
      if (transition.before.phase == Phase::Review &&
          daysBetween(transition.last, transition.now) == 0)
        ++same_day;
    }
    QVERIFY(same_day > 500);
  }

  void aChainOfReviewsStaysWithTsFsrs() {
    State state;
    for (Transition transition : transitionsOfTheFile()) {
      transition.before = transition.before.phase == Phase::New ? State{} : state;
      state = made(transition).state;
      QVERIFY(std::abs(state.stability - transition.after.stability) <=
              kTolerance * std::max(1.0, transition.after.stability));
    }
  }

  void theChanceOfRecallAfterTheStabilityIs90Percent() {
    for (const double stability : {0.1, 1.0, 7.0, 365.0})
      QVERIFY(std::abs(retrievability(stability, stability) - 0.9) < 1e-7);
    QCOMPARE(retrievability(0, 5), 1.0);
  }

  void theIntervalIsWhenRecallHasFallenToWhatIsWanted() {
    for (const double wanted : {0.7, 0.8, 0.9, 0.97}) {
      const int days = interval(1000, {wanted, 36500});
      QVERIFY(retrievability(days - 1, 1000) > wanted);
      QVERIFY(retrievability(days + 1, 1000) < wanted);
    }
    QCOMPARE(interval(0.001), 1);
    QCOMPARE(interval(1000, {0.9, 30}), 30);
  }

  void betterGradesWaitLonger() {
    const State state{Phase::Review, 0, 12, 5};
    const auto all = next(state, 12);
    for (std::size_t grade = 1; grade < all.size(); ++grade)
      QVERIFY(all[grade].seconds > all[grade - 1].seconds);
  }

  void aStateThatCannotBeIsBroughtIntoRange() {
    const double nan = std::nan("");
    for (const State& state :
         {State{Phase::Review, 9, nan, nan}, State{Phase::Learning, -4, -1, 0},
          State{Phase::Relearning, 7, 1e300, 99}, State{Phase::Review, 0, 0, 0}})
      for (const Next& after : next(state, -3)) {
        QVERIFY(after.state.stability >= 0.001 && after.state.stability <= 36500);
        QVERIFY(after.state.difficulty >= 1 && after.state.difficulty <= 10);
        QVERIFY(after.seconds > 0);
      }
  }
};

QTEST_GUILESS_MAIN(FsrsTest)
#include "fsrs_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"

#include <QTest>

using namespace viva;
using Mood = VerdictData::Mood;

namespace {

struct State {
  double loss = 1;
  bool is_measured = true;
};

const Claims<State>& claims() {
  static const Claims<State> all{
      {"learns", 100, [](const State& s) { return s.loss < 0.5; }},
      {"gets-there", 100, [](const State& s) { return s.loss < 0.5; }, When::Until},
      {"measured", 1,
       [](const State& s) -> std::optional<bool> {
         if (!s.is_measured) return std::nullopt;
         return s.loss < 0.5;
       },
       When::From, [](const State&, Mood mood) { return endingOf(mood); }},
      {"about-a-pair", 1, [](const State& s) { return s.loss < 0.5; }, When::From, nullptr,
       [](const State& s) { return s.is_measured; }},
      {"decided", 100,
       [](const State& s) -> std::optional<bool> {
         if (!s.is_measured) return std::nullopt;
         return s.loss < 0.5;
       },
       When::Once,
       [](const State& s, Mood) { return std::string(s.is_measured ? "" : ".standing"); }},
  };
  return all;
}

VerdictData verdictOn(const std::string& preset, std::int64_t step, const State& state) {
  return judged("fake", claims(), preset, step, state, {{"loss", state.loss}});
}

}  // namespace

class ClaimTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void nothingIsJudgedBeforeTheFirstUpdate() {
    for (const char* preset : {"learns", "gets-there", "measured", "", "unknown"}) {
      const VerdictData verdict = verdictOn(preset, 0, {0.1});
      QCOMPARE(verdict.mood, Mood::Open);
      QCOMPARE(verdict.sentence.key, std::string("fake.verdict.early"));
    }
  }

  void aClaimFromIsOpenUntilItsPatienceEnds() {
    QCOMPARE(verdictOn("learns", 99, {0.1}).mood, Mood::Open);
    QCOMPARE(verdictOn("learns", 99, {0.9}).mood, Mood::Open);
    QCOMPARE(verdictOn("learns", 100, {0.1}).mood, Mood::Holds);
    QCOMPARE(verdictOn("learns", 100, {0.9}).mood, Mood::Fails);
  }

  void aClaimUntilHoldsAsSoonAsItShows() {
    QCOMPARE(verdictOn("gets-there", 1, {0.1}).mood, Mood::Holds);
    QCOMPARE(verdictOn("gets-there", 99, {0.9}).mood, Mood::Open);
    QCOMPARE(verdictOn("gets-there", 100, {0.9}).mood, Mood::Fails);
  }

  void whatCannotBeMeasuredStaysOpen() {
    QCOMPARE(verdictOn("measured", 500, {0.1, false}).mood, Mood::Open);
    QCOMPARE(verdictOn("measured", 500, {0.1, true}).mood, Mood::Holds);
  }

  void whatAClaimDoesNotApplyToIsNotJudged() {
    QCOMPARE(verdictOn("about-a-pair", 500, {0.9, true}).mood, Mood::Fails);
    QCOMPARE(verdictOn("about-a-pair", 500, {0.9, true}).sentence.key,
             std::string("fake.verdict.about-a-pair"));
    QCOMPARE(verdictOn("about-a-pair", 500, {0.9, false}).mood, Mood::Open);
    QCOMPARE(verdictOn("about-a-pair", 500, {0.9, false}).sentence.key,
             std::string("fake.verdict.standing"));
  }

  void aClaimOnceIsJudgedAsSoonAsThereIsAnAnswer() {
    QCOMPARE(verdictOn("decided", 1, {0.1, false}).mood, Mood::Open);
    QCOMPARE(verdictOn("decided", 1, {0.1, true}).mood, Mood::Holds);
    QCOMPARE(verdictOn("decided", 1, {0.9, true}).mood, Mood::Fails);
  }

  void anEndingWithADotStandsInThePlaceOfThePreset() {
    QCOMPARE(verdictOn("decided", 5, {0.1, false}).sentence.key,
             std::string("fake.verdict.standing"));
    QCOMPARE(verdictOn("decided", 5, {0.1, true}).sentence.key,
             std::string("fake.verdict.decided"));
  }

  void theSentenceIsThePresetsOwn() {
    QCOMPARE(verdictOn("learns", 100, {0.1}).sentence.key, std::string("fake.verdict.learns"));
    QCOMPARE(verdictOn("measured", 5, {0.9}).sentence.key,
             std::string("fake.verdict.measured.fails"));
    QCOMPARE(verdictOn("", 5, {0.9}).sentence.key, std::string("fake.verdict.standing"));
    QCOMPARE(verdictOn("", 5, {0.9}).mood, Mood::Open);
    QCOMPARE(verdictOn("learns", 5, {0.9}).sentence.arguments.size(), std::size_t{1});
  }

  void everyClaimIsDeclared() {
    const auto specs = claimsOf(claims());
    QCOMPARE(specs.size(), std::size_t{5});
    QCOMPARE(specs[1].preset, std::string("gets-there"));
    QCOMPARE(specs[1].patience, std::int64_t{100});
  }
};

QTEST_GUILESS_MAIN(ClaimTest)
#include "claim_test.moc"

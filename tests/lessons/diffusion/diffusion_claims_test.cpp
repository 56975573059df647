// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson diffusion can say that a claim does not show.
#include <QTest>

#include "lessons/diffusion/diffusion_digits.h"
#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/sampler_race.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

Coverage ring(std::int64_t covered, double quality) {
  Coverage coverage;
  coverage.modes_covered = covered;
  coverage.high_quality = quality;
  coverage.shares.assign(8, 0.125);
  return coverage;
}

/// Everything that the plane can measure, as it is where all claims hold.
DiffusionHistory learned() {
  DiffusionEvaluation now;
  now.coverage = ring(8, 0.95);
  now.wasserstein = 0.04;
  now.loss = 0.37;
  now.least = 0.36;
  now.score_error = 0.13;
  now.other_coverage = ring(8, 0.8);
  now.ddim_redraw = 0;
  now.ddpm_redraw = 0.9;
  now.guided = {{0.34, 2, 0}, {0.9, 0.95, 1}, {1, 0.6, 1.5}, {1, 0.4, 1.8}, {1, 0.2, 2.1}};
  now.memorised = 0.9;
  now.memorised_fresh = 0.3;
  DiffusionHistory history;
  history.step = 5000;
  history.wasserstein_floor = 0.03;
  history.evaluations = {now};
  return history;
}

RacerResult racer(double wasserstein, double length) { return {wasserstein, 0, length}; }

SamplerRaceState race(double ddim, double euler, double velocity, double last) {
  SamplerRaceState state;
  state.floor = 0.03;
  for (const std::int64_t evaluations : kEvaluations) {
    RaceRow row;
    row.evaluations = evaluations;
    row.racers = evaluations < 200
                     ? std::array{racer(0.1, 9), racer(ddim, 1.3), racer(velocity, 1.2),
                                  racer(euler, 1.4), racer(euler, 1.4)}
                     : std::array{racer(last, 9), racer(0.03, 1.3), racer(0.03, 1.2),
                                  racer(0.03, 1.4), racer(0.03, 1.4)};
    state.rows.push_back(row);
  }
  return state;
}

}  // namespace

class DiffusionClaimsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyClaimOfThePlaneHasACounterExample_data() {
    QTest::addColumn<QString>("preset");
    for (const Preset& preset : viva_catalog()->experiment("diffusion-plane").presets)
      QTest::newRow(preset.name.c_str()) << QString::fromStdString(preset.name);
  }
  void everyClaimOfThePlaneHasACounterExample() {
    QFETCH(QString, preset);
    const std::string name = preset.toStdString();
    QCOMPARE(saidBy(diffusionPlaneVerdict(name, learned()), name), Said(Mood::Holds, name));
    DiffusionHistory worse = learned();
    DiffusionEvaluation& now = worse.evaluations.back();
    now.coverage = ring(7, 0.9);
    now.score_error = 0.3;
    now.other_coverage = ring(8, 0.9);
    now.ddim_redraw = 1e-6;
    now.guided[3].spread = 0.9;
    now.memorised_fresh = 0.8;
    QCOMPARE(saidBy(diffusionPlaneVerdict(name, worse), name), Said(Mood::Fails, name));
  }

  void eachHalfOfAClaimIsAskedFor() {
    const auto fails = [](const char* preset, auto&& spoil) {
      DiffusionHistory history = learned();
      spoil(history.evaluations.back());
      return diffusionPlaneVerdict(preset, history).mood == Mood::Fails;
    };
    using E = DiffusionEvaluation;
    QVERIFY(fails("forward-and-back", [](E& now) { now.coverage = ring(8, 0.7); }));
    QVERIFY(fails("learned-against-exact-score", [](E& now) { now.loss = 0.5; }));
    QVERIFY(fails("ddim-is-deterministic", [](E& now) { now.ddpm_redraw = 0; }));
    QVERIFY(fails("guidance-trades-spread", [](E& now) { now.guided[3].accuracy = 0.9; }));
    QVERIFY(fails("guidance-trades-spread", [](E& now) { now.guided[3].reach = 1.1; }));
    QVERIFY(fails("memorises-few-points", [](E& now) { now.memorised = 0.35; }));
  }

  void theScheduleThatTheNetHasIsNotTakenForTheOther() {
    DiffusionHistory history = learned();
    history.is_linear = true;  // now the cosine is the other one, and it is behind
    QCOMPARE(diffusionPlaneVerdict("linear-against-cosine", history).mood, Mood::Fails);
  }

  void whatWasNotMeasuredIsNotJudged() {
    DiffusionHistory bare = learned();
    DiffusionEvaluation& now = bare.evaluations.back();
    now.least.reset(), now.score_error.reset(), now.other_coverage.reset();
    now.ddim_redraw.reset(), now.ddpm_redraw.reset(), now.memorised.reset();
    now.guided.clear();
    for (const char* preset :
         {"learned-against-exact-score", "linear-against-cosine", "ddim-is-deterministic",
          "guidance-trades-spread", "memorises-few-points"})
      QCOMPARE(saidBy(diffusionPlaneVerdict(preset, bare), preset), Said(Mood::Open, "standing"));
    now.coverage.reset();
    QCOMPARE(saidBy(diffusionPlaneVerdict("", bare), "none"), Said(Mood::Open, "distance"));
  }

  void aRaceThatEndsOtherwiseIsToldSo() {
    const auto few = [](const SamplerRaceState& state) {
      return saidBy(samplerRaceVerdict("few-steps", state), "few-steps");
    };
    QCOMPARE(few(race(0.08, 0.05, 0.045, 0.03)), Said(Mood::Holds, "few-steps"));
    QCOMPARE(few(race(0.05, 0.05, 0.045, 0.03)), Said(Mood::Fails, "few-steps"));
    QCOMPARE(few(race(0.12, 0.05, 0.045, 0.03)), Said(Mood::Fails, "few-steps"));
    QCOMPARE(few(race(0.08, 0.05, 0.045, 0.09)), Said(Mood::Fails, "few-steps"));
    SamplerRaceState early = race(0.08, 0.05, 0.045, 0.03);
    early.rows.pop_back();
    QCOMPARE(few(early), Said(Mood::Open, "few-steps"));
    SamplerRaceState other = race(0.08, 0.05, 0.045, 0.03);
    other.is_published = false;
    QCOMPARE(few(other), Said(Mood::Open, "standing"));
    const auto straight = [](const SamplerRaceState& state) {
      return samplerRaceVerdict("is-flow-straighter", state).mood;
    };
    QCOMPARE(straight(race(0.08, 0.05, 0.045, 0.03)), Mood::Holds);
    QCOMPARE(straight(race(0.08, 0.05, 0.07, 0.03)), Mood::Fails);
    SamplerRaceState shorter = race(0.08, 0.05, 0.045, 0.03);
    shorter.rows.back().racers[3].length = 1.1;
    QCOMPARE(straight(shorter), Mood::Fails);
  }

  void digitsThatNobodyReadsAreToldSo() {
    DigitsProgress progress;
    progress.step = 1000;
    progress.judge_accuracy = 0.9;
    progress.judged = {{{0.85, 1.1}, {0.95, 0.9}, {0.97, 0.7}}};
    progress.distance = 0.95;
    const auto mood = [&](const char* preset) {
      return diffusionDigitsVerdict(preset, progress).mood;
    };
    QCOMPARE(mood("digits-out-of-noise"), Mood::Holds);
    QCOMPARE(mood("guidance-on-digits"), Mood::Holds);
    progress.distance = 0.2;  // copies
    QCOMPARE(mood("digits-out-of-noise"), Mood::Fails);
    progress.judged[2].spread = 1.1;
    QCOMPARE(mood("guidance-on-digits"), Mood::Fails);
    progress.judged = {{{0.3, 1.1}, {0.4, 0.9}, {0.2, 0.7}}};
    QCOMPARE(mood("guidance-on-digits"), Mood::Fails);
    progress.step = 500;
    QCOMPARE(mood("digits-out-of-noise"), Mood::Open);
  }
};

QTEST_GUILESS_MAIN(DiffusionClaimsTest)
#include "diffusion_claims_test.moc"

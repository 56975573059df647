// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every experiment at the defaults, in every preset and at every extreme of every
// parameter; a program of its own, so that it runs beside catalog_test.
#include "tests/lessons/catalog_cases.h"

using namespace viva;
using namespace viva::cases;

/// Hundreds of settings, three runs each: what goes wrong at an extreme does so at once.
constexpr std::int64_t kSteps = 2;
/// Of this length a run is carried out whole.
constexpr std::int64_t kShort = 20;

class CatalogExtremesTest : public QObject {
  Q_OBJECT

  static Case fetched() {
    QFETCH(Case, experiment_case);
    return experiment_case;
  }
  static std::string digestOf(const Case& c, std::int64_t steps, std::uint64_t seed) {
    const auto run = runOf(c, steps, seed);
    run->advance(kToTheEnd);
    return run->records().digest();
  }

 private Q_SLOTS:
  /// Defaults, presets and every extreme of every parameter: finite or named; the seed matters
  /// exactly where the specification says so; looking on changes nothing.
  void everySettingGivesFiniteResultsOrANamedDivergence_data() { caseRows(Cases::Extremes); }
  void everySettingGivesFiniteResultsOrANamedDivergence() {
    const Case c = fetched();
    std::unique_ptr<Run> run;
    try {
      run = runOf(c, kSteps);
    } catch (const RequestError& refusal) {
      QVERIFY2(c.spec->validate && c.spec->validate(c.parameters()), "refused without a reason");
      for (const Language language : {Language::English, Language::Chinese}) {
        const std::string unworded = keyWithoutWords(refusal.message(), language);
        QVERIFY2(unworded.empty(), unworded.c_str());
      }
      return;
    }
    run->advance(kToTheEnd);
    QVERIFY2(run->status() != RunStatus::Failed, reasonOf(*run).c_str());
    const std::string unnamed = unnamedNonFinite(*run);
    QVERIFY2(unnamed.empty(), unnamed.c_str());

    const auto watched = runOf(c, kSteps);
    while (watched->status() == RunStatus::Running) {
      QVERIFY2(watched->frame(), reasonOf(*watched).c_str());
      watched->advance(std::int64_t{1});
    }
    QVERIFY2(watched->frame(), reasonOf(*watched).c_str());
    QCOMPARE(watched->records().digest(), run->records().digest());

    const bool is_random = c.spec->uses_randomness && c.spec->uses_randomness(c.parameters());
    bool differs = digestOf(c, kSteps, 2) != run->records().digest();
    // Of a conversation the seed speaks late: by its end it must have.
    if (is_random && !differs && c.spec->default_steps <= kShort)
      differs = digestOf(c, kShort, 2) != digestOf(c, kShort, 1);
    QCOMPARE(differs, is_random);
  }
};

QTEST_GUILESS_MAIN(CatalogExtremesTest)
#include "catalog_extremes_test.moc"

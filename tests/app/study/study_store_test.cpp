// SPDX-License-Identifier: GPL-3.0-or-later
// What a learner does is there again after a restart.
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

/// A store with `count` cards of lesson `a`; opened again by each call.
std::unique_ptr<StudyStore> opened(const QString& path, int count = 5) {
  auto store = std::make_unique<StudyStore>(path);
  store->setLessonCards(cardsOf("a", count));
  return store;
}

Prediction prediction(const QString& preset, const QDateTime& time, double confidence, bool right) {
  return {"a", "race", preset, time, "sgd", confidence, right ? "sgd" : "adam", right};
}

}  // namespace

class StudyStoreTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void theFileLiesWithTheDataOfTheApplication() {
    QCOMPARE(StudyStore::defaultPath(),
             QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/study.db");
  }

  void aReviewIsThereAfterARestart() {
    Place place;
    CardMemory expected;
    {
      const auto store = opened(place.path);
      QSignalSpy changed(store.get(), &Study::changed);
      expected = store->outlook("a-1", day(0)).at(2);
      store->review("a-1", Grade::Good, day(0), 4000);
      QCOMPARE(changed.size(), 1);
      QCOMPARE(store->card("a-1").memory, expected);
    }
    QCOMPARE(opened(place.path)->card("a-1").memory, expected);
    QCOMPARE(opened(place.path)->statistics(day(0)).reviewed_today, 1);
  }

  void momentsAreKeptToTheMillisecond() {
    Place place;
    const QDateTime moment = day(0).addMSecs(123);
    opened(place.path)->review("a-0", Grade::Again, moment, 0);
    QCOMPARE(opened(place.path)->card("a-0").memory.last, moment);
    QCOMPARE(opened(place.path)->card("a-0").memory.due, moment.addSecs(60));
  }

  void undoRestoresTheMemoryExactly() {
    Place place;
    const auto store = opened(place.path);
    std::vector<std::pair<QString, CardMemory>> before;
    const std::vector<Grade> grades = {Grade::Good, Grade::Again, Grade::Hard, Grade::Easy};
    for (int number = 0; number < 20; ++number) {
      const QString id = QString("a-%1").arg(number % 3);
      before.emplace_back(id, store->card(id).memory);
      store->review(id, grades[static_cast<std::size_t>(number) % 4],
                    day(number * 3).addMSecs(number * 77), 100);
    }
    for (auto each = before.rbegin(); each != before.rend(); ++each) {
      QCOMPARE(store->undoReview(), each->first);
      QCOMPARE(store->card(each->first).memory, each->second);
      QCOMPARE(opened(place.path)->card(each->first).memory, each->second);
    }
    QCOMPARE(store->undoReview(), QString());
    QCOMPARE(store->card("a-0").memory, CardMemory{});
    QCOMPARE(store->session(day(0)).fresh, 5);
    QCOMPARE(store->statistics(day(0)).reviewed_today, 0);
  }

  void undoIsForTheReviewsOfThisSession() {
    Place place;
    opened(place.path)->review("a-0", Grade::Good, day(0), 100);
    QCOMPARE(opened(place.path)->undoReview(), QString());
  }

  void undoneReviewsDoNotCountAgainstTheDay() {
    Place place;
    const auto store = opened(place.path, 30);
    for (int number = 0; number < 10; ++number)
      store->review(QString("a-%1").arg(number), Grade::Easy, day(0), 100);
    QCOMPARE(store->session(day(0)).fresh, 0);
    store->undoReview();
    QCOMPARE(store->session(day(0)).fresh, 1);
  }

  void theDayEndsAtFourAndTheLimitsBeginAnew() {
    Place place;
    const auto store = opened(place.path, 30);
    for (int number = 0; number < 10; ++number)
      store->review(QString("a-%1").arg(number), Grade::Easy, day(0, 23), 100);
    QCOMPARE(store->session(day(1, 3)).fresh, 0);
    QCOMPARE(store->session(day(1, 4)).fresh, 10);
  }

  void aSuspendedCardKeepsItsMemory() {
    Place place;
    const auto store = opened(place.path, 2);
    store->review("a-0", Grade::Easy, day(0), 100);
    const CardMemory memory = store->card("a-0").memory;
    store->setSuspended("a-0", true);
    store->setSuspended("a-1", true);
    QVERIFY(store->session(day(300)).cards.empty());
    QVERIFY(opened(place.path)->card("a-0").suspended);
    QCOMPARE(opened(place.path)->card("a-0").memory, memory);
    store->setSuspended("a-0", false);
    QCOMPARE(idsOf(store->session(day(300)).cards), QStringList{"a-0"});
    QCOMPARE(store->statistics(day(0)).suspended, 1);
  }

  void cardsWhoseTextIsGoneAreIgnoredAndNotDeleted() {
    Place place;
    const auto store = opened(place.path, 3);
    store->review("a-2", Grade::Good, day(0), 100);
    store->setLessonCards(cardsOf("a", 2));
    QCOMPARE(store->session(day(9)).cards.size(), std::size_t{2});
    QCOMPARE(store->cardsOf("a").size(), std::size_t{2});
    QCOMPARE(store->statistics(day(9)).cards, 2);
    QCOMPARE(store->statistics(day(9)).begun, 0);
    store->setLessonCards(cardsOf("a", 3));
    QCOMPARE(store->card("a-2").memory.reviews, 1);
  }

  void thePlanIsKept() {
    Place place;
    QCOMPARE(opened(place.path)->plan(), StudyPlan{});
    const StudyPlan plan{0.853, QDate(2026, 7, 14), 17, 90};
    opened(place.path)->setPlan(plan);
    QCOMPARE(opened(place.path)->plan(), plan);
    opened(place.path)->setPlan({0.9, {}, 10, 200});
    QCOMPARE(opened(place.path)->plan(), StudyPlan{});
  }

  void thePlanDecidesWhenACardComesBack() {
    Place place;
    const auto store = opened(place.path);
    store->setPlan({0.8, {}, 10, 200});
    const QDateTime relaxed = store->outlook("a-0", day(0)).at(3).due;
    store->setPlan({0.95, {}, 10, 200});
    QVERIFY(store->outlook("a-0", day(0)).at(3).due < relaxed);
    store->setPlan({0.9, day(4).toLocalTime().date(), 10, 200});
    store->review("a-0", Grade::Easy, day(0), 100);
    QVERIFY(store->card("a-0").memory.due <= day(4));
  }

  void ownCardsComeAfterThoseOfTheirLesson() {
    Place place;
    const auto store = opened(place.path);
    std::vector<CardKey> keys = cardsOf("a", 2);
    for (const CardKey& key : cardsOf("b", 2)) keys.push_back(key);
    store->setLessonCards(keys);
    const QString mine = store->saveOwnCard({{}, "a", "q", "r", {}});
    const QString stray = store->saveOwnCard({"stray", "gone", "q", "r", "why"});
    QVERIFY(!mine.isEmpty());
    QCOMPARE(stray, QString("stray"));
    QCOMPARE(idsOf(store->session(day(0)).cards),
             (QStringList{"a-0", "a-1", mine, "b-0", "b-1", "stray"}));
    QVERIFY(store->card(mine).own);
    QCOMPARE(idsOf(store->cardsOf("a")), (QStringList{"a-0", "a-1", mine}));
  }

  void ownCardsAreChangedAndRemovedAndRememberedWhenTheyComeBack() {
    Place place;
    const auto store = opened(place.path);
    const QString id = store->saveOwnCard({{}, "a", "q", "r", {}});
    store->review(id, Grade::Good, day(0), 100);
    QCOMPARE(store->saveOwnCard({id, "a", "better q", "r", "e"}), id);
    QCOMPARE(opened(place.path)->ownCards(),
             (std::vector<OwnCard>{{id, "a", "better q", "r", "e"}}));
    store->saveOwnCard({id, "a", "better q", "r", "e", "and then?"});
    QCOMPARE(opened(place.path)->ownCards(),
             (std::vector<OwnCard>{{id, "a", "better q", "r", "e", "and then?"}}));
    store->removeOwnCard(id);
    QVERIFY(store->ownCards().empty());
    QVERIFY(!idsOf(store->session(day(9)).cards).contains(id));
    store->saveOwnCard({id, "a", "q", "r", {}});
    QCOMPARE(store->card(id).memory.reviews, 1);
  }

  void anIncompleteOwnCardIsRefused() {
    Place place;
    const auto store = opened(place.path);
    QSignalSpy failed(store.get(), &Study::failed);
    QCOMPARE(store->saveOwnCard({{}, "a", "  ", "r", {}}), QString());
    QCOMPARE(sentence(failed.at(0).at(0).value<Message>()),
             QString("The card has no question. Write one."));
    QVERIFY(!store->saveOwnCards({{{}, "a", "q", "r", {}}, {{}, "a", "q", "", {}}}));
    QVERIFY(store->ownCards().empty());
    QVERIFY(store->saveOwnCards({{{}, "a", "q", "r", {}}, {{}, "a", "q2", "r2", {}}}));
    QCOMPARE(store->ownCards().size(), std::size_t{2});
  }

  void anOwnCardDoesNotHideALessonsCardOfItsId() {
    Place place;
    const auto store = opened(place.path, 2);
    store->saveOwnCard({"a-0", "a", "q", "r", {}});
    QCOMPARE(store->cardsOf("a").size(), std::size_t{2});
    QVERIFY(!store->card("a-0").own);
  }

  void retentionIsThatOfTheReviewsOfThirtyDays() {
    Place place;
    const auto store = opened(place.path, 10);
    QVERIFY(!store->statistics(day(0)).retention);
    // Easy at once: the card is in phase Review, and comes into no statistics of retention.
    for (int number = 0; number < 6; ++number)
      store->review(QString("a-%1").arg(number), Grade::Easy, day(0), 100);
    QVERIFY(!store->statistics(day(0)).retention);
    store->review("a-0", Grade::Again, day(8), 100);  // too long ago
    store->review("a-1", Grade::Again, day(11), 100);
    store->review("a-1", Grade::Good, day(11), 100);  // relearning
    store->review("a-2", Grade::Hard, day(20), 100);
    store->review("a-3", Grade::Good, day(39), 100);
    store->review("a-4", Grade::Easy, day(40), 100);
    const StudyStatistics statistics = store->statistics(day(40));
    QCOMPARE(statistics.retention_of, 4);
    QCOMPARE(*statistics.retention, 0.75);
    QCOMPARE(statistics.reviewed_today, 1);
    QCOMPARE(statistics.begun, 6);
    QCOMPARE(statistics.cards, 10);
    // Due by then: a-0 and a-1, which were forgotten, a-2 and a-5; the rest lie beyond or ahead.
    int due = 0;
    for (const StudyCard& card : store->cardsOf("a"))
      due += card.memory.due.isValid() && card.memory.due < day(41, 4);
    QCOMPARE(statistics.forecast.at(0), due);
  }

  void progressKeepsEachPresetOnce() {
    Place place;
    const auto store = opened(place.path);
    QCOMPARE(store->progressOf("a").visited, QDateTime());
    store->visited("a", day(0));
    store->visited("a", day(1));
    store->played("a", "race", "zigzag", day(1));
    store->played("a", "race", "plateau", day(2));
    store->played("a", "race", "zigzag", day(3));
    store->predicted(prediction("plateau", day(1), 0.8, true));
    store->predicted(prediction("plateau", day(2), 0.6, false));
    const LessonProgress progress = opened(place.path)->progressOf("a");
    QCOMPARE(progress.visited, day(1));
    QCOMPARE(progress.played, (std::vector<QString>{"zigzag", "plateau"}));
    QCOMPARE(progress.predicted, std::vector<QString>{"plateau"});
    QVERIFY(store->progressOf("b").played.empty());
  }

  void newCardsAreThoseOfTheLessonsThatWereOpenedOrPlayedLast() {
    Place place;
    const auto store = opened(place.path);
    std::vector<CardKey> keys;
    for (const char* lesson : {"a", "b", "c"})
      for (const CardKey& key : cardsOf(lesson, 3)) keys.push_back(key);
    store->setLessonCards(keys);
    QCOMPARE(idsOf(store->session(day(1)).cards).mid(0, 2), (QStringList{"a-0", "a-1"}));
    store->visited("b", day(0));
    store->visited("c", day(0, 11));
    QCOMPARE(idsOf(store->session(day(1)).cards).mid(0, 4),
             (QStringList{"b-0", "c-0", "b-1", "c-1"}));
    store->played("c", "race", "zigzag", day(0, 13));
    QCOMPARE(idsOf(store->session(day(1)).cards).mid(0, 4),
             (QStringList{"c-0", "b-0", "c-1", "b-1"}));
    QCOMPARE(idsOf(store->moreCards(day(1), 2)), (QStringList{"c-0", "b-0"}));
  }

  void predictionsAreNewestFirstAndCalibrated() {
    Place place;
    const auto store = opened(place.path);
    store->predicted(prediction("one", day(1), 0.8, true));
    store->predicted(prediction("two", day(2), 0.6, false));
    const auto all = opened(place.path)->predictions();
    QCOMPARE(all.size(), std::size_t{2});
    QCOMPARE(all[0].preset, QString("two"));
    QCOMPARE(all[0].time, day(2));
    QCOMPARE(all[0].outcome, QString("adam"));
    QCOMPARE(all[1].confidence, 0.8);
    QVERIFY(all[1].right && !all[0].right);
    const Calibration calibration = store->calibration();
    QCOMPARE(calibration.count, 2);
    QCOMPARE(calibration.brier, (0.2 * 0.2 + 0.6 * 0.6) / 2);
  }

  void aConfidenceThatIsNoneIsTakenAsOne() {
    Place place;
    const auto store = opened(place.path);
    store->predicted(prediction("one", day(1), std::nan(""), true));
    store->predicted(prediction("two", day(2), 7, true));
    QCOMPARE(store->predictions().at(1).confidence, 0.5);
    QCOMPARE(store->predictions().at(0).confidence, 1.0);
  }

  void notesAreKeptAsWritten() {
    Place place;
    const QString text = "A note: $x^2$, 中文, 'quotes', \"more\"; DROP TABLE notes;\n\n";
    opened(place.path)->setNote("a", text);
    QCOMPARE(opened(place.path)->note("a"), text);
    opened(place.path)->setNote("a", {});
    QCOMPARE(opened(place.path)->note("a"), QString());
  }

  void recentRunsAreTheNewestFifty() {
    Place place;
    const auto store = opened(place.path);
    for (int number = 0; number < 60; ++number)
      store->ran({0, "race", QString::number(number), day(0), number, QByteArray("{\0}", 3)}, {});
    const auto runs = opened(place.path)->recentRuns();
    QCOMPARE(runs.size(), std::size_t{50});
    QCOMPARE(runs.front().preset, QString("59"));
    QCOMPARE(runs.front().file, QByteArray("{\0}", 3));
    QCOMPARE(runs.back().steps, qint64{10});
    QVERIFY(runs.front().id != runs.back().id);
  }

  void emptyTextsAreTexts() {
    Place place;
    const auto store = opened(place.path);
    QSignalSpy failed(store.get(), &Study::failed);
    store->played("a", "race", {}, day(0));
    store->predicted({"a", "race", {}, {}, {}, 0.5, {}, false});
    store->ran({}, {});
    QCOMPARE(failed.size(), 0);
    QVERIFY(store->predictions().at(0).time.isValid());
  }
};

QTEST_GUILESS_MAIN(StudyStoreTest)
#include "study_store_test.moc"

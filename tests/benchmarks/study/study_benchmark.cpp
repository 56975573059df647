// SPDX-License-Identifier: GPL-3.0-or-later
// study_benchmark: the study of somebody with 10,000 cards and 100,000 reviews. Exit status 1 when
// its session does not open within 100 ms (median, the whole way from the file to the first card).
#include <QCoreApplication>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "app/study/record_archive.h"
#include "app/study/study_store.h"

namespace viva {
namespace {

constexpr int kCards = 10000, kReviews = 100000, kCardsALesson = 250;
constexpr double kOpensWithin = 100;  // milliseconds

using Clock = std::chrono::steady_clock;

template <class Work>
double millisecondsOf(const Work& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Times {
  double median, longest;
};
template <class Work>
Times repeated(int times, const Work& work) {
  std::vector<double> all;
  for (int time = 0; time < times; ++time) all.push_back(millisecondsOf([&] { work(time); }));
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all.back()};
}

void print(const char* what, const Times& times) {
  std::printf("%-46s %8.2f ms (median), %8.2f ms (longest)\n", what, times.median, times.longest);
}

std::vector<CardKey> lessonCards() {
  std::vector<CardKey> keys;
  for (int number = 0; number < kCards; ++number)
    keys.push_back({QString("lesson-%1-card-%2").arg(number / kCardsALesson).arg(number),
                    QString("lesson-%1").arg(number / kCardsALesson)});
  return keys;
}

/// Ten reviews a card over two years, written in one go.
void fill(const QString& path, const std::vector<CardKey>& keys, const QDateTime& now) {
  Database database(path);
  Transaction transaction(database);
  QRandomGenerator random(1);
  int number = 0;
  for (const CardKey& key : keys) {
    const double stability = 1 + random.bounded(300);
    const QDateTime last = now.addDays(-random.bounded(100)).addSecs(-random.bounded(80000));
    database.run(
        "INSERT INTO cards VALUES (?, 2, 0, ?, 5, ?, ?, 10, 1, 0)",
        {key.id, stability, valueOf(last.addDays(static_cast<qint64>(stability))), valueOf(last)});
    for (int review = 0; review < kReviews / kCards; ++review, ++number)
      database.run(
          "INSERT INTO reviews (card, time, grade, phase, step, stability, difficulty, due, last, "
          "reviews, lapses, milliseconds) VALUES (?, ?, ?, 2, 0, ?, 5, ?, ?, ?, 0, 5000)",
          {key.id, valueOf(last.addDays(-70 * review)), 1 + random.bounded(4), stability,
           valueOf(last), valueOf(last), review});
  }
  transaction.commit();
}

/// The largest run whose records are kept: noisy curves, which pack badly.
void measureRuns(StudyStore& store) {
  std::vector<RecordSpec> specs;
  for (int column = 0; column < 20; ++column) specs.push_back({std::to_string(column), "", false});
  const auto rows = kMostValuesKept / static_cast<std::int64_t>(specs.size());
  RecordTable table(std::move(specs), 256u << 20);
  QRandomGenerator random(1);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < 20; ++column)
      table.set(column,
                std::exp(-1e-5 * static_cast<double>(row)) + 1e-3 * random.generateDouble());
    table.endRow();
  }
  QByteArray packed;
  print("a run of 1,000,000 numbers packed (worker)",
        repeated(3, [&](int) { packed = packRecords(table.records()); }));
  std::printf("%.1f of 8 MB\n", static_cast<double>(packed.size()) / 1e6);
  qint64 run = 0;
  print("  written (window)", repeated(5, [&](int time) {
          run = store.ran({0, "race", "p", {}, time, "{}"}, packed);
        }));
  print("  read (window)", repeated(3, [&](int) { store.recordsOf(run); }));
  for (int made = 0; made < 500; ++made) store.ran({0, "small", "p", {}, made, "{}"}, "records");
  print("a small run written beside 500 others", repeated(50, [&](int made) {
          store.ran({0, "small", "p", {}, 1000 + made, "{}"}, "records");
        }));
}

int measure() {
  QTemporaryDir folder;
  const QString path = folder.filePath("study.db");
  const QDateTime now = QDateTime::currentDateTimeUtc();
  const std::vector<CardKey> keys = lessonCards();
  { StudyStore begun(path); }
  fill(path, keys, now);
  std::printf("%d cards, %d reviews, %.1f MB\n", kCards, kReviews,
              static_cast<double>(QFileInfo(path).size()) / 1e6);

  const Times opening = repeated(15, [&](int) {
    StudyStore store(path);
    store.setLessonCards(keys);
    store.session(now);
  });
  print("open the file and its session", opening);

  StudyStore store(path);
  store.setLessonCards(keys);
  const auto due = store.session(now).cards;
  std::printf("%zu cards in the session\n", due.size());
  print("the session again", repeated(50, [&](int) { store.session(now); }));
  print("statistics", repeated(20, [&](int) { store.statistics(now); }));
  print("a review, on disk", repeated(200, [&](int time) {
          store.review(due[static_cast<std::size_t>(time) % due.size()].key.id, Grade::Good, now,
                       4000);
        }));
  print("a review taken back", repeated(100, [&](int) { store.undoReview(); }));
  print("what each grade would give",
        repeated(100, [&](int) { store.outlook(due[0].key.id, now); }));
  print("a lesson's cards", repeated(100, [&](int) { store.cardsOf("lesson-7"); }));
  measureRuns(store);
  const QString file = folder.filePath("export.db");
  print("export", repeated(5, [&](int) { store.exportTo(file); }));
  print("import", repeated(3, [&](int) { store.importFrom(file); }));
  return opening.median < kOpensWithin ? 0 : 1;
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  return viva::measure();
}

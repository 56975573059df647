// SPDX-License-Identifier: GPL-3.0-or-later
// study_writer FILE: changes the study without end and says each change once it is kept, for a
// test that kills it.
#include <QCoreApplication>
#include <QTimeZone>
#include <cstdio>
#include <cstdlib>

#include "app/study/study_store.h"
#include "lessons/core/words.h"

using namespace viva;

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  StudyStore store(QCoreApplication::arguments().value(1));
  const auto give_up = [](const Message& message) {
    std::fprintf(stderr, "%s\n", Words::in(Language::English)(message).c_str());
    std::exit(1);
  };
  for (const Message& problem : store.problems())
    if (store.path().isEmpty()) give_up(problem);
  QObject::connect(&store, &Study::failed, give_up);
  const auto said = [](const char* what) {
    std::printf("%s\n", what);
    std::fflush(stdout);
  };
  QDateTime now = QDateTime(QDate(2026, 6, 1), QTime(12, 0), QTimeZone::utc()).toUTC();
  for (int number = 0;; ++number) {
    now = now.addSecs(60);
    store.review(QString("card-%1").arg(number % 7), static_cast<Grade>(1 + number % 4), now, 900);
    said("review");
    store.saveOwnCard({{}, "lesson", "question", "answer", {}});
    said("own");
    store.predicted({"lesson", "experiment", "preset", now, "a", 0.7, "b", false});
    said("prediction");
  }
}

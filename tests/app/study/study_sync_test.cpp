// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept without a question does not make the window wait for the disk.
#include <sys/syscall.h>
#include <unistd.h>

#include <QThreadPool>
#include <atomic>
#include <functional>

#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

std::atomic<int> here = 0, elsewhere = 0;  ///< synchronisations of this program's main thread

int counted(long call, int file) {
  ++(::gettid() == ::getpid() ? here : elsewhere);
  return static_cast<int>(::syscall(call, file));
}

void forget() {
  QThreadPool::globalInstance()->waitForDone();
  here = elsewhere = 0;
}

}  // namespace

// SQLite and Viva find these before the C library's.
extern "C" int fsync(int file) { return counted(SYS_fsync, file); }
extern "C" int fdatasync(int file) { return counted(SYS_fdatasync, file); }

class StudySyncTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aReviewIsOnTheDiskWhenItIsAnswered() {
    Place place;
    StudyStore store(place.path);
    store.setLessonCards(cardsOf("a", 3));
    forget();
    store.review("a-1", Grade::Good, day(0), 4000);
    QVERIFY(here > 0);
  }

  void playingVisitingAndRunningDoNotWaitForTheDisk() {
    Place place;
    StudyStore store(place.path);
    RecentRun run;
    run.experiment = "race";
    run.preset = "calm";
    run.file = "{}";
    const std::vector<std::function<void()>> works{
        [&] { store.visited("a", day(0)); }, [&] { store.played("a", "race", "calm", day(0)); },
        [&] { QVERIFY(store.ran(run, QByteArray(100'000, 'x')) > 0); }};
    for (const auto& work : works) {
      forget();
      work();
      QCOMPARE(here.load(), 0);
      QThreadPool::globalInstance()->waitForDone();
      QVERIFY(elsewhere > 0);
      QCOMPARE(here.load(), 0);
    }
    // As when the program dies now: another connection sees it all.
    StudyStore other(place.path);
    QCOMPARE(other.progressOf("a").played, std::vector<QString>{"calm"});
    QCOMPARE(other.recentRuns().size(), std::size_t{1});
  }
};

QTEST_GUILESS_MAIN(StudySyncTest)
#include "study_sync_test.moc"

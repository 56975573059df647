// SPDX-License-Identifier: GPL-3.0-or-later
// scroll_benchmark [SECONDS]: the 2,000 characters of tiny-gpt, coloured by surprise, are scrolled
// in the window while the training goes on, side by side with the window standing still: how often
// the window is painted a second, what a sixtieth of a second costs its thread, and how much of its
// speed the training keeps.
#include <time.h>

#include <QApplication>
#include <QEventLoop>
#include <QStandardPaths>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "app/catalog_loader.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "widgets/views/tokens_view.h"

namespace viva {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kTick = 16;  // milliseconds; 62.5 notches of the wheel a second
constexpr int kRounds = 3;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Of this thread: what else the machine does does not count.
double cpuMilliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

/// Counts the paintings of the window: all dirty widgets are painted in one UpdateRequest.
class CountingApplication : public QApplication {
 public:
  using QApplication::QApplication;
  QWidget* watched = nullptr;
  int painted = 0;

  bool notify(QObject* receiver, QEvent* event) override {
    painted += event->type() == QEvent::UpdateRequest && receiver == watched ? 1 : 0;
    return QApplication::notify(receiver, event);
  }
};

/// The text of the panel once it is there.
TokensView* textIn(const MainWindow& window) {
  for (TokensView* each : window.findChildren<TokensView*>())
    if (each->spec().id == "text" && each->isVisible() && !each->isEmpty()) return each;
  return nullptr;
}

/// Down, and up again from the end. False: the text did not move.
bool turnWheel(TokensView& text, int& way) {
  const QPointF middle = text.rect().center();
  const double before = text.scrolled();
  for (int attempt = 0; attempt < 2 && text.scrolled() == before; ++attempt) {
    const QPoint pixels(0, -7 * way);
    QWheelEvent wheel(middle, text.mapToGlobal(middle), pixels, pixels, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&text, &wheel);
    if (text.scrolled() == before) way = -way;
  }
  return text.scrolled() != before;
}

struct Watched {
  double paintings = 0, steps = 0;  ///< a second
  std::vector<double> costs;        ///< CPU milliseconds of the window's thread, a tick each
  int moves = 0;
};

Watched watch(CountingApplication& application, MainWindow& window, double seconds,
              bool is_scrolled) {
  Watched found;
  const Runner& runner = window.page().panel()->runner();
  QEventLoop loop;
  QTimer ticks;
  ticks.setTimerType(Qt::PreciseTimer);
  double spent = cpuMilliseconds();
  int way = 1;
  QObject::connect(&ticks, &QTimer::timeout, &loop, [&] {
    TokensView* text = textIn(window);
    if (is_scrolled && text) found.moves += turnWheel(*text, way) ? 1 : 0;
    const double now = cpuMilliseconds();
    found.costs.push_back(now - spent);
    spent = now;
  });
  QTimer::singleShot(static_cast<int>(1000 * seconds), &loop, &QEventLoop::quit);
  const std::int64_t from = runner.state().step;
  application.painted = 0;
  const auto start = Clock::now();
  ticks.start(kTick);
  loop.exec();
  const double took = secondsSince(start);
  found.paintings = application.painted / took;
  found.steps = static_cast<double>(runner.state().step - from) / took;
  return found;
}

void print(const char* what, const Watched& found) {
  std::printf(
      "%-9s %5.1f paintings/s; a tick costs the window's thread %5.2f ms, 95th percentile %5.2f, "
      "longest %5.2f (16.7 asked for); training %5.1f steps/s\n",
      what, found.paintings, percentile(found.costs, 0.5), percentile(found.costs, 0.95),
      percentile(found.costs, 1), found.steps);
  std::fflush(stdout);
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  using namespace viva;
  QStandardPaths::setTestModeEnabled(true);
  CountingApplication application(argc, argv);
  const QStringList arguments = QApplication::arguments();
  const double seconds = arguments.size() > 1 ? arguments[1].toDouble() : 4;
  WindowRequest request;
  request.experiment = "tiny-gpt";
  request.preset = "surprise";
  MainWindow window(request);
  application.watched = &window;
  window.resize(1366, 768);
  window.show();
  const auto begun = Clock::now();
  const auto waitFor = [&](const auto& ready) {
    while (!ready() && secondsSince(begun) < 120)
      QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
    return ready();
  };
  if (!waitFor([&] { return window.page().panel() != nullptr; })) return 1;
  ExperimentPanel& panel = *window.page().panel();
  RunSettings settings{loadCatalog().experiment(request.experiment).parametersOf(request.preset)};
  settings.preset = request.preset;
  settings.steps = 1000000;
  panel.open(std::move(settings));
  panel.runner().setSpeed(Runner::kUnlimited);
  panel.play();
  if (!waitFor([&] { return textIn(window) && panel.runner().state().step > 3; })) {
    std::fprintf(stderr, "there is no text on screen\n");
    return 1;
  }
  std::vector<double> kept;
  int moves = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Watched still = watch(application, window, seconds, false);
    const Watched moved = watch(application, window, seconds, true);
    print("still", still);
    print("scrolled", moved);
    kept.push_back(moved.steps / still.steps);
    moves += moved.moves;
  }
  std::printf(
      "the text moved %d times; scrolled, the training keeps %.0f %% of its speed (median)\n",
      moves, 100 * percentile(kept, 0.5));
  return moves > 0 ? 0 : 1;
}

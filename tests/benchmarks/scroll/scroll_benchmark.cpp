// SPDX-License-Identifier: GPL-3.0-or-later
// scroll_benchmark [SECONDS]: the 2,000 characters of tiny-gpt, coloured by surprise, are scrolled
// in the window while the training goes on, side by side with the window standing still: frames a
// second, what a frame costs the window's thread, and how much of its speed the training keeps.
#include <time.h>

#include <QApplication>
#include <QStandardPaths>
#include <QWheelEvent>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "app/catalog_loader.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "widgets/views/tokens_view.h"

using namespace viva;

namespace {

using Clock = std::chrono::steady_clock;
constexpr double kFrame = 1.0 / 60;
constexpr int kRounds = 3;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Of this thread, so that what else the machine does does not count.
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

struct Watched {
  double steps_a_second = 0;
  std::vector<double> costs, intervals;  ///< milliseconds, a frame each
};

class Scrolled {
 public:
  explicit Scrolled(MainWindow& window) : window_(window) {}

  /// The text of the panel, once it is there and longer than its view.
  TokensView* view() const {
    for (TokensView* each : window_.findChildren<TokensView*>())
      if (each->spec().id == "text" && each->isVisible() && !each->isEmpty()) return each;
    return nullptr;
  }

  /// For `seconds`: at each frame, a notch of the wheel where it is asked for, and all that is due.
  Watched watch(double seconds, bool is_scrolled) {
    ExperimentPanel& panel = *window_.page().panel();
    Watched found;
    const std::int64_t from = panel.runner().state().step;
    const auto start = Clock::now();
    auto shown = start;
    for (auto next = start; secondsSince(start) < seconds;) {
      while (Clock::now() < next) QApplication::processEvents(QEventLoop::AllEvents, 1);
      next = std::max(
          next + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(kFrame)),
          Clock::now());
      const double before = cpuMilliseconds();
      if (is_scrolled) turnWheel();
      QApplication::processEvents();
      found.costs.push_back(cpuMilliseconds() - before);
      found.intervals.push_back(1e3 * secondsSince(shown));
      shown = Clock::now();
    }
    found.steps_a_second =
        static_cast<double>(panel.runner().state().step - from) / secondsSince(start);
    return found;
  }

  /// How often the text moved: a wheel that does not scroll would be measured in vain.
  int moves() const { return moves_; }

 private:
  void turnWheel() {
    TokensView* text = view();
    const QPointF middle = text->rect().center();
    const double before = text->scrolled();
    const auto turn = [&] {
      QWheelEvent wheel(middle, text->mapToGlobal(middle), QPoint(0, down_ ? -7 : 7),
                        QPoint(0, down_ ? -7 : 7), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                        false);
      QApplication::sendEvent(text, &wheel);
    };
    turn();
    if (text->scrolled() == before) {
      down_ = !down_;
      turn();
    }
    moves_ += text->scrolled() != before ? 1 : 0;
  }

  MainWindow& window_;
  bool down_ = true;
  int moves_ = 0;
};

void print(const char* what, const Watched& found) {
  std::printf(
      "%-10s %4.1f frames/s; a frame costs the window %5.2f ms, 95th percentile %5.2f, longest "
      "%5.2f "
      "(16.7 asked for); training %5.1f steps/s\n",
      what,
      1e3 * static_cast<double>(found.intervals.size()) /
          std::max(1.0,
                   [&] {
                     double sum = 0;
                     for (const double each : found.intervals) sum += each;
                     return sum;
                   }()),
      percentile(found.costs, 0.5), percentile(found.costs, 0.95), percentile(found.costs, 1),
      found.steps_a_second);
}

}  // namespace

int main(int argc, char** argv) {
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  const double seconds = argc > 1 ? std::atof(argv[1]) : 4;
  WindowRequest request;
  request.experiment = "tiny-gpt";
  request.preset = "surprise";
  MainWindow window(request);
  window.resize(1366, 768);
  window.show();
  Scrolled scrolled(window);
  const auto begun = Clock::now();
  while (!scrolled.view() && secondsSince(begun) < 60)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
  if (!scrolled.view()) {
    std::fprintf(stderr, "there is no text on screen\n");
    return 1;
  }
  ExperimentPanel& panel = *window.page().panel();
  RunSettings settings{loadCatalog().experiment(request.experiment).parametersOf(request.preset)};
  settings.preset = request.preset;
  settings.steps = 1000000;
  panel.open(std::move(settings));
  panel.runner().setSpeed(Runner::kUnlimited);
  panel.play();
  while (panel.runner().state().step < 3 && secondsSince(begun) < 120)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
  std::vector<double> kept;
  for (int round = 0; round < kRounds; ++round) {
    const Watched still = scrolled.watch(seconds, false), moved = scrolled.watch(seconds, true);
    print("still", still);
    print("scrolled", moved);
    kept.push_back(moved.steps_a_second / still.steps_a_second);
  }
  std::printf(
      "the text moved %d times; scrolled, the training keeps %.0f %% of its speed (median)\n",
      scrolled.moves(), 100 * percentile(kept, 0.5));
  return scrolled.moves() > 0 ? 0 : 1;
}

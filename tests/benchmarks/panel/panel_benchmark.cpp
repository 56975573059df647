// SPDX-License-Identifier: GPL-3.0-or-later
// The window with all views of the race against the race alone, side by side in one run: how much
// of its speed the training keeps, how long a repaint takes, how soon there is something to see.
#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "app/catalog_loader.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"

namespace viva {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Times every repaint of the window: all dirty widgets are painted in one UpdateRequest.
class TimedApplication : public QApplication {
 public:
  using QApplication::QApplication;
  QWidget* watched = nullptr;
  std::vector<double> repaints;  // milliseconds

  bool notify(QObject* receiver, QEvent* event) override {
    if (event->type() != QEvent::UpdateRequest || receiver != watched)
      return QApplication::notify(receiver, event);
    const auto start = Clock::now();
    const bool handled = QApplication::notify(receiver, event);
    repaints.push_back(1000 * secondsSince(start));
    return handled;
  }
};

RunSettings longRace(const ExperimentSpec& spec) {
  RunSettings settings{spec.parametersOf("ravine-zigzag")};
  settings.preset = "ravine-zigzag";
  settings.steps = 100000000;
  return settings;
}

double speedAlone(const Catalog& catalog, const ExperimentSpec& spec, double seconds) {
  Run run(spec, longRace(spec), catalog.runtime());
  const auto start = Clock::now();
  run.advance([&] { return run.step() % 256 == 0 && secondsSince(start) > seconds; });
  return static_cast<double>(run.step()) / secondsSince(start);
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  using namespace viva;
  const auto begun = Clock::now();
  QStandardPaths::setTestModeEnabled(true);
  TimedApplication application(argc, argv);
  WindowRequest request;
  request.experiment = "optimizer-race";
  request.play = true;
  MainWindow window(request);
  application.watched = &window;
  window.resize(1280, 800);
  window.show();
  double on_screen = 0, first_point = 0;
  while (first_point == 0 && secondsSince(begun) < 20) {
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
    if (on_screen == 0 && !application.repaints.empty()) on_screen = secondsSince(begun);
    ExperimentPanel* panel = window.page().panel();
    if (panel && panel->runner().state().step > 0) first_point = secondsSince(begun);
  }
  std::printf("window painted %.2f s after main began, first point of a curve %.2f s\n", on_screen,
              first_point);

  const Catalog& catalog = loadCatalog();
  const ExperimentSpec& spec = catalog.experiment("optimizer-race");
  window.page().panel()->pause();
  const double alone = speedAlone(catalog, spec, 3);
  ExperimentPanel& panel = *window.page().panel();
  panel.open(longRace(spec));
  panel.runner().setSpeed(Runner::kUnlimited);
  panel.play();
  const RunState& state = panel.runner().state();
  while (state.length != 100000000 || state.step < 1000)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
  application.repaints.clear();
  const auto start = Clock::now();
  const std::int64_t from = state.step;
  while (secondsSince(start) < 5) QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
  const double watched = static_cast<double>(state.step - from) / secondsSince(start);
  std::printf(
      "race alone %.0f steps/s, with the window %.0f steps/s, kept %.0f %% (80 asked for)\n", alone,
      watched, 100 * watched / alone);
  std::printf(
      "repaint at 1280x800: median %.2f ms, 95th percentile %.2f ms (8 asked for), %zu in 5 s\n",
      percentile(application.repaints, 0.5), percentile(application.repaints, 0.95),
      application.repaints.size());
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// panel_benchmark [EXPERIMENT [SECONDS]]: the window with the views of an experiment's first preset
// against the experiment alone, side by side in one run: how much of its speed the training keeps,
// how long a repaint takes, how many frames a second are shown, how much memory is needed, and how
// soon there is something to see.
#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
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

constexpr std::int64_t kEndless = 100000000;

RunSettings longRun(const ExperimentSpec& spec) {
  const std::string preset = spec.presets.empty() ? "" : spec.presets.front().name;
  RunSettings settings{spec.parametersOf(preset)};
  settings.preset = preset;
  settings.steps = kEndless;
  return settings;
}

/// The most memory that the process has had, in MB; 0 where the system does not say.
double peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

double speedAlone(const Catalog& catalog, const ExperimentSpec& spec, double seconds) {
  Run run(spec, longRun(spec), catalog.runtime());
  const auto start = Clock::now();
  run.advance([&] { return secondsSince(start) > seconds; });
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
  const QStringList arguments = QApplication::arguments();
  const double seconds = arguments.size() > 2 ? arguments[2].toDouble() : 5;
  WindowRequest request;
  request.experiment = arguments.value(1, "optimizer-race").toStdString();
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
  const ExperimentSpec& spec = catalog.experiment(request.experiment);
  window.page().panel()->pause();
  const double alone = speedAlone(catalog, spec, 3);
  ExperimentPanel& panel = *window.page().panel();
  panel.open(longRun(spec));
  panel.runner().setSpeed(Runner::kUnlimited);
  panel.play();
  const RunState& state = panel.runner().state();
  while (state.length != kEndless || state.step < 10)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
  application.repaints.clear();
  const auto start = Clock::now();
  const std::int64_t from = state.step;
  std::size_t frames = 0;
  QObject::connect(&panel, &ExperimentPanel::shown, &panel, [&frames] { ++frames; });
  while (secondsSince(start) < seconds)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
  const double watched = static_cast<double>(state.step - from) / secondsSince(start);
  std::printf("%s alone %.0f steps/s, with the window %.0f steps/s, kept %.0f %% (80 asked for)\n",
              spec.id.c_str(), alone, watched, 100 * watched / alone);
  std::printf(
      "repaint at 1280x800: median %.2f ms, 95th percentile %.2f ms (8 asked for), longest %.2f "
      "ms, "
      "%zu in %.0f s\n",
      percentile(application.repaints, 0.5), percentile(application.repaints, 0.95),
      percentile(application.repaints, 1), application.repaints.size(), seconds);
  std::printf("%.0f states shown a second; %lld steps; peak memory %.0f MB\n",
              static_cast<double>(frames) / secondsSince(start), static_cast<long long>(state.step),
              peakMemory());
  return 0;
}

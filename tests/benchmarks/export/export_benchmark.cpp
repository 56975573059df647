// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window stands still while things are exported and a race plays on: the time between
// two turns of the event loop, which a timer of 2 ms asks for. Frames should stay under 33 ms.
#include <QApplication>
#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "app/window/animation_dialog.h"
#include "app/window/figure_dialog.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"

namespace viva {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Notes the time between its ticks.
class Pulse {
 public:
  Pulse() {
    timer_.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer_, &QTimer::timeout, [this] {
      gaps_.push_back(1000 * secondsSince(last_));
      last_ = Clock::now();
    });
    timer_.start(2);
  }
  void begin() {
    gaps_.clear();
    last_ = Clock::now();
  }
  void tell(const char* what, double seconds, qint64 steps) {
    std::sort(gaps_.begin(), gaps_.end());
    const auto at = [&](double part) {
      return gaps_.empty() ? 0.0 : gaps_[static_cast<std::size_t>(part * (gaps_.size() - 1))];
    };
    const auto late =
        std::count_if(gaps_.begin(), gaps_.end(), [](double gap) { return gap > 33; });
    std::printf(
        "%-34s %5.1f s, %6.0f steps/s; stood still: 95th percentile %.1f ms, longest %.1f ms, "
        "%lld times above 33 ms\n",
        what, seconds, static_cast<double>(steps) / seconds, at(0.95), at(1),
        static_cast<long long>(late));
    std::fflush(stdout);
  }

 private:
  QTimer timer_;
  Clock::time_point last_ = Clock::now();
  std::vector<double> gaps_;
};

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  using namespace viva;
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  const QTemporaryDir folder;
  WindowRequest request;
  request.experiment = "optimizer-race";
  MainWindow window(request);
  window.resize(1280, 800);
  window.show();
  const auto until = [](const std::function<bool()>& done) {
    const auto start = Clock::now();
    while (!done()) {
      QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
      if (secondsSince(start) < 120) continue;
      std::fprintf(stderr, "export: nothing came for two minutes\n");
      std::exit(1);
    }
  };
  until([&] { return window.isReady() && window.page().panel()->runner().state().frame; });
  ExperimentPanel& panel = *window.page().panel();
  RunSettings settings = panel.settings();
  settings.steps = 100'000;  // at 1,000 a second it outlasts the exports
  panel.open(settings);
  panel.play();
  panel.runner().setSpeed(1000);
  const RunState& state = panel.runner().state();
  until([&] { return state.step > 2000; });

  Pulse pulse;
  const auto measure = [&](const char* what,
                           const std::function<void(const std::function<void()>&)>& work) {
    bool done = false;
    pulse.begin();
    const auto start = Clock::now();
    const std::int64_t from = state.step;
    work([&] { done = true; });
    until([&] { return done; });
    pulse.tell(what, secondsSince(start), state.step - from);
  };
  measure("nothing", [&](const auto& done) { QTimer::singleShot(4000, &window, done); });
  measure("600 frames of the panel, webp", [&](const auto& done) {
    auto* dialog = new AnimationDialog(panel, window.appearance(), &window);
    QObject::connect(dialog, &AnimationDialog::ended, &window, done);
    dialog->findChild<QDoubleSpinBox*>()->setValue(30);  // 600 frames
    dialog->start(folder.filePath("race.webp"));
  });
  View& view = panel.frames().front()->view();
  for (const char* format : {"png", "svg", "pdf"}) {
    FigureDialog dialog(view, format, true, &window);
    dialog.setPreset(4);
    for (QSpinBox* box : dialog.findChildren<QSpinBox*>())
      if (box->value() == 200) box->setValue(300);
    const QObject watcher;
    measure(format == std::string("png") ? "poster of 300 dpi, png" : format,
            [&](const auto& done) {
              QObject::connect(&window, &MainWindow::exported, &watcher, done);
              window.writeFigure(dialog, state, folder.filePath(QString("poster.") + format));
            });
  }
  const QObject watcher;
  measure("picture of the panel, png", [&](const auto& done) {
    QObject::connect(&window, &MainWindow::exported, &watcher, done);
    window.writePanelPicture(folder.filePath("panel.png"));
  });
  QObject::disconnect(&window, &MainWindow::exported, &watcher, nullptr);
  measure("bundle", [&](const auto& done) {
    QObject::connect(&window, &MainWindow::exported, &watcher, done);
    window.writeBundleOf(folder.filePath("race.zip"));
  });
}

// SPDX-License-Identifier: GPL-3.0-or-later
// start_benchmark [ROUNDS]: from the start of a program to its painted window, Viva's beside an
// empty window of Qt's, in turns, so that both meet the same machine. Half a minute.
#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "app/window/main_window.h"

namespace viva {
namespace {

constexpr int kRounds = 10;
constexpr const char *kEmpty = "--empty", *kViva = "--viva";

/// Says so when the window has been painted, and ends.
class FirstPaint : public QApplication {
 public:
  using QApplication::QApplication;
  QWidget* watched = nullptr;

  bool notify(QObject* receiver, QEvent* event) override {
    const bool handled = QApplication::notify(receiver, event);
    if (event->type() == QEvent::UpdateRequest && receiver == watched) {
      std::puts("painted");
      std::fflush(stdout);
      std::_Exit(0);  // how long it takes to end is not asked
    }
    return handled;
  }
};

int showWindow(int argc, char** argv, bool is_viva) {
  FirstPaint application(argc, argv);
  std::unique_ptr<QWidget> window;
  if (is_viva)
    window = std::make_unique<MainWindow>(WindowRequest{});
  else
    window = std::make_unique<QWidget>();
  application.watched = window.get();
  window->resize(1280, 800);
  window->show();
  return QApplication::exec();
}

/// Milliseconds until the program says that its window is painted.
double timed(const char* kind) {
  QProcess program;
  QElapsedTimer clock;
  clock.start();
  program.start(QCoreApplication::applicationFilePath(), {kind});
  program.waitForReadyRead(60000);
  const double taken = static_cast<double>(clock.nsecsElapsed()) / 1e6;
  program.waitForFinished();
  return taken;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  using namespace viva;
  for (const char* kind : {kEmpty, kViva})
    if (argc == 2 && std::strcmp(argv[1], kind) == 0) return showWindow(argc, argv, kind == kViva);
  const QCoreApplication application(argc, argv);
  // A user who has been here before, with files of their own.
  const QTemporaryDir home;
  for (const char* folder : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
    qputenv(folder, home.path().toLocal8Bit());
  const int rounds = argc == 2 ? std::max(1, std::atoi(argv[1])) : kRounds;
  timed(kEmpty);  // the first of each reads the disk
  timed(kViva);
  std::vector<double> empty, viva_window;
  for (int round = 0; round < rounds; ++round) {
    empty.push_back(timed(kEmpty));
    viva_window.push_back(timed(kViva));
  }
  std::printf(
      "from the start to the painted window, median of %d in turns: empty Qt window %.0f ms, Viva "
      "%.0f ms (300 asked for), %.1f times as long\n",
      rounds, median(empty), median(viva_window), median(viva_window) / median(empty));
  return 0;
}

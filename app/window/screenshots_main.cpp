// SPDX-License-Identifier: GPL-3.0-or-later
// viva_screenshots DIR [WxH[@TYPE]] [EXPERIMENT]: every panel at the start, in the middle and at
// the end of its first preset and at the end of the others, its notes and its code, in both themes
// and languages; `1024x768@2` with type of twice the size. For `./dev screenshots`: a panel that
// nobody has looked at is not done.
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>

#include "app/catalog_loader.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr int kLongestRun = 60000;  // milliseconds

struct Look {
  Preferences::ThemeChoice theme;
  Language language;
  QString name() const { return nameOf(theme) + "-" + QString::fromUtf8(codeOf(language).data()); }
};

class Photographer {
 public:
  Photographer(MainWindow& window, const QDir& folder) : window_(window), folder_(folder) {}

  void shoot(const QString& name) {
    // Twice: the first pass may ask for another frame of what it has laid out.
    for (int pass = 0; pass < 3; ++pass) QApplication::processEvents(QEventLoop::AllEvents, 50);
    const QString file = folder_.filePath(name + ".png");
    window_.grab().save(file);
    std::printf("%s\n", qPrintable(file));
    std::fflush(stdout);
  }

  /// Runs the open preset up to a part of its length.
  void run(double part) {
    ExperimentPanel& panel = *window_.page().panel();
    const RunState& state = panel.runner().state();
    wait([&] { return state.generation == panel.runner().newestGeneration() && state.frame; });
    const auto target = static_cast<std::int64_t>(static_cast<double>(state.length) * part);
    panel.runner().setSpeed(Runner::kUnlimited);
    if (target > state.step) panel.runner().stepForward(target - state.step);
    wait([&] { return state.step >= target || state.status != RunStatus::Running; });
  }

 private:
  template <typename Condition>
  void wait(Condition reached) {
    QElapsedTimer elapsed;
    elapsed.start();
    while (!reached() && elapsed.elapsed() < kLongestRun)
      QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
  }

  MainWindow& window_;
  QDir folder_;
};

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  using namespace viva;
  QStandardPaths::setTestModeEnabled(true);  // leaves the user's own settings alone
  QApplication application(argc, argv);
  QApplication::setApplicationVersion(VIVA_VERSION);
  const QStringList arguments = QApplication::arguments();
  const QDir folder(arguments.value(1, "screenshots"));
  const QString look = arguments.value(2, "1280x800");
  const QStringList size = look.section('@', 0, 0).split('x');
  const double type = look.contains('@') ? look.section('@', 1).toDouble() : 1;
  const QString only = arguments.value(3);
  if (!QDir().mkpath(folder.path()) || size.size() != 2) {
    std::fprintf(stderr, "usage: viva_screenshots DIR [WxH[@TYPE]] [EXPERIMENT]\n");
    return EXIT_FAILURE;
  }
  const Catalog& catalog = loadCatalog();
  MainWindow window({});
  window.resize(size[0].toInt(), size[1].toInt());
  window.setFontScale(type);
  window.show();
  while (!window.isReady()) QApplication::processEvents(QEventLoop::WaitForMoreEvents);

  Photographer photographer(window, folder);
  for (const Lesson& lesson : catalog.lessons())
    for (const ExperimentSpec* spec : lesson.experiments) {
      const QString id = QString::fromStdString(spec->id);
      if (!only.isEmpty() && only != id) continue;
      window.openExperiment(id);
      for (const Look look : {Look{Preferences::ThemeChoice::Light, Language::English},
                              Look{Preferences::ThemeChoice::Dark, Language::English},
                              Look{Preferences::ThemeChoice::Light, Language::Chinese},
                              Look{Preferences::ThemeChoice::Dark, Language::Chinese}}) {
        window.setTheme(look.theme);
        window.setLanguage(look.language);
        window.page().showTab("lab");
        const std::string first = spec->presets.empty() ? "" : spec->presets.front().name;
        window.page().panel()->openPreset(first);
        for (const double part : {0.0, 0.3, 1.0}) {
          photographer.run(part);
          photographer.shoot(QStringLiteral("%1-%2-%3").arg(id, look.name()).arg(int(part * 100)));
        }
        window.page().showTab("notes");
        photographer.shoot(id + "-" + look.name() + "-notes");
        window.page().showTab("code");
        photographer.shoot(id + "-" + look.name() + "-code");
      }
      window.setTheme(Preferences::ThemeChoice::Light);
      window.setLanguage(Language::English);
      window.page().showTab("lab");
      for (const Preset& preset : spec->presets) {
        window.page().panel()->openPreset(preset.name);
        photographer.run(1.0);
        photographer.shoot(id + "-preset-" + QString::fromStdString(preset.name));
      }
    }
  return EXIT_SUCCESS;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// viva_screenshots DIR [WxH[@TYPE]] [EXPERIMENT]: every panel at the start, in the middle and at
// the end of its first preset and at the end of the others, its notes and its code, in both themes
// and languages; `1024x768@2` with type of twice the size. EXPERIMENT `study` is home, cards, a
// demo at each stage, search, preferences and presenter; `figure` is the dialogs of figures
// and animations. For
// `./dev screenshots`: a panel that nobody has looked at is not done.
#include <QApplication>
#include <QButtonGroup>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPainter>
#include <QRadioButton>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>

#include "app/catalog_loader.h"
#include "app/study/study_store.h"
#include "app/window/figure_dialog.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "lessons/core/error.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/review_view.h"

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
    QPixmap picture = window_.grab();
    if (QWidget* dialog = QApplication::activeModalWidget()) {
      QPainter painter(&picture);
      painter.drawPixmap((picture.width() - dialog->width()) / 2,
                         (picture.height() - dialog->height()) / 2, dialog->grab());
    }
    picture.save(file);
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

constexpr Look kLooks[] = {{Preferences::ThemeChoice::Light, Language::English},
                           {Preferences::ThemeChoice::Dark, Language::English},
                           {Preferences::ThemeChoice::Light, Language::Chinese},
                           {Preferences::ThemeChoice::Dark, Language::Chinese}};

/// Three weeks in which somebody has studied, so that there is something to see.
void studyForAWhile(Study& study) {
  const QDateTime today = QDateTime::currentDateTimeUtc();
  for (int day = -21; day <= -1; ++day) {
    const QDateTime now = today.addDays(day);
    int answered = 0;
    for (const StudyCard& card : study.session(now).cards) {
      const bool forgotten = (answered + day) % 7 == 0;
      study.review(card.key.id, forgotten ? Grade::Again : Grade::Good, now.addSecs(30 * answered),
                   8000);
      study.review(card.key.id, Grade::Good, now.addSecs(3600 + 30 * answered), 8000);
      if (++answered == 12) break;
    }
  }
  for (int i = 0; i < 9; ++i)
    study.predicted({"optimizers", "optimizer-race", i % 2 ? "ravine-zigzag" : "adagrad-stalls",
                     today.addDays(-i), "sgd", 0.5 + 0.1 * (i % 6), "momentum", i % 3 != 0});
}

void shootDemo(MainWindow& window, Photographer& photographer, const QString& experiment,
               const QString& preset, const QString& name) {
  window.openPreset(experiment, preset);
  DemoPane& demo = *window.page().demo();
  demo.begin(preset);
  photographer.shoot(name + "-1-predict");
  if (auto* option = demo.findChild<QRadioButton*>()) option->setChecked(true);
  demo.findChild<QLineEdit*>()->setText("3");
  demo.findChild<QButtonGroup*>()->button(80)->click();
  demo.goOnAloud();
  photographer.run(0.5);
  photographer.shoot(name + "-2-run");
  photographer.run(1.0);
  photographer.shoot(name + "-3-reveal");
  demo.leave();
}

void shootStudy(MainWindow& window, Photographer& photographer) {
  studyForAWhile(window.study());
  for (const Look look : kLooks) {
    window.setTheme(look.theme);
    window.setLanguage(look.language);
    const QString name = "study-" + look.name();
    window.showHome();
    photographer.shoot(name + "-home");
    window.showToday();
    photographer.shoot(name + "-card-question");
    window.review().reveal();
    photographer.shoot(name + "-card-answer");
    window.openExperiment("optimizer-race");
    window.page().showTab("interview");
    window.page().interview().review().reveal();
    photographer.shoot(name + "-interview");
    window.page().showTab("lab");
    shootDemo(window, photographer, "optimizer-race", "ravine-zigzag", name + "-choice");
    shootDemo(window, photographer, "optimizer-race", "adam-fast-start", name + "-curve");
    shootDemo(window, photographer, "optimizer-race", "sgd-rate-sensitivity", name + "-number");
    window.search();
    auto* box = qobject_cast<SearchBox*>(QApplication::activeModalWidget());
    box->line()->setText(look.language == Language::Chinese ? "动量" : "momentum");
    photographer.shoot(name + "-search");
    box->reject();
    window.showPreferences();
    photographer.shoot(name + "-preferences");
    qobject_cast<QDialog*>(QApplication::activeModalWidget())->reject();
    const QSize size = window.size();
    window.present(true);
    window.resize(size);
    window.presentNext(1);
    photographer.shoot(name + "-presenter");
    window.overlay().setMode(PresenterOverlay::Mode::Spotlight);
    photographer.shoot(name + "-spotlight");
    window.present(false);
    window.resize(size);
  }
}

/// The dialog of a figure, for the column of a paper and for a slide, and that of an animation.
void shootFigure(MainWindow& window, Photographer& photographer) {
  for (const Look look : kLooks) {
    window.setTheme(look.theme);
    window.setLanguage(look.language);
    window.openExperiment("optimizer-race");
    photographer.run(1.0);
    for (const int preset : {1, 3}) {
      window.exportShownFigure();
      auto* dialog = qobject_cast<FigureDialog*>(QApplication::activeModalWidget());
      dialog->setPreset(preset);
      photographer.shoot(QStringLiteral("figure-%1-%2").arg(look.name()).arg(preset));
      dialog->reject();
    }
    window.exportAnimation();
    photographer.shoot("figure-" + look.name() + "-animation");
    qobject_cast<QDialog*>(QApplication::activeModalWidget())->reject();
  }
}

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
  MainWindow window({}, std::make_unique<StudyStore>(QString()));
  window.resize(size[0].toInt(), size[1].toInt());
  window.setFontScale(type);
  window.show();
  while (!window.isReady()) QApplication::processEvents(QEventLoop::WaitForMoreEvents);

  Photographer photographer(window, folder);
  if (only == "study") {
    shootStudy(window, photographer);
    return EXIT_SUCCESS;
  }
  if (only == "figure") {
    shootFigure(window, photographer);
    return EXIT_SUCCESS;
  }
  for (const Lesson& lesson : catalog.lessons())
    for (const ExperimentSpec* spec : lesson.experiments) {
      const QString id = QString::fromStdString(spec->id);
      if (!only.isEmpty() && only != id) continue;
      window.openExperiment(id);
      for (const Look look : kLooks) {
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

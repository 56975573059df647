// SPDX-License-Identifier: GPL-3.0-or-later
// viva_screenshots DIR [WxH[,WxH...][@TYPE]] [EXPERIMENT[/PRESET[:PERCENT]] [LOOK,LOOK...]]: every
// panel at the start, in the middle and at the end of its first preset and at the end of the
// others, its notes and its code, in both themes and languages; `1024x768@2` with type of twice the
// size. EXPERIMENT `study` is home, cards, a demo at each stage, search, preferences and presenter,
// `compare` runs beside one another, `figure` the dialogs of figures and animations and `sweep`
// that of sweeps; with PRESET, or `/all`, only presets, each at the start, in the middle and at the
// end of one run, or at PERCENT of it. A LOOK is `dark-zh_CN` and the like; presets take turns in
// them, in the order given, and with several sizes are in all of them at each. For `./dev
// screenshots`: a panel that nobody has looked at is not done.
#include <QApplication>
#include <QButtonGroup>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPainter>
#include <QRadioButton>
#include <QScrollBar>
#include <QStandardPaths>
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "app/blas_kernels.h"
#include "app/catalog_loader.h"
#include "app/study/study_store.h"
#include "app/window/figure_dialog.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "app/window/sweep_axis.h"
#include "app/window/sweep_dialog.h"
#include "lessons/core/error.h"
#include "widgets/panel/comparison.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/search/search_box.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/home_page.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/lesson_card.h"
#include "widgets/study/review_view.h"

namespace viva {
namespace {

constexpr int kLongestRun = 240000;  // milliseconds

struct Look {
  Preferences::ThemeChoice theme;
  Language language;
  QString name() const { return nameOf(theme) + "-" + QString::fromUtf8(codeOf(language).data()); }
};

class Photographer {
 public:
  Photographer(MainWindow& window, const QDir& folder) : window_(window), folder_(folder) {}

  void shoot(const QString& name) { shoot(name, QApplication::activeModalWidget()); }
  /// With `dialog`, unless it is null, in the middle of the window.
  void shoot(const QString& name, QWidget* dialog) {
    // Twice: the first pass may ask for another frame of what it has laid out.
    for (int pass = 0; pass < 3; ++pass) QApplication::processEvents(QEventLoop::AllEvents, 50);
    const QString file = folder_.filePath(name + ".png");
    QPixmap picture = window_.grab();
    if (dialog) {
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
    until([&] { return state.generation == panel.runner().newestGeneration() && state.frame; });
    const auto target = static_cast<std::int64_t>(static_cast<double>(state.length) * part);
    panel.runner().setSpeed(Runner::kUnlimited);
    if (target > state.step) panel.runner().stepForward(target - state.step);
    until([&] { return state.step >= target || state.status != RunStatus::Running; });
  }

  template <typename Condition>
  void until(Condition reached) {
    QElapsedTimer elapsed;
    elapsed.start();
    while (!reached() && elapsed.elapsed() < kLongestRun)
      QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
  }

 private:
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

void take(MainWindow& window, const Look& look) {
  window.setTheme(look.theme);
  window.setLanguage(look.language);
}

/// With the pictures of all lessons, which take a while at the first time.
void shootHome(MainWindow& window, Photographer& photographer, const QString& name) {
  window.showHome();
  photographer.shoot(name + "-home-at-once");
  photographer.until([&] {
    const auto& cards = window.home().cards();
    return std::none_of(cards.begin(), cards.end(),
                        [](const LessonCard* card) { return card->picture().isNull(); });
  });
  photographer.shoot(name + "-home");
  QScrollBar& bar = *window.home().verticalScrollBar();
  bar.setValue(bar.maximum());
  photographer.shoot(name + "-home-below");
  bar.setValue(0);
  auto& tree = *window.findChild<LessonTree*>();
  tree.filter()->setText("gra");
  photographer.shoot(name + "-filter");
  tree.filter()->clear();
}

void shootStudy(MainWindow& window, Photographer& photographer, const std::vector<Look>& looks) {
  studyForAWhile(window.study());
  for (const Look& look : looks) {
    take(window, look);
    const QString name = "study-" + look.name();
    shootHome(window, photographer, name);
    window.showToday();
    photographer.shoot(name + "-card-question");
    window.review().reveal();
    photographer.shoot(name + "-card-answer");
    window.review().prove();
    photographer.shoot(name + "-proof");
    window.showMock();
    photographer.shoot(name + "-mock");
    window.review().goOn();
    while (!window.review().card().isEmpty()) {
      window.review().goOn();
      window.review().grade(window.review().card().size() % 3 == 0 ? 1 : 3);
    }
    photographer.shoot(name + "-mock-result");
    window.editCard("gan", {});
    photographer.shoot(name + "-new-card");
    qobject_cast<QDialog*>(QApplication::activeModalWidget())->reject();
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
    photographer.shoot(name + "-search-empty");
    box->line()->setText(look.language == Language::Chinese ? "动量" : "momentum");
    photographer.shoot(name + "-search");
    box->reject();
    window.showPreferences();
    photographer.shoot(name + "-preferences");
    qobject_cast<QDialog*>(QApplication::activeModalWidget())->reject();
    const QSize size = window.size();
    window.present(true);
    window.setWindowState(Qt::WindowNoState);  // else as large as the screen
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

/// A map of two parameters, and a curve over one with three seeds.
void shootSweep(MainWindow& window, Photographer& photographer) {
  for (const Look& look : kLooks) {
    take(window, look);
    window.openExperiment("optimizer-training");
    const auto shoot = [&](const char* name, auto choose) {
      SweepDialog& dialog = *window.showSweep();
      choose(dialog);
      dialog.setSteps(200);
      dialog.start();
      photographer.until([&] { return !dialog.isRunning(); });
      photographer.shoot(QStringLiteral("sweep-%1-%2").arg(look.name(), name), &dialog);
      dialog.close();
    };
    shoot("map", [](SweepDialog& dialog) {
      dialog.axis(0).setParameter("adam.lr");
      dialog.axis(0).setRange("0.001", "3", 6, true);
      dialog.axis(1).setParameter("batch_size");
      dialog.axis(1).setRange("16", "256", 3, true);
      dialog.setMetric("adam/train_loss", Statistic::Last, Goal::Lowest);
    });
    shoot("curve", [](SweepDialog& dialog) {
      dialog.axis(0).setParameter("sgd.lr");
      dialog.axis(0).setRange("0.001", "10", 9, true);
      dialog.setMetric("sgd/train_loss", Statistic::Last, Goal::Lowest);
      dialog.setSeeds(3);
    });
  }
}

/// Two runs with another learning rate or seed beside the present one.
void shootCompared(MainWindow& window, Photographer& photographer, const QString& experiment,
                   const std::string& parameter, const std::vector<std::string>& values) {
  for (const Look look : kLooks) {
    window.setTheme(look.theme);
    window.setLanguage(look.language);
    window.openExperiment(experiment);
    window.page().showTab("lab");
    ExperimentPanel& panel = *window.page().panel();
    panel.comparison().unpinAll();
    panel.openPreset(panel.spec().presets.front().name);
    for (const std::string& value : values) {
      RunSettings settings = panel.settings();
      settings.parameters.setFromText(parameter, value);
      panel.open(settings);
      photographer.run(0.7);
      panel.pinRun();
      photographer.until([&, before = panel.comparison().pinned().size()] {
        return panel.comparison().pinned().size() > before;
      });
    }
    panel.openPreset(panel.spec().presets.front().name);
    photographer.run(0.5);
    const QString name = "compare-" + experiment + "-" + look.name();
    photographer.shoot(name);
    panel.comparison().setByTime(true);
    photographer.shoot(name + "-time");
    panel.comparison().setByTime(false);
    panel.comparison().setDifference(true);
    photographer.shoot(name + "-difference");
    panel.comparison().unpinAll();
    if (panel.spec().uses_randomness && panel.spec().uses_randomness(panel.parameters())) {
      panel.runFiveSeeds();
      photographer.until([&] { return !panel.comparison().pinned().empty(); });
      photographer.shoot(name + "-seeds");
    }
    window.showRuns();
    photographer.shoot(name + "-runs");
    if (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) dialog->reject();
  }
}

void shootPanel(MainWindow& window, Photographer& photographer, const ExperimentSpec& spec,
                const std::vector<Look>& looks) {
  const QString id = QString::fromStdString(spec.id);
  window.openExperiment(id);
  for (const Look& look : looks) {
    take(window, look);
    window.page().showTab("lab");
    window.page().panel()->openPreset(spec.presets.empty() ? "" : spec.presets.front().name);
    for (const double part : {0.0, 0.3, 1.0}) {
      photographer.run(part);
      photographer.shoot(QStringLiteral("%1-%2-%3").arg(id, look.name()).arg(int(part * 100)));
    }
    window.page().showTab("notes");
    photographer.shoot(id + "-" + look.name() + "-notes");
    window.page().showTab("code");
    photographer.shoot(id + "-" + look.name() + "-code");
  }
  take(window, looks.front());
  window.page().showTab("lab");
  for (const Preset& preset : spec.presets) {
    window.page().panel()->openPreset(preset.name);
    photographer.run(1.0);
    photographer.shoot(id + "-preset-" + QString::fromStdString(preset.name));
  }
}

/// `only` is a preset, or `all`; with `moments`, which are parts of a run. The looks change from
/// picture to picture, and each preset begins with another one, so that all are seen without a run
/// for each; at several sizes every moment is taken in every look.
void shootPresets(MainWindow& window, Photographer& photographer, const ExperimentSpec& spec,
                  const QString& only, const std::vector<double>& moments,
                  const std::vector<Look>& looks, const std::vector<QSize>& sizes) {
  const bool at_sizes = sizes.size() > 1;
  const QString id = QString::fromStdString(spec.id);
  window.openExperiment(id);
  window.page().showTab("lab");
  for (std::size_t i = 0; i < spec.presets.size(); ++i) {
    const QString preset = QString::fromStdString(spec.presets[i].name);
    if (only != "all" && only != preset) continue;
    window.page().panel()->openPreset(spec.presets[i].name);
    std::size_t turn = i;
    for (const double part : moments) {
      photographer.run(part);
      const Look& next = looks[turn++ % looks.size()];
      for (const Look& look : at_sizes ? looks : std::vector{next}) {
        take(window, look);
        const QString name = QStringLiteral("%1-%2-%3-%4")
                                 .arg(id, preset)
                                 .arg(int(part * 100), 3, 10, QChar('0'))
                                 .arg(look.name());
        for (const QSize& size : sizes) {
          window.resize(size);
          photographer.shoot(
              at_sizes ? QStringLiteral("%1-%2x%3").arg(name).arg(size.width()).arg(size.height())
                       : name);
        }
      }
    }
  }
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  using namespace viva;
  preferFastBlasKernels();
  QStandardPaths::setTestModeEnabled(true);  // leaves the user's own settings alone
  QApplication application(argc, argv);
  std::setlocale(LC_NUMERIC, "C");
  QApplication::setApplicationVersion(VIVA_VERSION);
  if (!qEnvironmentVariableIsSet("VIVA_PROGRAM"))  // a sweep's points are run by the program
    qputenv("VIVA_PROGRAM", QFile::encodeName(QApplication::applicationDirPath() + "/viva"));
  const QStringList arguments = QApplication::arguments();
  const QDir folder(arguments.value(1, "screenshots"));
  const QString format = arguments.value(2, "1280x800");
  std::vector<QSize> sizes;
  for (const QString& size : format.split(',')) {
    const QStringList sides = size.section('@', 0, 0).split('x');
    if (sides.size() == 2) sizes.emplace_back(sides[0].toInt(), sides[1].toInt());
  }
  const double type = format.contains('@') ? format.section('@', -1).toDouble() : 1;
  const QString experiment = arguments.value(3).section('/', 0, 0);
  const QString preset = arguments.value(3).section('/', 1).section(':', 0, 0);
  const QString moment = arguments.value(3).section(':', 1);
  const std::vector<double> moments =
      moment.isEmpty() ? std::vector{0.0, 0.4, 1.0} : std::vector{moment.toDouble() / 100};
  const QStringList names = arguments.value(4).split(',', Qt::SkipEmptyParts);
  std::vector<Look> looks;
  for (const QString& name : names)
    for (const Look& look : kLooks)
      if (look.name() == name) looks.push_back(look);
  if (names.isEmpty()) looks.assign(std::begin(kLooks), std::end(kLooks));
  if (!QDir().mkpath(folder.path()) || sizes.empty() || looks.empty()) {
    std::fprintf(stderr,
                 "usage: viva_screenshots DIR [WxH[,WxH...][@TYPE]] "
                 "[EXPERIMENT[/PRESET[:PERCENT]] [LOOK,LOOK...]]\n");
    return EXIT_FAILURE;
  }
  const Catalog& catalog = loadCatalog();
  MainWindow window({}, std::make_unique<StudyStore>(QString()));
  window.resize(sizes.front());
  window.setFontScale(type);
  window.show();
  while (!window.isReady()) QApplication::processEvents(QEventLoop::WaitForMoreEvents);

  Photographer photographer(window, folder);
  if (experiment == "study") {
    shootStudy(window, photographer, looks);
    return EXIT_SUCCESS;
  }
  if (experiment == "figure") {
    shootFigure(window, photographer);
    return EXIT_SUCCESS;
  }
  if (experiment == "sweep") {
    shootSweep(window, photographer);
    return EXIT_SUCCESS;
  }
  if (experiment == "compare") {
    shootCompared(window, photographer, "optimizer-race", "momentum.lr", {"0.02", "0.005"});
    shootCompared(window, photographer, "optimizer-training", "hidden", {"2", "8"});
    return EXIT_SUCCESS;
  }
  for (const Lesson& lesson : catalog.lessons())
    for (const ExperimentSpec* spec : lesson.experiments) {
      if (!experiment.isEmpty() && experiment.toStdString() != spec->id) continue;
      if (preset.isEmpty())
        shootPanel(window, photographer, *spec, looks);
      else
        shootPresets(window, photographer, *spec, preset, moments, looks, sizes);
    }
  return EXIT_SUCCESS;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLibraryInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <utility>

#include "app/catalog_loader.h"
#include "app/study/study_store.h"
#include "app/window/back_strip.h"
#include "app/window/lab_keys.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_tree.h"
#include "app/window/plan_pane.h"
#include "app/window/presenter.h"
#include "app/window/theme.h"
#include "lessons/core/error.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/search/search_index.h"
#include "widgets/study/card_text.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/home_page.h"
#include "widgets/study/review_view.h"
#include "widgets/text/destination.h"

namespace viva {
namespace {

/// What a first start opens.
constexpr const char* kFirstExperiment = "optimizer-race";
/// Around the window, for its title and borders.
constexpr QSize kBorders{16, 48};

}  // namespace

MainWindow::MainWindow(const WindowRequest& request)
    : MainWindow(request, std::make_unique<StudyStore>()) {}

MainWindow::MainWindow(const WindowRequest& request, std::unique_ptr<Study> study)
    : request_(request),
      preferences_(Preferences::load()),
      study_(std::move(study)),
      tree_(new LessonTree),
      plan_(new PlanPane),
      left_(new QSplitter(Qt::Vertical)),
      page_(new LessonPage(*study_)),
      home_(new HomePage(*study_, appearance_)),
      review_(new ReviewView(*study_, appearance_)),
      centre_(new QStackedWidget),
      strip_(new BackStrip(this)),
      columns_(new QSplitter(Qt::Horizontal)),
      device_(new QLabel) {
  if (!request_.language.empty()) preferences_.language = languageFromCode(request_.language);
  if (!request_.theme.empty())
    preferences_.theme = themeFromName(QString::fromStdString(request_.theme));

  study_->setLessonCards(lessonCardKeys());
  study_->setLimitOfRuns(limitOfRuns());
  for (QWidget* place :
       {static_cast<QWidget*>(page_), static_cast<QWidget*>(home_), static_cast<QWidget*>(review_)})
    centre_->addWidget(place);
  left_->addWidget(tree_);
  left_->addWidget(plan_);
  left_->setChildrenCollapsible(false);
  left_->setStretchFactor(0, 1);
  columns_->addWidget(left_);
  columns_->addWidget(centre_);
  columns_->setStretchFactor(0, 0);
  columns_->setStretchFactor(1, 1);
  columns_->setCollapsible(1, false);
  columns_->setSizes({210, 1070});
  setCentralWidget(columns_);
  overlay_ = new PresenterOverlay(this);
  statusBar()->addPermanentWidget(device_);
  setAcceptDrops(true);
  resize(QSize(1280, 800).boundedTo(screen()->availableSize() - kBorders));
  restoreGeometry(preferences_.geometry);
  columns_->restoreState(preferences_.columns);
  page_->labSplitter().restoreState(preferences_.lab_columns);
  if (!preferences_.notes_beside_chosen) preferences_.notes_beside = width() >= 1500;
  page_->setNotesBeside(preferences_.notes_beside);
  page_->showTab(preferences_.tab);
  page_->setCalm(preferences_.reduced_motion);
  buildMenus();
  applyAppearance();

  until_rest_.setSingleShot(true);
  until_rest_.setInterval(500);
  connect(&until_rest_, &QTimer::timeout, this, &MainWindow::rememberState);
  connect(columns_, &QSplitter::splitterMoved, this, &MainWindow::rememberSoon);
  connect(page_, &LessonPage::rearranged, this, &MainWindow::rememberSoon);
  connect(tree_, &LessonTree::experimentChosen, this, &MainWindow::openExperiment);
  connect(tree_, &LessonTree::placeChosen, this,
          [this](const QString& place) { place == "home" ? showHome() : showToday(); });
  connect(plan_, &PlanPane::stepChosen, this, &MainWindow::openPlanStep);
  connect(plan_, &PlanPane::addWanted, this, [this] { addToPlan(); });
  connect(plan_, &PlanPane::changed, this, &MainWindow::tellDesk);
  connect(plan_, &PlanPane::closed, this, &MainWindow::tellDesk);
  connect(plan_, &PlanPane::failed, this, &MainWindow::complain);
  page_->setInvites(!preferences_.handle_used);
  connect(page_, &LessonPage::handleUsed, this, [this] {
    if (std::exchange(preferences_.handle_used, true)) return;
    page_->setInvites(false);
    rememberSoon();
  });
  connect(page_, &LessonPage::said, this, &MainWindow::say);
  connect(page_, &LessonPage::exportRequested, this, &MainWindow::exportFigure);
  connect(page_, &LessonPage::linkActivated, this, [this](const QString& link) {
    followLink(link, QString::fromStdString(page_->lesson()));
  });

  new LabKeys(
      *this,
      [this](const QWidget& focus) {
        if (centre_->currentWidget() != page_ || page_->currentTab() != "lab") return false;
        // There Space chooses an answer, and the run would give it away.
        const QWidget* demo = page_->demo();
        return !demo || !demo->isAncestorOf(&focus);
      },
      [this] { panel() ? panel()->togglePlay() : void(request_.play = !request_.play); });
  connectStudy();
  connect(&desktop_theme_, &DesktopTheme::changed, this, &MainWindow::applyAppearance);

  wanted_experiment_ =
      preferences_.experiment.isEmpty() ? kFirstExperiment : preferences_.experiment;
  for (const LessonEntry& lesson : lessonList())
    if (lesson.id == request_.lesson && !lesson.experiments.empty())
      wanted_experiment_ = QString::fromStdString(lesson.experiments.front());
  if (!request_.experiment.empty())
    wanted_experiment_ = QString::fromStdString(request_.experiment);
  const auto lesson_of = [](const QString& experiment) {
    for (const LessonEntry& lesson : lessonList())
      for (const std::string& id : lesson.experiments)
        if (experiment.toStdString() == id) return lesson.id;
    return std::string();
  };
  if (lesson_of(wanted_experiment_).empty())
    wanted_experiment_ = QString::fromStdString(lessonList().front().experiments.front());
  page_->showNotes(lesson_of(wanted_experiment_));
  tree_->select(wanted_experiment_);
  page_->sayInLab(text({"window.loading", {}}));
}

MainWindow::~MainWindow() {
  if (loader_.joinable()) loader_.join();
  // The pages write to the study when they go, so they go first.
  delete takeCentralWidget();
}

void MainWindow::loadExperiments() {
  if (loader_.joinable()) return;
  loader_ = std::thread([this] {
    try {
      const Catalog& catalog = loadCatalog();
      catalog.runtime().resolveDevice("auto");  // wakes a graphics card, which takes seconds
      QMetaObject::invokeMethod(
          this, [this, &catalog] { experimentsAreHere(catalog); }, Qt::QueuedConnection);
    } catch (const Error& error) {
      QMetaObject::invokeMethod(
          this, [this, message = error.message()] { page_->sayInLab(text(message)); },
          Qt::QueuedConnection);
    } catch (...) {
      // Out of memory, or a library's own: the notes and cards are there all the same.
      QMetaObject::invokeMethod(
          this,
          [this, message = reasonOf(std::current_exception())] { page_->sayInLab(text(message)); },
          Qt::QueuedConnection);
    }
  });
}

void MainWindow::experimentsAreHere(const Catalog& catalog) {
  catalog_ = &catalog;
  const Runtime& runtime = catalog.runtime();
  device_->setText(text({"window.device",
                         {{"device", runtime.resolveDevice("auto")},
                          {"torch", runtime.libraryVersion()},
                          {"blas", runtime.blas()}}}));
  if (runtime.blasIsSlow())
    device_->setText(text({"window.slow_blas", {{"blas", runtime.blas()}}}));
  openRequest();
  Q_EMIT ready();
}

/// What the command line asked for. Names that are wrong are said, and the rest is opened.
void MainWindow::openRequest() {
  try {
    if (!request_.lesson.empty()) catalog_->lesson(request_.lesson);
    if (!request_.experiment.empty()) catalog_->experiment(request_.experiment);
  } catch (const Error& error) {
    complain(error.message());
  }
  openExperiment(wanted_experiment_);
  const QString file = QString::fromStdString(request_.file);
  if (file.startsWith("viva:"))
    openLink(file);
  else if (file.endsWith(".viva-plan"))
    openPlan(file);
  else if (!file.isEmpty())
    openRunFile(file);
  ExperimentPanel* open = panel();
  if (!open) return;
  try {
    if (!request_.preset.empty()) open->openPreset(request_.preset);
    if (!request_.settings.empty() || request_.seed) {
      RunSettings settings = open->settings();
      for (const auto& [name, value] : request_.settings)
        settings.parameters.setFromText(name, value);
      requireValid(open->spec(), settings.parameters);
      if (request_.seed) settings.seed = *request_.seed;
      open->open(std::move(settings));
    }
  } catch (const Error& error) {
    complain(error.message());
  }
  open->parameterPanel().setHidden(request_.hidden_controls);
  if (request_.play) open->play();
  if (request_.presenter) present(true);
}

ExperimentPanel* MainWindow::panel() const { return page_->panel(); }

void MainWindow::openExperiment(const QString& id) {
  wanted_experiment_ = id;
  if (!catalog_) return;
  try {
    page_->openExperiment(*catalog_, catalog_->experiment(id.toStdString()));
    showPlace(page_);
    tree_->select(id);
    home_->setExperiment(id);
    preferences_.experiment = id;
    rememberSoon();
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::followLink(const QString& link, const QString& lesson) {
  if (!catalog_) return;
  try {
    const Destination destination = destinationOf(link, lesson.toStdString(), *catalog_);
    goTo(destination);
    if (destination.kind == Destination::Kind::Preset) panel()->play();
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::goTo(const Destination& destination) {
  switch (destination.kind) {
    case Destination::Kind::Lesson:
      openLesson(QString::fromStdString(destination.lesson));
      page_->showTab("notes");
      return;
    case Destination::Kind::Experiment:
      openExperiment(QString::fromStdString(destination.experiment->id));
      page_->showTab("lab");
      return;
    case Destination::Kind::Preset:
      openPreset(QString::fromStdString(destination.experiment->id),
                 QString::fromStdString(destination.preset));
      return;
  }
}

void MainWindow::openPreset(const QString& experiment, const QString& preset) {
  openExperiment(experiment);
  if (!panel()) return;
  page_->showTab("lab");
  if (panel()->spec().findPreset(preset.toStdString())) panel()->openPreset(preset.toStdString());
}

QString MainWindow::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

void MainWindow::say(const QString& sentence) { statusBar()->showMessage(sentence); }

void MainWindow::complain(const Message& message) {
  auto* box = new QMessageBox(QMessageBox::Warning, "Viva", text(message), QMessageBox::Ok, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

void MainWindow::setLanguage(Language language) {
  preferences_.language = language;
  applyAppearance();
}

void MainWindow::setTheme(Preferences::ThemeChoice choice) {
  preferences_.theme = choice;
  applyAppearance();
}

void MainWindow::setFontScale(double scale) {
  preferences_.font_scale = std::clamp(scale, 0.8, 2.0);
  applyAppearance();
}

void MainWindow::applyAppearance() {
  const bool dark = preferences_.theme == Preferences::ThemeChoice::System
                        ? desktop_theme_.isDark()
                        : preferences_.theme == Preferences::ThemeChoice::Dark;
  // Readable from the last row.
  const double scale =
      presenting_ ? std::max(presenter_scale_, preferences_.font_scale) : preferences_.font_scale;
  appearance_ = {dark, preferences_.language, scale};
  applyTheme(dark, scale);
  QApplication::removeTranslator(&qt_words_);
  if (preferences_.language == Language::Chinese &&
      qt_words_.load("qtbase_zh_CN", QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
    QApplication::installTranslator(&qt_words_);
  QLocale::setDefault(preferences_.language == Language::Chinese
                          ? QLocale(QLocale::Chinese, QLocale::China)
                          : QLocale(QLocale::English));
  page_->setAppearance(appearance_);
  home_->setAppearance(appearance_);
  review_->setAppearance(appearance_);
  overlay_->setDark(dark);
  if (desk_) desk_->setAppearance({dark, preferences_.language, preferences_.font_scale});
  index_.reset();
  retranslate();
  rememberSoon();
}

void MainWindow::rememberState() {
  if (presenting_) return;  // full screen and without columns is not how it is to be found again
  preferences_.geometry = saveGeometry();
  preferences_.columns = columns_->saveState();
  preferences_.lab_columns = page_->labSplitter().saveState();
  preferences_.tab = page_->currentTab();
  if (!preferences_.save() && !std::exchange(said_not_kept_, true)) {
    const Message problem{"window.preferences_not_kept",
                          {{"file", Preferences::path().toStdString()}}};
    // Where the study cannot be kept either, a dialog has said that nothing is.
    study_->path().isEmpty() ? say(text(problem)) : complain(problem);
  }
  if (panel())
    Preferences::saveArrangement(QString::fromStdString(panel()->spec().id),
                                 panel()->arrangement().chosen());
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  // The window is painted first: loading LibTorch keeps a core and the disk busy for half a second.
  if (!loader_.joinable()) QTimer::singleShot(0, this, &MainWindow::loadExperiments);
}

void MainWindow::rememberSoon() { until_rest_.start(); }

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  rememberSoon();
}

void MainWindow::moveEvent(QMoveEvent* event) {
  QMainWindow::moveEvent(event);
  rememberSoon();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  rememberState();
  QMainWindow::closeEvent(event);
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
  // Where LabKeys leaves it alone, in the notes or a demo, and nothing there wanted it.
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier && panel() &&
      centre_->currentWidget() == page_) {
    panel()->togglePlay();
    return;
  }
  if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier && isFullScreen()) {
    showNormal();
    return;
  }
  QMainWindow::keyPressEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
    event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  event->acceptProposedAction();
  const QString path = event->mimeData()->urls().front().toLocalFile();
  path.endsWith(".viva-plan") ? openPlan(path) : openRunFile(path);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the window, with their keys.
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QMenuBar>

#include "app/window/back_strip.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "app/window/plan_pane.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/review_view.h"

namespace viva {

void MainWindow::buildMenus() {
  QMenu* menu = nullptr;
  const auto begin = [&](const char* key) {
    menu = menuBar()->addMenu(QString());
    menus_.emplace_back(menu, key);
  };
  const auto add = [&](const char* key, const QKeySequence& keys, auto&& work) {
    QAction* action = menu->addAction(QString(), this, work);
    action->setShortcut(keys);
    addAction(action);  // its keys work also while the menus are hidden
    actions_.emplace_back(action, key);
    return action;
  };
  const auto with_panel = [this](auto work) {
    return [this, work] {
      if (ExperimentPanel* open = page_->panel()) work(*open);
    };
  };

  begin("menu.file");
  add("menu.open_run", QKeySequence::Open, [this] { openRunFile({}); });
  add("menu.save_run", QKeySequence::Save, [this] { saveRunFile(); });
  add("menu.export_figure", QKeySequence("Ctrl+E"), [this] { exportShownFigure(); });
  add("menu.export_panel", QKeySequence("Ctrl+Alt+E"), [this] { exportPanel(); });
  add("menu.export_animation", QKeySequence("Ctrl+Shift+E"), [this] { exportAnimation(); });
  add("menu.export_bundle", QKeySequence("Ctrl+Shift+S"), [this] { exportBundle(); });
  menu->addSeparator();
  add("menu.open_plan", QKeySequence("Ctrl+Shift+O"), [this] { openPlan({}); });
  add("menu.add_to_plan", QKeySequence("Ctrl+Shift+A"), [this] { addToPlan(); });
  add("menu.close_plan", {}, [this] { closePlan(); });
  menu->addSeparator();
  add("menu.quit", QKeySequence::Quit, [this] { close(); })->setMenuRole(QAction::QuitRole);

  begin("menu.edit");
  add("menu.undo", QKeySequence::Undo, [this] {
    if (plan_->isAncestorOf(QApplication::focusWidget()))
      plan_->undo();
    else if (place() == "cards")
      review_->undo();
    else if (panel())
      panel()->changes().undo();
  });
  add("menu.redo", QKeySequence::Redo, [this] {
    if (plan_->isAncestorOf(QApplication::focusWidget()))
      plan_->redo();
    else if (panel())
      panel()->changes().redo();
  });
  menu->addSeparator();
  add("menu.copy_panel", QKeySequence("Ctrl+Alt+C"), [this] { copyPanel(); });
  add("menu.copy_command", QKeySequence("Ctrl+Shift+C"), [this] { copyCommand(); });
  add("menu.copy_link", QKeySequence("Ctrl+Shift+L"), [this] { copyLink(); });
  add("menu.open_link", QKeySequence("Ctrl+L"),
      [this] { openLink(QApplication::clipboard()->text()); });
  menu->addSeparator();
  add("menu.search", QKeySequence("Ctrl+K"), [this] { search(); });
  add("menu.find", QKeySequence::Find, [this] { page_->find(); });

  menu->addSeparator();
  add("menu.preferences", QKeySequence("Ctrl+,"), [this] {
    showPreferences();
  })->setMenuRole(QAction::PreferencesRole);

  begin("menu.study");
  add("menu.home", QKeySequence("Alt+Home"), [this] { showHome(); });
  add("menu.today", QKeySequence("Ctrl+T"), [this] { showToday(); });
  add("menu.mock", QKeySequence("Ctrl+Shift+M"), [this] { showMock(); });
  add("menu.predict", QKeySequence("Ctrl+D"), [this] {
    showPlace(page_);
    page_->showTab("lab");
    if (DemoPane* demo = page_->demo())
      demo->isOpen() ? demo->leave() : demo->begin(QString::fromStdString(panel()->preset()));
  });
  menu->addSeparator();
  add("menu.new_card", QKeySequence("Ctrl+N"),
      [this] { editCard(QString::fromStdString(page_->lesson()), {}); });
  add("menu.import_cards", {}, [this] { importCards(); });
  add("menu.export_cards", {}, [this] { exportCards(); });
  menu->addSeparator();
  add("menu.export_progress", {}, [this] { exportProgress(); });
  add("menu.import_progress", {}, [this] { importProgress(); });
  add("menu.erase_progress", {}, [this] { eraseProgress(); });

  begin("menu.run");
  add("menu.play", QKeySequence("Ctrl+P"),
      with_panel([](ExperimentPanel& open) { open.togglePlay(); }));
  add("menu.step_forward", QKeySequence("."),
      with_panel([](ExperimentPanel& open) { open.stepForward(); }));
  add("menu.step_back", QKeySequence(","),
      with_panel([](ExperimentPanel& open) { open.stepBack(); }));
  add("menu.reset", QKeySequence("Ctrl+R"),
      with_panel([](ExperimentPanel& open) { open.reset(); }));
  add("menu.new_seed", QKeySequence("Ctrl+Shift+R"),
      with_panel([](ExperimentPanel& open) { open.newSeed(); }));
  add("menu.branch", QKeySequence("Ctrl+B"),
      with_panel([](ExperimentPanel& open) { open.branchHere(); }));
  add("menu.sweep", QKeySequence("Ctrl+Shift+W"), [this] { showSweep(); });
  menu->addSeparator();
  add("menu.pin", QKeySequence("Ctrl+I"), with_panel([](ExperimentPanel& open) { open.pinRun(); }));
  add("menu.race", QKeySequence("Ctrl+Shift+B"),
      with_panel([](ExperimentPanel& open) { open.raceFromHere(); }));
  add("menu.seeds", QKeySequence("Ctrl+Alt+5"),
      with_panel([](ExperimentPanel& open) { open.runFiveSeeds(); }));
  add("menu.runs", QKeySequence("Ctrl+Shift+I"), [this] { showRuns(); });

  begin("menu.view");
  add("menu.tab_notes", QKeySequence("Alt+1"), [this] { page_->showTab("notes"); });
  add("menu.tab_lab", QKeySequence("Alt+2"), [this] { page_->showTab("lab"); });
  add("menu.tab_code", QKeySequence("Alt+3"), [this] { page_->showTab("code"); });
  add("menu.tab_interview", QKeySequence("Alt+4"), [this] { page_->showTab("interview"); });
  add("menu.tab_own", QKeySequence("Alt+5"), [this] { page_->showTab("own"); });
  menu->addSeparator();
  QAction* beside = add("menu.notes_beside", QKeySequence("F9"), [] {});
  beside->setCheckable(true);
  beside->setChecked(preferences_.notes_beside);
  connect(beside, &QAction::toggled, this, [this](bool on) {
    preferences_.notes_beside = on;
    preferences_.notes_beside_chosen = true;
    page_->setNotesBeside(on);
  });
  add("menu.arrange", {},
      with_panel([](ExperimentPanel& open) { open.arrangement().arrangeAsAtFirst(); }));
  add("menu.present", QKeySequence("F5"), [this] { present(!isPresenting()); });
  QAction* full = add("menu.full_screen", QKeySequence("F11"), [] {});
  connect(full, &QAction::triggered, this,
          [this] { isFullScreen() ? showNormal() : showFullScreen(); });
  menu->addSeparator();
  add("menu.larger", QKeySequence::ZoomIn, [this] { setFontScale(preferences_.font_scale + 0.1); });
  add("menu.smaller", QKeySequence::ZoomOut,
      [this] { setFontScale(preferences_.font_scale - 0.1); });
  add("menu.usual_size", QKeySequence("Ctrl+0"), [this] { setFontScale(1.0); });
  menu->addSeparator();
  auto* themes = new QActionGroup(this);
  for (const auto choice : {Preferences::ThemeChoice::System, Preferences::ThemeChoice::Light,
                            Preferences::ThemeChoice::Dark}) {
    const std::string key = "menu.theme_" + nameOf(choice).toStdString();
    QAction* action = add(key.c_str(), {}, [this, choice] { setTheme(choice); });
    action->setCheckable(true);
    action->setChecked(choice == preferences_.theme);
    themes->addAction(action);
  }
  menu->addSeparator();
  auto* languages = new QActionGroup(this);
  for (const Language language : {Language::English, Language::Chinese}) {
    // Each language is named in itself too, so that it is found by those who need it.
    const std::string key = "menu.language_" + std::string(codeOf(language));
    QAction* action = add(key.c_str(), {}, [this, language] { setLanguage(language); });
    action->setCheckable(true);
    action->setChecked(language == preferences_.language);
    languages->addAction(action);
  }

  begin("menu.help");
  add("menu.shortcuts", QKeySequence("F1"), [this] {
    showShortcuts();
  })->setShortcuts({QKeySequence("F1"), QKeySequence("?")});
  add("menu.about", {}, [this] { showAbout(); })->setMenuRole(QAction::AboutRole);
}

void MainWindow::retranslate() {
  const Words& words = Words::in(appearance_.language);
  for (const auto& [menu, key] : menus_) menu->setTitle(QString::fromStdString(words(key)));
  for (const auto& [action, key] : actions_) action->setText(QString::fromStdString(words(key)));
  tree_->setWords(words);
  plan_->setWords(words);
  strip_->setWords(words);
  setWindowTitle("Viva");
}

}  // namespace viva

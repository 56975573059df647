// SPDX-License-Identifier: GPL-3.0-or-later
// The window: lessons on the left, one lesson in the centre, menus around it.
#pragma once

#include <QMainWindow>
#include <QTimer>
#include <QTranslator>
#include <thread>

#include "app/commands/window_request.h"
#include "app/window/preferences.h"
#include "lessons/core/catalog.h"
#include "lessons/core/run_file.h"
#include "widgets/views/view.h"

class QLabel;
class QSplitter;

namespace viva {

class ExperimentPanel;
class LessonPage;
class LessonTree;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// Shows the lesson's notes at once and loads the experiments behind them.
  explicit MainWindow(const WindowRequest& request);
  ~MainWindow() override;

  LessonPage& page() { return *page_; }
  const Appearance& appearance() const { return appearance_; }
  void setLanguage(Language language);
  void setTheme(Preferences::ThemeChoice choice);
  void setFontScale(double scale);
  bool isReady() const { return catalog_ != nullptr; }

 public Q_SLOTS:
  void openExperiment(const QString& id);
  /// Opens a run file and replays it. A problem is said in a dialog.
  void openRunFile(const QString& path);
  void saveRunFile();
  void copyCommand();
  void showAbout();
  void showShortcuts();

 Q_SIGNALS:
  /// The experiments are there and the first one is open.
  void ready();
  /// A replay has ended: whether it gave the same records.
  void replayed(bool same);

 protected:
  void showEvent(QShowEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void moveEvent(QMoveEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  struct Command;

  void buildMenus();
  void retranslate();
  void applyAppearance();
  void loadExperiments();
  void experimentsAreHere(const Catalog& catalog);
  void openRequest();
  void followLink(const QString& link);
  void compareReplay(const RunFile& file);
  void say(const QString& sentence);
  void complain(const Message& message);
  QString text(const Message& message) const;
  ExperimentPanel* panel() const;
  void rememberState();
  /// Once the user rests: whatever ends the program, little is lost.
  void rememberSoon();

  WindowRequest request_;
  Preferences preferences_;
  bool desktop_is_dark_;
  Appearance appearance_;
  QTranslator qt_words_;
  QTimer until_rest_;
  const Catalog* catalog_ = nullptr;
  std::thread loader_;
  LessonTree* tree_;
  LessonPage* page_;
  QSplitter* columns_;
  QLabel* device_;
  QString wanted_experiment_;
  std::vector<std::pair<QAction*, std::string>> actions_;  ///< with the key of their text
  std::vector<std::pair<QMenu*, std::string>> menus_;
};

}  // namespace viva

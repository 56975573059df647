// SPDX-License-Identifier: GPL-3.0-or-later
// Home, the day's cards, own cards, and the learner's data as a whole.
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QRandomGenerator>
#include <QStackedWidget>
#include <QTimer>
#include <algorithm>
#include <map>

#include "app/phases/phase_store.h"
#include "app/study/card_exchange.h"
#include "app/window/back_strip.h"
#include "app/window/card_editor.h"
#include "app/window/file_to_write.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_pictures.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "app/window/preferences_dialog.h"
#include "lessons/core/error.h"
#include "lessons/core/run_file.h"
#include "widgets/study/card_library.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/home_page.h"
#include "widgets/study/interview_page.h"
#include "widgets/study/review_view.h"
#include "widgets/text/mnemonic.h"
#include "widgets/text/plain_line.h"

namespace viva {
namespace {

constexpr std::size_t kMockCards = 10;
constexpr int kMockSeconds = 90;
/// The window comes first: milliseconds until lessons that nobody asked for are run.
constexpr int kPicturesBegin = 5000;
constexpr qsizetype kMostProblemsShown = 20;

}  // namespace

void MainWindow::connectStudy() {
  connect(study_.get(), &Study::failed, this, &MainWindow::complain);
  connect(home_, &HomePage::experimentChosen, this, [this](const QString& experiment) {
    openExperiment(experiment);
    showPlace(page_);
  });
  connect(home_, &HomePage::todayWanted, this, &MainWindow::showToday);
  connect(home_, &HomePage::moreWanted, this, [this] {
    showPlace(review_);
    review_->startMore();
  });
  connect(home_, &HomePage::mockWanted, this, &MainWindow::showMock);
  connect(home_, &HomePage::runChosen, this, &MainWindow::openSaved);
  connect(home_, &HomePage::searchWanted, this, &MainWindow::search);
  addToolBar(Qt::TopToolBarArea, strip_);
  strip_->hide();
  InterviewPage& interview = page_->interview();
  for (ReviewView* review : {review_, &interview.review()}) {
    connect(review, &ReviewView::proofWanted, this,
            [this, review](const QString& lesson, const QString& preset) {
              leaveCard(lesson, "preset:" + preset, *review);
            });
    connect(review, &ReviewView::linkActivated, this,
            [this, review](const QString& lesson, const QString& link) {
              leaveCard(lesson, link, *review);
            });
  }
  review_->setOffersNext(true);
  connect(review_, &ReviewView::homeWanted, this, &MainWindow::showHome);
  connect(review_, &ReviewView::lessonsWanted, this, [this] { showPlace(page_); });
  connect(review_, &ReviewView::mockWanted, this, &MainWindow::showMock);
  connect(&interview, &InterviewPage::todayWanted, this, &MainWindow::showToday);
  connect(&interview, &InterviewPage::mockWanted, this, &MainWindow::showMock);
  connect(&interview, &InterviewPage::editWanted, this, &MainWindow::editCard);
  connect(page_, &LessonPage::currentChanged, this, [this] {
    if (page_->currentTab() == "interview") strip_->hide();
  });
  connect(page_, &LessonPage::runsWanted, this, &MainWindow::showRuns);
  connect(page_, &LessonPage::demoChanged, this, &MainWindow::tellDesk);
  connect(page_, &LessonPage::labShown, this, &MainWindow::tellProgress);
  connectPictures();
}

/// Each lesson is run once for its picture, while the lab is at rest.
void MainWindow::connectPictures() {
  auto* pictures = new LessonPictures(LessonPictures::folderOfTheUser(), this);
  pictures->setMayCompute([this] {
    if (presenting_ || !panel()) return false;
    const RunState& state = panel()->runner().state();
    return !state.playing && !state.seeking && !state.preparing;
  });
  connect(pictures, &LessonPictures::made, home_, &HomePage::setPicture);
  const auto begin = [this, pictures] {
    if (!catalog_) return;
    std::vector<LessonPictures::Subject> subjects;
    for (const Lesson& lesson : catalog_->lessons())
      if (!lesson.experiments.empty())
        subjects.push_back({QString::fromStdString(lesson.id), lesson.experiments.front()});
    pictures->begin(std::move(subjects), catalog_->runtime(), &PhaseStore::ofTheUser());
  };
  connect(home_, &HomePage::shown, this, [this, pictures, begin] {
    pictures->setAppearance(home_->appearance());
    begin();
  });
  connect(this, &MainWindow::ready, this, [this, begin] {
    home_->isVisible() ? begin() : QTimer::singleShot(kPicturesBegin, this, begin);
  });
}

void MainWindow::leaveCard(const QString& lesson, const QString& link, ReviewView& review) {
  const QString id = review.card();
  const CardText* card = review.library().find(id);
  const QString question = card ? plainLine(card->question) : QString();
  const bool of_lesson = &review != review_;
  followLink(link, lesson);
  const bool is_left = centre_->currentWidget() == page_ && page_->currentTab() != "interview";
  if (question.isEmpty() || !is_left) return;
  strip_->offer(question, [this, id, of_lesson] {
    if (of_lesson) return showCard(id);
    showPlace(review_);
    review_->setFocus();
  });
}

QString MainWindow::place() const {
  if (centre_->currentWidget() == home_) return "home";
  return centre_->currentWidget() == review_ ? "cards" : "lesson";
}

void MainWindow::showPlace(QWidget* place) {
  centre_->setCurrentWidget(place);
  if (place == home_) tree_->selectPlace("home");
  if (place == review_) {
    tree_->selectPlace("cards");
    strip_->hide();
  }
  if (place == page_) tree_->select(wanted_experiment_);
}

void MainWindow::showHome() {
  home_->setExperiment(wanted_experiment_);
  showPlace(home_);
  home_->setFocus();
}

void MainWindow::showToday() {
  showPlace(review_);
  review_->resumeToday();
}

void MainWindow::showMock() {
  const CardLibrary& library = review_->library();
  // One of each section in turn, as an interviewer jumps from subject to subject.
  std::map<std::string, std::vector<QString>> sections;
  for (const LessonEntry& lesson : lessonList())
    for (const CardText* card : library.of(QString::fromStdString(lesson.id)))
      sections[lesson.section].push_back(card->id);
  for (auto& [section, cards] : sections)
    std::shuffle(cards.begin(), cards.end(), *QRandomGenerator::global());
  std::vector<QString> ids;
  for (bool more = true; more && ids.size() < kMockCards;) {
    more = false;
    for (auto& [section, cards] : sections) {
      if (cards.empty() || ids.size() == kMockCards) continue;
      ids.push_back(cards.back());
      cards.pop_back();
      more = true;
    }
  }
  showPlace(review_);
  review_->startMock(std::move(ids), kMockSeconds);
}

void MainWindow::showCard(const QString& id) {
  const CardLibrary& library = review_->library();
  const CardText* card = library.find(id);
  if (!card) return;
  if (card->lesson.isEmpty()) {
    showPlace(review_);
    review_->startPractice({id});
    return;
  }
  openLesson(card->lesson);
  page_->showTab("interview");
  page_->interview().showCard(id);
}

void MainWindow::openSaved(const RecentRun& run) {
  if (!catalog_) return;
  try {
    replaySaved(run.file.toStdString());
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::openLesson(const QString& id) {
  for (const LessonEntry& lesson : lessonList())
    if (lesson.id == id.toStdString())
      openExperiment(QString::fromStdString(lesson.experiments.front()));
}

/// Own cards are others than before.
void MainWindow::reloadCards() {
  index_.reset();
  review_->reload();
  page_->interview().reload();
}

void MainWindow::editCard(const QString& lesson, const QString& id) {
  OwnCard card;
  card.lesson = lesson;
  for (const OwnCard& own : study_->ownCards())
    if (!id.isEmpty() && own.id == id) card = own;
  auto* editor = new CardEditor(card, appearance_, this);
  editor->setAttribute(Qt::WA_DeleteOnClose);
  connect(editor, &QDialog::accepted, this, [this, editor] {
    study_->saveOwnCard(editor->card());
    reloadCards();
  });
  connect(editor, &CardEditor::removeWanted, this, [this](const QString& removed) {
    study_->removeOwnCard(removed);
    reloadCards();
  });
  editor->open();
}

void MainWindow::importCards() {
  const QString path = QFileDialog::getOpenFileName(
      this, text({"cards.import", {}}), {}, text({"cards.files", {}}) + " (*.csv *.tsv *.txt)");
  if (!path.isEmpty()) importCardsFrom(path);
}

void MainWindow::importCardsFrom(const QString& path) {
  try {
    std::vector<Message> left_out;
    const std::vector<OwnCard> cards = readCards(path, &left_out);
    if (study_->saveOwnCards(cards)) sayImported(path, cards.size(), left_out);
    reloadCards();
  } catch (const RequestError& error) {
    complain({"cards.not_imported",
              {{"file", QFileInfo(path).fileName().toStdString()},
               {"problem", text(error.message()).toStdString()}}});
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::sayImported(const QString& path, std::size_t count,
                             const std::vector<Message>& left_out) {
  if (left_out.empty()) return say(text({"cards.imported", {{"count", std::int64_t(count)}}}));
  QStringList problems;
  for (const Message& problem : left_out) {
    if (problems.size() == kMostProblemsShown) {
      problems << text(
          {"cards.and_more",
           {{"count", std::int64_t(left_out.size()) - std::int64_t{problems.size()}}}});
      break;
    }
    problems << text(problem);
  }
  complain({"cards.imported_some",
            {{"file", QFileInfo(path).fileName().toStdString()},
             {"count", std::int64_t(count)},
             {"left_out", std::int64_t(left_out.size())},
             {"problems", "\n" + problems.join('\n').toStdString()}}});
}

void MainWindow::exportCards() {
  const QString path = fileToWrite(this, text({"cards.export", {}}), "viva-cards.tsv",
                                   text({"cards.files", {}}) + " (*.tsv *.csv)");
  if (path.isEmpty()) return;
  try {
    writeCards(path, study_->ownCards());
    say(text({"panel.exported", {{"path", path.toStdString()}}}));
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::exportProgress(const QString& path) {
  QString chosen = path;
  if (chosen.isEmpty())
    chosen = fileToWrite(this, withoutMnemonic(text({"menu.export_progress", {}})),
                         "viva-progress.db", text({"home.progress_files", {}}) + " (*.db)");
  if (chosen.isEmpty()) return;
  page_->saveOwnNotes();
  try {
    study_->exportTo(chosen);
    say(text({"panel.exported", {{"path", chosen.toStdString()}}}));
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::importProgress(const QString& path) {
  QString chosen = path;
  if (chosen.isEmpty())
    chosen = QFileDialog::getOpenFileName(this, withoutMnemonic(text({"menu.import_progress", {}})),
                                          {}, text({"home.progress_files", {}}) + " (*.db)");
  if (chosen.isEmpty()) return;
  // Before, so that it is in the backup and not written over what comes in.
  page_->saveOwnNotes();
  try {
    study_->importFrom(chosen);
    say(text({"home.progress_imported", {}}));
    readStudyAgain();
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::eraseProgress() {
  QMessageBox box(QMessageBox::Warning, "Viva", text({"home.erase_question", {}}),
                  QMessageBox::Cancel, this);
  QPushButton* erase = box.addButton(text({"home.erase", {}}), QMessageBox::DestructiveRole);
  box.setDefaultButton(QMessageBox::Cancel);
  box.exec();
  if (box.clickedButton() != static_cast<QAbstractButton*>(erase)) return;
  try {
    study_->erase();
    readStudyAgain();
  } catch (const Error& error) {
    complain(error.message());
  }
}

void MainWindow::readStudyAgain() {
  page_->readOwnNotes();
  home_->refresh();
  reloadCards();
}

void MainWindow::showPreferences() {
  auto* dialog = new PreferencesDialog(preferences_, study_->plan(), PhaseStore::ofTheUser(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog] {
    preferences_ = dialog->preferences();
    study_->setPlan(dialog->plan());
    page_->setCalm(preferences_.reduced_motion);
    study_->setLimitOfRuns(limitOfRuns());
    PhaseStore::ofTheUser().setLimit(dialog->limitOfPhases());
    applyAppearance();
  });
  dialog->open();
}

}  // namespace viva

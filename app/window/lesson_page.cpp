// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_page.h"

#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <algorithm>

#include "app/window/preferences.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/text/code_view.h"
#include "widgets/text/lesson_texts.h"
#include "widgets/text/notes_view.h"

namespace viva {
namespace {

constexpr const char* kTabs[] = {"notes", "lab", "code"};
/// Experiments that stay as they were left: each may hold 96 MB of frames and its records.
constexpr std::size_t kRecent = 3;

}  // namespace

LessonPage::LessonPage(QWidget* parent)
    : QTabWidget(parent),
      notes_(new NotesView),
      notes_beside_(new NotesView),
      lab_splitter_(new QSplitter(Qt::Horizontal)),
      labs_(new QStackedWidget),
      lab_message_(new QLabel),
      code_(new CodeView) {
  lab_message_->setAlignment(Qt::AlignCenter);
  lab_message_->setWordWrap(true);
  labs_->addWidget(lab_message_);
  lab_splitter_->addWidget(notes_beside_);
  lab_splitter_->addWidget(labs_);
  lab_splitter_->setStretchFactor(0, 0);
  lab_splitter_->setStretchFactor(1, 1);
  lab_splitter_->setCollapsible(1, false);
  lab_splitter_->setSizes({420, 1000});
  setDocumentMode(true);
  addTab(notes_, QString());
  addTab(lab_splitter_, QString());
  addTab(code_, QString());
  notes_beside_->hide();
  connect(this, &QTabWidget::currentChanged, this, &LessonPage::fillNotes);
  connect(this, &QTabWidget::currentChanged, this, &LessonPage::rearranged);
  connect(lab_splitter_, &QSplitter::splitterMoved, this, &LessonPage::rearranged);
  for (NotesView* notes : {notes_, notes_beside_})
    connect(notes, &NotesView::linkActivated, this, &LessonPage::linkActivated);
}

void LessonPage::setAppearance(const Appearance& appearance) {
  const bool language_changed = appearance.language != appearance_.language;
  appearance_ = appearance;
  notes_->setAppearance(appearance);
  notes_beside_->setAppearance(appearance);
  code_->setAppearance(appearance);
  for (ExperimentPanel* panel : recent_) panel->setAppearance(appearance);
  if (language_changed && !lesson_.empty()) {
    const std::string lesson = std::exchange(lesson_, {});
    showNotes(lesson);
  }
  retranslate();
}

void LessonPage::retranslate() {
  const Words& words = Words::in(appearance_.language);
  for (int i = 0; i < count(); ++i)
    setTabText(i, QString::fromStdString(words(std::string("window.tab_") + kTabs[i])));
  setAccessibleName(QString::fromStdString(words("window.lesson")));
}

void LessonPage::showNotes(const std::string& lesson) {
  if (lesson == lesson_) return;
  lesson_ = lesson;
  markdown_ = notesOf(lesson, appearance_.language);
  notes_filled_ = beside_filled_ = false;
  fillNotes();
}

/// Notes are set when they are first looked at: fonts and formulas would hold up the window's
/// start.
void LessonPage::fillNotes() {
  if (currentWidget() == notes_ && !std::exchange(notes_filled_, true))
    notes_->setDocument(markdown_);
  if (beside_ && !std::exchange(beside_filled_, true)) notes_beside_->setDocument(markdown_);
}

void LessonPage::sayInLab(const QString& sentence) {
  lab_message_->setText(sentence);
  labs_->setCurrentWidget(lab_message_);
}

ExperimentPanel& LessonPage::openExperiment(const Catalog& catalog, const ExperimentSpec& spec) {
  showNotes(catalog.lessonOf(spec).id);
  const auto known = std::find_if(recent_.begin(), recent_.end(),
                                  [&](ExperimentPanel* panel) { return &panel->spec() == &spec; });
  if (known != recent_.end()) {
    recent_.splice(recent_.begin(), recent_, known);
  } else {
    auto* panel = new ExperimentPanel(spec, catalog.runtime(), appearance_, labs_);
    connect(&panel->arrangement(), &ViewArrangement::rearranged, this, &LessonPage::rearranged);
    panel->arrangement().restore(Preferences::arrangement(QString::fromStdString(spec.id)));
    connect(panel, &ExperimentPanel::said, this, [this, panel](const QString& sentence) {
      if (panel == panel_) Q_EMIT said(sentence);
    });
    labs_->addWidget(panel);
    recent_.push_front(panel);
    forgetOldest();
  }
  panel_ = recent_.front();
  labs_->setCurrentWidget(panel_);
  showCode();
  return *panel_;
}

void LessonPage::forgetOldest() {
  if (recent_.size() <= kRecent) return;
  ExperimentPanel* oldest = recent_.back();
  recent_.pop_back();
  Preferences::saveArrangement(QString::fromStdString(oldest->spec().id),
                               oldest->arrangement().saved());
  delete oldest;
}

void LessonPage::showCode() {
  std::vector<CodeFile> sources;
  for (const std::string& path : panel_->spec().sources)
    sources.push_back({QString::fromStdString(path), sourceOf(path)});
  const std::string& equivalent = panel_->spec().equivalent;
  code_->setFiles(std::move(sources), {QString::fromStdString(equivalent), sourceOf(equivalent)});
}

void LessonPage::setNotesBeside(bool beside) {
  beside_ = beside;
  notes_beside_->setVisible(beside);
  fillNotes();
}

QString LessonPage::currentTab() const { return kTabs[std::max(0, currentIndex())]; }

void LessonPage::showTab(const QString& name) {
  for (int i = 0; i < count(); ++i)
    if (name == kTabs[i]) setCurrentIndex(i);
}

void LessonPage::find() {
  if (currentWidget() == code_)
    code_->find();
  else if (currentWidget() == notes_)
    notes_->find();
  else if (notes_beside_->isVisible())
    notes_beside_->find();
}

}  // namespace viva

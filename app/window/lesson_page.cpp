// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_page.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTextCursor>
#include <algorithm>

#include "app/phases/phase_store.h"
#include "app/study/record_archive.h"
#include "app/window/background.h"
#include "app/window/preferences.h"
#include "lessons/core/run_file.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/study/demo_pane.h"
#include "widgets/study/interview_page.h"
#include "widgets/text/code_view.h"
#include "widgets/text/lesson_texts.h"
#include "widgets/text/notes_view.h"

namespace viva {
namespace {

constexpr const char* kTabs[] = {"notes", "lab", "code", "interview", "own"};
/// Experiments that stay as they were left: each may hold 96 MB of frames and its records.
constexpr std::size_t kRecent = 3;
/// From this size of type on.
constexpr double kLargeType = 1.5;

}  // namespace

LessonPage::LessonPage(Study& study, QWidget* parent)
    : QTabWidget(parent),
      study_(study),
      notes_(new NotesView),
      notes_beside_(new NotesView),
      lab_splitter_(new QSplitter(Qt::Horizontal)),
      labs_(new QStackedWidget),
      lab_message_(new QLabel),
      code_(new CodeView),
      interview_(new InterviewPage(study, appearance_)),
      own_(new QPlainTextEdit) {
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
  addTab(interview_, QString());
  addTab(own_, QString());
  own_->setTabChangesFocus(true);
  own_rests_.setSingleShot(true);
  own_rests_.setInterval(500);
  connect(own_, &QPlainTextEdit::textChanged, &own_rests_, qOverload<>(&QTimer::start));
  connect(&own_rests_, &QTimer::timeout, this, &LessonPage::saveOwnNotes);
  notes_beside_->hide();
  connect(this, &QTabWidget::currentChanged, this, &LessonPage::fillNotes);
  connect(this, &QTabWidget::currentChanged, this, &LessonPage::rearranged);
  connect(lab_splitter_, &QSplitter::splitterMoved, this, &LessonPage::rearranged);
  for (NotesView* notes : {notes_, notes_beside_})
    connect(notes, &NotesView::linkActivated, this, &LessonPage::linkActivated);
}

LessonPage::~LessonPage() { saveOwnNotes(); }

void LessonPage::saveOwnNotes() {
  if (lesson_.empty() || !own_->document()->isModified()) return;
  const QString typed = own_->toPlainText();
  own_->document()->setModified(false);
  own_rests_.stop();
  const auto kept = study_.mergeNote(QString::fromStdString(lesson_), own_before_, typed);
  if (!kept) return;
  own_before_ = *kept;
  if (*kept == typed) return;
  showOwnNotes(*kept);
  Q_EMIT said(QString::fromStdString(Words::in(appearance_.language)("window.own_merged")));
}

void LessonPage::readOwnNotes() {
  own_before_ = study_.note(QString::fromStdString(lesson_));
  const QSignalBlocker blocker(own_);
  own_->setPlainText(own_before_);
  own_->document()->setModified(false);
  own_rests_.stop();
}

/// Only what differs is replaced, so that the caret stays where it is.
void LessonPage::showOwnNotes(const QString& text) {
  const QString shown = own_->toPlainText();
  qsizetype head = 0, tail = 0;
  const qsizetype shorter = std::min(shown.size(), text.size());
  while (head < shorter && shown[head] == text[head]) ++head;
  while (tail < shorter - head && shown[shown.size() - 1 - tail] == text[text.size() - 1 - tail])
    ++tail;
  const QSignalBlocker blocker(own_);
  QTextCursor changed(own_->document());
  changed.setPosition(static_cast<int>(head));
  changed.setPosition(static_cast<int>(shown.size() - tail), QTextCursor::KeepAnchor);
  changed.insertText(text.mid(head, text.size() - head - tail));
  own_->document()->setModified(false);
  own_rests_.stop();
}

/// Another window may have written meanwhile; what was typed here is merged when it is saved.
void LessonPage::takeOwnNotes() {
  if (lesson_.empty() || own_->document()->isModified()) return;
  own_before_ = study_.note(QString::fromStdString(lesson_));
  if (own_before_ != own_->toPlainText()) showOwnNotes(own_before_);
}

bool LessonPage::event(QEvent* event) {
  if (event->type() == QEvent::WindowActivate) takeOwnNotes();
  return QTabWidget::event(event);
}

void LessonPage::setCalm(bool calm) {
  calm_ = calm;
  for (const Lab& lab : recent_) lab.panel->setCalm(calm);
}

void LessonPage::setInvites(bool invites) {
  invites_ = invites;
  for (const Lab& lab : recent_) lab.panel->setInvites(invites);
}

void LessonPage::setBare(bool bare) {
  bare_ = bare;
  for (const Lab& lab : recent_) {
    giveRoom(lab);
    lab.panel->setComparedAside(bare);
  }
}

/// Beside a demo in large type there is no room for what can be set: the plots get it.
void LessonPage::giveRoom(const Lab& lab) {
  lab.panel->setBare(bare_ || (lab.demo->isOpen() && appearance_.font_scale >= kLargeType));
  lab.demo->setAloud(bare_);
}

void LessonPage::setAppearance(const Appearance& appearance) {
  const bool language_changed = appearance.language != appearance_.language;
  appearance_ = appearance;
  notes_->setAppearance(appearance);
  notes_beside_->setAppearance(appearance);
  code_->setAppearance(appearance);
  interview_->setAppearance(appearance);
  for (const Lab& lab : recent_) {
    lab.panel->setAppearance(appearance);
    lab.demo->setAppearance(appearance);
    giveRoom(lab);
    offerDemo(lab);
  }
  if (language_changed && !lesson_.empty()) {
    saveOwnNotes();
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
  own_->setAccessibleName(QString::fromStdString(words("window.tab_own")));
  own_->setPlaceholderText(QString::fromStdString(words("window.own_help")));
}

void LessonPage::showNotes(const std::string& lesson) {
  if (lesson == lesson_) return;
  saveOwnNotes();
  lesson_ = lesson;
  readOwnNotes();
  markdown_ = notesOf(lesson, appearance_.language);
  notes_filled_ = beside_filled_ = false;
  fillNotes();
  study_.visited(QString::fromStdString(lesson), QDateTime::currentDateTimeUtc());
}

/// Notes are set when they are first looked at: fonts and formulas would hold up the window's
/// start.
void LessonPage::fillNotes() {
  if (currentWidget() == notes_ && !std::exchange(notes_filled_, true))
    notes_->setDocument(markdown_);
  if (beside_ && !std::exchange(beside_filled_, true)) notes_beside_->setDocument(markdown_);
  if (currentWidget() == own_) takeOwnNotes();
  if (currentWidget() == interview_) interview_->setLesson(QString::fromStdString(lesson_));
}

void LessonPage::sayInLab(const QString& sentence) {
  lab_message_->setText(sentence);
  labs_->setCurrentWidget(lab_message_);
}

ExperimentPanel& LessonPage::openExperiment(const Catalog& catalog, const ExperimentSpec& spec) {
  showNotes(catalog.lessonOf(spec).id);
  const auto known = std::find_if(recent_.begin(), recent_.end(),
                                  [&](const Lab& lab) { return &lab.panel->spec() == &spec; });
  if (known != recent_.end()) {
    recent_.splice(recent_.begin(), recent_, known);
  } else {
    recent_.push_front(makeLab(catalog, spec));
    forgetOldest();
  }
  panel_ = recent_.front().panel;
  labs_->setCurrentWidget(panel_);
  showCode();
  return *panel_;
}

LessonPage::Lab LessonPage::makeLab(const Catalog& catalog, const ExperimentSpec& spec) {
  auto* panel =
      new ExperimentPanel(spec, catalog.runtime(), appearance_, labs_, &PhaseStore::ofTheUser());
  const QString lesson = QString::fromStdString(catalog.lessonOf(spec).id);
  const QString experiment = QString::fromStdString(spec.id);
  const Lab lab{panel, new DemoPane(*panel, lesson, study_, appearance_), new QPushButton(panel)};
  panel->addToHead(lab.predict);
  panel->setCalm(calm_);
  panel->setInvites(invites_);
  connect(panel, &ExperimentPanel::handleUsed, this, &LessonPage::handleUsed);
  connect(&panel->arrangement(), &ViewArrangement::rearranged, this, &LessonPage::rearranged);
  panel->arrangement().restore(Preferences::arrangement(experiment));
  ParameterPanel& parameters = panel->parameterPanel();
  parameters.setUnfolded(Preferences::allParameters());
  connect(&parameters, &ParameterPanel::unfoldedChanged, this, [this](bool unfolded) {
    Preferences::saveAllParameters(unfolded);
    for (const Lab& other : recent_) other.panel->parameterPanel().setUnfolded(unfolded);
  });
  connect(panel, &ExperimentPanel::said, this, [this, panel](const QString& sentence) {
    if (panel == panel_) Q_EMIT said(sentence);
  });
  connect(panel, &ExperimentPanel::exportRequested, this, &LessonPage::exportRequested);
  connect(panel, &ExperimentPanel::shown, this, [this, panel] {
    if (panel == panel_) Q_EMIT labShown();
  });
  connect(panel, &ExperimentPanel::presetOpened, this, [this, lab](const QString& preset) {
    if (lab.demo->isOpen() && lab.demo->preset() != preset) lab.demo->leave();
    offerDemo(lab);
  });
  connect(panel, &ExperimentPanel::started, this, [this, panel, lesson, experiment] {
    study_.played(lesson, experiment, QString::fromStdString(panel->preset()),
                  QDateTime::currentDateTimeUtc());
  });
  connect(panel, &ExperimentPanel::ended, this,
          [this, panel, &catalog] { keepRun(panel->runner(), catalog); });
  connect(panel, &ExperimentPanel::pinnedRun, this,
          [this, panel, &catalog] { keepRun(panel->runner(), catalog); });
  connect(panel, &ExperimentPanel::seedEnded, this,
          [this, &catalog](Runner* runner) { keepRun(*runner, catalog); });
  connect(panel, &ExperimentPanel::runsWanted, this, &LessonPage::runsWanted);
  connect(lab.predict, &QPushButton::clicked, this, [lab] {
    lab.demo->isOpen() ? lab.demo->leave()
                       : lab.demo->begin(QString::fromStdString(lab.panel->preset()));
  });
  giveRoom(lab);
  connect(lab.demo, &DemoPane::stageChanged, this, [this, lab] {
    giveRoom(lab);
    Q_EMIT demoChanged();
  });
  connect(lab.demo, &DemoPane::linkActivated, this, &LessonPage::linkActivated);
  connect(lab.demo, &DemoPane::left, this, [this, lab] {
    giveRoom(lab);
    offerDemo(lab);
    Q_EMIT demoChanged();
  });
  offerDemo(lab);
  labs_->addWidget(panel);
  return lab;
}

/// Between two steps only what is of the run itself is taken down; what takes a second for a
/// million steps is done while the runs go on.
void LessonPage::keepRun(Runner& runner, const Catalog& catalog) {
  struct Kept {
    RunFile file;
    Records records;
    StepTimes times;
    RecentRun entry;
    QByteArray packed;
  };
  auto kept = std::make_shared<Kept>();
  runner.inspect(
      [kept, &catalog, &runner](const Run& run) {
        kept->file = describeWithoutDigests(run, catalog.runtime());
        kept->records = run.records();
        kept->times = runner.timesOfInspected();
        kept->entry.experiment = QString::fromStdString(run.spec().id);
        kept->entry.preset = QString::fromStdString(run.settings().preset);
        kept->entry.steps = run.step();
        kept->entry.status = QString::fromStdString(std::string(nameOf(run.status())));
      },
      [this, kept](const std::optional<Message>& problem) {
        if (problem) return;  // the run could not begin
        inBackground(
            this,
            [kept] {
              const Records& records = kept->records;
              addDigests(kept->file, records);
              kept->entry.file = QByteArray::fromStdString(toJson(kept->file));
              for (std::size_t column = 0; column < records.names().size(); ++column)
                kept->entry.finals.emplace_back(QString::fromStdString(records.names()[column]),
                                                records.last(column, records.rows() - 1));
              kept->packed = packRecords(records, kept->times);
            },
            [this, kept](const std::optional<Message>& wrong) {
              if (wrong) return;
              kept->entry.time = QDateTime::currentDateTimeUtc();
              study_.ran(kept->entry, kept->packed);
            });
      });
}

/// The button that opens the demo of the present preset.
void LessonPage::offerDemo(const Lab& lab) {
  const Words& words = Words::in(appearance_.language);
  lab.predict->setText(QString::fromStdString(words("demo.predict")));
  lab.predict->setToolTip(QString::fromStdString(words("demo.predict_meaning")));
  lab.predict->setVisible(!bare_ && lab.demo->has(QString::fromStdString(lab.panel->preset())));
}

DemoPane* LessonPage::demo() const { return recent_.empty() ? nullptr : recent_.front().demo; }

void LessonPage::forgetOldest() {
  if (recent_.size() <= kRecent) return;
  ExperimentPanel* oldest = recent_.back().panel;
  recent_.pop_back();
  Preferences::saveArrangement(QString::fromStdString(oldest->spec().id),
                               oldest->arrangement().chosen());
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/home_page.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "lessons/core/lesson_list.h"
#include "widgets/study/calibration_plot.h"
#include "widgets/study/calibration_text.h"
#include "widgets/study/demo_text.h"
#include "widgets/study/forecast_bars.h"
#include "widgets/study/lesson_card.h"

namespace viva {
namespace {

constexpr int kMargin = 24;
constexpr int kMostColumns = 5;
constexpr int kCardWidth = 270;   ///< at least, at the usual size of type
constexpr int kFieldWidth = 560;  ///< at most
constexpr std::size_t kRuns = 8;

QLabel* line(const QString& words, double pixels, bool bold = false) {
  auto* label = new QLabel(words);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  QFont font = label->font();
  font.setPixelSize(static_cast<int>(std::lround(pixels)));
  font.setBold(bold);
  label->setFont(font);
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  label->setSizePolicy(policy);
  label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  return label;
}

}  // namespace

HomePage::HomePage(Study& study, const Appearance& appearance, QWidget* parent)
    : QScrollArea(parent), study_(study), appearance_(appearance) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(&study_, &Study::changed, this, [this] {
    if (isVisible()) refresh();
  });
}

QString HomePage::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

void HomePage::setAppearance(const Appearance& appearance) {
  if (appearance.dark != appearance_.dark || appearance.language != appearance_.language)
    pictures_.clear();
  appearance_ = appearance;
  if (!isVisible()) return;
  refresh();
  Q_EMIT shown();
}

void HomePage::setExperiment(const QString& experiment) { experiment_ = experiment; }

void HomePage::setPicture(const QString& lesson, const QImage& picture) {
  pictures_[lesson] = picture;
  for (LessonCard* card : cards_)
    if (card->objectName() == lesson) card->setPicture(picture);
}

void HomePage::showEvent(QShowEvent* event) {
  QScrollArea::showEvent(event);
  refresh();
  Q_EMIT shown();
}

void HomePage::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  if (isVisible() && columns() != columns_) refresh();
}

int HomePage::room() const { return viewport()->width() - 2 * kMargin; }

int HomePage::columns() const {
  return std::clamp(static_cast<int>(room() / (kCardWidth * appearance_.font_scale)), 1,
                    kMostColumns);
}

void HomePage::refresh() {
  const int scrolled = verticalScrollBar() ? verticalScrollBar()->value() : 0;
  const QWidget* focused = widget() ? widget()->focusWidget() : nullptr;
  const QString had_focus = focused && focused->hasFocus() ? focused->objectName() : QString();
  // It may be one of the old page's buttons that led here.
  if (QWidget* before = takeWidget()) before->deleteLater();
  cards_.clear();
  columns_ = columns();
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(kMargin, 16, kMargin, 16);
  column->setSpacing(10);
  setAccessibleName(text({"home.title", {}}));
  addHead(column);
  addGallery(column);
  addNumbers(column);
  addRuns(column);
  column->addStretch();
  setWidget(page);
  verticalScrollBar()->setValue(scrolled);
  if (had_focus.isEmpty()) return;
  if (auto* same = page->findChild<QWidget*>(had_focus)) same->setFocus();
}

void HomePage::addHead(QVBoxLayout* column) {
  const Words& words = Words::in(appearance_.language);
  const double scale = appearance_.font_scale;
  auto* field = new QLineEdit;
  field->setObjectName("search");
  field->setAccessibleName(text({"home.search", {}}));
  field->setPlaceholderText(text({"home.search", {}}));
  field->setMaximumWidth(static_cast<int>(kFieldWidth * scale));
  field->setMinimumHeight(static_cast<int>(34 * scale));
  field->installEventFilter(this);
  connect(field, &QLineEdit::textEdited, this, [this, field](const QString& typed) {
    field->clear();
    Q_EMIT searchWanted(typed);
  });
  connect(field, &QLineEdit::returnPressed, this, [this] { Q_EMIT searchWanted({}); });
  column->addWidget(field);

  const StudySession session = study_.session(QDateTime::currentDateTimeUtc());
  const bool begun = std::any_of(lessonList().begin(), lessonList().end(), [&](const auto& lesson) {
    return !study_.progressOf(QString::fromStdString(lesson.id)).played.empty();
  });
  auto* go_on =
      new QPushButton(text({begun ? "home.continue" : "home.begin",
                            {{"experiment", words(experiment_.toStdString() + ".title")}}}));
  go_on->setObjectName("continue");
  go_on->setDefault(true);
  connect(go_on, &QPushButton::clicked, this, [this] { Q_EMIT experimentChosen(experiment_); });
  auto* today = new QPushButton(
      session.cards.empty()
          ? text({"home.no_cards", {}})
          : text({"home.cards",
                  {{"due", std::int64_t{session.due}}, {"fresh", std::int64_t{session.fresh}}}}));
  today->setObjectName("today");
  connect(today, &QPushButton::clicked, this,
          session.cards.empty() ? &HomePage::moreWanted : &HomePage::todayWanted);
  auto* mock = new QPushButton(text({"cards.mock", {}}));
  mock->setObjectName("mock");
  connect(mock, &QPushButton::clicked, this, &HomePage::mockWanted);
  int wide = 0;
  for (QPushButton* button : {go_on, today, mock}) {
    QFont font = button->font();
    font.setPixelSize(static_cast<int>(std::lround(15 * scale)));
    button->setFont(font);
    button->setMinimumHeight(static_cast<int>(36 * scale));
    button->setMinimumWidth(button->sizeHint().width() + static_cast<int>(20 * scale));
    wide += button->minimumWidth() + 8;
  }
  auto* buttons = new QBoxLayout(wide > room() ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  for (QPushButton* button : {go_on, today, mock}) buttons->addWidget(button);
  if (wide <= room()) buttons->addStretch();
  column->addLayout(buttons);
}

void HomePage::addGallery(QVBoxLayout* column) {
  const Words& words = Words::in(appearance_.language);
  std::string section;
  QGridLayout* grid = nullptr;
  int place = 0;
  for (const LessonEntry& lesson : lessonList()) {
    if (lesson.section != section) {
      section = lesson.section;
      column->addSpacing(8);
      column->addWidget(line(QString::fromStdString(words("section." + section)),
                             17 * appearance_.font_scale, true));
      grid = new QGridLayout;
      grid->setSpacing(12);
      for (int i = 0; i < columns_; ++i) {
        grid->setColumnStretch(i, 1);
        // Cards are as wide where a row is not full.
        grid->addItem(new QSpacerItem(0, 0, QSizePolicy::Expanding), 0, i);
      }
      column->addLayout(grid);
      place = 0;
    }
    LessonCard* card = makeCard(lesson.id, lesson.experiments.front());
    grid->addWidget(card, place / columns_, place % columns_);
    ++place;
  }
}

LessonCard* HomePage::makeCard(const std::string& lesson, const std::string& experiment) {
  const Words& words = Words::in(appearance_.language);
  const QString id = QString::fromStdString(lesson);
  const LessonProgress progress = study_.progressOf(id);
  const std::size_t presets = demoTexts(id, appearance_.language).size();
  const std::size_t played = std::min(progress.played.size(), presets);
  const std::size_t predicted = std::min(progress.predicted.size(), presets);
  const std::vector<StudyCard> cards = study_.cardsOf(id);
  const auto begun =
      static_cast<std::size_t>(std::count_if(cards.begin(), cards.end(), [](const StudyCard& card) {
        return card.memory.phase != CardPhase::New;
      }));
  const std::size_t done = played + predicted + begun, whole = 2 * presets + cards.size();
  LessonCard::Content content;
  content.title = QString::fromStdString(words("lesson." + lesson));
  content.question = QString::fromStdString(words("lesson_question." + lesson));
  content.done = whole > 0 ? static_cast<double>(done) / static_cast<double>(whole) : 0;
  content.progress = text({done > 0 ? "home.lesson" : "home.lesson_new",
                           {{"played", std::int64_t(played)},
                            {"presets", std::int64_t(presets)},
                            {"begun", std::int64_t(begun)},
                            {"cards", std::int64_t(cards.size())}}});
  if (predicted > 0)
    content.progress +=
        " · " + text({"home.lesson_predicted", {{"predicted", std::int64_t(predicted)}}});
  auto* card = new LessonCard(content, appearance_);
  card->setObjectName(id);
  card->setPicture(pictures_.value(id));
  connect(card, &QPushButton::clicked, this,
          [this, experiment] { Q_EMIT experimentChosen(QString::fromStdString(experiment)); });
  cards_.push_back(card);
  return card;
}

/// What is to come and what is known, each as a plot, or what to do to see one.
void HomePage::addNumbers(QVBoxLayout* column) {
  const double scale = appearance_.font_scale;
  const Words& words = Words::in(appearance_.language);
  const StudyStatistics statistics = study_.statistics(QDateTime::currentDateTimeUtc());
  const Calibration calibration = study_.calibration();
  column->addSpacing(8);
  auto* both =
      new QBoxLayout(room() < 640 * scale ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  both->setSpacing(32);
  column->addLayout(both);
  const auto half = [&](const char* title) {
    auto* part = new QVBoxLayout;
    part->addWidget(line(text({title, {}}), 17 * scale, true));
    both->addLayout(part, 1);
    return part;
  };

  QVBoxLayout* cards = half("home.cards_title");
  if (statistics.begun == 0) {
    cards->addWidget(line(text({"home.cards_empty", {}}), 13 * scale));
  } else {
    QString said = text({"home.statistics",
                         {{"begun", std::int64_t{statistics.begun}},
                          {"cards", std::int64_t{statistics.cards}},
                          {"mature", std::int64_t{statistics.mature}},
                          {"today", std::int64_t{statistics.reviewed_today}}}});
    if (statistics.retention)
      said += " " + text({"home.retention",
                          {{"percent", std::int64_t{std::lround(100 * *statistics.retention)}},
                           {"count", std::int64_t{statistics.retention_of}}}});
    cards->addWidget(line(said, 13 * scale));
    cards->addWidget(line(text({"home.forecast", {}}), 13 * scale));
    auto* forecast = new ForecastBars(appearance_);
    forecast->setForecast(statistics.forecast);
    cards->addWidget(forecast);
  }
  cards->addStretch();

  QVBoxLayout* sure = half("home.calibration_title");
  if (calibration.count == 0) {
    sure->addWidget(line(text({"home.calibration_empty", {}}), 13 * scale));
  } else {
    sure->addWidget(line(calibrationText(calibration, words), 13 * scale));
    auto* plot = new CalibrationPlot(appearance_);
    plot->setCalibration(calibration);
    sure->addWidget(plot);
  }
  sure->addStretch();
}

void HomePage::addRuns(QVBoxLayout* column) {
  const Words& words = Words::in(appearance_.language);
  const std::vector<RecentRun> runs = study_.recentRuns();
  column->addSpacing(8);
  column->addWidget(line(text({"home.recent", {}}), 17 * appearance_.font_scale, true));
  if (runs.empty())
    column->addWidget(line(text({"home.no_runs", {}}), 13 * appearance_.font_scale));
  for (std::size_t i = 0; i < std::min(kRuns, runs.size()); ++i) {
    const RecentRun& run = runs[i];
    QString name = QString::fromStdString(words(run.experiment.toStdString() + ".title"));
    if (!run.preset.isEmpty())
      name += " · " + QString::fromStdString(words.of(run.experiment.toStdString(), "preset",
                                                      run.preset.toStdString()));
    auto* button = new QPushButton(
        text({"home.run",
              {{"name", name.toStdString()},
               {"steps", std::int64_t{run.steps}},
               {"time",
                QLocale().toString(run.time.toLocalTime(), QLocale::ShortFormat).toStdString()}}}));
    button->setObjectName(QStringLiteral("run %1").arg(run.id));
    button->setFlat(true);
    button->setStyleSheet("text-align: left; padding: 4px;");
    connect(button, &QPushButton::clicked, this, [this, run] { Q_EMIT runChosen(run); });
    column->addWidget(button);
  }
}

/// A click into the field is enough; the keyboard may pass through it.
bool HomePage::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::MouseButtonRelease && watched->objectName() == "search" &&
      static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton)
    Q_EMIT searchWanted({});
  return QScrollArea::eventFilter(watched, event);
}

}  // namespace viva

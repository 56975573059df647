// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/home_page.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>
#include <cmath>

#include "lessons/core/catalog.h"
#include "widgets/study/calibration_text.h"
#include "widgets/study/demo_text.h"
#include "widgets/study/forecast_bars.h"

namespace viva {
namespace {

constexpr int kTilesInARow = 3;

QLabel* line(const QString& words, double pixels, bool bold = false) {
  auto* label = new QLabel(words);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  QFont font = label->font();
  font.setPixelSize(static_cast<int>(std::lround(pixels)));
  font.setBold(bold);
  label->setFont(font);
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
  appearance_ = appearance;
  if (isVisible()) refresh();
}

void HomePage::setExperiment(const QString& experiment) { experiment_ = experiment; }

void HomePage::showEvent(QShowEvent* event) {
  QScrollArea::showEvent(event);
  refresh();
}

void HomePage::refresh() {
  const Words& words = Words::in(appearance_.language);
  const double scale = appearance_.font_scale;
  const int scrolled = verticalScrollBar() ? verticalScrollBar()->value() : 0;
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(24, 16, 24, 16);
  column->setSpacing(10);
  setAccessibleName(text({"home.title", {}}));

  const QDateTime now = QDateTime::currentDateTimeUtc();
  const StudySession session = study_.session(now);
  const StudyStatistics statistics = study_.statistics(now);
  auto* top = new QHBoxLayout;
  auto* left = new QVBoxLayout;
  auto* go_on = new QPushButton(
      text({"home.continue", {{"experiment", words(experiment_.toStdString() + ".title")}}}));
  go_on->setDefault(true);
  connect(go_on, &QPushButton::clicked, this, [this] { Q_EMIT experimentChosen(experiment_); });
  auto* today = new QPushButton(
      session.cards.empty()
          ? text({"home.no_cards", {}})
          : text({"home.cards",
                  {{"due", std::int64_t{session.due}}, {"fresh", std::int64_t{session.fresh}}}}));
  today->setEnabled(!session.cards.empty());
  connect(today, &QPushButton::clicked, this, &HomePage::todayWanted);
  auto* mock = new QPushButton(text({"cards.mock", {}}));
  connect(mock, &QPushButton::clicked, this, &HomePage::mockWanted);
  for (QPushButton* button : {go_on, today, mock}) {
    QFont font = button->font();
    font.setPixelSize(static_cast<int>(std::lround(15 * scale)));
    button->setFont(font);
    button->setMinimumHeight(static_cast<int>(36 * scale));
    left->addWidget(button);
  }
  left->addStretch();
  top->addLayout(left, 1);

  auto* numbers = new QVBoxLayout;
  numbers->addWidget(line(text({"home.forecast", {}}), 13 * scale, true));
  auto* forecast = new ForecastBars(appearance_);
  forecast->setForecast(statistics.forecast);
  numbers->addWidget(forecast);
  QString said = text({"home.statistics",
                       {{"begun", std::int64_t{statistics.begun}},
                        {"cards", std::int64_t{statistics.cards}},
                        {"mature", std::int64_t{statistics.mature}},
                        {"today", std::int64_t{statistics.reviewed_today}}}});
  if (statistics.retention)
    said += " " + text({"home.retention",
                        {{"percent", std::int64_t{std::lround(100 * *statistics.retention)}},
                         {"count", std::int64_t{statistics.retention_of}}}});
  numbers->addWidget(line(said, 13 * scale));
  const Calibration calibration = study_.calibration();
  if (calibration.count > 0) {
    numbers->addWidget(line(calibrationText(calibration, words), 13 * scale));
    QStringList bins;
    for (const Calibration::Bin& bin : calibration.bins)
      bins.append(text({"home.calibration",
                        {{"said", std::int64_t{std::lround(100 * bin.confidence)}},
                         {"right", std::int64_t{std::lround(100.0 * bin.right / bin.count)}},
                         {"count", std::int64_t{bin.count}}}}));
    numbers->addWidget(line(bins.join(text({"home.between", {}})), 13 * scale));
  }
  top->addSpacing(24);
  top->addLayout(numbers, 1);
  column->addLayout(top);

  std::string section;
  QGridLayout* grid = nullptr;
  int place = 0;
  for (const LessonEntry& lesson : lessonList()) {
    if (lesson.section != section) {
      section = lesson.section;
      column->addSpacing(8);
      column->addWidget(
          line(QString::fromStdString(words("section." + section)), 17 * scale, true));
      grid = new QGridLayout;
      for (int i = 0; i < kTilesInARow; ++i) {
        grid->setColumnStretch(i, 1);
        grid->addWidget(new QWidget, 0, i);  // tiles are as wide where a row is not full
      }
      column->addLayout(grid);
      place = 0;
    }
    addLesson(lesson.id, lesson.experiments.front(), grid, place++);
  }

  const std::vector<RecentRun> runs = study_.recentRuns();
  if (!runs.empty()) {
    column->addSpacing(8);
    column->addWidget(line(text({"home.recent", {}}), 17 * scale, true));
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(8, runs.size()); ++i) {
    const RecentRun run = runs[i];
    QString words_of = QString::fromStdString(words(run.experiment.toStdString() + ".title"));
    if (!run.preset.isEmpty())
      words_of += " · " + QString::fromStdString(words.of(run.experiment.toStdString(), "preset",
                                                          run.preset.toStdString()));
    auto* button = new QPushButton(
        text({"home.run",
              {{"name", words_of.toStdString()},
               {"steps", std::int64_t{run.steps}},
               {"time",
                QLocale().toString(run.time.toLocalTime(), QLocale::ShortFormat).toStdString()}}}));
    button->setFlat(true);
    button->setStyleSheet("text-align: left; padding: 4px;");
    connect(button, &QPushButton::clicked, this, [this, run] { Q_EMIT runChosen(run); });
    column->addWidget(button);
  }
  column->addStretch();
  setWidget(page);
  verticalScrollBar()->setValue(scrolled);
}

void HomePage::addLesson(const std::string& lesson, const std::string& experiment,
                         QGridLayout* grid, int place) {
  const Words& words = Words::in(appearance_.language);
  const QString id = QString::fromStdString(lesson);
  const LessonProgress progress = study_.progressOf(id);
  const auto presets = static_cast<int>(demoTexts(id, appearance_.language).size());
  const std::vector<StudyCard> cards = study_.cardsOf(id);
  const auto begun = std::count_if(cards.begin(), cards.end(), [](const StudyCard& card) {
    return card.memory.phase != CardPhase::New;
  });
  auto* tile = new QFrame;
  tile->setFrameShape(QFrame::StyledPanel);
  auto* inside = new QVBoxLayout(tile);
  auto* title = new QPushButton(QString::fromStdString(words("lesson." + lesson)));
  QFont font = title->font();
  font.setPixelSize(static_cast<int>(std::lround(15 * appearance_.font_scale)));
  font.setBold(true);
  title->setFont(font);
  connect(title, &QPushButton::clicked, this,
          [this, experiment] { Q_EMIT experimentChosen(QString::fromStdString(experiment)); });
  inside->addWidget(title);
  auto* bar = new QProgressBar;
  const int whole = 2 * presets + static_cast<int>(cards.size());
  const int done = static_cast<int>(std::min<std::size_t>(progress.played.size(), presets) +
                                    std::min<std::size_t>(progress.predicted.size(), presets) +
                                    static_cast<std::size_t>(begun));
  bar->setRange(0, std::max(1, whole));
  bar->setValue(done);
  bar->setAccessibleName(text({"home.progress", {}}));
  inside->addWidget(bar);
  inside->addWidget(line(text({"home.lesson",
                               {{"played", std::int64_t(progress.played.size())},
                                {"predicted", std::int64_t(progress.predicted.size())},
                                {"presets", std::int64_t{presets}},
                                {"begun", std::int64_t{begun}},
                                {"cards", std::int64_t(cards.size())}}}),
                         13 * appearance_.font_scale));
  inside->addStretch();
  grid->addWidget(tile, place / kTilesInARow, place % kTilesInARow);
}

}  // namespace viva

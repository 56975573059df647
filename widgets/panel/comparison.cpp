// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/comparison.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/panel/run_difference.h"
#include "widgets/views/colours.h"
#include "widgets/views/legend.h"
#include "widgets/views/text.h"

namespace viva {
namespace {

/// More would not be read in a legend; the tooltip has them all.
constexpr int kMostDifferences = 3;

}  // namespace

Comparison::Comparison(const ExperimentSpec& spec, std::vector<SeriesView*> views, QWidget* parent)
    : QWidget(parent), spec_(spec), views_(std::move(views)), line_(new QHBoxLayout(this)) {
  line_->setContentsMargins(0, 0, 0, 0);
  line_->setSpacing(0);
  hide();
  for (SeriesView* view : views_)
    connect(view, &View::legendChanged, this, [this, view] {
      for (LegendButton* button : buttons_) {
        const QSignalBlocker blocker(button);
        button->setChecked(view->isShown(button->entry().id));
      }
    });
}

std::optional<QChar> Comparison::pin(RunResult run, const QString& name,
                                     std::optional<OtherRun::Spread> spread) {
  if (isFull()) return std::nullopt;
  const int place = freePlace();
  pinned_.push_back(
      {"run:" + std::to_string(++counter_), place, name, std::move(run), std::move(spread)});
  refresh();
  return letterOfRun(place);
}

int Comparison::freePlace() const {
  int place = 0;
  const auto taken = [&](const Pinned& pinned) { return pinned.place == place; };
  while (std::any_of(pinned_.begin(), pinned_.end(), taken)) ++place;
  return place;
}

void Comparison::setAside(bool aside) {
  if (aside == aside_.has_value()) return;
  if (aside) {
    aside_ = {std::exchange(pinned_, {}), isDifference(), isByTime()};
    setDifference(false);
    setByTime(false);
  } else {
    std::vector<Pinned> meanwhile = std::exchange(pinned_, std::move(aside_->pinned));
    for (Pinned& pinned : meanwhile) {
      if (isFull()) break;
      pinned.place = freePlace();
      pinned_.push_back(std::move(pinned));
    }
  }
  refresh();
  if (aside) return;
  setDifference(aside_->difference);
  setByTime(aside_->by_time);
  aside_.reset();
}

void Comparison::unpin(const std::string& id) {
  if (std::erase_if(pinned_, [&](const Pinned& pinned) { return pinned.id == id; }) == 0) return;
  for (SeriesView* view : views_) view->setShown(id, true);
  refresh();
}

void Comparison::unpinAll() {
  if (pinned_.empty()) return;
  for (SeriesView* view : views_)
    for (const Pinned& pinned : pinned_) view->setShown(pinned.id, true);
  pinned_.clear();
  refresh();
}

void Comparison::setDifference(bool difference) {
  for (SeriesView* view : views_) view->setDifference(difference);
}

void Comparison::setByTime(bool by_time) {
  for (SeriesView* view : views_) view->setByTime(by_time);
}

bool Comparison::isByTime() const {
  return std::any_of(views_.begin(), views_.end(),
                     [](const SeriesView* view) { return view->isByTime(); });
}

void Comparison::setTimes(const StepTimes& times) {
  for (SeriesView* view : views_) view->setTimes(times);
}

bool Comparison::isDifference() const {
  return std::any_of(views_.begin(), views_.end(),
                     [](const SeriesView* view) { return view->isDifference(); });
}

void Comparison::setPresent(const RunSettings& present) {
  present_ = present;
  if (titles() != titles_) refresh();
}

void Comparison::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  refresh();
}

QStringList Comparison::allDifferences(const Pinned& pinned) const {
  if (!present_) return {};
  const Words& words = Words::in(appearance_.language);
  RunSettings settings = pinned.run.settings;
  if (!pinned.spread) return differences(spec_, settings, *present_, words);
  const auto first = settings.seed;
  settings.seed = present_->seed;
  QStringList parts = differences(spec_, settings, *present_, words);
  parts.prepend(QString::fromStdString(
      words(Message{"compare.spread",
                    {{"first", std::to_string(first)},
                     {"last", std::to_string(first + pinned.spread->singles.size() - 1)}}})));
  return parts;
}

QString Comparison::titleOf(const Pinned& pinned) const {
  const Words& words = Words::in(appearance_.language);
  QString title(letterOfRun(pinned.place));
  if (!pinned.name.isEmpty()) title += QStringLiteral(" ") + pinned.name;
  if (!present_) return title;
  QStringList parts = allDifferences(pinned);
  if (parts.isEmpty()) parts << QString::fromStdString(words("compare.same"));
  const qsizetype more = parts.size() - kMostDifferences;
  if (more > 0) {
    parts.resize(kMostDifferences);
    parts << QString::fromStdString(
        words(Message{"compare.more", {{"count", static_cast<std::int64_t>(more)}}}));
  }
  return title + QStringLiteral(": ") +
         parts.join(QString::fromStdString(words("compare.between")));
}

QStringList Comparison::titles() const {
  QStringList titles;
  for (const Pinned& pinned : pinned_) titles << titleOf(pinned);
  return titles;
}

void Comparison::refresh() {
  titles_ = titles();
  showInViews();
  buildLine();
}

void Comparison::showInViews() {
  std::vector<OtherRun> runs;
  for (const Pinned& pinned : pinned_)
    runs.push_back({pinned.id, titleOf(pinned), pinned.place, pinned.run.records, pinned.run.times,
                    pinned.spread});
  for (SeriesView* view : views_) view->setOthers(runs);
}

void Comparison::buildLine() {
  const Words& words = Words::in(appearance_.language);
  const bool had_focus = isAncestorOf(QApplication::focusWidget());
  buttons_.clear();
  while (QLayoutItem* item = line_->takeAt(0)) {
    if (item->widget()) {
      item->widget()->hide();
      item->widget()->deleteLater();
    }
    delete item;
  }
  const Theme& colours = theme(appearance_.dark);
  const QFont font = viewFont(appearance_.font_scale * 0.92);
  for (const Pinned& pinned : pinned_) {
    const LegendEntry entry{pinned.id,
                            titleOf(pinned),
                            StyleTable::styleOfRun(pinned.place, colours.text),
                            true,
                            true,
                            true,
                            views_.empty() || views_.front()->isShown(pinned.id)};
    auto* button = new LegendButton(entry, font, appearance_.dark, this);
    const QRectF box = layoutLegend({entry}, font, 100000).front();
    button->setFixedHeight(static_cast<int>(box.height()));
    button->setMinimumWidth(static_cast<int>(70 * appearance_.font_scale));
    button->setMaximumWidth(static_cast<int>(std::ceil(box.width())));
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->installEventFilter(this);
    QStringList all = allDifferences(pinned);
    all.prepend(entry.label.section(QStringLiteral(": "), 0, 0));
    button->setToolTip(all.join('\n'));
    button->setAccessibleDescription(QString::fromStdString(words("compare.pinned_meaning")));
    connect(button, &QAbstractButton::toggled, this, [this, id = pinned.id](bool shown) {
      for (SeriesView* view : views_) view->setShown(id, shown);
    });
    auto* away = new QToolButton(this);
    away->setAutoRaise(true);
    away->setText(QStringLiteral("×"));
    away->setFocusPolicy(Qt::StrongFocus);
    const QString unpin = QString::fromStdString(words(
        Message{"compare.unpin", {{"run", QString(letterOfRun(pinned.place)).toStdString()}}}));
    away->setAccessibleName(unpin);
    away->setToolTip(unpin);
    connect(away, &QToolButton::clicked, this, [this, id = pinned.id] { this->unpin(id); });
    buttons_.push_back(button);
    line_->addWidget(button, 1);
    line_->addWidget(away);
    button->show();
    away->show();
  }
  line_->addStretch();
  setVisible(!pinned_.empty());
  if (had_focus && !buttons_.empty()) buttons_.front()->setFocus();
}

bool Comparison::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
    unpin(static_cast<LegendButton*>(watched)->entry().id);
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace viva

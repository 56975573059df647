// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/plan_pane.h"

#include <QAbstractListModel>
#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <utility>

#include "lessons/core/error.h"
#include "widgets/panel/icons.h"

namespace viva {
namespace {

using namespace std::chrono_literals;

/// After the last letter of the title.
constexpr auto kRest = 400ms;
constexpr int kLongestTypedTitle = 300;

}  // namespace

/// The steps as rows: numbered where they are shown, as they are where they are renamed.
class PlanModel : public QAbstractListModel {
 public:
  explicit PlanModel(PlanPane& pane) : QAbstractListModel(&pane), pane_(pane) {}

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(steps_.size());
  }
  QVariant data(const QModelIndex& index, int role) const override {
    if (!index.isValid()) return {};
    const auto row = static_cast<std::size_t>(index.row());
    const QString& title = steps_[row].title;
    const bool is_here = row == pane_.step();
    switch (role) {
      case Qt::DisplayRole:
        return QStringLiteral("%1. %2").arg(row + 1).arg(title);
      case Qt::EditRole:
      case Qt::ToolTipRole:
        return title;
      case Qt::FontRole: {
        QFont font = pane_.font();
        font.setBold(is_here);
        return font;
      }
      case Qt::AccessibleDescriptionRole:
        return is_here ? pane_.word("plan.here") : QString();
      default:
        return {};
    }
  }
  Qt::ItemFlags flags(const QModelIndex& index) const override {
    if (!index.isValid()) return Qt::ItemIsDropEnabled;  // between two rows
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable | Qt::ItemIsDragEnabled |
           Qt::ItemNeverHasChildren;
  }
  Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
  bool setData(const QModelIndex& index, const QVariant& value, int role) override {
    return role == Qt::EditRole && index.isValid() &&
           pane_.rename(static_cast<std::size_t>(index.row()), value.toString().trimmed());
  }
  /// What a row that is dragged becomes; `before`: the row in front of which it is dropped.
  bool moveRows(const QModelIndex&, int from, int count, const QModelIndex&, int before) override {
    if (count != 1 || from < 0 || from >= rowCount()) return false;
    return pane_.move(static_cast<std::size_t>(from),
                      static_cast<std::size_t>(before > from ? before - 1 : before));
  }

  void show(const std::vector<PlanStep>& steps) {
    if (steps.size() == steps_.size()) {
      // A reset would take the field away in which a step is being renamed.
      steps_ = steps;
      return refresh();
    }
    beginResetModel();
    steps_ = steps;
    endResetModel();
  }
  void refresh() {
    if (rowCount() > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
  }

 private:
  PlanPane& pane_;
  std::vector<PlanStep> steps_;
};

PlanPane::PlanPane(QWidget* parent)
    : QWidget(parent),
      words_(&Words::in(Language::English)),
      title_(new QLineEdit(this)),
      close_(new QToolButton(this)),
      model_(new PlanModel(*this)),
      list_(new QListView(this)),
      removed_(new QWidget(this)),
      removed_label_(new QLabel(removed_)),
      undo_(new QPushButton(removed_)),
      add_(new QAction(this)),
      up_(new QAction(this)),
      down_(new QAction(this)),
      rename_(new QAction(this)),
      remove_(new QAction(this)),
      title_rests_(new QTimer(this)) {
  build();
  refreshIcons();
  hide();
}

PlanPane::~PlanPane() { saveTitle(); }

void PlanPane::build() {
  title_->setMaxLength(kLongestTypedTitle);
  title_->setFrame(false);
  close_->setAutoRaise(true);
  close_->setText(QStringLiteral("×"));
  close_->setFocusPolicy(Qt::StrongFocus);
  list_->setModel(model_);
  list_->setDragDropMode(QAbstractItemView::InternalMove);
  list_->setDefaultDropAction(Qt::MoveAction);
  list_->setDragDropOverwriteMode(false);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setTextElideMode(Qt::ElideRight);
  list_->setUniformItemSizes(true);
  list_->setContextMenuPolicy(Qt::ActionsContextMenu);
  removed_label_->setWordWrap(true);
  removed_label_->setTextFormat(Qt::PlainText);
  removed_->hide();
  up_->setShortcut(QKeySequence("Alt+Up"));
  down_->setShortcut(QKeySequence("Alt+Down"));
  rename_->setShortcut(QKeySequence("F2"));
  remove_->setShortcut(QKeySequence("Del"));
  for (QAction* action : {up_, down_, rename_, remove_}) {
    action->setShortcutContext(Qt::WidgetShortcut);
    list_->addAction(action);
  }
  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  head->addWidget(close_);
  auto* said = new QHBoxLayout(removed_);
  said->setContentsMargins(0, 0, 0, 0);
  said->addWidget(removed_label_, 1);
  said->addWidget(undo_);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(0);
  for (QAction* action : {add_, up_, down_, rename_, remove_}) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setIconSize({16, 16});
    button->setFocusPolicy(Qt::StrongFocus);
    foot->addWidget(button);
  }
  foot->addStretch();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(2, 2, 2, 2);
  layout->setSpacing(2);
  layout->addLayout(head);
  layout->addWidget(list_, 1);
  layout->addWidget(removed_);
  layout->addLayout(foot);

  title_rests_->setSingleShot(true);
  title_rests_->setInterval(kRest);
  connect(title_, &QLineEdit::textEdited, title_rests_, qOverload<>(&QTimer::start));
  connect(title_, &QLineEdit::editingFinished, this, &PlanPane::saveTitle);
  connect(title_rests_, &QTimer::timeout, this, &PlanPane::saveTitle);
  connect(close_, &QToolButton::clicked, this, &PlanPane::close);
  connect(undo_, &QPushButton::clicked, this, [this] {
    undo();
    list_->setFocus();
  });
  connect(add_, &QAction::triggered, this, &PlanPane::addWanted);
  connect(up_, &QAction::triggered, this, [this] {
    if (chosen() > 0) move(chosen(), chosen() - 1);
  });
  connect(down_, &QAction::triggered, this, [this] {
    if (chosen() + 1 < plan_.steps.size()) move(chosen(), chosen() + 1);
  });
  connect(rename_, &QAction::triggered, this, [this] { list_->edit(list_->currentIndex()); });
  connect(remove_, &QAction::triggered, this, [this] { remove(chosen()); });
  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          &PlanPane::refreshActions);
  const auto open_step = [this](const QModelIndex& index) {
    if (index.isValid()) Q_EMIT stepChosen(static_cast<std::size_t>(index.row()));
  };
  connect(list_, &QListView::clicked, this, open_step);
  // Enter; a style may make a click of it too, which opens the same step again.
  connect(list_, &QListView::activated, this, open_step);
}

QString PlanPane::word(const char* key) const { return QString::fromStdString((*words_)(key)); }

void PlanPane::setWords(const Words& words) {
  words_ = &words;
  title_->setPlaceholderText(word("plan.title"));
  title_->setAccessibleName(word("plan.title"));
  list_->setAccessibleName(word("plan.steps"));
  list_->setToolTip(word("plan.help"));
  close_->setAccessibleName(word("plan.close"));
  close_->setToolTip(word("plan.close"));
  undo_->setText(word("plan.undo"));
  for (const auto& [action, key] : {std::pair{add_, "plan.add"},
                                    {up_, "plan.up"},
                                    {down_, "plan.down"},
                                    {rename_, "plan.rename"},
                                    {remove_, "plan.remove"}}) {
    action->setText(word(key));
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? word(key) : word(key) + " (" + keys + ")");
  }
  removed_->hide();
  model_->refresh();
}

void PlanPane::refreshIcons() {
  const QColor colour = palette().color(QPalette::WindowText);
  for (const auto& [action, symbol] : {std::pair{add_, Symbol::Add},
                                       {up_, Symbol::Up},
                                       {down_, Symbol::Down},
                                       {rename_, Symbol::Rename},
                                       {remove_, Symbol::Remove}})
    action->setIcon(icon(symbol, colour));
}

void PlanPane::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) refreshIcons();
  if (event->type() == QEvent::FontChange) model_->refresh();
  QWidget::changeEvent(event);
}

bool PlanPane::event(QEvent* event) {
  if (event->type() == QEvent::WindowActivate) readAgain();
  return QWidget::event(event);
}

void PlanPane::refreshActions() {
  const bool any = list_->currentIndex().isValid();
  up_->setEnabled(any && chosen() > 0);
  down_->setEnabled(any && chosen() + 1 < plan_.steps.size());
  rename_->setEnabled(any);
  remove_->setEnabled(any);
}

void PlanPane::open(const QString& path) {
  LessonPlan plan = readPlan(path);
  saveTitle();
  path_ = path;
  forgetChanges();
  removed_->hide();
  take(std::move(plan), 0);
  choose(0);
  show();
}

void PlanPane::add(const QString& path, const PlanStep& step) {
  saveTitle();
  const bool same = path == path_;
  LessonPlan plan = addToPlan(path, step, same ? plan_ : LessonPlan());
  const std::size_t last = plan.steps.size() - 1;
  if (same) {
    done_.push_back({PlanChange::Kind::Remove, last});
    undone_.clear();
  } else {
    path_ = path;
    forgetChanges();
  }
  removed_->hide();
  take(std::move(plan), same ? step_ : last);
  choose(last);
  show();
}

void PlanPane::close() {
  if (!isOpen()) return;
  saveTitle();
  path_.clear();
  plan_ = {};
  forgetChanges();
  model_->show({});
  hide();
  Q_EMIT closed();
}

void PlanPane::setStep(std::size_t step) {
  if (step >= plan_.steps.size()) return;
  step_ = step;
  model_->refresh();
  choose(step);
}

std::size_t PlanPane::chosen() const {
  return static_cast<std::size_t>(std::max(0, list_->currentIndex().row()));
}

void PlanPane::choose(std::size_t row) {
  if (plan_.steps.empty()) return;
  list_->setCurrentIndex(model_->index(static_cast<int>(std::min(row, plan_.steps.size() - 1)), 0));
  refreshActions();
}

void PlanPane::take(LessonPlan plan, std::size_t step) {
  plan_ = std::move(plan);
  step_ = std::min(step, plan_.steps.empty() ? 0 : plan_.steps.size() - 1);
  if (title_->text() != plan_.title) title_->setText(plan_.title);
  model_->show(plan_.steps);
  Q_EMIT changed();
}

void PlanPane::forgetChanges() {
  done_.clear();
  undone_.clear();
}

bool PlanPane::make(const PlanChange& change, std::vector<PlanChange>& remembered) {
  using Kind = PlanChange::Kind;
  try {
    ChangedPlan made = changePlan(path_, plan_, change);
    const PlanStep here = plan_.steps[step_];
    std::size_t step = step_;
    if (made.was_another) {
      // Their places are those of a plan that is no more.
      forgetChanges();
    }
    const std::size_t place = made.back.at;
    if (change.kind == Kind::Move && step_ == change.at) {
      step = place;
    } else if (change.kind != Kind::Rename || made.was_another) {
      const auto found = std::find(made.plan.steps.begin(), made.plan.steps.end(), here);
      if (found != made.plan.steps.end())
        step = static_cast<std::size_t>(found - made.plan.steps.begin());
    }
    if (change.kind != Kind::Retitle) remembered.push_back(std::move(made.back));
    take(std::move(made.plan), step);
    if (change.kind != Kind::Retitle) choose(place);
    return true;
  } catch (const Error& error) {
    Q_EMIT failed(error.message());
    readAgain();
    return false;
  }
}

bool PlanPane::change(const PlanChange& change) {
  removed_->hide();
  if (!make(change, done_)) return false;
  undone_.clear();
  return true;
}

void PlanPane::undo() {
  removed_->hide();
  if (done_.empty()) return;
  const PlanChange back = std::move(done_.back());
  done_.pop_back();
  make(back, undone_);
}

void PlanPane::redo() {
  removed_->hide();
  if (undone_.empty()) return;
  const PlanChange again = std::move(undone_.back());
  undone_.pop_back();
  make(again, done_);
}

bool PlanPane::move(std::size_t at, std::size_t to) {
  return at != to && change({PlanChange::Kind::Move, at, to});
}

bool PlanPane::rename(std::size_t at, const QString& title) {
  if (title.isEmpty() || title == plan_.steps[at].title) return false;
  return change({PlanChange::Kind::Rename, at, 0, title.left(kLongestTypedTitle)});
}

void PlanPane::remove(std::size_t at) {
  if (at >= plan_.steps.size()) return;
  const QString title = plan_.steps[at].title;
  if (!change({PlanChange::Kind::Remove, at})) return;
  removed_label_->setText(
      QString::fromStdString((*words_)(Message{"plan.removed", {{"title", title.toStdString()}}})));
  removed_->show();
}

void PlanPane::saveTitle() {
  title_rests_->stop();
  const QString typed = title_->text().trimmed();
  if (!isOpen() || typed == plan_.title) return;
  std::vector<PlanChange> nowhere;
  make({PlanChange::Kind::Retitle, 0, 0, typed}, nowhere);
}

void PlanPane::readAgain() {
  // What is being typed is merged when it is saved.
  const bool typing = title_rests_->isActive() || list_->indexWidget(list_->currentIndex());
  if (!isOpen() || typing) return;
  try {
    LessonPlan now = readPlan(path_);
    if (now == plan_) return;
    forgetChanges();
    const auto here = std::find(now.steps.begin(), now.steps.end(), plan_.steps[step_]);
    const std::size_t step =
        here == now.steps.end() ? step_ : static_cast<std::size_t>(here - now.steps.begin());
    const std::size_t row = chosen();
    take(std::move(now), step);
    choose(row);
  } catch (const Error&) {
    // A file that is gone, or half-written by hand, does not take the plan away.
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/runs_dialog.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

namespace viva {

RunsDialog::RunsDialog(Study& study, const Catalog& catalog, const ExperimentSpec& spec,
                       const Appearance& appearance, qint64 limit, QWidget* parent)
    : QDialog(parent),
      study_(study),
      appearance_(appearance),
      limit_(limit),
      model_(new RunsModel(study, catalog, spec, this)),
      order_(new RunsOrder(this)),
      table_(new QTableView),
      summary_(new QLabel),
      open_(new QPushButton),
      pin_(new QPushButton),
      star_(new QPushButton),
      rename_(new QPushButton),
      note_(new QPushButton),
      delete_(new QPushButton),
      undo_(new QPushButton) {
  const Words& words = Words::in(appearance_.language);
  model_->setWords(words);
  order_->setSourceModel(model_);
  order_->setSortRole(RunsModel::kSortRole);
  table_->setModel(order_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(2, Qt::DescendingOrder);  // the newest first
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setAlternatingRowColors(true);
  table_->setEditTriggers(QAbstractItemView::EditKeyPressed);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->horizontalHeader()->setHighlightSections(false);
  table_->resizeColumnsToContents();
  const QString title = text({"runs.title", {{"experiment", words(spec.id + ".title")}}});
  setWindowTitle(title);
  table_->setAccessibleName(title);

  auto* buttons = new QHBoxLayout;
  const auto add = [&](QPushButton* button, const char* key) {
    button->setText(text({key, {}}));
    button->setAutoDefault(false);
    buttons->addWidget(button);
  };
  add(open_, "runs.open");
  add(pin_, "runs.pin");
  add(star_, "runs.star");
  add(rename_, "runs.rename");
  add(note_, "runs.write_note");
  add(delete_, "runs.delete");
  add(undo_, "runs.undo_delete");
  buttons->addStretch();
  auto* close = new QDialogButtonBox(QDialogButtonBox::Close);
  connect(close, &QDialogButtonBox::rejected, this, &QDialog::reject);
  buttons->addWidget(close);
  auto* column = new QVBoxLayout(this);
  column->addWidget(table_, 1);
  column->addWidget(summary_);
  column->addLayout(buttons);
  resize(980, 460);

  const auto first = [this](auto signal) {
    return [this, signal] {
      const auto rows = selectedRows();
      if (!rows.empty()) Q_EMIT(this->*signal)(model_->run(rows.front()));
    };
  };
  connect(open_, &QPushButton::clicked, this, first(&RunsDialog::openWanted));
  connect(table_, &QTableView::doubleClicked, this, first(&RunsDialog::openWanted));
  connect(pin_, &QPushButton::clicked, this, [this] {
    for (const int row : selectedRows()) Q_EMIT pinWanted(model_->run(row));
  });
  connect(star_, &QPushButton::clicked, this, &RunsDialog::star);
  connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    if (index.column() == model_->starColumn()) star();
  });
  connect(rename_, &QPushButton::clicked, this, [this] { rename(model_->nameColumn()); });
  connect(note_, &QPushButton::clicked, this, [this] { rename(model_->noteColumn()); });
  connect(delete_, &QPushButton::clicked, this, &RunsDialog::deleteSelected);
  connect(undo_, &QPushButton::clicked, this, &RunsDialog::undoDelete);
  const auto key = [&](const QKeySequence& keys, auto slot) {
    auto* shortcut = new QShortcut(keys, table_);
    shortcut->setContext(Qt::WidgetShortcut);
    connect(shortcut, &QShortcut::activated, this, slot);
  };
  key(QKeySequence::Delete, &RunsDialog::deleteSelected);
  key(Qt::Key_Space, &RunsDialog::star);
  key(QKeySequence::Undo, &RunsDialog::undoDelete);
  key(Qt::Key_Return, first(&RunsDialog::openWanted));
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunsDialog::refresh);
  connect(&study_, &Study::changed, this, &RunsDialog::catchUp);
  refresh();
  if (order_->rowCount() > 0) table_->selectRow(0);
  table_->setFocus();
}

QString RunsDialog::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

std::vector<int> RunsDialog::selectedRows() const {
  std::vector<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows())
    rows.push_back(order_->mapToSource(index).row());
  return rows;
}

void RunsDialog::refresh() {
  const auto count = static_cast<std::int64_t>(selectedRows().size());
  open_->setEnabled(count == 1);
  rename_->setEnabled(count == 1);
  note_->setEnabled(count == 1);
  pin_->setEnabled(count > 0);
  star_->setEnabled(count > 0);
  delete_->setEnabled(count > 0);
  undo_->setEnabled(!deleted_.empty());
  summary_->setText(text({"runs.summary",
                          {{"count", std::int64_t{model_->rowCount()}},
                           {"size", inMegabytes(study_.bytesOfRuns()).toStdString()},
                           {"limit", inMegabytes(limit_).toStdString()}}}));
}

void RunsDialog::catchUp() {
  const bool is_written_in = table_->viewport()->isAncestorOf(QApplication::focusWidget());
  if (!is_written_in && model_->isStale()) reload();
  refresh();
}

void RunsDialog::reload() {
  std::set<qint64> selected;
  for (const int row : selectedRows()) selected.insert(model_->run(row).id);
  model_->reload();
  for (int row = 0; row < model_->rowCount(); ++row)
    if (selected.count(model_->run(row).id))
      table_->selectionModel()->select(order_->mapFromSource(model_->index(row, 0)),
                                       QItemSelectionModel::Select | QItemSelectionModel::Rows);
}

void RunsDialog::star() {
  const std::vector<int> rows = selectedRows();
  const bool all =
      std::all_of(rows.begin(), rows.end(), [this](int row) { return model_->run(row).starred; });
  for (const int row : rows)
    model_->setData(model_->index(row, model_->starColumn()), !all, Qt::EditRole);
}

void RunsDialog::rename(int column) {
  const auto rows = selectedRows();
  if (rows.empty()) return;
  const QModelIndex index = order_->mapFromSource(model_->index(rows.front(), column));
  table_->setCurrentIndex(index);
  table_->edit(index);
}

void RunsDialog::deleteSelected() {
  std::vector<qint64> runs;
  for (const int row : selectedRows()) runs.push_back(model_->run(row).id);
  if (runs.empty()) return;
  study_.setRunsDeleted(runs, true);
  deleted_.push_back(std::move(runs));
  refresh();
}

void RunsDialog::undoDelete() {
  if (deleted_.empty()) return;
  study_.setRunsDeleted(deleted_.back(), false);
  deleted_.pop_back();
  refresh();
}

}  // namespace viva

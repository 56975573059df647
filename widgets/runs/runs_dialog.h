// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the runs that were kept, and what can be done with them.
#pragma once

#include <QDialog>

#include "widgets/runs/runs_model.h"
#include "widgets/views/view.h"

class QLabel;
class QPushButton;
class QTableView;

namespace viva {

class RunsDialog : public QDialog {
  Q_OBJECT

 public:
  /// `study`, `catalog` and `spec` must outlive the dialog; `limit` in bytes.
  RunsDialog(Study& study, const Catalog& catalog, const ExperimentSpec& spec,
             const Appearance& appearance, qint64 limit, QWidget* parent);

  RunsModel& model() { return *model_; }
  QTableView& table() { return *table_; }

 public Q_SLOTS:
  void deleteSelected();
  /// Brings back what was deleted last, here.
  void undoDelete();

 Q_SIGNALS:
  /// To be replayed.
  void openWanted(const viva::RecentRun& run);
  /// To be drawn beside the present run.
  void pinWanted(const viva::RecentRun& run);

 private:
  std::vector<int> selectedRows() const;
  void refresh();
  /// Shows runs that have come meanwhile, unless a cell is being written in.
  void catchUp();
  void reload();
  void rename(int column);
  /// Stars the selected runs, or takes the stars away when all of them have one.
  void star();
  QString text(const Message& message) const;

  Study& study_;
  Appearance appearance_;
  qint64 limit_;
  RunsModel* model_;
  RunsOrder* order_;
  QTableView* table_;
  QLabel* summary_;
  QPushButton *open_, *pin_, *star_, *rename_, *note_, *delete_, *undo_;
  std::vector<std::vector<qint64>> deleted_;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep from the window: one or two parameters, a metric, seeds; the map fills cell by cell, and
// a click on a cell opens its run.
#pragma once

#include <QDialog>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "app/commands/requests.h"
#include "app/window/sweep_process.h"
#include "lessons/core/catalog.h"
#include "widgets/views/view.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableWidget;

namespace viva {

class Legend;
class SweepAxis;

class SweepDialog : public QDialog {
  Q_OBJECT

 public:
  /// `settings` are what all points share, but for the axes; `program` is viva, which computes, and
  /// sweeps are kept below `home`.
  SweepDialog(const ExperimentSpec& spec, RunSettings settings, const Catalog& catalog,
              const Appearance& appearance, const QString& program, const QString& home,
              QWidget* parent);
  ~SweepDialog() override;

  SweepAxis& axis(int number) { return *(number == 0 ? first_ : second_); }
  void setMetric(const std::string& record, Statistic statistic, Goal goal);
  void setSeeds(int count);
  void setSteps(int steps);
  /// From the start on; it may first read files.
  bool isRunning() const { return reading_ || (process_ && process_->isRunning()); }
  /// Null before the first sweep, and while files are read for one.
  const SweepProcess* process() const { return process_.get(); }
  View* map() const { return map_.get(); }
  QTableWidget& table() { return *table_; }
  /// What was said last: the best cell, or what is wrong.
  QString sentence() const;

 public Q_SLOTS:
  /// Begins, or goes on where the same sweep was stopped.
  void start();
  void stop();

 Q_SIGNALS:
  /// The run file of a point.
  void openWanted(const QString& path);
  void ended();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  SweepRequest request() const;
  void readFirst(const SweepRequest& wanted, Sweep sweep,
                 const std::vector<std::pair<std::string, std::string>>& files);
  void begin(SweepRequest wanted, Sweep sweep);
  void fillMetrics();
  void showProgress();
  void showMap();
  void showCells();
  void fillTable();
  void openCell(std::size_t cell);
  std::optional<std::size_t> cellAt(QPointF position) const;
  void copyCommand();
  void exportResults();
  QString text(const Message& message) const;
  QString text(const char* key) const { return text(Message{key, {}}); }

  const ExperimentSpec& spec_;
  const RunSettings settings_;
  const Catalog& catalog_;
  const Appearance appearance_;
  const Words& words_;
  const QString program_, home_;
  SweepAxis *first_, *second_;
  QComboBox *record_, *statistic_, *goal_;
  QSpinBox *seeds_, *steps_;
  QPushButton *start_, *copy_, *export_;
  QLabel *sentence_, *progress_text_;
  QProgressBar* progress_;
  QStackedWidget* place_;
  Legend* legend_;
  QTableWidget* table_;
  std::unique_ptr<View> map_;
  std::unique_ptr<Sweep> sweep_;
  std::unique_ptr<SweepProcess> process_;
  std::optional<std::stop_source> reading_;  ///< while files are read for the next one
};

}  // namespace viva

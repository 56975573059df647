// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of one experiment as a table: what differs among them, and what came out.
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <optional>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/run.h"
#include "lessons/core/words.h"
#include "widgets/study/study.h"

namespace viva {

/// Star, name and note are changed in place, and go to the study.
class RunsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  /// Numbers to sort by; what has none is invalid.
  static constexpr int kSortRole = Qt::UserRole;

  /// All must outlive the model.
  RunsModel(Study& study, const Catalog& catalog, const ExperimentSpec& spec, QObject* parent);

  /// Reads the runs from the study again.
  void reload();
  /// Whether runs have come, gone or gone on since.
  bool isStale() const;
  void setWords(const Words& words);
  const RecentRun& run(int row) const { return rows_[static_cast<std::size_t>(row)].run; }
  int starColumn() const { return 0; }
  int nameColumn() const { return 1; }
  int noteColumn() const { return columnCount() - 1; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 private:
  enum class Field { Star, Name, Time, Preset, Seed, Steps, Status, Parameter, Final, Size, Note };
  struct Column {
    Field field;
    std::string id;  ///< of the parameter or record
  };
  struct Row {
    RecentRun run;
    std::optional<RunSettings> settings;  ///< none: made by an older version of the experiment
  };
  void findColumns();
  QString textOf(const Row& row, const Column& column) const;
  QVariant orderOf(const Row& row, const Column& column) const;
  QString word(const char* key) const;

  Study& study_;
  const Catalog& catalog_;
  const ExperimentSpec& spec_;
  const Words* words_;
  std::vector<Row> rows_;
  std::vector<Column> columns_;
};

/// Sorts numbers as numbers; what has no value comes last in both directions.
class RunsOrder : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;

 protected:
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

/// For people.
QString inMegabytes(qint64 bytes);

}  // namespace viva

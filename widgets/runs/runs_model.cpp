// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/runs_model.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <set>

#include "lessons/core/error.h"
#include "lessons/core/number_text.h"
#include "lessons/core/record_label.h"
#include "lessons/core/run_file.h"
#include "widgets/panel/run_difference.h"

namespace viva {

RunsModel::RunsModel(Study& study, const Catalog& catalog, const ExperimentSpec& spec,
                     QObject* parent)
    : QAbstractTableModel(parent),
      study_(study),
      catalog_(catalog),
      spec_(spec),
      words_(&Words::in(Language::English)) {
  reload();
}

void RunsModel::reload() {
  beginResetModel();
  rows_.clear();
  for (RecentRun& run : study_.runsOf(QString::fromStdString(spec_.id))) {
    Row row{std::move(run), {}};
    try {
      row.settings = settingsOf(runFileFromJson(row.run.file.toStdString(), catalog_), spec_);
    } catch (const Error&) {
      // Another version of the experiment had other parameters: the rest can still be read.
    }
    rows_.push_back(std::move(row));
  }
  findColumns();
  endResetModel();
}

bool RunsModel::isStale() const {
  const std::vector<RecentRun> runs = study_.runsOf(QString::fromStdString(spec_.id));
  return !std::equal(runs.begin(), runs.end(), rows_.begin(), rows_.end(),
                     [](const RecentRun& now, const Row& then) {
                       return now.id == then.run.id && now.steps == then.run.steps &&
                              now.status == then.run.status;
                     });
}

void RunsModel::setWords(const Words& words) {
  beginResetModel();
  words_ = &words;
  endResetModel();
}

/// Of the parameters those that are not the same in all runs; of the records those that some run
/// has.
void RunsModel::findColumns() {
  columns_ = {{Field::Star, {}}, {Field::Name, {}},  {Field::Time, {}},  {Field::Preset, {}},
              {Field::Seed, {}}, {Field::Steps, {}}, {Field::Status, {}}};
  for (const ParameterSpec& parameter : spec_.parameters) {
    std::set<std::string> values;
    for (const Row& row : rows_)
      if (row.settings) values.insert(formatValue(row.settings->parameters.value(parameter.name)));
    if (values.size() > 1) columns_.push_back({Field::Parameter, parameter.name});
  }
  std::vector<std::string> records;
  for (const Row& row : rows_)
    for (const auto& [record, value] : row.run.finals)
      if (std::find(records.begin(), records.end(), record.toStdString()) == records.end())
        records.push_back(record.toStdString());
  for (const std::string& record : records) columns_.push_back({Field::Final, record});
  columns_.push_back({Field::Size, {}});
  columns_.push_back({Field::Note, {}});
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QString RunsModel::word(const char* key) const { return QString::fromStdString((*words_)(key)); }

QString RunsModel::textOf(const Row& row, const Column& column) const {
  const RecentRun& run = row.run;
  switch (column.field) {
    case Field::Star:
      return run.starred ? QStringLiteral("★") : QStringLiteral("☆");
    case Field::Name:
      return run.name;
    case Field::Time:
      return QLocale().toString(run.time.toLocalTime(), QLocale::ShortFormat);
    case Field::Preset:
      return run.preset.isEmpty()
                 ? QString()
                 : QString::fromStdString(words_->of(spec_.id, "preset", run.preset.toStdString()));
    case Field::Seed:
      return row.settings ? QString::number(row.settings->seed) : QString();
    case Field::Steps:
      return QString::number(run.steps);
    case Field::Status:
      return run.status.isEmpty() ? QString() : word(("runs.status_" + run.status).toUtf8());
    case Field::Parameter: {
      if (!row.settings) return {};
      const Parameters& parameters = row.settings->parameters;
      QString text =
          valueInWords(spec_, parameters.spec(column.id), parameters.value(column.id), *words_);
      const Event* last = nullptr;
      for (const Event& event : row.settings->events)
        if (event.name == column.id) last = &event;
      if (last)
        text += QStringLiteral(" → ") +
                valueInWords(spec_, parameters.spec(column.id), last->value, *words_);
      return text;
    }
    case Field::Final:
      for (const auto& [record, value] : run.finals)
        if (record.toStdString() == column.id && !isAbsent(value))
          return QString::fromStdString(readableNumber(value));
      return {};
    case Field::Size:
      return inMegabytes(run.bytes);
    case Field::Note:
      return run.note;
  }
  return {};
}

QVariant RunsModel::orderOf(const Row& row, const Column& column) const {
  switch (column.field) {
    case Field::Star:
      return row.run.starred ? 1.0 : 0.0;
    case Field::Time:
      return row.run.time;
    case Field::Seed:
      return row.settings ? QVariant(static_cast<qulonglong>(row.settings->seed)) : QVariant();
    case Field::Steps:
      return row.run.steps;
    case Field::Size:
      return row.run.bytes;
    case Field::Parameter: {
      if (!row.settings) return {};
      const Value& value = row.settings->parameters.value(column.id);
      if (const double* number = std::get_if<double>(&value)) return *number;
      if (const auto* whole = std::get_if<std::int64_t>(&value)) return qlonglong{*whole};
      return textOf(row, column);
    }
    case Field::Final:
      for (const auto& [record, value] : row.run.finals)
        if (record.toStdString() == column.id && !std::isnan(value)) return value;
      return {};
    default: {
      const QString text = textOf(row, column);
      return text.isEmpty() ? QVariant() : QVariant(text);
    }
  }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = rows_[static_cast<std::size_t>(index.row())];
  const Column& column = columns_[static_cast<std::size_t>(index.column())];
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return textOf(row, column);
    case Qt::AccessibleTextRole:
      if (column.field == Field::Star)
        return word(row.run.starred ? "runs.starred" : "runs.not_starred");
      return textOf(row, column);
    case Qt::ToolTipRole:
      if (column.field == Field::Size && !row.run.has_records) return word("runs.without_records");
      return textOf(row, column);
    case Qt::TextAlignmentRole: {
      const bool number = column.field == Field::Seed || column.field == Field::Steps ||
                          column.field == Field::Final || column.field == Field::Size;
      const auto side = column.field == Field::Star ? Qt::AlignHCenter
                        : number                    ? Qt::AlignRight
                                                    : Qt::AlignLeft;
      return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter) | side);
    }
    case kSortRole:
      return orderOf(row, column);
    default:
      return {};
  }
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid()) return false;
  RecentRun& run = rows_[static_cast<std::size_t>(index.row())].run;
  const Field field = columns_[static_cast<std::size_t>(index.column())].field;
  if (field == Field::Star && role == Qt::EditRole)
    run.starred = value.toBool();
  else if (field == Field::Name && role == Qt::EditRole)
    run.name = value.toString().trimmed();
  else if (field == Field::Note && role == Qt::EditRole)
    run.note = value.toString();
  else
    return false;
  study_.describeRun(run);
  Q_EMIT dataChanged(index, index);
  return true;
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
    return {};
  const Column& column = columns_[static_cast<std::size_t>(section)];
  switch (column.field) {
    case Field::Star:
      return role == Qt::DisplayRole ? QStringLiteral("★") : word("runs.star_meaning");
    case Field::Parameter:
      for (const ParameterSpec& parameter : spec_.parameters)
        if (parameter.name == column.id) return parameterTitle(spec_, parameter, *words_);
      return {};
    case Field::Final:
      return QString::fromStdString(recordLabel(*words_, spec_.id, column.id));
    default: {
      static constexpr const char* kKeys[] = {
          "", "runs.name", "runs.time", "runs.preset", "runs.seed", "runs.steps", "runs.status",
          "", "",          "runs.size", "runs.note"};
      return word(kKeys[static_cast<int>(column.field)]);
    }
  }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (!index.isValid()) return flags;
  const Field field = columns_[static_cast<std::size_t>(index.column())].field;
  if (field == Field::Name || field == Field::Note) flags |= Qt::ItemIsEditable;
  return flags;
}

bool RunsOrder::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const QVariant one = left.data(RunsModel::kSortRole), other = right.data(RunsModel::kSortRole);
  if (!one.isValid() || !other.isValid()) {
    const bool ascending = sortOrder() == Qt::AscendingOrder;
    return one.isValid() != other.isValid() && one.isValid() == ascending;
  }
  return QVariant::compare(one, other) == QPartialOrdering::Less;
}

QString inMegabytes(qint64 bytes) {
  return QString::fromStdString(readableNumber(static_cast<double>(bytes) / 1e6));
}

}  // namespace viva

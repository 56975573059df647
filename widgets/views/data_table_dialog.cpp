// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/data_table_dialog.h"

#include <QAbstractTableModel>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include "widgets/views/picture.h"

namespace viva {
namespace {

/// Cells are put into words when they are looked at: a view may have a million rows.
class DataModel : public QAbstractTableModel {
 public:
  DataModel(DataTable table, Language language, QObject* parent)
      : QAbstractTableModel(parent), table_(std::move(table)), language_(language) {}

  int rowCount(const QModelIndex& parent) const override {
    return parent.isValid() ? 0 : static_cast<int>(table_.rows.size());
  }
  int columnCount(const QModelIndex& parent) const override {
    return parent.isValid() ? 0 : static_cast<int>(table_.headings.size());
  }
  QVariant data(const QModelIndex& index, int role) const override {
    const auto& row = table_.rows[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<std::size_t>(index.column());
    if (column >= row.size()) return {};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
      return QString::fromStdString(cellText(row[column], language_));
    if (role == Qt::TextAlignmentRole && std::holds_alternative<double>(row[column]))
      return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
  }
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
    if (role != Qt::DisplayRole) return {};
    if (orientation == Qt::Vertical) return section + 1;
    return QString::fromStdString(table_.headings[static_cast<std::size_t>(section)]);
  }

 private:
  DataTable table_;
  Language language_;
};

}  // namespace

DataTableDialog::DataTableDialog(const View& view, QWidget* parent) : QDialog(parent) {
  auto* table = new QTableView(this);
  table->setModel(new DataModel(view.dataTable(), view.appearance().language, this));
  table->setAccessibleName(view.title());
  table->setAlternatingRowColors(true);
  table->horizontalHeader()->setDefaultSectionSize(130);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(table, 1);
  layout->addWidget(buttons);
  setWindowTitle(view.title());
  setAttribute(Qt::WA_DeleteOnClose);
  resize(640, 480);
  if (table->model()->rowCount() > 0) table->setCurrentIndex(table->model()->index(0, 0));
  table->setFocus();
}

}  // namespace viva

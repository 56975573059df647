// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/search/search_box.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "widgets/search/found_rows.h"

namespace viva {
namespace {

constexpr const char* kKinds[] = {"search.lesson",    "search.experiment", "search.preset",
                                  "search.parameter", "search.note",       "search.card",
                                  "search.command"};

}  // namespace

SearchBox::SearchBox(std::shared_ptr<const SearchIndex> index, Language language, QWidget* parent)
    : QDialog(parent),
      index_(std::move(index)),
      language_(language),
      line_(new QLineEdit(this)),
      list_(new QListWidget(this)),
      rows_(new FoundRows(list_)),
      nothing_(new QLabel(this)) {
  setWindowTitle(text("search.title"));
  line_->setPlaceholderText(text("search.placeholder"));
  line_->setAccessibleName(text("search.title"));
  line_->setClearButtonEnabled(true);
  list_->setAccessibleName(text("search.results"));
  list_->setItemDelegate(rows_);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  nothing_->setWordWrap(true);
  nothing_->setText(text("search.help"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(line_);
  layout->addWidget(nothing_);
  layout->addWidget(list_, 1);
  list_->hide();
  resize(640, 460);
  line_->installEventFilter(this);
  connect(line_, &QLineEdit::textChanged, this, &SearchBox::search);
  connect(line_, &QLineEdit::returnPressed, this, &SearchBox::choose);
  connect(list_, &QListWidget::itemActivated, this, &SearchBox::choose);
  connect(list_, &QListWidget::itemClicked, this, &SearchBox::choose);
}

QString SearchBox::text(const char* key) const {
  return QString::fromStdString(Words::in(language_)(key));
}

void SearchBox::offer(const QStringList& recent, const QStringList& suggestions) {
  recent_ = recent;
  suggestions_ = suggestions;
  search();
}

void SearchBox::addHeading(const char* key) {
  auto* row = new QListWidgetItem(text(key), list_);
  row->setFlags(Qt::NoItemFlags);
  row->setData(FoundRows::Title, text(key));
  row->setData(FoundRows::Heading, true);
}

void SearchBox::addRow(const SearchItem& item) {
  QString context = text(kKinds[static_cast<int>(item.kind)]);
  if (!item.context.isEmpty()) context += " · " + item.context;
  auto* row = new QListWidgetItem(item.title + "\n" + context, list_);
  row->setData(Qt::UserRole, item.target);
  row->setData(FoundRows::Title, item.title);
  row->setData(FoundRows::Context, context);
}

void SearchBox::search() {
  list_->clear();
  const bool is_empty = line_->text().trimmed().isEmpty();
  rows_->setMarks(is_empty ? QStringList() : index_->marks(line_->text()));
  if (is_empty) {
    QStringList shown;
    const auto list = [&](const char* heading, const QStringList& targets) {
      bool begun = false;
      for (const QString& target : targets) {
        const SearchItem* item = index_->item(target);
        if (!item || shown.contains(target)) continue;
        if (!std::exchange(begun, true)) addHeading(heading);
        addRow(*item);
        shown.append(target);
      }
    };
    list("search.recent", recent_);
    list("search.suggestions", suggestions_);
  } else {
    for (const SearchItem* item : index_->find(line_->text())) addRow(*item);
  }
  const bool any = list_->count() > 0;
  list_->setVisible(any);
  nothing_->setVisible(is_empty || !any);
  nothing_->setText(text(is_empty ? "search.help" : "search.nothing"));
  if (any) {
    list_->setCurrentRow(-1);
    move(1);
    list_->scrollToTop();
  }
}

void SearchBox::move(int rows) {
  const int direction = rows < 0 ? -1 : 1;
  int row = std::clamp(list_->currentRow() + rows, 0, list_->count() - 1);
  while (row >= 0 && row < list_->count() && !(list_->item(row)->flags() & Qt::ItemIsEnabled))
    row += direction;
  if (row >= 0 && row < list_->count()) list_->setCurrentRow(row);
}

void SearchBox::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  list_->doItemsLayout();
}

void SearchBox::choose() {
  if (!list_->currentItem() || !(list_->currentItem()->flags() & Qt::ItemIsEnabled)) return;
  const QString target = list_->currentItem()->data(Qt::UserRole).toString();
  accept();
  Q_EMIT chosen(target);
}

/// The arrow keys move in the list while the line keeps the keyboard.
bool SearchBox::eventFilter(QObject* watched, QEvent* event) {
  if (watched == line_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int page = 8;
    int rows = 0;
    if (key == Qt::Key_Down) rows = 1;
    if (key == Qt::Key_Up) rows = -1;
    if (key == Qt::Key_PageDown) rows = page;
    if (key == Qt::Key_PageUp) rows = -page;
    if (rows != 0 && list_->count() > 0) {
      move(rows);
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

}  // namespace viva

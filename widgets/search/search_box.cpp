// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/search/search_box.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

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
      nothing_(new QLabel(this)) {
  setWindowTitle(text("search.title"));
  line_->setPlaceholderText(text("search.placeholder"));
  line_->setAccessibleName(text("search.title"));
  line_->setClearButtonEnabled(true);
  list_->setAccessibleName(text("search.results"));
  list_->setWordWrap(true);
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

void SearchBox::search() {
  list_->clear();
  const auto found = index_->find(line_->text());
  for (const SearchItem* item : found) {
    QString words = item->title + "\n" + text(kKinds[static_cast<int>(item->kind)]);
    if (!item->context.isEmpty()) words += " · " + item->context;
    auto* row = new QListWidgetItem(words, list_);
    row->setData(Qt::UserRole, item->target);
  }
  list_->setVisible(!found.empty());
  nothing_->setVisible(found.empty());
  nothing_->setText(text(line_->text().trimmed().isEmpty() ? "search.help" : "search.nothing"));
  if (!found.empty()) list_->setCurrentRow(0);
}

void SearchBox::choose() {
  if (!list_->currentItem()) return;
  const QString target = list_->currentItem()->data(Qt::UserRole).toString();
  accept();
  Q_EMIT chosen(target);
}

/// The arrow keys move in the list while the line keeps the keyboard.
bool SearchBox::eventFilter(QObject* watched, QEvent* event) {
  if (watched == line_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int page = 8;
    int move = 0;
    if (key == Qt::Key_Down) move = 1;
    if (key == Qt::Key_Up) move = -1;
    if (key == Qt::Key_PageDown) move = page;
    if (key == Qt::Key_PageUp) move = -page;
    if (move != 0 && list_->count() > 0) {
      list_->setCurrentRow(std::clamp(list_->currentRow() + move, 0, list_->count() - 1));
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

}  // namespace viva

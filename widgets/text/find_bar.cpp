// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/find_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QTextDocument>

#include "lessons/core/words.h"

namespace viva {
namespace {

// More finds than anyone reads; a single letter in a long source would cost seconds.
constexpr std::size_t kMostFinds = 2000;

}  // namespace

FindBar::FindBar(QWidget* parent)
    : QWidget(parent),
      line_(new QLineEdit(this)),
      count_(new QLabel(this)),
      next_(new QToolButton(this)),
      previous_(new QToolButton(this)),
      close_(new QToolButton(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(6, 4, 6, 4);
  layout->addWidget(line_, 1);
  layout->addWidget(count_);
  layout->addWidget(previous_);
  layout->addWidget(next_);
  layout->addWidget(close_);
  previous_->setArrowType(Qt::UpArrow);
  next_->setArrowType(Qt::DownArrow);
  close_->setText(QStringLiteral("\u00D7"));
  for (QToolButton* button : {previous_, next_, close_}) button->setAutoRaise(true);
  setAutoFillBackground(true);
  connect(line_, &QLineEdit::textChanged, this, [this] { search(); });
  connect(next_, &QToolButton::clicked, this, [this] { next(); });
  connect(previous_, &QToolButton::clicked, this, [this] { previous(); });
  connect(close_, &QToolButton::clicked, this, [this] { close(); });
  setAppearance({});
  hide();
}

void FindBar::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  const Words& words = Words::in(appearance.language);
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  line_->setPlaceholderText(word("text.find"));
  line_->setAccessibleName(word("text.find"));
  count_->setAccessibleName(word("text.find_count"));
  next_->setAccessibleName(word("text.find_next"));
  next_->setToolTip(word("text.find_next"));
  previous_->setAccessibleName(word("text.find_previous"));
  previous_->setToolTip(word("text.find_previous"));
  close_->setAccessibleName(word("text.find_close"));
  close_->setToolTip(word("text.find_close"));
  QFont font = TextStyle(appearance).heading;
  font.setPixelSize(std::max(1, qRound(13 * appearance.font_scale)));
  for (QWidget* widget : std::initializer_list<QWidget*>{line_, count_, close_})
    widget->setFont(font);
  showCount();
}

void FindBar::setDocument(QTextDocument* document) {
  document_ = document;
  found_.clear();
  current_ = -1;
  if (isVisible()) search();
}

void FindBar::open(const QString& text, int from) {
  from_ = from;
  show();
  if (!text.isEmpty() && text != line_->text())
    line_->setText(text);
  else
    search();
  line_->selectAll();
  line_->setFocus(Qt::ShortcutFocusReason);
}

void FindBar::close() {
  hide();
  found_.clear();
  current_ = -1;
  Q_EMIT foundChanged();
  Q_EMIT closed();
}

void FindBar::search() {
  found_.clear();
  current_ = -1;
  const QString wanted = line_->text();
  if (document_ && !wanted.isEmpty()) {
    QTextCursor cursor(document_);
    while (found_.size() < kMostFinds) {
      cursor = document_->find(wanted, cursor);
      if (cursor.isNull()) break;
      if (current_ < 0 && cursor.selectionStart() >= from_) current_ = int(found_.size());
      found_.push_back(cursor);
    }
    if (current_ < 0 && !found_.empty()) current_ = 0;
  }
  showCount();
  Q_EMIT foundChanged();
}

void FindBar::move(int by) {
  if (found_.empty()) return;
  const int count = int(found_.size());
  current_ = (current_ + by + count) % count;
  from_ = found_[std::size_t(current_)].selectionStart();
  showCount();
  Q_EMIT foundChanged();
}

void FindBar::showCount() {
  const Words& words = Words::in(appearance_.language);
  if (line_->text().isEmpty()) {
    count_->clear();
  } else if (found_.empty()) {
    count_->setText(QString::fromStdString(words("text.find_nothing")));
  } else {
    count_->setText(QString::fromStdString(words(
        Message{"text.find_place",
                {{"place", std::int64_t(current_ + 1)}, {"count", std::int64_t(found_.size())}}})));
  }
}

void FindBar::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Escape:
      close();
      return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (event->modifiers() & Qt::ShiftModifier)
        previous();
      else
        next();
      return;
    case Qt::Key_Down:
      next();
      return;
    case Qt::Key_Up:
      previous();
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

}  // namespace viva

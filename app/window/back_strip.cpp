// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/back_strip.h"

#include <QAction>
#include <QEvent>
#include <QLabel>
#include <algorithm>
#include <utility>

namespace viva {

BackStrip::BackStrip(QWidget* parent)
    : QToolBar(parent), back_(new QAction(this)), close_(new QAction(this)), label_(new QLabel) {
  setMovable(false);
  setFloatable(false);
  setContextMenuPolicy(Qt::PreventContextMenu);
  setToolButtonStyle(Qt::ToolButtonTextOnly);
  back_->setShortcut(QKeySequence("Alt+Left"));
  label_->setTextFormat(Qt::PlainText);
  label_->setIndent(8);
  label_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  label_->setMinimumWidth(40);  // the question is cut, not what can be pressed
  label_->installEventFilter(this);
  addAction(back_);
  addWidget(label_);
  addAction(close_);
  // Not to be reached by its key either while it is not there.
  for (QAction* action : {back_, close_}) action->setEnabled(false);
  connect(this, &QToolBar::visibilityChanged, this, [this] {
    for (QAction* action : {back_, close_}) action->setEnabled(!isHidden());
  });
  connect(close_, &QAction::triggered, this, &QWidget::hide);
  connect(back_, &QAction::triggered, this, [this] {
    hide();
    if (const auto back = std::exchange(lead_back_, {})) back();
  });
  hide();
}

void BackStrip::setWords(const Words& words) {
  const auto text = [&](const char* key) { return QString::fromStdString(words(key)); };
  setWindowTitle(text("window.back_to_card"));
  setAccessibleName(text("window.back_to_card"));
  back_->setText(QStringLiteral("◀ ") + text("window.back_to_card"));
  back_->setToolTip(text("window.back_to_card") + " (Alt+Left)");
  close_->setText(text("window.stay_here"));
}

void BackStrip::offer(const QString& question, std::function<void()> back) {
  question_ = question;
  lead_back_ = std::move(back);
  show();
  fit();
}

bool BackStrip::eventFilter(QObject* watched, QEvent* event) {
  if (watched == label_ && event->type() == QEvent::Resize) fit();
  return QToolBar::eventFilter(watched, event);
}

void BackStrip::fit() {
  label_->setToolTip(question_);
  label_->setText(label_->fontMetrics().elidedText(question_, Qt::ElideRight,
                                                   std::max(0, label_->width() - 16)));
  label_->setAccessibleName(question_);
}

}  // namespace viva

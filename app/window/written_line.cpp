// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/written_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "app/window/file_to_write.h"

namespace viva {

WrittenLine::WrittenLine(Language language, QWidget* parent)
    : QWidget(parent), said_(new QLabel), show_(new QPushButton) {
  said_->setWordWrap(true);
  said_->setTextFormat(Qt::PlainText);
  said_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  show_->setText(QString::fromStdString(Words::in(language)("window.show_in_folder")));
  show_->setAutoDefault(false);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(said_, 1);
  row->addWidget(show_);
  QObject::connect(show_, &QPushButton::clicked, this, [this] { showInFolder(path_); });
  say({});
}

void WrittenLine::say(const QString& sentence, const QString& path) {
  path_ = path;
  said_->setText(sentence);
  show_->setVisible(!path.isEmpty());
}

QString WrittenLine::sentence() const { return said_->text(); }

}  // namespace viva

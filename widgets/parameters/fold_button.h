// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace viva {

/// A heading that unfolds what is below it while it is checked. As wide as there is room, its text
/// in as many lines as that takes.
class FoldButton : public QAbstractButton {
  Q_OBJECT

 public:
  explicit FoldButton(QWidget* parent = nullptr);
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  int arrow() const;
};

}  // namespace viva

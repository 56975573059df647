// SPDX-License-Identifier: GPL-3.0-or-later
// The invitation beside a handle that nobody has dragged yet.
#pragma once

#include <QLabel>

namespace viva {

class View;

/// "Drag me" beside the handle of a view. It lies over the view, so that no picture has it, and
/// lets the pointer through.
class DragHint : public QLabel {
  Q_OBJECT

 public:
  explicit DragHint(QWidget* parent);
  /// Goes to the view's handle; null, or a view without a handle: nowhere.
  void pointIn(View* view);

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace viva

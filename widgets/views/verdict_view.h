// SPDX-License-Identifier: GPL-3.0-or-later
// One line of plain words with the number that supports it.
#pragma once

#include "widgets/views/view.h"

namespace viva {

class VerdictView : public View {
  Q_OBJECT

 public:
  VerdictView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
              QWidget* parent);
  void render(QPainter& painter, const QRectF& area) const override;
  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
};

}  // namespace viva

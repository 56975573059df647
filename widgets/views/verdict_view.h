// SPDX-License-Identifier: GPL-3.0-or-later
// One line of plain words with the number that supports it: the claim holds, does not hold, cannot
// be judged yet, or is not tested by these settings.
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
  void copyStateFrom(const View& other) override;
  /// The labels of settings that are not those of the claim; empty: all are.
  void setUntested(const QStringList& changed);

 private:
  /// What is judged: nothing, where the claim is not tested.
  QString sentence() const;

  QStringList untested_;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind a plot, to be read row by row.
#pragma once

#include <QDialog>

#include "widgets/views/view.h"

namespace viva {

/// What the view shows at the moment when the dialog opens.
class DataTableDialog : public QDialog {
  Q_OBJECT

 public:
  DataTableDialog(const View& view, QWidget* parent);
};

}  // namespace viva

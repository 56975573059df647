// SPDX-License-Identifier: GPL-3.0-or-later
// A view written to a file that the user chooses.
#pragma once

#include <QString>

class QWidget;

namespace viva {

class View;

/// Asks for a file name and writes `format` (png, svg, pdf or csv), whole or not at all. A problem
/// is said in a dialog. Answers the path written, or nothing.
QString exportView(View& view, const QString& format, const QString& suggested_name,
                   QWidget* parent);

}  // namespace viva

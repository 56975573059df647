// SPDX-License-Identifier: GPL-3.0-or-later
// Where a file is to be written.
#pragma once

#include <QString>

class QWidget;

namespace viva {

/// Asks for a file; what is typed without an ending gets that of `suggested`, before it is asked
/// whether to write over a file. Empty: nowhere.
QString fileToWrite(QWidget* parent, const QString& title, const QString& suggested,
                    const QString& filter);
/// Shows the folder of a file in the desktop's file manager.
void showInFolder(const QString& path);

}  // namespace viva

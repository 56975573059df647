// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and lines of text as they stand in a graph.
#pragma once

#include <QFont>
#include <QString>
#include <QStringList>

namespace viva {

/// Three significant digits: `0.731`, `−2.40`, `1.2×10⁻⁵`.
QString nodeNumber(double value);
/// Lines no wider than `width`, broken where the language allows it.
QStringList wrapped(const QString& text, const QFont& font, double width);

}  // namespace viva

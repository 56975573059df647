// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace viva {

/// Markdown as one line without marks, for lists and search: emphasis, code and links lose their
/// signs, a formula is its TeX source without backslashes and braces.
QString plainLine(const QString& markdown);

}  // namespace viva

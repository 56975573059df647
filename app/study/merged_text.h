// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace viva {

/// Two texts that were both made of `before`, as one, line by line: what either has added is there,
/// what one has removed and the other left alone is gone. Where both have changed the same lines,
/// those of `theirs` come first, then those of `mine`.
QString mergedText(const QString& before, const QString& mine, const QString& theirs);

}  // namespace viva

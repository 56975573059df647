// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace viva {

/// The text that a browser would show of `html`, read by Qt: paragraphs and rows of tables are
/// lines, items of lists have their mark, a picture is its name in brackets. What is raised or
/// lowered stays so: `10<sup>-4</sup>` is 10⁻⁴, `w<sub>max</sub>` is w_max. Nothing that it names
/// is opened.
QString textOfHtml(const QString& html);

}  // namespace viva

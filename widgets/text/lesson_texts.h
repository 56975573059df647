// SPDX-License-Identifier: GPL-3.0-or-later
// What people read, from the program's own resources.
#pragma once

#include <QByteArray>
#include <QString>
#include <string_view>

#include "lessons/core/words.h"

namespace viva {

/// The lesson's notes in Markdown; in English when there are none in `language`; empty when there
/// are none at all.
QString notesOf(std::string_view lesson, Language language);
/// The same for any text of a lesson: `notes`, `cards`, `demos`.
QString lessonText(std::string_view lesson, std::string_view name, Language language);
/// What decides the demos of a lesson, JSON; empty when it has none.
QByteArray demoRulesTextOf(std::string_view lesson);

/// A source file of the project by its path (ExperimentSpec::sources, ::equivalent), as it was
/// when the program was built; empty when it is not in the program.
QString sourceOf(std::string_view path);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a guided demo: predict, run, reveal.
#pragma once

#include <QString>
#include <vector>

#include "lessons/core/words.h"

namespace viva {

struct DemoOption {
  QString key, text;
};

struct DemoText {
  QString preset;    ///< `PRESET`, or `EXPERIMENT/PRESET` where two of the lesson have one
  QString question;  ///< Markdown
  std::vector<DemoOption> options;
  QString explanation;  ///< Markdown; read after the run
};

/// The demos of resources/lessons/<lesson>/demos.<language>.md, in the order of the file.
std::vector<DemoText> demoTexts(const QString& lesson, Language language);
/// The demo of a preset: that of `EXPERIMENT/PRESET`, else that of `PRESET`; null: it has none.
const DemoText* demoOf(const std::vector<DemoText>& demos, const QString& experiment,
                       const QString& preset);
/// The same from a text. List items `- key: text` of the first part are the options.
std::vector<DemoText> demoTextsIn(const QString& markdown);

}  // namespace viva

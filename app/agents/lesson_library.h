// SPDX-License-Identifier: GPL-3.0-or-later
// What the window lets people read, look up and compare, for agents: notes, cards, the search, the
// words for what differs between two runs. Without Qt (VIVA_GUI=OFF) there is none of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/run.h"
#include "lessons/core/words.h"

namespace viva {

bool hasLessonLibrary();

/// `notes` or `cards` of a lesson, Markdown; in English where there are none in `language`.
std::string lessonMarkdown(const std::string& lesson, const std::string& kind, Language language);

/// What the search finds.
struct FoundPlace {
  std::string kind;     ///< `lesson`, `experiment`, `preset`, `parameter`, `note`, `card`
  std::string title;    ///< of a card, the question
  std::string context;  ///< where it belongs
  std::string target;   ///< as links name it: `preset:EXPERIMENT/NAME`
  std::string lesson;   ///< of notes and cards
  std::string text;     ///< of a card, the short answer
};

/// Only where there is a library.
class LessonSearch {
 public:
  LessonSearch(const Catalog& catalog, Language language);
  ~LessonSearch();
  LessonSearch(const LessonSearch&) = delete;
  LessonSearch& operator=(const LessonSearch&) = delete;

  /// Best first.
  std::vector<FoundPlace> find(const std::string& query, std::size_t most) const;

 private:
  struct Index;
  std::unique_ptr<const Index> index_;
};

/// What `run` has and `other` has not, one phrase each, as the window names pinned runs.
std::vector<std::string> differencesInWords(const ExperimentSpec& spec, const RunSettings& run,
                                            const RunSettings& other, const Words& words);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that can be opened by name, found by parts of its words in either language.
#pragma once

#include <QString>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/words.h"
#include "widgets/search/search_query.h"
#include "widgets/study/card_text.h"

namespace viva {

enum class FoundKind { Lesson, Experiment, Preset, Parameter, Note, Card, Command };

struct SearchItem {
  FoundKind kind = FoundKind::Lesson;
  QString title;    ///< in the language of the window
  QString context;  ///< where it belongs: the lesson, the experiment
  /// What opens it: `lesson:ID`, `experiment:ID`, `preset:EXPERIMENT/NAME`,
  /// `parameter:EXPERIMENT/NAME`, `note:LESSON#HEADING`, `card:ID`, `command:KEY`.
  QString target;
  QString names;  ///< folded: the title in every language, what scripts call it
  QString text;   ///< folded: everything else it says, in every language
};

/// Words are parts of words: "梯度", "度" and "gradien" find what contains them; of several, all
/// must be there, or at least half of them where nothing has all. Upper and lower case, full and
/// half width are the same; a word that nothing says may have one typing error. What is called so
/// comes before questions that say so, and these before texts.
class SearchIndex {
 public:
  /// `catalog` null: what is known before the experiments are loaded.
  SearchIndex(const Catalog* catalog, Language language, const std::vector<CardText>& own_cards);

  void addCommand(const QString& key, const QString& title, const QString& keys);
  /// Best first, at most `most`. Nothing for an empty query.
  std::vector<const SearchItem*> find(const QString& query, std::size_t most = 50) const;
  /// What the query is taken to mean, to be marked in what it finds.
  QStringList marks(const QString& query) const;
  const std::vector<SearchItem>& items() const { return items_; }
  /// Null where there is nothing of this target (any more).
  const SearchItem* item(const QString& target) const;

 private:
  void addLesson(const LessonEntry& lesson);
  void addExperiment(const ExperimentSpec& spec, const QString& lesson_title);
  void addNotes(const QString& lesson, const QString& lesson_title);
  /// Empty: a word of them stands nowhere.
  std::vector<SearchPart> partsOf(const QString& query) const;
  bool isSaid(const QString& word) const;
  const QSet<QString>& vocabulary() const;
  void add(FoundKind kind, const QString& title, const QString& context, const QString& target,
           const QString& names, const QString& text);

  Language language_;
  std::vector<SearchItem> items_;
  mutable QSet<QString> vocabulary_;  ///< made when the first typing error is met
};

}  // namespace viva

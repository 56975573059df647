// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/search/search_index.h"

#include <QRegularExpression>
#include <algorithm>
#include <utility>

#include "widgets/text/lesson_texts.h"
#include "widgets/text/mnemonic.h"
#include "widgets/text/plain_line.h"

namespace viva {
namespace {

constexpr Language kLanguages[] = {Language::English, Language::Chinese};

QString word(Language language, const std::string& key) {
  return QString::fromStdString(Words::in(language)(key));
}

QString wordOf(Language language, const std::string& experiment, const char* kind,
               const std::string& id) {
  return QString::fromStdString(Words::in(language).of(experiment, kind, id));
}

/// What `in` says in every language.
template <typename In>
QString inAll(In in) {
  QString all;
  for (const Language language : kLanguages) all += in(language) + '\n';
  return all;
}

/// A line each: all of it and, of `Language: 简体中文 (Chinese)`, what is chosen by it, in either
/// spelling.
QString namesOfCommand(const QString& title) {
  static const QRegularExpression chosen(
      QStringLiteral("[:：]\\s*([^(（]*[^(（\\s])\\s*(?:[(（](.+)[)）])?$"));
  const QRegularExpressionMatch match = chosen.match(title);
  QString names = title;
  for (int i = 1; i <= match.lastCapturedIndex(); ++i) names += '\n' + match.captured(i);
  return names;
}

/// How well one word fits what something is called, 0 to 10. Han has no spaces between words.
double fitOf(const QString& names, const QString& word) {
  double best = 0;
  for (qsizetype at = names.indexOf(word); at >= 0; at = names.indexOf(word, at + 1)) {
    if (at == 0 || names[at - 1] == '\n') return 10;
    best = std::max(best, !names[at - 1].isLetterOrNumber() || hasHan(word) ? 8.0 : 4.0);
  }
  return best;
}

double shareOf(const QStringList& pairs, const QString& text) {
  const auto there = std::count_if(pairs.begin(), pairs.end(),
                                   [&](const QString& pair) { return text.contains(pair); });
  return pairs.isEmpty() ? 0 : static_cast<double>(there) / static_cast<double>(pairs.size());
}

constexpr double kMostPairs = 0.6;  ///< of a run of Han: so many are to be there
constexpr double kInText = 1;

/// A question is no title, and there are too many parameters for their names to be meant first.
bool isTitled(const SearchItem& item) {
  return item.kind != FoundKind::Card && item.kind != FoundKind::Parameter;
}

/// How well an item fits one part; 0: not at all. `named`: it is called so.
double scoreOf(const SearchItem& item, const SearchPart& part, bool& named) {
  double called = 0, said = 0;
  if (!part.pairs.isEmpty()) {
    const double in_names = shareOf(part.pairs, item.names);
    if (in_names >= kMostPairs) called = 8 * in_names;
    if (shareOf(part.pairs, item.text) >= kMostPairs) said = kInText;
  }
  for (const QString& word : part.any) {
    called = std::max(called, fitOf(item.names, word));
    if (said == 0 && item.text.contains(word)) said = kInText;
  }
  named = called > 0;
  if (!isTitled(item)) called /= 2;
  return std::max(called, said) * (part.guessed ? 0.7 : 1);
}

/// How much of what an item is called was typed, 0 to 1: "momentum" is all of "Momentum".
double coverageOf(const SearchItem& item, const QStringList& words) {
  double best = 0;
  for (const QString& name : item.names.split('\n', Qt::SkipEmptyParts)) {
    qsizetype typed = 0;
    for (const QString& word : words)
      if (name.contains(word)) typed += word.size();
    QString letters = name;
    letters.remove(' ').remove('-');
    best = std::max(best,
                    std::min(1.0, static_cast<double>(typed) /
                                      static_cast<double>(std::max<qsizetype>(1, letters.size()))));
  }
  return best;
}

/// Of equally good ones, what a person is likelier to mean comes first.
int rankOf(FoundKind kind) {
  switch (kind) {
    case FoundKind::Lesson:
      return 6;
    case FoundKind::Experiment:
      return 5;
    case FoundKind::Command:
      return 4;
    case FoundKind::Preset:
      return 3;
    case FoundKind::Note:
      return 2;
    case FoundKind::Card:
      return 1;
    case FoundKind::Parameter:
      return 0;
  }
  return 0;
}

struct NotePart {
  QString heading, text;
};

std::vector<NotePart> partsOfNotes(const QString& markdown) {
  std::vector<NotePart> parts;
  bool code = false;
  for (const QString& line : markdown.split('\n')) {
    if (line.startsWith("```")) code = !code;
    if (!code && line.startsWith('#')) {
      parts.push_back({plainLine(line), {}});
      continue;
    }
    if (!parts.empty()) parts.back().text += line + '\n';
  }
  return parts;
}

}  // namespace

SearchIndex::SearchIndex(const Catalog* catalog, Language language,
                         const std::vector<CardText>& own_cards)
    : language_(language) {
  for (const LessonEntry& lesson : lessonList()) addLesson(lesson);
  if (catalog)
    for (const Lesson& lesson : catalog->lessons())
      for (const ExperimentSpec* spec : lesson.experiments)
        addExperiment(*spec, word(language_, "lesson." + lesson.id));
  for (const CardText& card : own_cards)
    add(FoundKind::Card, lineOf(card), word(language_, "cards.own"), "card:" + card.id,
        lineOf(card), card.answer + '\n' + card.explanation + '\n' + card.follow_ups);
}

void SearchIndex::add(FoundKind kind, const QString& title, const QString& context,
                      const QString& target, const QString& names, const QString& text) {
  items_.push_back({kind, title, context, target, folded(names), folded(text)});
}

void SearchIndex::addLesson(const LessonEntry& lesson) {
  const QString id = QString::fromStdString(lesson.id);
  const QString title = word(language_, "lesson." + lesson.id);
  add(FoundKind::Lesson, title, word(language_, "section." + lesson.section), "lesson:" + id,
      inAll([&](Language in) { return word(in, "lesson." + lesson.id); }) + id, {});
  for (const std::string& experiment : lesson.experiments)
    add(FoundKind::Experiment, word(language_, experiment + ".title"), title,
        "experiment:" + QString::fromStdString(experiment),
        inAll([&](Language in) { return word(in, experiment + ".title"); }) +
            QString::fromStdString(experiment),
        {});
  addNotes(id, title);
  const std::vector<CardText> mine = cardTexts(id, language_);
  const std::vector<CardText> english = cardTexts(id, Language::English);
  const std::vector<CardText> chinese = cardTexts(id, Language::Chinese);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    QString names, text;
    for (const auto* cards : {&english, &chinese})
      if (i < cards->size()) {
        names += plainLine((*cards)[i].question) + '\n';
        text += (*cards)[i].answer + '\n' + (*cards)[i].explanation + '\n' +
                (*cards)[i].follow_ups + '\n';
      }
    add(FoundKind::Card, plainLine(mine[i].question), title, "card:" + mine[i].id, names, text);
  }
}

void SearchIndex::addExperiment(const ExperimentSpec& spec, const QString& lesson_title) {
  const QString id = QString::fromStdString(spec.id);
  const QString title = word(language_, spec.id + ".title");
  for (const Preset& preset : spec.presets) {
    const QString name = QString::fromStdString(preset.name);
    add(FoundKind::Preset, wordOf(language_, spec.id, "preset", preset.name),
        lesson_title + " · " + title, "preset:" + id + "/" + name,
        inAll([&](Language in) { return wordOf(in, spec.id, "preset", preset.name); }) + name,
        inAll([&](Language in) { return wordOf(in, spec.id, "preset_claim", preset.name); }));
  }
  for (const ParameterSpec& parameter : spec.parameters) {
    const QString name = QString::fromStdString(parameter.name);
    add(FoundKind::Parameter, wordOf(language_, spec.id, "parameter", parameter.name), title,
        "parameter:" + id + "/" + name,
        inAll([&](Language in) { return wordOf(in, spec.id, "parameter", parameter.name); }) + name,
        {});
  }
}

void SearchIndex::addNotes(const QString& lesson, const QString& lesson_title) {
  const auto parts_in = [&](Language language) {
    return partsOfNotes(notesOf(lesson.toStdString(), language));
  };
  const std::vector<NotePart> mine = parts_in(language_);
  const std::vector<NotePart> others =
      parts_in(language_ == Language::English ? Language::Chinese : Language::English);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    // The notes are the same in both languages, heading by heading.
    const NotePart other = mine.size() == others.size() ? others[i] : NotePart{};
    add(FoundKind::Note, mine[i].heading, lesson_title, "note:" + lesson + "#" + QString::number(i),
        mine[i].heading + '\n' + other.heading, mine[i].text + other.text);
  }
}

void SearchIndex::addCommand(const QString& key, const QString& title, const QString& keys) {
  add(FoundKind::Command, title, keys, "command:" + key, inAll([&](Language in) {
        return namesOfCommand(withoutMnemonic(word(in, key.toStdString())));
      }),
      {});
}

bool SearchIndex::isSaid(const QString& word) const {
  return std::any_of(items_.begin(), items_.end(), [&](const SearchItem& item) {
    return item.names.contains(word) || item.text.contains(word);
  });
}

const QSet<QString>& SearchIndex::vocabulary() const {
  if (vocabulary_.isEmpty())
    for (const SearchItem& item : items_) {
      learnWords(item.names, vocabulary_);
      learnWords(item.text, vocabulary_);
    }
  return vocabulary_;
}

std::vector<SearchPart> SearchIndex::partsOf(const QString& query) const {
  std::vector<SearchPart> parts;
  for (const QString& word : wordsOfQuery(query)) {
    if (isSaid(word)) {
      parts.push_back({{word}});
    } else if (hasHan(word)) {
      for (const QString& run : runsOfHan(word)) {
        if (isSaid(run))
          parts.push_back({{run}});
        else if (run.size() > 2)
          parts.push_back({{}, true, pairsOf(run)});
        else
          return {};
      }
    } else {
      const QStringList meant = meantBy(word, vocabulary());
      if (meant.isEmpty()) return {};
      parts.push_back({meant, true});
    }
  }
  return parts;
}

QStringList SearchIndex::marks(const QString& query) const {
  QStringList marks;
  for (const SearchPart& part : partsOf(query)) marks += part.any + part.pairs;
  return marks;
}

const SearchItem* SearchIndex::item(const QString& target) const {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [&](const SearchItem& item) { return item.target == target; });
  return found == items_.end() ? nullptr : &*found;
}

std::vector<const SearchItem*> SearchIndex::find(const QString& query, std::size_t most) const {
  const std::vector<SearchPart> parts = partsOf(query);
  if (parts.empty()) return {};
  QStringList words;
  for (const SearchPart& part : parts)
    if (!part.any.isEmpty()) words.append(part.any.front());
  struct Hit {
    std::size_t fitting;
    double score;
    const SearchItem* item;
  };
  std::vector<Hit> hits;
  std::size_t best = 0;
  for (const SearchItem& item : items_) {
    std::size_t fitting = 0, names = 0;
    double score = 0;
    for (const SearchPart& part : parts) {
      bool named = false;
      const double fit = scoreOf(item, part, named);
      fitting += fit > 0;
      names += named;
      score += fit;
    }
    if (2 * fitting < parts.size() || fitting == 0) continue;
    if (names == parts.size()) score += (isTitled(item) ? 12 : 2) * coverageOf(item, words);
    best = std::max(best, fitting);
    hits.push_back({fitting, score + 0.01 * rankOf(item.kind), &item});
  }
  // What has all words hides what has only some.
  if (best == parts.size()) std::erase_if(hits, [&](const Hit& hit) { return hit.fitting < best; });
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::pair(a.fitting, a.score) > std::pair(b.fitting, b.score);
  });
  std::vector<const SearchItem*> found;
  for (std::size_t i = 0; i < std::min(most, hits.size()); ++i) found.push_back(hits[i].item);
  return found;
}

}  // namespace viva

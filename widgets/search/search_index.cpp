// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/search/search_index.h"

#include <algorithm>

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

/// How well an item fits one folded word; 0: not at all.
int scoreOf(const SearchItem& item, const QString& part) {
  const qsizetype place = item.names.indexOf(part);
  if (place == 0) return 100;
  if (place > 0) return item.names[place - 1].isLetterOrNumber() ? 40 : 70;
  return item.text.contains(part) ? 10 : 0;
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

QString folded(const QString& text) {
  return text.normalized(QString::NormalizationForm_KC).toCaseFolded();
}

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
  add(FoundKind::Command, title, keys, "command:" + key,
      inAll([&](Language in) { return withoutMnemonic(word(in, key.toStdString())); }), {});
}

std::vector<const SearchItem*> SearchIndex::find(const QString& query, std::size_t most) const {
  const QStringList parts = folded(query).split(' ', Qt::SkipEmptyParts);
  if (parts.isEmpty()) return {};
  struct Hit {
    int score;
    const SearchItem* item;
  };
  std::vector<Hit> hits;
  for (const SearchItem& item : items_) {
    int score = 0;
    for (const QString& part : parts) {
      const int fit = scoreOf(item, part);
      if (fit == 0) {
        score = 0;
        break;
      }
      score += fit;
    }
    if (score > 0) hits.push_back({score * 10 + rankOf(item.kind), &item});
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.score > b.score; });
  std::vector<const SearchItem*> found;
  for (std::size_t i = 0; i < std::min(most, hits.size()); ++i) found.push_back(hits[i].item);
  return found;
}

}  // namespace viva

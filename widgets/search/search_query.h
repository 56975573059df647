// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody has typed into the search, as the words that are meant.
#pragma once

#include <QSet>
#include <QString>
#include <QStringList>
#include <vector>

namespace viva {

/// One word that is looked for.
struct SearchPart {
  QStringList any;  ///< folded; one of them is to be there: the word, or what it may have meant
  bool guessed = false;  ///< nothing says the word itself
  /// Of a run of Han characters that stands nowhere as it is: its pairs, most of which are to be
  /// there.
  QStringList pairs{};
};

/// For comparing: compatibility forms composed, lower case.
QString folded(const QString& text);

/// The words of the query, folded, without marks of punctuation around them. "Why does my" and the
/// like are left out, unless there is nothing else.
QStringList wordsOfQuery(const QString& query);
/// The same of a run of Han characters: without "why", "what is" and the like.
QStringList runsOfHan(const QString& word);
bool hasHan(const QString& word);
/// Each character with the next one.
QStringList pairsOf(const QString& han);

/// Whether one typing error makes `word` of `other`: a letter left out, added, another one, or two
/// exchanged.
bool isOneErrorFrom(const QString& word, const QString& other);
/// The words of `vocabulary` that `word` may have meant, or the beginnings of them.
QStringList meantBy(const QString& word, const QSet<QString>& vocabulary);
/// Adds the words of a folded text that typing errors are looked for in.
void learnWords(const QString& text, QSet<QString>& vocabulary);

}  // namespace viva

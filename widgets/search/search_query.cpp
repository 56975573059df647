// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/search/search_query.h"

#include <QRegularExpression>
#include <algorithm>

namespace viva {
namespace {

constexpr qsizetype kShortest = 4, kLongest = 40;  ///< of words whose typing errors are forgiven
constexpr qsizetype kPrefixFrom = 5;               ///< letters, for a beginning to be enough
constexpr qsizetype kMostMeant = 24;

const QSet<QString>& commonWords() {
  static const QSet<QString> words = [] {
    const QStringList all =
        QString(
            "a an and are as at be but by can could did do does for from had has have how i if "
            "in into is isn't it its me my of on or our should so than that the their them then "
            "there these they this to too was we were what what's when where which while who "
            "why will with would you your don't doesn't won't can't")
            .split(' ');
    return QSet<QString>(all.begin(), all.end());
  }();
  return words;
}

}  // namespace

QString folded(const QString& text) {
  return text.normalized(QString::NormalizationForm_KC).toCaseFolded();
}

QStringList wordsOfQuery(const QString& query) {
  static const QRegularExpression around(
      QStringLiteral("^[?!.,;:'\"()\\[\\]“”‘’。，、；：？！（）《》]+|"
                     "[?!.,;:'\"()\\[\\]“”‘’。，、；：？！（）《》]+$"));
  QStringList words, meant;
  for (QString word : folded(query).simplified().split(' ', Qt::SkipEmptyParts)) {
    word.replace(QStringLiteral("’"), "'");
    word.remove(around);
    if (word.isEmpty()) continue;
    words.append(word);
    if (!commonWords().contains(word)) meant.append(word);
  }
  return meant.isEmpty() ? words : meant;
}

bool hasHan(const QString& word) {
  return std::any_of(word.begin(), word.end(),
                     [](QChar letter) { return letter.script() == QChar::Script_Han; });
}

QStringList runsOfHan(const QString& word) {
  static const QRegularExpression asking(
      QStringLiteral("为什么|为何|怎么样|怎么|怎样|如何|什么|是否|哪个|哪些|哪一个|有没有|"
                     "能不能|会不会|吗|呢|的|了|是|我|你|它|会|在|与|和|，|。|？|！"));
  return word.split(asking, Qt::SkipEmptyParts);
}

QStringList pairsOf(const QString& han) {
  QStringList pairs;
  for (qsizetype i = 0; i + 1 < han.size(); ++i) pairs.append(han.mid(i, 2));
  return pairs;
}

bool isOneErrorFrom(const QString& word, const QString& other) {
  const qsizetype difference = word.size() - other.size();
  if (difference < -1 || difference > 1) return false;
  qsizetype at = 0;
  while (at < std::min(word.size(), other.size()) && word[at] == other[at]) ++at;
  const auto same = [&](qsizetype one, qsizetype two) {
    return QStringView(word).mid(one) == QStringView(other).mid(two);
  };
  if (difference == 1) return same(at + 1, at);
  if (difference == -1) return same(at, at + 1);
  if (at >= word.size() || same(at + 1, at + 1)) return true;
  return at + 1 < word.size() && word[at] == other[at + 1] && word[at + 1] == other[at] &&
         same(at + 2, at + 2);
}

QStringList meantBy(const QString& word, const QSet<QString>& vocabulary) {
  const qsizetype letters = word.size();
  if (letters < kShortest || letters > kLongest || hasHan(word)) return {};
  QStringList whole, beginnings;
  for (const QString& known : vocabulary) {
    if (known.size() < letters - 1) continue;
    if (isOneErrorFrom(word, known)) {
      whole.append(known);
      continue;
    }
    if (letters < kPrefixFrom) continue;
    for (qsizetype taken = letters + 1; taken >= letters - 1; --taken)
      if (taken < known.size() && isOneErrorFrom(word, known.left(taken))) {
        beginnings.append(known.left(taken));
        break;
      }
  }
  // Whole words first; a set has no order of its own, and a search is to find the same each time.
  std::sort(whole.begin(), whole.end());
  std::sort(beginnings.begin(), beginnings.end());
  QStringList all = whole.isEmpty() ? beginnings : whole;
  all.removeDuplicates();
  return all.mid(0, kMostMeant);
}

void learnWords(const QString& text, QSet<QString>& vocabulary) {
  qsizetype begin = -1;
  for (qsizetype at = 0; at <= text.size(); ++at) {
    const bool is_letter =
        at < text.size() && text[at].isLetter() && text[at].script() != QChar::Script_Han;
    if (is_letter && begin < 0) begin = at;
    if (is_letter || begin < 0) continue;
    if (at - begin >= kShortest - 1 && at - begin <= kLongest)
      vocabulary.insert(text.mid(begin, at - begin));
    begin = -1;
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/merged_text.h"

#include <QStringList>
#include <algorithm>
#include <utility>
#include <vector>

namespace viva {
namespace {

/// Beyond so many pairs of lines the longest common subsequence would take too long: then all
/// between the first and the last difference counts as changed.
constexpr qsizetype kMostPairs = 4'000'000;

/// Lines [from, to) of the text before became `lines`.
struct Edit {
  qsizetype from, to;
  QStringList lines;
};

/// What made `after` of `before`, in order: a longest common subsequence stays.
std::vector<Edit> editsOf(const QStringList& before, const QStringList& after) {
  qsizetype head = 0, tail = 0;
  const qsizetype shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head]) ++head;
  while (tail < shorter - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
    ++tail;
  const qsizetype rows = before.size() - head - tail, columns = after.size() - head - tail;
  if (rows == 0 && columns == 0) return {};
  if (rows * columns > kMostPairs || rows == 0 || columns == 0)
    return {{head, head + rows, after.mid(head, columns)}};

  // longest[i][j]: of the lines from i in `before` and from j in `after`.
  const auto width = static_cast<std::size_t>(columns + 1);
  std::vector<int> longest(static_cast<std::size_t>(rows + 1) * width);
  const auto at = [&](qsizetype i, qsizetype j) -> int& {
    return longest[static_cast<std::size_t>(i) * width + static_cast<std::size_t>(j)];
  };
  for (qsizetype i = rows; i-- > 0;)
    for (qsizetype j = columns; j-- > 0;)
      at(i, j) = before[head + i] == after[head + j] ? at(i + 1, j + 1) + 1
                                                     : std::max(at(i + 1, j), at(i, j + 1));
  std::vector<Edit> edits;
  for (qsizetype i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && before[head + i] == after[head + j]) {
      ++i, ++j;
      continue;
    }
    Edit edit{head + i, head + i, {}};
    while ((i < rows || j < columns) &&
           !(i < rows && j < columns && before[head + i] == after[head + j])) {
      if (j < columns && (i == rows || at(i, j + 1) >= at(i + 1, j)))
        edit.lines.append(after[head + j++]);
      else
        edit.to = head + ++i;
    }
    edits.push_back(edit);
  }
  return edits;
}

/// The lines [from, to) after the edits that lie there.
QStringList appliedTo(const QStringList& before, qsizetype from, qsizetype to,
                      const std::vector<Edit>& edits) {
  QStringList lines;
  qsizetype at = from;
  for (const Edit& edit : edits) {
    lines += before.mid(at, edit.from - at) + edit.lines;
    at = edit.to;
  }
  return lines + before.mid(at, to - at);
}

}  // namespace

QString mergedText(const QString& before, const QString& mine, const QString& theirs) {
  if (mine == theirs || theirs == before) return mine;
  if (mine == before) return theirs;
  const auto linesOf = [](const QString& text) {
    return text.isEmpty() ? QStringList() : text.split('\n');
  };
  const QStringList old = linesOf(before);
  const std::vector<Edit> my = editsOf(old, linesOf(mine)), other = editsOf(old, linesOf(theirs));
  QStringList merged;
  qsizetype at = 0;
  std::size_t m = 0, t = 0;
  while (m < my.size() || t < other.size()) {
    // A stretch of the old text that an edit has changed, with all that overlap it. Two that only
    // touch do not, unless both put something in at the same place.
    const bool mine_first =
        t == other.size() ||
        (m < my.size() && std::pair(my[m].from, my[m].to) <= std::pair(other[t].from, other[t].to));
    const qsizetype from = mine_first ? my[m].from : other[t].from;
    qsizetype to = mine_first ? my[m].to : other[t].to;
    std::vector<Edit> here, there;
    (mine_first ? here : there).push_back(mine_first ? my[m++] : other[t++]);
    const auto overlaps = [&](const std::vector<Edit>& edits, std::size_t next) {
      if (next == edits.size()) return false;
      const Edit& edit = edits[next];
      return edit.from < to || (from == to && edit.from == from && edit.to == from);
    };
    for (bool more = true; more;) {
      more = false;
      for (; overlaps(my, m); more = true) {
        to = std::max(to, my[m].to);
        here.push_back(my[m++]);
      }
      for (; overlaps(other, t); more = true) {
        to = std::max(to, other[t].to);
        there.push_back(other[t++]);
      }
    }
    merged += old.mid(at, from - at);
    const QStringList my_lines = appliedTo(old, from, to, here);
    const QStringList other_lines = appliedTo(old, from, to, there);
    if (there.empty() || my_lines == other_lines)
      merged += my_lines;
    else if (here.empty())
      merged += other_lines;
    else
      merged += other_lines + my_lines;
    at = to;
  }
  return (merged + old.mid(at)).join('\n');
}

}  // namespace viva

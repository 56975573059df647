// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/programs/program_list.h"

namespace viva::programs {
namespace {

std::string spaced(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) text += (text.empty() ? "" : " ") + piece;
  return text;
}

}  // namespace

Walk bytePairEncoding(Given given, Watch& watch) {
  const int rounds = static_cast<int>(given.setting(0, 0, 10));
  std::vector<std::vector<std::string>> pieces;
  std::vector<std::string> words, pairs, merges;
  std::vector<int> times = given.counts, counts, merge_counts;
  for (const std::string& word : given.words) {
    pieces.emplace_back();
    for (const char letter : word) pieces.back().push_back(std::string(1, letter));
    pieces.back().push_back("</w>");
    words.push_back(spaced(pieces.back()));
  }
  watch("times", times)("pairs", pairs)("counts", counts);
  co_yield watch.result("words", words)
      .result("merges", merges)
      .result("merge_counts", merge_counts);

  for (int round = 0; round < rounds; ++round) {
    pairs.clear(), counts.clear();
    for (std::size_t w = 0; w < pieces.size(); ++w)
      for (std::size_t i = 0; i + 1 < pieces[w].size(); ++i) {
        const std::string pair = pieces[w][i] + " " + pieces[w][i + 1];
        const auto place = std::find(pairs.begin(), pairs.end(), pair) - pairs.begin();
        if (place == std::ssize(pairs)) pairs.push_back(pair), counts.push_back(0);
        counts[place] += given.has(Mistake::CountsWordsOnce) ? 1 : times[w], co_yield here();
      }
    if (pairs.empty()) break;
    const auto best = std::max_element(counts.begin(), counts.end()) - counts.begin();
    merges.push_back(pairs[best]), co_yield here();
    merge_counts.push_back(counts[best]), co_yield here();
    for (std::size_t w = 0; w < pieces.size(); ++w) {
      std::vector<std::string> rebuilt, old = pieces[w];
      for (std::size_t i = 0; i < old.size(); ++i) {
        const bool is_pair = i + 1 < old.size() && old[i] + " " + old[i + 1] == pairs[best];
        rebuilt.push_back(is_pair ? old[i] + old[i + 1] : old[i]);
        if (is_pair && !given.has(Mistake::OverlappingMerge)) ++i;
      }
      if (rebuilt == old) continue;
      pieces[w] = rebuilt;
      words[w] = spaced(rebuilt), co_yield here();
    }
  }
}

}  // namespace viva::programs

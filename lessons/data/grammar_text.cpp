// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/grammar_text.h"

#include <map>
#include <random>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "lessons/data/characters.h"

namespace viva {
namespace {

using Words = std::vector<std::string_view>;

/// Capital letters of a sentence stand for words: N and O for two things, A and B for two
/// qualities, M and L for two animals, V for what one does to a thing, W for what one does alone,
/// P for a place.
struct Grammar {
  Words sentences, things, qualities, animals, deeds, ways, places;
};

const Grammar kEnglish{
    {"if the N is A, the M V it. if the N is not A, the M W.\n",
     "the M has a N and a O. the N is A, and the O is B.\n", "where is the N? the N is P.\n",
     "the M W P. the L V the N, and the M V the O.\n"},
    {"apple", "melon", "pear", "plum", "ball", "stone", "kite", "lamp", "cup", "bell", "coat",
     "boat"},
    {"red", "green", "small", "round", "old", "sweet", "pale", "warm"},
    {"fox", "bear", "owl", "horse", "duck", "mouse", "cat", "goat"},
    {"eats", "takes", "hides", "throws", "likes", "paints", "breaks", "sells"},
    {"sleeps", "sings", "waits", "runs", "smiles", "rests"},
    {"under the tree", "by the river", "on the hill", "in the barn", "near the road",
     "at the lake"}};

const Grammar kChinese{
    {"如果N是A的，M就V它。如果N不是A的，M就W。\n", "M有N和O。N是A的，O是B的。\n",
     "N在哪里？N在P。\n", "M在PW。后来LVN，MVO。\n"},
    {"苹果", "西瓜", "甜瓜", "石头", "木头", "风筝", "皮球", "茶杯", "酒杯", "红灯"},
    {"红", "绿", "小", "圆", "旧", "甜", "白", "木"},
    {"小马", "老马", "白马", "小兔", "白兔", "小熊", "老熊", "山羊"},
    {"吃掉", "拿走", "藏起", "喜欢", "扔掉", "放开", "打开"},
    {"睡觉", "唱歌", "等待", "跑开", "走开"},
    {"树下", "山下", "河边", "路边", "山上", "屋里"}};

class Writer {
 public:
  explicit Writer(const Grammar& grammar) : grammar_(grammar) {}

  std::string sentence() {
    const std::string_view form = one(grammar_.sentences);
    std::map<char, std::string_view> words;
    std::tie(words['N'], words['O']) = two(grammar_.things);
    std::tie(words['M'], words['L']) = two(grammar_.animals);
    std::tie(words['A'], words['B']) = two(grammar_.qualities);
    words['V'] = one(grammar_.deeds);
    words['W'] = one(grammar_.ways);
    words['P'] = one(grammar_.places);
    std::string said;
    for (const char letter : form) {
      const auto word = words.find(letter);
      if (word == words.end())
        said += letter;
      else
        said += word->second;
    }
    return said;
  }

 private:
  // The distributions of the standard library differ from one to the next; its engine does not.
  std::size_t below(std::size_t count) { return engine_() % count; }
  std::string_view one(const Words& words) { return words[below(words.size())]; }
  /// Two different ones.
  std::pair<std::string_view, std::string_view> two(const Words& words) {
    const std::size_t first = below(words.size());
    std::size_t second = below(words.size() - 1);
    if (second >= first) ++second;
    return {words[first], words[second]};
  }

  const Grammar& grammar_;
  std::mt19937 engine_{2017};
};

}  // namespace

std::string grammarText(GrammarLanguage language, std::int64_t characters) {
  Writer writer(language == GrammarLanguage::English ? kEnglish : kChinese);
  std::string text;
  for (std::int64_t written = 0; written < characters;) {
    const std::string sentence = writer.sentence();
    written += static_cast<std::int64_t>(charactersOf(sentence).size());
    text += sentence;
  }
  return text;
}

}  // namespace viva

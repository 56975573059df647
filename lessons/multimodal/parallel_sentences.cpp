// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/parallel_sentences.h"

namespace viva {
namespace {

const std::vector<ParallelSentence> kAnimals{
    {"fox", "狐狸"},    {"bear", "熊"},    {"owl", "猫头鹰"},  {"horse", "马"},
    {"duck", "鸭子"},   {"mouse", "老鼠"}, {"cat", "猫"},      {"goat", "山羊"},
    {"rabbit", "兔子"}, {"tiger", "老虎"}, {"monkey", "猴子"}, {"swallow", "燕子"}};
const std::vector<ParallelSentence> kLikenesses{
    {"old", "老"},       {"young", "年轻的"}, {"hungry", "饥饿的"}, {"clever", "聪明的"},
    {"tired", "疲倦的"}, {"quiet", "安静的"}, {"brave", "勇敢的"},  {"strange", "奇怪的"}};
const std::vector<ParallelSentence> kDeeds{
    {"finds", "找到"},   {"hides", "藏起"},  {"paints", "画"},   {"sells", "卖掉"},
    {"carries", "搬走"}, {"breaks", "打碎"}, {"washes", "清洗"}, {"borrows", "借来"}};
const std::vector<ParallelSentence> kThings{
    {"apple", "苹果"}, {"melon", "西瓜"},  {"stone", "石头"},   {"kite", "风筝"},
    {"lamp", "灯"},    {"cup", "杯子"},    {"basket", "篮子"},  {"umbrella", "雨伞"},
    {"letter", "信"},  {"guitar", "吉他"}, {"blanket", "毯子"}, {"lantern", "灯笼"}};
const std::vector<ParallelSentence> kQualities{
    {"red", "红色的"}, {"heavy", "沉重的"},  {"small", "小"}, {"round", "圆"},
    {"broken", "破"},  {"golden", "金色的"}, {"wet", "湿"},   {"precious", "珍贵的"}};
const std::vector<ParallelSentence> kPlaces{
    {"under the tree", "在树下"}, {"by the river", "在河边"},
    {"on the hill", "在山上"},    {"in the kitchen", "在厨房里"},
    {"near the road", "在路边"},  {"behind the school", "在学校后面"},
    {"at the station", "在车站"}, {"in the garden", "在花园里"}};

}  // namespace

std::vector<ParallelSentence> parallelSentences(std::span<const std::int64_t> numbers) {
  std::vector<ParallelSentence> sentences;
  while (numbers.size() >= static_cast<std::size_t>(kNumbersASentence)) {
    const auto one = [&](const std::vector<ParallelSentence>& words, std::size_t which) {
      return words[static_cast<std::size_t>(numbers[which]) % words.size()];
    };
    const auto animal = one(kAnimals, 0), likeness = one(kLikenesses, 1), deed = one(kDeeds, 2),
               thing = one(kThings, 3), quality = one(kQualities, 4), place = one(kPlaces, 5);
    sentences.push_back({"the " + likeness.english + " " + animal.english + " " + deed.english +
                             " the " + quality.english + " " + thing.english + " " + place.english +
                             ".",
                         likeness.chinese + animal.chinese + place.chinese + deed.chinese +
                             quality.chinese + thing.chinese + "。"});
    numbers = numbers.subspan(static_cast<std::size_t>(kNumbersASentence));
  }
  return sentences;
}

}  // namespace viva

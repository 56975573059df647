// SPDX-License-Identifier: GPL-3.0-or-later
// search_benchmark: all lessons and 10,000 own cards. Exit status 1 when a search takes 50 ms or
// more (the longest of all queries).
#include <QGuiApplication>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "widgets/search/search_index.h"

extern "C" const viva::Catalog* viva_catalog();

namespace viva {
namespace {

constexpr int kCards = 10000;
constexpr double kFoundWithin = 50;  // milliseconds

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Cards as long as those of the lessons, half of them Chinese.
std::vector<CardText> ownCards() {
  const QString english = "The gradient of a deep net is a product of Jacobians, layer by layer. ";
  const QString chinese = "深层网络的梯度是逐层雅可比矩阵的乘积，因此会消失或爆炸。";
  std::vector<CardText> cards;
  for (int number = 0; number < kCards; ++number) {
    CardText card;
    card.id = QString("own-%1").arg(number);
    card.question = QString("%1 %2?").arg(number % 2 ? english : chinese).arg(number);
    card.answer = (number % 2 ? english : chinese).repeated(3);
    card.explanation = (number % 2 ? english : chinese).repeated(12);
    cards.push_back(card);
  }
  return cards;
}

int measure() {
  const std::vector<CardText> own = ownCards();
  const auto start = Clock::now();
  const SearchIndex index(viva_catalog(), Language::English, own);
  std::printf("%zu items, index built once in %.0f ms\n", index.items().size(),
              millisecondsSince(start));
  double longest = 0;
  for (const char* query : {"a", "gan", "gradient", "梯", "梯度消失", "momentum ravine", "9999",
                            "no such word at all", "the gradient of a deep net"}) {
    std::vector<double> times;
    for (int time = 0; time < 11; ++time) {
      const auto began = Clock::now();
      index.find(query);
      times.push_back(millisecondsSince(began));
    }
    std::sort(times.begin(), times.end());
    std::printf("%-28s %6.2f ms (median), %6.2f ms (longest)\n", query, times[5], times.back());
    longest = std::max(longest, times.back());
  }
  return longest < kFoundWithin ? 0 : 1;
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  QGuiApplication application(argc, argv);
  return viva::measure();
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <random>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk reservoir(Given given, Watch& watch) {
  const std::vector<double> stream = given.numbers(0);
  const int size = static_cast<int>(stream.size());
  const int room = static_cast<int>(given.setting(1, 0, 1));
  const int rounds = static_cast<int>(given.setting(1, 1, 500));
  std::mt19937_64 draws(given.seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> u(size), share(size);
  std::vector<int> kept, times(size);
  int place = 0;
  watch("stream", stream)("u", u)("place", place)("kept", kept)("times", times);
  co_yield watch.result("share", share);

  for (int round = 1; round <= rounds; ++round) {
    std::generate(u.begin(), u.end(), [&] { return uniform(draws); }), co_yield here();
    kept.clear();
    for (int i = 0; i < size; ++i) {
      int choices = given.has(Mistake::OffByOneDraw) ? i : i + 1;
      if (given.has(Mistake::NeverDeclines)) choices = room;
      if (i < room) {
        kept.push_back(i), co_yield here();
        continue;
      }
      place = static_cast<int>(u[i] * choices), co_yield here();
      if (place < room) kept[place] = i;
    }
    for (const int i : kept) times[i] += 1;
    for (int i = 0; i < size; ++i) share[i] = times[i] / double(round), co_yield here();
  }
}

}  // namespace viva::programs

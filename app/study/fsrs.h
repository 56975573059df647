// SPDX-License-Identifier: GPL-3.0-or-later
// FSRS-6, the memory model that decides when a card comes back. The formulas are those of
// https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm; steps, rounding and the
// spacing of the grades are those of ts-fsrs 5.4.2 with its defaults and without fuzz.
#pragma once

#include <array>
#include <cstdint>

namespace viva::fsrs {

enum class Phase { New, Learning, Review, Relearning };
enum class Grade { Again = 1, Hard, Good, Easy };

struct State {
  Phase phase = Phase::New;
  int step = 0;           ///< of the learning steps (1 min, 10 min) or the relearning step (10 min)
  double stability = 0;   ///< days until the chance of recall is 90 %; 0: new
  double difficulty = 0;  ///< 1 to 10; 0: new
  bool operator==(const State&) const = default;
};

struct Aim {
  double retention = 0.9;  ///< wanted chance of recall at the moment of review, above 0, at most 1
  int maximum_days = 36500;  ///< Good and Easy may exceed it by one and two days, as in ts-fsrs
};

struct Next {
  State state;
  std::int64_t seconds = 0;  ///< from the review until the card is due
  bool lapse = false;        ///< forgotten in phase Review
};

/// What each grade gives, Again first. `days` is how many days ago the card was last seen: whole
/// days between dates, 0 on the same day; below 0 counts as 0. A state that cannot be (difficulty
/// outside 1 to 10, stability outside 0.001 to 36500, a step there is not) is brought into range.
std::array<Next, 4> next(const State& state, int days, const Aim& aim = {});

/// Chance of recall, 0 to 1, `days` after a review that left `stability` days.
double retrievability(double days, double stability);

/// Days, at least 1, after which the chance of recall has fallen to the wanted one.
int interval(double stability, const Aim& aim = {});

}  // namespace viva::fsrs

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/fsrs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace viva::fsrs {
namespace {

/// The default weights of FSRS-6, under the numbers that the papers give them.
constexpr std::array<double, 21> w = {0.212,  1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194,
                                      0.001,  1.8722, 0.1666, 0.796,  1.4835, 0.0614, 0.2629,
                                      1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542};

constexpr double kLeastStability = 0.001, kMostStability = 36500;
constexpr std::array<int, 2> kLearningMinutes = {1, 10};
constexpr std::array<int, 1> kRelearningMinutes = {10};
constexpr std::int64_t kDay = 24 * 60 * 60;

/// Halves go up, also where adding one half would round.
double rounded(double value) {
  const double below = std::floor(value);
  return value - below >= 0.5 ? below + 1 : below;
}
/// ts-fsrs keeps eight decimals of everything, which keeps processors from drifting apart.
double eightDecimals(double value) { return rounded(value * 1e8) / 1e8; }
double asStability(double days) {
  return eightDecimals(std::clamp(days, kLeastStability, kMostStability));
}

/// Such that the chance of recall after `stability` days is 0.9.
double curveFactor() {
  static const double factor = eightDecimals(std::exp(std::log(0.9) / -w[20]) - 1);
  return factor;
}

double firstDifficulty(Grade grade) {
  return eightDecimals(w[4] - std::exp((static_cast<int>(grade) - 1) * w[5]) + 1);
}

/// Moves less the harder the card is already, and is drawn a little to that of a first Easy.
double nextDifficulty(double difficulty, Grade grade) {
  const double move = -w[6] * (static_cast<int>(grade) - 3);
  const double moved = difficulty + eightDecimals(move * (10 - difficulty) / 9);
  const double drawn = eightDecimals(w[7] * firstDifficulty(Grade::Easy) + (1 - w[7]) * moved);
  return std::clamp(drawn, 1.0, 10.0);
}

double afterRecall(double difficulty, double stability, double recall, Grade grade) {
  const double by_grade = grade == Grade::Hard ? w[15] : grade == Grade::Easy ? w[16] : 1;
  const double growth = std::exp(w[8]) * (11 - difficulty) * std::pow(stability, -w[9]) *
                        (std::exp((1 - recall) * w[10]) - 1) * by_grade;
  return asStability(stability * (1 + growth));
}

double afterForgetting(double difficulty, double stability, double recall) {
  const double formula =
      asStability(w[11] * std::pow(difficulty, -w[12]) * (std::pow(stability + 1, w[13]) - 1) *
                  std::exp((1 - recall) * w[14]));
  const double most = eightDecimals(stability / std::exp(w[17] * w[18]));
  return std::min(std::max(most, kLeastStability), formula);
}

double onTheSameDay(double stability, Grade grade) {
  const double growth =
      std::pow(stability, -w[19]) * std::exp(w[17] * (static_cast<int>(grade) - 3 + w[18]));
  return asStability(stability * (grade == Grade::Again ? growth : std::max(growth, 1.0)));
}

/// Stability and difficulty after a review; phase and step as they were.
State remembered(const State& state, int days, Grade grade) {
  State after = state;
  if (state.phase == Phase::New) {
    after.stability = std::max(w[static_cast<std::size_t>(grade) - 1], 0.1);
    after.difficulty = std::clamp(firstDifficulty(grade), 1.0, 10.0);
    return after;
  }
  const double recall = retrievability(days, state.stability);
  if (days == 0)
    after.stability = onTheSameDay(state.stability, grade);
  else if (grade == Grade::Again)
    after.stability = afterForgetting(state.difficulty, state.stability, recall);
  else
    after.stability = afterRecall(state.difficulty, state.stability, recall, grade);
  after.difficulty = nextDifficulty(state.difficulty, grade);
  return after;
}

struct Step {
  int number = 0, minutes = 0;
};

/// The step that a grade leads to, or none: the card goes on to, or stays in, review.
std::optional<Step> stepAfter(int step, Grade grade, std::span<const int> minutes) {
  const int count = static_cast<int>(minutes.size());
  if (step >= count) return std::nullopt;
  switch (grade) {
    case Grade::Again:
      return Step{0, minutes[0]};
    case Grade::Hard: {
      const double wait = count == 1 ? 1.5 * minutes[0] : (minutes[0] + minutes[1]) / 2.0;
      return Step{step, static_cast<int>(rounded(wait))};
    }
    case Grade::Good:
      if (step + 1 < count) return Step{step + 1, minutes[static_cast<std::size_t>(step) + 1]};
      return std::nullopt;
    case Grade::Easy:
      break;
  }
  return std::nullopt;
}

Next inReview(const State& after, int days) {
  Next next{after, days * kDay};
  next.state.phase = Phase::Review;
  next.state.step = 0;
  return next;
}

Next inSteps(const State& after, Phase phase, Step step) {
  Next next{after, step.minutes * std::int64_t{60}};
  next.state.phase = phase;
  next.state.step = step.number;
  return next;
}

std::array<Next, 4> whileLearning(const State& state, int days, const Aim& aim) {
  const bool again = state.phase == Phase::Relearning;
  const std::span<const int> minutes =
      again ? std::span<const int>(kRelearningMinutes) : std::span<const int>(kLearningMinutes);
  std::array<Next, 4> all;
  for (int grade = 1; grade <= 4; ++grade) {
    const State after = remembered(state, days, static_cast<Grade>(grade));
    const auto step = stepAfter(state.step, static_cast<Grade>(grade), minutes);
    all[static_cast<std::size_t>(grade) - 1] =
        step ? inSteps(after, again ? Phase::Relearning : Phase::Learning, *step)
             : inReview(after, interval(after.stability, aim));
  }
  return all;
}

/// A better grade waits longer, by a day at least from Hard to Good and from Good to Easy.
std::array<Next, 4> whileReviewing(const State& state, int days, const Aim& aim) {
  const State again = remembered(state, days, Grade::Again),
              hard = remembered(state, days, Grade::Hard),
              good = remembered(state, days, Grade::Good),
              easy = remembered(state, days, Grade::Easy);
  const int hard_days = std::min(interval(hard.stability, aim), interval(good.stability, aim));
  const int good_days = std::max(interval(good.stability, aim), hard_days + 1);
  const int easy_days = std::max(interval(easy.stability, aim), good_days + 1);
  Next lapse = inSteps(again, Phase::Relearning, {0, kRelearningMinutes[0]});
  lapse.lapse = true;
  return {lapse, inReview(hard, hard_days), inReview(good, good_days), inReview(easy, easy_days)};
}

State inRange(State state) {
  if (state.phase == Phase::New) return {};
  const auto kept = [](double value, double least, double most) {
    return std::isfinite(value) ? std::clamp(value, least, most) : least;
  };
  state.stability = kept(state.stability, kLeastStability, kMostStability);
  state.difficulty = kept(state.difficulty, 1, 10);
  const int steps = static_cast<int>(state.phase == Phase::Learning ? kLearningMinutes.size()
                                                                    : kRelearningMinutes.size());
  state.step = state.phase == Phase::Review ? 0 : std::clamp(state.step, 0, steps - 1);
  return state;
}

}  // namespace

double retrievability(double days, double stability) {
  return eightDecimals(std::pow(1 + curveFactor() * days / stability, -w[20]));
}

int interval(double stability, const Aim& aim) {
  const double days_a_stability =
      eightDecimals((std::pow(aim.retention, 1 / -w[20]) - 1) / curveFactor());
  const double days = std::max(1.0, rounded(stability * days_a_stability));
  return static_cast<int>(std::min<double>(days, aim.maximum_days));
}

std::array<Next, 4> next(const State& state, int days, const Aim& aim) {
  const State begun = inRange(state);
  days = std::max(days, 0);
  return begun.phase == Phase::Review ? whileReviewing(begun, days, aim)
                                      : whileLearning(begun, days, aim);
}

}  // namespace viva::fsrs

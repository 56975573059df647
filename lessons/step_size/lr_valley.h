// SPDX-License-Identifier: GPL-3.0-or-later
// Five balls in a valley of one variable, each with its own rate; or one rate for five directions.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/step_size/valley.h"

namespace viva {

inline const auto kValleyFunction =
    choice<ValleyFunction>("function", {{ValleyFunction::Quadratic, "quadratic"},
                                        {ValleyFunction::TwoValleys, "two-valleys"},
                                        {ValleyFunction::Noisy, "noisy"},
                                        {ValleyFunction::Eigenvalues, "eigenvalues"}})
        .grouped("valley");
inline const auto kCurvature =
    real("L", 10).range(0.01, 100).logarithmic().grouped("valley").onlyWhen(
        kValleyFunction,
        {ValleyFunction::Quadratic, ValleyFunction::Noisy, ValleyFunction::Eigenvalues});
/// The largest eigenvalue, L, over the smallest.
inline const auto kConditionNumber = real("kappa", 100)
                                         .range(1, 10'000)
                                         .logarithmic()
                                         .grouped("valley")
                                         .onlyWhen(kValleyFunction, {ValleyFunction::Eigenvalues});
inline const auto kValleyStart = real("start", 1).range(-3, 3).stepping(0.01).grouped("valley");
inline const auto kValleyNoise = real("noise", 1)
                                     .range(0, 10)
                                     .stepping(0.01)
                                     .live()
                                     .grouped("valley")
                                     .onlyWhen(kValleyFunction, {ValleyFunction::Noisy});
inline const auto kValleyMethod =
    choice<ValleyMethod>("method", {{ValleyMethod::GradientDescent, "gradient-descent"},
                                    {ValleyMethod::HeavyBall, "heavy-ball"},
                                    {ValleyMethod::Nesterov, "nesterov"}})
        .grouped("rates");
inline const auto kValleyMomentum =
    real("momentum", 0.9)
        .range(0, 0.99)
        .stepping(0.01)
        .live()
        .grouped("rates")
        .onlyWhen(kValleyMethod, {ValleyMethod::HeavyBall, ValleyMethod::Nesterov});

/// Of all directions.
inline const auto kSharedRate = real("lr", 0.198)
                                    .range(1e-4, 10)
                                    .logarithmic()
                                    .live()
                                    .grouped("rates")
                                    .onlyWhen(kValleyFunction, {ValleyFunction::Eigenvalues});

inline constexpr std::size_t kBalls = 5;
/// Of ball 1, 2, ...
inline const std::vector<Parameter<double>> kBallRates = [] {
  std::vector<Parameter<double>> rates;
  for (const double rate : {0.05, 0.1, 0.19, 0.2, 0.21})
    rates.push_back(
        real("lr." + std::to_string(rates.size() + 1), rate)
            .range(1e-4, 10)
            .logarithmic()
            .live()
            .grouped("rates")
            .onlyWhen(kValleyFunction, {ValleyFunction::Quadratic, ValleyFunction::TwoValleys,
                                        ValleyFunction::Noisy}));
  return rates;
}();

bool hasDirections(const Parameters& parameters);
/// `ball-1`; with directions `direction-1`, that of the smallest eigenvalue.
std::string ballName(const Parameters& parameters, std::size_t ball);
double rateOf(const Parameters& parameters, std::size_t ball);
/// L; of direction 1 to 5 an eigenvalue from L / kappa to L, evenly on a logarithmic scale.
double curvatureOf(const Parameters& parameters, std::size_t ball);
Valley valleyOf(const Parameters& parameters, std::size_t ball);
/// Zero for gradient descent.
double momentumOf(const Parameters& parameters);

/// What is known of one ball.
struct BallHistory {
  double x = 0;
  std::vector<double> trail;     ///< its last places, oldest first
  double last_number = 0;        ///< x, as long as it has not overflowed
  std::int64_t number_step = 0;  ///< the step of that
  double squares = 0;            ///< sum of x^2 since it has forgotten its start
  std::int64_t counted = 0;      ///< how many of them
  bool came_closer = true;       ///< at every step so far

  double variance() const { return counted > 0 ? squares / static_cast<double>(counted) : 0; }
};
using Balls = std::array<BallHistory, kBalls>;

PlaneData valleyPlane(const Parameters& parameters, const Balls& balls);
/// The shrinkage a step against the rate: theory, what each ball did, and the limit.
SeriesData limitCurves(const Parameters& parameters, const Balls& balls);
/// The shrinkage a step against the eigenvalue: theory for the one rate, and what each direction
/// did. Empty without directions.
SeriesData spectrumCurves(const Parameters& parameters, const Balls& balls);
TableData ballsTable(const Parameters& parameters, const Balls& balls);
TableData floorTable(const Parameters& parameters, const Balls& balls);
VerdictData valleyVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const Balls& balls);

std::unique_ptr<Experiment> makeLrValley(const Parameters& parameters, const RunContext& context);

}  // namespace viva

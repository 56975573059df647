// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace viva {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Accepted {
  double in = 0, out = 0;  ///< counts of scores at or above a threshold
};
/// At every score that occurs, from the highest to the lowest.
std::vector<Accepted> acceptedAtEach(std::vector<double> in, std::vector<double> out) {
  std::sort(in.begin(), in.end(), std::greater<>());
  std::sort(out.begin(), out.end(), std::greater<>());
  std::vector<Accepted> accepted;
  std::size_t i = 0, o = 0;
  while (i < in.size() || o < out.size()) {
    const double threshold = o == out.size() || (i < in.size() && in[i] > out[o]) ? in[i] : out[o];
    while (i < in.size() && in[i] >= threshold) ++i;
    while (o < out.size() && out[o] >= threshold) ++o;
    accepted.push_back({static_cast<double>(i), static_cast<double>(o)});
  }
  return accepted;
}

}  // namespace

bool hasNan(const std::vector<double>& scores) {
  return std::any_of(scores.begin(), scores.end(), [](double score) { return std::isnan(score); });
}

double auroc(const std::vector<double>& in, const std::vector<double>& out) {
  if (hasNan(in) || hasNan(out)) return kNan;
  std::vector<double> sorted = out;
  std::sort(sorted.begin(), sorted.end());
  double won = 0;
  for (const double score : in) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
    won += static_cast<double>(low - sorted.begin()) + static_cast<double>(high - low) / 2;
  }
  return in.empty() || out.empty()
             ? 0.5
             : won / static_cast<double>(in.size()) / static_cast<double>(out.size());
}

double thresholdAccepting(const std::vector<double>& in, double share) {
  if (hasNan(in)) return kNan;
  std::vector<double> sorted = in;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const auto needed =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size()) - 1e-9));
  return sorted[std::clamp<std::size_t>(needed, 1, sorted.size()) - 1];
}

double acceptedShare(const std::vector<double>& scores, double threshold) {
  if (std::isnan(threshold) || hasNan(scores)) return kNan;
  const auto count =
      std::count_if(scores.begin(), scores.end(), [&](double score) { return score >= threshold; });
  return scores.empty() ? 0 : static_cast<double>(count) / static_cast<double>(scores.size());
}

double falseRateAt(const std::vector<double>& in, const std::vector<double>& out,
                   double true_rate) {
  return acceptedShare(out, thresholdAccepting(in, true_rate));
}

double averagePrecision(const std::vector<double>& in, const std::vector<double>& out) {
  if (hasNan(in) || hasNan(out)) return kNan;
  double sum = 0, before = 0;
  for (const Accepted& at : acceptedAtEach(in, out)) {
    // Of equal scores the precision behind the last one counts for all.
    sum += (at.in - before) * at.in / (at.in + at.out);
    before = at.in;
  }
  return sum / static_cast<double>(in.size());
}

std::vector<std::pair<double, double>> rocCurve(const std::vector<double>& in,
                                                const std::vector<double>& out) {
  if (hasNan(in) || hasNan(out)) return {};
  const auto share = [](double count, const std::vector<double>& all) {
    return all.empty() ? 0 : count / static_cast<double>(all.size());
  };
  std::vector<std::pair<double, double>> curve{{0, 0}};
  for (const Accepted& at : acceptedAtEach(in, out))
    curve.emplace_back(share(at.out, out), share(at.in, in));
  return curve;
}

}  // namespace viva

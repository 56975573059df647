// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_metrics.h"

#include <algorithm>
#include <cmath>

namespace viva {

double auroc(const std::vector<double>& in, const std::vector<double>& out) {
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
  std::vector<double> sorted = in;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const auto needed =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size()) - 1e-9));
  return sorted[std::clamp<std::size_t>(needed, 1, sorted.size()) - 1];
}

double acceptedShare(const std::vector<double>& scores, double threshold) {
  const auto count =
      std::count_if(scores.begin(), scores.end(), [&](double score) { return score >= threshold; });
  return scores.empty() ? 0 : static_cast<double>(count) / static_cast<double>(scores.size());
}

double falseRateAt(const std::vector<double>& in, const std::vector<double>& out,
                   double true_rate) {
  return acceptedShare(out, thresholdAccepting(in, true_rate));
}

double averagePrecision(const std::vector<double>& in, const std::vector<double>& out) {
  std::vector<double> sorted = in;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double sum = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    // Of equal scores the last one's precision counts for all.
    std::size_t last = i;
    while (last + 1 < sorted.size() && sorted[last + 1] == sorted[i]) ++last;
    const double above = static_cast<double>(last + 1);
    const double wrong = acceptedShare(out, sorted[i]) * static_cast<double>(out.size());
    sum += above / (above + wrong);
  }
  return sum / static_cast<double>(sorted.size());
}

std::vector<std::pair<double, double>> rocCurve(const std::vector<double>& in,
                                                const std::vector<double>& out) {
  std::vector<double> thresholds = in;
  thresholds.insert(thresholds.end(), out.begin(), out.end());
  std::sort(thresholds.begin(), thresholds.end(), std::greater<>());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  std::vector<std::pair<double, double>> curve{{0, 0}};
  for (const double threshold : thresholds)
    curve.emplace_back(acceptedShare(out, threshold), acceptedShare(in, threshold));
  return curve;
}

}  // namespace viva

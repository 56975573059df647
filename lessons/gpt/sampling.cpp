// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace viva {
namespace {

constexpr double kCut = -std::numeric_limits<double>::infinity();

std::vector<double> softmax(const std::vector<double>& logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> probabilities;
  for (const double logit : logits) probabilities.push_back(std::exp(logit - largest));
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  for (double& p : probabilities) p /= sum;
  return probabilities;
}

/// The tokens by falling probability.
std::vector<std::size_t> ranked(const std::vector<double>& probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  return order;
}

/// The first `count` of `order` are kept.
SamplingStage keeping(const char* id, const SamplingStage& before,
                      const std::vector<std::size_t>& order, std::size_t count) {
  SamplingStage stage{id, before.logits, {}, 0};
  for (std::size_t i = std::max<std::size_t>(count, 1); i < order.size(); ++i) {
    stage.cut += before.probabilities[order[i]];
    stage.logits[order[i]] = kCut;
  }
  stage.probabilities = softmax(stage.logits);
  return stage;
}

SamplingStage penalised(const SamplingStage& before, double penalty,
                        const std::vector<bool>& written) {
  SamplingStage stage{"repetition", before.logits, {}, 0};
  for (std::size_t i = 0; i < stage.logits.size() && i < written.size(); ++i)
    if (written[i]) stage.logits[i] *= stage.logits[i] > 0 ? 1 / penalty : penalty;
  stage.probabilities = softmax(stage.logits);
  return stage;
}

SamplingStage heated(const SamplingStage& before, double temperature) {
  if (temperature == 0) return keeping("temperature", before, ranked(before.probabilities), 1);
  SamplingStage stage{"temperature", before.logits, {}, 0};
  for (double& logit : stage.logits) logit /= temperature;
  stage.probabilities = softmax(stage.logits);
  return stage;
}

/// The smallest beginning of `order` whose mass reaches `mass`, with the token that crosses it.
std::size_t reaching(double mass, const SamplingStage& stage,
                     const std::vector<std::size_t>& order) {
  // The sum of probabilities that are 0.1 each does not reach 1 by one rounding.
  constexpr double kRounding = 1e-12;
  double sum = 0;
  std::size_t count = 0;
  while (count < order.size() && (count == 0 || sum < mass - kRounding))
    sum += stage.probabilities[order[count++]];
  return count;
}

std::size_t keptOf(const SamplingStage& stage) { return static_cast<std::size_t>(stage.kept()); }

}  // namespace

std::int64_t SamplingStage::kept() const {
  return std::count_if(logits.begin(), logits.end(), [](double logit) { return logit > kCut; });
}

double SamplingStage::entropy() const {
  double sum = 0;
  for (const double p : probabilities)
    if (p > 0) sum -= p * std::log(p);
  return sum;
}

std::size_t SamplingStage::largest() const { return ranked(probabilities).front(); }

std::vector<SamplingStage> samplingStages(const std::vector<double>& logits,
                                          const SamplingFilters& filters,
                                          const std::vector<bool>& written) {
  std::vector<SamplingStage> stages{{"softmax", logits, softmax(logits), 0}};
  stages.push_back(penalised(stages.back(), filters.repetition, written));
  stages.push_back(heated(stages.back(), filters.temperature));

  const auto order = ranked(stages.back().probabilities);
  const std::size_t k = filters.top_k > 0 ? static_cast<std::size_t>(filters.top_k) : order.size();
  stages.push_back(keeping("top_k", stages.back(), order, std::min(k, keptOf(stages.back()))));
  const std::size_t reached =
      filters.top_p < 1 ? reaching(filters.top_p, stages.back(), order) : order.size();
  stages.push_back(
      keeping("top_p", stages.back(), order, std::min(reached, keptOf(stages.back()))));
  const double least = filters.min_p * stages.back().probabilities[order[0]];
  std::size_t enough = 0;
  while (enough < keptOf(stages.back()) && stages.back().probabilities[order[enough]] >= least)
    ++enough;
  stages.push_back(keeping("min_p", stages.back(), order, enough));
  return stages;
}

std::vector<double> samplingDistribution(const std::vector<double>& logits,
                                         const SamplingFilters& filters,
                                         const std::vector<bool>& written) {
  return samplingStages(logits, filters, written).back().probabilities;
}

std::size_t tokenAt(const std::vector<double>& probabilities, double uniform) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] == 0) continue;
    last = i;
    if (uniform < probabilities[i]) return i;
    uniform -= probabilities[i];
  }
  return last;
}

}  // namespace viva

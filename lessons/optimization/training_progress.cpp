// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/training_progress.h"

#include <algorithm>

namespace viva {

void Progress::observeLoss(double train_loss) {
  losses_ += 1;
  const double weight = 1.0 / static_cast<double>(std::min<std::int64_t>(losses_, 20));
  train_loss_ += weight * (train_loss - train_loss_);
}

void Progress::observe(std::int64_t step, double accuracy, double weight_norm) {
  weight_norm_ = weight_norm;
  accuracy_ = accuracy;
  if (bests_.empty() || accuracy > bests_.back().accuracy) bests_.push_back({step, accuracy});
}

std::optional<std::int64_t> Progress::stepsTo(double threshold) const {
  for (const Evaluation& best : bests_)
    if (best.accuracy >= threshold) return best.step;
  return std::nullopt;
}

TableData standingsTable(const std::vector<Progress>& progress, double threshold) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"optimizer"},
                   {"train_loss", Best::Smallest},
                   {"validation_accuracy", Best::Largest},
                   {"weight_norm"},
                   {"steps_to_threshold", Best::Smallest}};
  for (const Progress& copy : progress) {
    const auto steps = copy.stepsTo(threshold);
    table.rows.push_back(
        {nameOf(copy.optimizer()),
         {Word{"curve." + nameOf(copy.optimizer())},
          copy.trainLoss() ? TableData::Cell{*copy.trainLoss()} : TableData::Cell{},
          copy.accuracy(), copy.weightNorm(),
          steps ? TableData::Cell{static_cast<double>(*steps)} : TableData::Cell{}}});
  }
  return table;
}

namespace {

BarsData quarters(const std::vector<DecayByGradient>& decays,
                  std::array<double, 4> DecayByGradient::*values) {
  BarsData bars;
  for (const char* quarter : {"smallest", "small", "large", "largest"})
    bars.categories.push_back(Word{std::string("word.gradients_") + quarter});
  for (const DecayByGradient& decay : decays)
    bars.groups.push_back({nameOf(decay.optimizer),
                           labelOf(decay.optimizer),
                           {(decay.*values).begin(), (decay.*values).end()}});
  bars.logarithmic = true;
  return bars;
}

}  // namespace

BarsData decayBars(const std::vector<DecayByGradient>& decays) {
  return quarters(decays, &DecayByGradient::shares);
}

BarsData normBars(const std::vector<DecayByGradient>& decays) {
  return quarters(decays, &DecayByGradient::kept);
}

}  // namespace viva

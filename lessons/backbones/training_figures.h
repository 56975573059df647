// SPDX-License-Identifier: GPL-3.0-or-later
// How far a net has come, in a few numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/backbones/network.h"

namespace viva {

struct TrainingFigures {
  std::string id;  ///< as records and curves spell it
  Totals totals{};

  std::int64_t updates = 0;
  double loss =
      std::numeric_limits<double>::quiet_NaN();        ///< of the batches, over about 20 of them
  double train_accuracy = 0, validation_accuracy = 0;  ///< of the newest evaluation
  double milliseconds = 0;  ///< of an update here, over about 20 of them: no record

  void observe(double batch_loss, double took) {
    updates += 1;
    const double weight = 1.0 / static_cast<double>(std::min<std::int64_t>(updates, 20));
    if (updates == 1) loss = batch_loss;
    loss += weight * (batch_loss - loss);
    milliseconds += weight * (took - milliseconds);
  }
};

/// Null where there is none of that id.
template <typename Figures>
const Figures* figuresOf(const std::vector<Figures>& nets, std::string_view id) {
  const auto found =
      std::ranges::find(nets, id, [](const Figures& net) -> std::string_view { return net.id; });
  return found == nets.end() ? nullptr : &*found;
}

}  // namespace viva

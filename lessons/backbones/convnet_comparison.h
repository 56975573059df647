// SPDX-License-Identifier: GPL-3.0-or-later
// What `alexnet-tricks` and `vgg-warm-start` share: how their small nets are trained, and what is
// said of the best of them.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/claim.h"
#include "lessons/core/experiment.h"
#include "lessons/core/number_text.h"

namespace viva {

enum class DrawnImages { Digits, Shapes };

inline const auto kDrawnImages = choice<DrawnImages>("dataset", {{DrawnImages::Digits, "digits"},
                                                                 {DrawnImages::Shapes, "shapes"}})
                                     .grouped("data");
inline const auto kConvnetBatch =
    integer("batch_size", 32).range(4, 256).logarithmic().grouped("data");
inline const auto kConvnetRate =
    real("lr", 0.02).range(1e-4, 1).logarithmic().live().grouped("training");
inline const auto kConvnetEvaluateEvery =
    integer("evaluate_every", 25).range(1, 500).logarithmic().grouped("training");

/// Which of `nets` is best on test images, for the sentence `<experiment>.verdict.standing`.
template <typename Net>
void addBest(Arguments& numbers, const std::string& experiment, const std::vector<Net>& nets) {
  if (nets.empty()) return;
  const auto best = std::ranges::max_element(nets, {}, &Net::test_accuracy);
  numbers.emplace_back("best", Word{experiment + ".curve." + best->id});
  numbers.emplace_back("best_train", percent(best->train_accuracy));
  numbers.emplace_back("best_test", percent(best->test_accuracy));
}

}  // namespace viva

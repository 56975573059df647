// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/scaling_report.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {

void ScalingReport::observe(double batch_loss32, double batch_loss16, const HalfLosses& found) {
  constexpr double kMemory = 20;
  updates += 1;
  const double weight = 1 / std::min(kMemory, static_cast<double>(updates));
  loss32 += (batch_loss32 - loss32) * weight;
  loss16 += (batch_loss16 - loss16) * weight;
  losses.underflow += (found.underflow - losses.underflow) * weight;
  losses.overflow += (found.overflow - losses.overflow) * weight;
  losses.coarse += (found.coarse - losses.coarse) * weight;
}

TableData precisionTable(const ScalingReport& report) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"net", Best::None},
                   {"loss", Best::Smallest},
                   {"accuracy", Best::Largest},
                   {"step_norm", Best::None},
                   {"source", Best::None}};
  // Before the first update there is no loss of a batch, and no gradient that was used.
  const auto measured = [&](double value) {
    return report.updates > 0 ? TableData::Cell{value} : TableData::Cell{std::monostate{}};
  };
  table.rows = {
      {"float32",
       {Word{"loss-scaling.curve.float32"}, measured(report.loss32), report.accuracy32,
        measured(report.norm32), Word{"loss-scaling.source.float32"}}},
      {"float16",
       {Word{"loss-scaling.curve.float16"}, measured(report.loss16), report.accuracy16,
        measured(report.norm16),
        Word{report.real_half ? "loss-scaling.source.real" : "loss-scaling.source.rounded"}}}};
  return table;
}

VerdictData scalingVerdict(const std::string& preset, std::int64_t step, const Parameters& p,
                           const ScalingReport& report) {
  using Mood = VerdictData::Mood;
  if (step == 0) return {Mood::Open, {"verdict.scaling.early", {}}};
  const double expected = p[kScalingMaxNorm] / report.scale;
  std::vector<std::pair<std::string, Argument>> arguments{
      {"underflow", percent(report.losses.underflow)},
      {"overflow", percent(report.losses.overflow)},
      {"loss32", readable(report.loss32)},
      {"loss16", readable(report.loss16)},
      {"accuracy32", percent(report.accuracy32)},
      {"accuracy16", percent(report.accuracy16)},
      {"scale", readable(report.scale)},
      {"init_scale", readable(p[kInitialScale])},
      {"skipped", report.skipped},
      {"norm16", readable(report.norm16)},
      {"max_norm", readable(p[kScalingMaxNorm])},
      {"expected", readable(expected)}};
  const auto judged = [&](std::int64_t patience, bool holds, const std::string& key) {
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       {"verdict.scaling." + key, arguments}};
  };
  // At one moment of a noisy descent the two differ by up to 6 points on five seeds, either way.
  const bool as_good = report.accuracy16 > report.accuracy32 - 0.1 && report.accuracy16 > 0.85;
  if (preset == "fp16-underflow")
    return judged(400,
                  report.losses.underflow > 0.9 && report.accuracy32 > 0.9 &&
                      report.loss16 > 2 * report.loss32,
                  preset);
  if (preset == "dynamic-scaling")
    return judged(300,
                  report.skipped > 3 && report.losses.underflow < 0.05 && as_good &&
                      report.highest_scale > report.lowest_scale,
                  preset);
  if (preset == "clip-before-unscale")
    return judged(
        300, std::abs(report.norm16 / expected - 1) < 0.05 && report.loss16 > 2 * report.loss32,
        preset);
  return {Mood::Open, {"verdict.scaling.standing", arguments}};
}

}  // namespace viva

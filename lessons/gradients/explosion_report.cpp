// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/explosion_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

std::string curveKey(const std::string& name) { return "recurrent-explosion.curve." + name; }

double farToNear(const std::vector<double>& norms) {
  return norms.empty() ? 0 : norms.back() / norms.front();
}

/// The largest value of norms relative to the first, and where.
std::pair<double, std::int64_t> peakOf(const std::vector<double>& norms) {
  const auto peak = std::max_element(norms.begin(), norms.end());
  return {*peak / norms.front(), peak - norms.begin()};
}

}  // namespace

void ExplosionReport::observe(double batch_loss, std::vector<double> norms) {
  constexpr double kMemory = 20;
  updates += 1;
  if (updates == 1) start_loss = loss = batch_loss;
  loss += (batch_loss - loss) / std::min(kMemory, static_cast<double>(updates));
  // Of a net that is lost, what it was before its first update stays to be seen.
  state_norms = first ? initial_norms : std::move(norms);
}

SeriesData relativeGradients(const std::vector<ExplosionReport>& nets,
                             const std::vector<double>& theory) {
  SeriesData data;
  const auto add = [&](const std::string& id, const std::vector<double>& norms, bool reference) {
    Curve curve{id, Word{curveKey(id)}, {}, {}, reference};
    for (std::size_t i = 0; i < norms.size(); ++i) {
      curve.x.push_back(static_cast<double>(i));
      curve.y.push_back(norms[i] / norms.front());
    }
    data.curves.push_back(std::move(curve));
  };
  for (const ExplosionReport& net : nets) add(net.name, net.state_norms, false);
  if (!theory.empty()) add("theory", theory, true);
  return data;
}

TableData tensorsTable(const std::vector<ExplosionReport>& nets) {
  TableData table;
  table.columns = {{"net"}, {"tensor"}, {"largest"}, {"first_not_finite"}};
  for (const ExplosionReport& net : nets)
    for (const auto& [tensor, largest] : net.tensors) {
      const bool first = net.first && net.first->tensor == tensor;
      table.rows.push_back({net.name,
                            {Word{curveKey(net.name)}, Word{"tensor." + tensor}, largest,
                             first ? TableData::Cell{static_cast<double>(net.first->step)}
                                   : TableData::Cell{std::monostate{}}}});
    }
  return table;
}

VerdictData explosionVerdict(const std::string& preset, std::int64_t step, const Parameters& p,
                             double baseline, const std::vector<ExplosionReport>& nets) {
  const ExplosionReport& free = nets.front();
  const ExplosionReport& last = nets.back();
  if (step == 0) return {Mood::Open, {"verdict.explosion.early", {}}};
  const std::int64_t back = static_cast<std::int64_t>(free.initial_norms.size()) - 1;
  const double initial = farToNear(free.initial_norms);
  const auto [peak, peak_at] = peakOf(free.initial_norms);
  const double radius = p[kExplosionRadius];
  std::vector<std::pair<std::string, Argument>> arguments{
      {"back", back},
      {"initial", readable(initial)},
      {"now", readable(farToNear(free.state_norms))},
      {"updates", step},
      {"theory", readable(std::pow(radius, static_cast<double>(back)))},
      {"radius", radius},
      {"loss", readable(last.loss)},
      {"start_loss", readable(last.start_loss)},
      {"baseline", baseline},
      {"peak", readable(peak)},
      {"peak_at", peak_at},
      {"turn", readable(last.largest_turn)},
      {"turn_by_norm", readable(last.largest_turn_by_norm)},
      {"clipped", last.clipped}};
  if (free.first) {
    arguments.emplace_back("tensor", Word{"tensor." + free.first->tensor});
    arguments.emplace_back("step", free.first->step);
  }
  const bool lost = free.first.has_value();
  const std::string ending = lost ? "" : ".finite";
  // There is no ratio to tell of a gradient that overflows in the very first pass.
  const bool at_once = !std::isfinite(initial) || !std::isfinite(peak);
  const auto sentence = [&](const std::string& key) {
    return Message{"verdict.explosion." + (at_once ? "at_once" + ending : key), arguments};
  };
  const auto judged = [&](std::int64_t patience, bool holds, const std::string& key) {
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       sentence(key)};
  };
  if (preset == "spectral-radius-above-one")
    return judged(10, lost && std::abs(initial / std::pow(radius, back) - 1) < 0.01,
                  preset + ending);
  if (preset == "rate-too-high") return judged(50, lost && initial < 1.01, preset + ending);
  if (preset == "long-recurrence")
    return judged(10, initial > 1e3 && radius < 1.1, preset + ending);
  if (preset == "non-normal-growth")
    return judged(
        10,
        std::abs(peak - 38.74) < 0.05 && peak_at >= 8 && peak_at <= 10 && free.initial_radius < 1,
        preset);
  if (preset == "clipping-saves-it" && nets.size() == 2)
    return judged(500, lost && !last.first && last.loss < last.start_loss / 10, preset + ending);
  if (preset == "clip-by-value-turns-the-direction" && nets.size() == 2)
    return judged(20, last.largest_turn > 10 && last.largest_turn_by_norm < 0.01, preset);
  if (preset == "orthogonal") return judged(50, !lost && std::abs(initial - 1) < 0.01, preset);
  return {Mood::Open, sentence("standing" + ending)};
}

}  // namespace viva

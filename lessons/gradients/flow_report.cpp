// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/flow_report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

/// Neighbours are averaged over this many updates.
constexpr double kMemory = 20;

/// A claim about two nets: from which update on it can be judged, and whether it then holds.
struct Claim {
  std::int64_t patience;
  bool (*holds)(const FlowReport& a, const FlowReport& b);
};

double ratio(const FlowReport& net) { return net.initial_norms.firstToLast().value_or(0); }
double factor(const FlowReport& net) { return net.factor().value_or(0); }
bool between(double value, double low, double high) { return value >= low && value <= high; }
/// The loss has left where it began, and the samples are told apart.
/// Both are about two balanced classes.
bool learned(const FlowReport& net) { return net.accuracy > 0.8; }
bool stuck(const FlowReport& net) { return !(net.accuracy > 0.65); }

const std::map<std::string, Claim>& claims() {
  static const std::map<std::string, Claim> all{
      {"plain-vs-residual",
       {300,
        [](const auto& a, const auto& b) {
          return a.largest_ratio < 1e-20 && b.smallest_ratio > 0.1 && stuck(a) && learned(b);
        }}},
      {"sigmoid-saturates",
       {50,
        [](const auto& a, const auto& b) {
          return factor(a) <= 0.25 && factor(b) > 0.8 && ratio(a) < 1e-6 * ratio(b);
        }}},
      {"bad-initialisation",
       {50, [](const auto& a, const auto& b) { return ratio(a) < 1e-10 && !(ratio(b) < 1e10); }}},
      {"too-deep",
       {400,
        [](const auto& a, const auto& b) {
          return std::abs(factor(a) - factor(b)) < 0.05 && learned(a) && stuck(b) &&
                 ratio(b) < 1e-6 * ratio(a);
        }}},
      {"relu",
       {400,
        [](const auto& a, const auto& b) {
          return factor(a) < 0.3 && between(factor(b), 0.9, 1.1) && stuck(a) && learned(b);
        }}},
      {"he-initialisation",
       {50,
        [](const auto& a, const auto& b) {
          return between(factor(a), 0.65, 0.76) && between(factor(b), 0.92, 1.08);
        }}},
      {"batch-norm",
       {400,
        [](const auto& a, const auto& b) {
          return factor(a) < 0.3 && between(factor(b), 1, 1.6) && stuck(a) && learned(b);
        }}},
      {"layer-norm",
       {400,
        [](const auto& a, const auto& b) {
          return factor(a) < 0.1 && between(factor(b), 0.9, 1.1) && stuck(a) && learned(b);
        }}},
      {"residual",
       {400,
        [](const auto& a, const auto& b) {
          return ratio(a) < 1e-20 && ratio(b) > 0.1 && stuck(a) && learned(b);
        }}},
      {"warm-up", {400, [](const auto& a, const auto& b) { return stuck(a) && learned(b); }}},
      {"wider-does-not-help",
       {50,
        [](const auto& a, const auto& b) {
          return a.largest_ratio < 1e-10 && b.largest_ratio < 1e-10 &&
                 std::abs(factor(b) / factor(a) - 1) < 0.1;
        }}},
      {"smaller-rate-does-not-help",
       {300,
        [](const auto& a, const auto& b) {
          return a.largest_ratio < 1e-10 && b.largest_ratio < 1e-10 && stuck(a) && stuck(b);
        }}},
      {"relu-inside-the-branch",
       {50,
        [](const auto& a, const auto& b) {
          return std::abs(a.drift() - 0.3989) < 0.04 && std::abs(b.drift()) < 0.04;
        }}},
  };
  return all;
}

}  // namespace

std::optional<double> FlowNorms::firstToLast() const {
  if (pre_activations.empty()) return std::nullopt;
  const double first = pre_activations.front(), last = pre_activations.back();
  if (first == 0 && last == 0) return std::nullopt;
  return first / last;
}

void FlowReport::observe(double batch_loss, FlowNorms found) {
  updates += 1;
  if (updates == 1) start_loss = loss = batch_loss;
  loss += (batch_loss - loss) / std::min(kMemory, static_cast<double>(updates));
  norms = std::move(found);
  if (const auto ratio = norms.firstToLast()) {
    smallest_ratio = std::min(smallest_ratio, *ratio);
    // A ratio that is not a number is a net that was lost, not one that vanished.
    largest_ratio = *ratio <= largest_ratio ? largest_ratio : *ratio;
  }
}

std::optional<double> FlowReport::factor() const {
  return meanFactor(initial_norms.pre_activations, usableLayers(initial_norms.pre_activations));
}

std::optional<double> FlowReport::predictedFactor() const {
  const auto flow = predictedFlow(settings.wiring, initial_layers, settings.width);
  if (!flow) return std::nullopt;
  return meanFactor(*flow, usableLayers(initial_norms.pre_activations));
}

double FlowReport::drift() const {
  if (initial_layers.size() < 2) return 0;
  return (initial_layers.back().mean - initial_layers.front().mean) /
         static_cast<double>(initial_layers.size() - 1);
}

VerdictData flowVerdict(const std::string& preset, std::int64_t step, const FlowReport& a,
                        const FlowReport& b) {
  if (step == 0) return {Mood::Open, {"verdict.flow.early", {}}};
  std::vector<std::pair<std::string, Argument>> arguments{{"step", step}};
  for (const FlowReport* net : {&a, &b}) {
    const auto add = [&](const char* name, Argument value) {
      arguments.emplace_back(name + std::string("_") + net->side, std::move(value));
    };
    add("ratio", readable(net->norms.firstToLast()));
    add("initial_ratio", readable(net->initial_norms.firstToLast()));
    add("factor", readable(net->factor()));
    add("predicted", readable(net->predictedFactor()));
    add("loss", readable(net->loss));
    add("accuracy", percent(net->accuracy));
    add("depth", net->settings.depth);
    add("width", net->settings.width);
    add("drift", readable(net->drift()));
    add("mean", readable(net->initial_layers.empty() ? 0 : net->initial_layers.back().mean));
  }
  const auto claim = claims().find(preset);
  if (claim == claims().end()) return {Mood::Open, {"verdict.flow.standing", arguments}};
  const Mood mood = step < claim->second.patience ? Mood::Open
                    : claim->second.holds(a, b)   ? Mood::Holds
                                                  : Mood::Fails;
  return {mood, {"verdict.flow." + preset, arguments}};
}

}  // namespace viva

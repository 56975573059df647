// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/architecture/layer_calculator.h"
#include "lessons/architecture/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "layer-calculator";
const std::string kProgram = "resources/lessons/parameter-counting/layer_calculator.py";

/// What runs live: 200 MB of weights, about a tenth of a second a pass.
constexpr std::int64_t kMostParameters = 50'000'000, kMostMacs = 2'000'000'000,
                       kMostActivations = 50'000'000;

void requireRunnable(const std::string& stack, const Shape& input) {
  const StackTotals totals = totalsOf(countsOf(parseStack(stack), input));
  if (totals.parameters > kMostParameters || totals.macs > kMostMacs ||
      totals.activations > kMostActivations)
    throw RequestError({"error.stack.too_large",
                        {{"parameters", grouped(totals.parameters)},
                         {"macs", grouped(totals.macs)},
                         {"activations", grouped(totals.activations)}}});
}

std::optional<Message> problemOf(const Parameters& parameters) {
  return problemFoundBy([&] {
    const Shape input = parseInput(parameters[kStackInput].text);
    requireRunnable(parameters[kStack].text, input);
    if (!parameters[kAgainst].text.empty()) requireRunnable(parameters[kAgainst].text, input);
  });
}

std::vector<RecordSpec> recordsOf(const Parameters& parameters) {
  std::vector<RecordSpec> records{
      {"parameters", ""}, {"macs", ""}, {"activations", ""}, {"buffers", ""}};
  if (!parameters[kAgainst].text.empty()) {
    records.push_back({"against/parameters", ""});
    records.push_back({"against/macs", ""});
  }
  return records;
}

double ratioOf(std::int64_t part, std::int64_t whole) {
  return shareOf(static_cast<double>(part), static_cast<double>(whole));
}

/// The first layer that multiplies; null without one.
const LayerCount* firstAtWork(const CountedStack& stack) {
  for (const LayerCount& count : stack.counts)
    if (count.macs > 0) return &count;
  return nullptr;
}

bool attends(const CountedStack& stack) {
  return stack.layers.front().kind == LayerKind::Attention;
}
/// Of an attention's work, what grows with the square of the length.
double squareIn(const CountedStack& stack) {
  if (!attends(stack)) return 0;
  const LayerCount& count = stack.counts.front();
  const auto time = static_cast<double>(count.input.sizes[0]);
  return shareOf(2 * time * time * static_cast<double>(count.input.sizes[1]),
                 static_cast<double>(count.macs));
}

/// Twelve times the square of the width, that of the first attention; 0 without one.
std::int64_t twelveSquares(const CountedStack& stack) {
  for (const Layer& layer : stack.layers)
    if (layer.kind == LayerKind::Attention) return 12 * layer.in * layer.in;
  return 0;
}

/// What the claims and the sentences are about.
struct Reading {
  const CountedStack& stack;
  const std::optional<CountedStack>& other;
  StackTotals totals = stack.totals, others = other ? other->totals : StackTotals{};
  std::int64_t held = stack.heldInAll(), keras = stack.kerasCount();
  CountedStack::DenseCounts dense = stack.denseCounts();
  const LayerCount* first = firstAtWork(stack);
  double weights = first ? ratioOf(first->parameters, totals.parameters) : 0;
  double work = first ? ratioOf(first->macs, totals.macs) : 0;
  double ratio = ratioOf(totals.parameters, others.parameters);
  double work_ratio = ratioOf(totals.macs, others.macs);
  double square = squareIn(stack);
  std::int64_t rule = twelveSquares(stack);
  CountedStack::TimeShares times = stack.timeShares();

  bool isBelow(double share) const {
    return stack.counts.back().output == other->counts.back().output && ratio < share &&
           work_ratio < share;
  }
};

bool worksElsewhere(const Reading& now) {
  const bool convolves = std::any_of(now.stack.layers.begin(), now.stack.layers.end(),
                                     [](const Layer& layer) { return layer.isConvolution(); });
  return convolves && now.work > 10 * now.weights;
}

bool addsOneBiasAnOutput(const Reading& now) {
  return now.dense.right == now.dense.held && now.dense.wrong != now.dense.held;
}

bool countsStatisticsInKeras(const Reading& now) {
  return now.totals.buffers > 0 && now.keras - now.totals.parameters == now.totals.buffers;
}

bool sharesTheWidth(const Reading& now) {
  return now.ratio == 1 && now.work_ratio == 1 && now.square > 0.5;
}

bool costsMoreThanWork(const Reading& now) {
  return now.times.without_work > 0.05 && now.times.slowest_to_fastest > 2;
}

/// Norms and biases are 13 d beside 12 d^2: 0.14 % at a width of 768.
bool isOfTwelveSquares(const Reading& now) {
  return std::abs(ratioOf(now.totals.parameters, now.rule) - 1) < 0.01;
}

/// No formula says anything unless the modules hold as much.
template <typename Holds>
Claim<Reading> counted(std::string_view preset, Holds holds,
                       std::function<bool(const Reading&)> applies = nullptr,
                       std::int64_t patience = 1) {
  return {preset,
          patience,
          [holds](const Reading& now) { return now.held == now.totals.parameters && holds(now); },
          When::From,
          nullptr,
          std::move(applies)};
}
bool hasAnother(const Reading& now) { return now.other.has_value(); }

const Claims<Reading> kClaims{
    counted("lenet-5", worksElsewhere, [](const Reading& now) { return now.first != nullptr; }),
    counted("dense-bias", addsOneBiasAnOutput),
    counted(
        "vgg-block", [](const Reading& now) { return now.isBelow(0.8); }, hasAnother),
    counted(
        "depthwise-separable", [](const Reading& now) { return now.isBelow(0.2); }, hasAnother),
    counted("batch-norm-buffers", countsStatisticsInKeras),
    counted("lstm-biases", [](const Reading& now) { return now.keras < now.totals.parameters; }),
    counted("attention", sharesTheWidth,
            [](const Reading& now) { return now.other && attends(now.stack); }),
    counted("macs-are-not-latency", costsMoreThanWork, nullptr, 20),
    counted("transformer-block", isOfTwelveSquares,
            [](const Reading& now) { return now.rule > 0; }),
};

}  // namespace

VerdictData calculatorVerdict(const std::string& preset, std::int64_t step,
                              const CountedStack& stack, const std::optional<CountedStack>& other) {
  const Reading now{stack, other};
  return judged(kId, kClaims, preset, step, now,
                {{"parameters", grouped(now.totals.parameters)},
                 {"macs", grouped(now.totals.macs)},
                 {"flops", grouped(2 * now.totals.macs)},
                 {"held", grouped(now.held)},
                 {"buffers", grouped(now.totals.buffers)},
                 {"keras", grouped(now.keras)},
                 {"difference", grouped(std::abs(now.keras - now.totals.parameters))},
                 {"weights", percent(now.weights)},
                 {"work", percent(now.work)},
                 {"right", grouped(now.dense.right)},
                 {"wrong", grouped(now.dense.wrong)},
                 {"in_modules", grouped(now.dense.held)},
                 {"against", grouped(now.others.parameters)},
                 {"against_macs", grouped(now.others.macs)},
                 {"ratio", readable(now.ratio)},
                 {"work_ratio", readable(now.work_ratio)},
                 {"square", percent(now.square)},
                 {"rule", grouped(now.rule)},
                 {"difference_to_rule", grouped(now.totals.parameters - now.rule)},
                 {"length", stack.counts.front().input.sizes[0]},
                 {"without", percent(now.times.without_work)},
                 {"times", readable(now.times.slowest_to_fastest)}});
}

const ExperimentSpec& layerCalculator() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kStack, kStackInput, kAgainst};
    made.records = recordsOf;
    made.validate = problemOf;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {table("layers").large(),
                  bars("shares").yAxis("axis.stack_share", "unit.percent"),
                  table("totals"),
                  table("conventions").small(),
                  table("dense_bias").small(),
                  bars("times").yAxis("axis.stack_share", "unit.percent").small(),
                  table("live").small(),
                  verdict("verdict")};
    made.checks = {"parameters", "buffers", "macs", "shapes"};
    made.presets = {
        preset("lenet-5")
            .with({{"input", "1x32x32"},
                   {"stack",
                    "conv 5x5 1->6 | tanh | avgpool 2x2 | conv 5x5 6->16 | tanh | avgpool 2x2 | "
                    "conv 5x5 16->120 | tanh | flatten | dense 120->84 | tanh | dense 84->10"}})
            .lasting(200)
            .quick(30)
            .showing("shares", {"layers", "totals"}),
        preset("dense-bias")
            .with({{"input", "784"},
                   {"stack", "dense 784->512 | relu | dense 512->512 | relu | dense 512->10"}})
            .lasting(200)
            .quick(30)
            .showing("dense_bias", {"layers", "totals"}),
        preset("vgg-block")
            .with({{"input", "64x56x56"},
                   {"stack", "conv 3x3 64->64 pad 1 | relu | conv 3x3 64->64 pad 1 | relu"},
                   {"against", "conv 5x5 64->64 pad 2 | relu"}})
            .lasting(50)
            .quick(30)
            .showing("totals", {"layers", "shares"}),
        preset("depthwise-separable")
            .with({{"input", "32x56x56"},
                   {"stack", "depthwise 3x3 32 pad 1 nobias | pointwise 32->64 nobias"},
                   {"against", "conv 3x3 32->64 pad 1 nobias"}})
            .lasting(100)
            .quick(30)
            .showing("totals", {"layers", "shares"}),
        preset("batch-norm-buffers")
            .with({{"input", "3x32x32"},
                   {"stack",
                    "conv 3x3 3->64 pad 1 nobias | bn 64 | relu | "
                    "conv 3x3 64->128 stride 2 pad 1 nobias | bn 128 | relu | globalpool | "
                    "dense 128->10"}})
            .lasting(100)
            .quick(30)
            .showing("conventions", {"layers", "totals"}),
        preset("lstm-biases")
            .with({{"input", "100x10"}, {"stack", "lstm 10->20 | last | dense 20->1"}})
            .lasting(100)
            .quick(30)
            .showing("conventions", {"layers", "totals"}),
        preset("attention")
            .with({{"input", "512x64"},
                   {"stack", "attention 64 heads 8"},
                   {"against", "attention 64 heads 1"}})
            .lasting(50)
            .quick(30)
            .showing("totals", {"layers", "live"}),
        preset("macs-are-not-latency")
            .with({{"input", "3x64x64"},
                   {"stack",
                    "conv 3x3 3->32 pad 1 nobias | bn 32 | relu | depthwise 3x3 32 pad 1 nobias | "
                    "bn 32 | relu | pointwise 32->64 nobias | bn 64 | relu | maxpool 2x2 | "
                    "flatten | dense 65536->10"}})
            .lasting(200)
            .quick(30)
            .showing("times", {"live", "layers"}),
        preset("transformer-block")
            .with({{"input", "64x768"},
                   {"stack",
                    "layernorm 768 | attention 768 heads 12 | layernorm 768 | dense 768->3072 | "
                    "gelu | dense 3072->768"}})
            .lasting(30)
            .quick(10)
            .showing("layers", {"shares", "totals"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 200;
    made.sources = {"lessons/architecture/layer_calculator.cpp",
                    "lessons/architecture/layer_counts.cpp", "lessons/architecture/live_stack.cpp"};
    made.equivalent = kProgram;
    made.make = makeLayerCalculator;
    return made;
  }();
  return spec;
}

}  // namespace viva

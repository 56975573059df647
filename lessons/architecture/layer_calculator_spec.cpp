// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/architecture/layer_calculator.h"
#include "lessons/architecture/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "layer-calculator";

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
  try {
    const Shape input = parseInput(parameters[kStackInput].text);
    requireRunnable(parameters[kStack].text, input);
    if (!parameters[kAgainst].text.empty()) requireRunnable(parameters[kAgainst].text, input);
  } catch (const RequestError& error) {
    return error.message();
  }
  return {};
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

/// What the claims compare.
struct Reading {
  const CountedStack& stack;
  const CountedStack* other;

  const StackTotals& totals() const { return stack.totals; }
  std::int64_t moreInKeras() const { return stack.kerasCount() - totals().parameters; }

  /// The first layer that multiplies: its share of the weights, and of the work.
  const LayerCount* first() const {
    for (const LayerCount& count : stack.counts)
      if (count.macs > 0) return &count;
    return nullptr;
  }
  double weights() const { return first() ? ratioOf(first()->parameters, totals().parameters) : 0; }
  double work() const { return first() ? ratioOf(first()->macs, totals().macs) : 0; }
  bool convolves() const {
    for (std::size_t i = 0; i < stack.layers.size(); ++i)
      if (stack.layers[i].isConvolution() && stack.counts[i].macs > 0) return true;
    return false;
  }

  /// Parameters and multiply-accumulates as shares of the other stack's.
  double ratio() const {
    return other ? ratioOf(totals().parameters, other->totals.parameters) : 0;
  }
  double workRatio() const { return other ? ratioOf(totals().macs, other->totals.macs) : 0; }
  bool isBelow(double share) const {
    return stack.counts.back().output == other->counts.back().output && ratio() < share &&
           workRatio() < share;
  }

  /// Of an attention's work, what grows with the square of the length.
  bool attends() const { return stack.layers.front().kind == LayerKind::Attention; }
  double square() const {
    if (!attends()) return 0;
    const LayerCount& count = stack.counts.front();
    const auto time = static_cast<double>(count.input.sizes[0]);
    return shareOf(2 * time * time * static_cast<double>(count.input.sizes[1]),
                   static_cast<double>(count.macs));
  }

  /// The share of the time that goes into layers without a multiply-accumulate.
  double timeWithoutWork() const {
    double without = 0;
    for (std::size_t i = 0; i < stack.microseconds.size(); ++i)
      if (stack.counts[i].macs == 0) without += stack.microseconds[i];
    return shareOf(without, stack.allTime());
  }
  /// How many times as long one takes in the slowest layer as in the fastest.
  double slowestToFastest() const {
    double slowest = 0, fastest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < stack.microseconds.size(); ++i) {
      if (stack.counts[i].macs == 0) continue;
      const double each = stack.microseconds[i] / static_cast<double>(stack.counts[i].macs);
      slowest = std::max(slowest, each);
      fastest = std::min(fastest, each);
    }
    return slowest / fastest;
  }
};

bool worksElsewhere(const Reading& now) {
  return now.convolves() && now.work() > 10 * now.weights();
}

bool addsOneBiasAnOutput(const Reading& now) {
  const CountedStack::DenseCounts dense = now.stack.denseCounts();
  return dense.right == dense.held && dense.wrong != dense.held;
}

bool countsStatisticsInKeras(const Reading& now) {
  return now.totals().buffers > 0 && now.moreInKeras() == now.totals().buffers;
}

bool sharesTheWidth(const Reading& now) {
  return now.ratio() == 1 && now.workRatio() == 1 && now.square() > 0.5;
}

bool costsMoreThanWork(const Reading& now) {
  return now.timeWithoutWork() > 0.05 && now.slowestToFastest() > 2;
}

/// No formula says anything unless the modules hold as much.
template <typename Holds>
Claim<Reading> counted(std::string_view preset, Holds holds,
                       std::function<bool(const Reading&)> applies = nullptr,
                       std::int64_t patience = 1) {
  return {preset,
          patience,
          [holds](const Reading& now) {
            return now.stack.heldInAll() == now.totals().parameters && holds(now);
          },
          When::From,
          nullptr,
          std::move(applies)};
}
bool hasAnother(const Reading& now) { return now.other; }

const Claims<Reading> kClaims{
    counted("lenet-5", worksElsewhere, [](const Reading& now) { return now.first() != nullptr; }),
    counted("dense-bias", addsOneBiasAnOutput),
    counted(
        "vgg-block", [](const Reading& now) { return now.isBelow(0.8); }, hasAnother),
    counted(
        "depthwise-separable", [](const Reading& now) { return now.isBelow(0.2); }, hasAnother),
    counted("batch-norm-buffers", countsStatisticsInKeras),
    counted("lstm-biases", [](const Reading& now) { return now.moreInKeras() < 0; }),
    counted("attention", sharesTheWidth,
            [](const Reading& now) { return now.other && now.attends(); }),
    counted("macs-are-not-latency", costsMoreThanWork, nullptr, 20),
};

}  // namespace

VerdictData calculatorVerdict(const std::string& preset, std::int64_t step,
                              const CountedStack& stack, const std::optional<CountedStack>& other) {
  const Reading now{stack, other ? &*other : nullptr};
  const StackTotals& totals = stack.totals;
  const StackTotals others = other ? other->totals : StackTotals{};
  const CountedStack::DenseCounts dense = stack.denseCounts();
  return judged(kId, kClaims, preset, step, now,
                {{"parameters", grouped(totals.parameters)},
                 {"macs", grouped(totals.macs)},
                 {"flops", grouped(2 * totals.macs)},
                 {"held", grouped(stack.heldInAll())},
                 {"buffers", grouped(totals.buffers)},
                 {"keras", grouped(stack.kerasCount())},
                 {"difference", grouped(std::abs(now.moreInKeras()))},
                 {"weights", percent(now.weights())},
                 {"work", percent(now.work())},
                 {"right", grouped(dense.right)},
                 {"wrong", grouped(dense.wrong)},
                 {"in_modules", grouped(dense.held)},
                 {"against", grouped(others.parameters)},
                 {"against_macs", grouped(others.macs)},
                 {"ratio", readable(now.ratio())},
                 {"work_ratio", readable(now.workRatio())},
                 {"square", percent(now.square())},
                 {"length", stack.counts.front().input.sizes[0]},
                 {"without", percent(now.timeWithoutWork())},
                 {"times", readable(now.slowestToFastest())}});
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
            .showing("times", {"live", "layers"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 200;
    made.sources = {"lessons/architecture/layer_calculator.cpp",
                    "lessons/architecture/layer_counts.cpp", "lessons/architecture/live_stack.cpp"};
    made.equivalent = "resources/lessons/parameter-counting/layer_calculator.py";
    made.make = makeLayerCalculator;
    return made;
  }();
  return spec;
}

}  // namespace viva

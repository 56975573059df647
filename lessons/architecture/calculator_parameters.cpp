// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/architecture/calculator_parameters.h"

#include "lessons/architecture/layer_counts.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

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

}  // namespace

std::vector<ParameterSpec> calculatorParameters() {
  return {
      text("stack",
           "avgpool 4x4 | flatten | dense 192->64 | relu | dense 64->32 | relu | dense 32->10"),
      text("input", "3x32x32"),
      text("against", ""),
  };
}

std::vector<RecordSpec> calculatorRecords(const Parameters& parameters) {
  std::vector<RecordSpec> records{
      {"parameters", ""}, {"macs", ""}, {"activations", ""}, {"buffers", ""}};
  if (!parameters[kAgainst].text.empty()) {
    records.push_back({"against/parameters", ""});
    records.push_back({"against/macs", ""});
  }
  return records;
}

std::optional<Message> calculatorProblem(const Parameters& parameters) {
  try {
    const Shape input = parseInput(parameters[kStackInput].text);
    requireRunnable(parameters[kStack].text, input);
    if (!parameters[kAgainst].text.empty()) requireRunnable(parameters[kAgainst].text, input);
  } catch (const RequestError& error) {
    return error.message();
  }
  return {};
}

std::vector<ViewSpec> calculatorViews() {
  std::vector<ViewSpec> views{
      table("layers"),     bars("shares", {}, {"axis.stack_share", "unit.percent", false}),
      table("totals"),     table("conventions"),
      table("dense_bias"), bars("times", {}, {"axis.stack_share", "unit.percent", false}),
      table("live"),       verdict("verdict"),
  };
  views[0].room = Room::Large;
  for (const std::size_t small : {3, 4, 5, 6}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> calculatorPresets() {
  return {
      {"lenet-5",
       {{"input", "1x32x32"},
        {"stack",
         "conv 5x5 1->6 | tanh | avgpool 2x2 | conv 5x5 6->16 | tanh | avgpool 2x2 | "
         "conv 5x5 16->120 | tanh | flatten | dense 120->84 | tanh | dense 84->10"}},
       200,
       {"layers", "shares", "totals", "live"}},
      {"dense-bias",
       {{"input", "784"},
        {"stack", "dense 784->512 | relu | dense 512->512 | relu | dense 512->10"}},
       200,
       {"layers", "dense_bias", "totals", "live"}},
      {"vgg-block",
       {{"input", "64x56x56"},
        {"stack", "conv 3x3 64->64 pad 1 | relu | conv 3x3 64->64 pad 1 | relu"},
        {"against", "conv 5x5 64->64 pad 2 | relu"}},
       50,
       {"layers", "totals", "shares"}},
      {"depthwise-separable",
       {{"input", "32x56x56"},
        {"stack", "depthwise 3x3 32 pad 1 nobias | pointwise 32->64 nobias"},
        {"against", "conv 3x3 32->64 pad 1 nobias"}},
       100,
       {"layers", "totals", "shares", "times"}},
      {"batch-norm-buffers",
       {{"input", "3x32x32"},
        {"stack",
         "conv 3x3 3->64 pad 1 nobias | bn 64 | relu | conv 3x3 64->128 stride 2 pad 1 nobias | "
         "bn 128 | relu | globalpool | dense 128->10"}},
       100,
       {"layers", "conventions", "totals"}},
      {"lstm-biases",
       {{"input", "100x10"}, {"stack", "lstm 10->20 | last | dense 20->1"}},
       100,
       {"layers", "conventions", "totals"}},
      {"attention",
       {{"input", "512x64"},
        {"stack", "attention 64 heads 8"},
        {"against", "attention 64 heads 1"}},
       50,
       {"layers", "totals", "live"}},
      {"macs-are-not-latency",
       {{"input", "3x64x64"},
        {"stack",
         "conv 3x3 3->32 pad 1 nobias | bn 32 | relu | depthwise 3x3 32 pad 1 nobias | bn 32 | "
         "relu | pointwise 32->64 nobias | bn 64 | relu | maxpool 2x2 | flatten | "
         "dense 65536->10"}},
       200,
       {"times", "live", "layers"}},
  };
}

}  // namespace viva

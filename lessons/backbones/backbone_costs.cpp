// SPDX-License-Identifier: GPL-3.0-or-later
// Where the cost of a net lies, and what it would be if the net were built otherwise.
#include <algorithm>

#include "lessons/backbones/backbone_explorer.h"

namespace viva {
namespace {

/// Batch norms behind a convolution of so many channels.
constexpr std::int64_t normOf(std::int64_t channels) { return 2 * channels; }

/// The pointwise convolution that follows a depthwise one; -1 where none does before the next one.
int pointwiseBehind(const Network& net, int depthwise) {
  for (int place = depthwise + 1; place <= net.last(); ++place)
    if (net.at(place).kind == Operator::Convolution) return isPointwise(net.at(place)) ? place : -1;
  return -1;
}

}  // namespace

bool isDense(const Operation& o) { return o.kind == Operator::Dense; }
bool isConvolution(const Operation& o) { return o.kind == Operator::Convolution; }
bool isPointwise(const Operation& o) {
  return isConvolution(o) && o.kernel == 1 && o.output[1] > 1;
}
bool isThreeByThree(const Operation& o) {
  return isConvolution(o) && o.kernel == 3 && !o.isDepthwise();
}

Shares sharesOf(const Network& net, bool (*is)(const Operation&)) {
  Totals of_these;
  for (const Operation& o : net.operations())
    if (is(o)) {
      of_these.parameters += o.parameters;
      of_these.macs += o.macs;
    }
  const Totals all = net.totals();
  return {static_cast<double>(of_these.parameters) / static_cast<double>(all.parameters),
          static_cast<double>(of_these.macs) / static_cast<double>(all.macs)};
}

std::optional<Alternative> withFullConvolutions(const Network& net) {
  Alternative made{net.totals(), net.totals()};
  bool is_any = false;
  for (int place = 1; place <= net.last(); ++place) {
    const Operation& depthwise = net.at(place);
    if (!depthwise.isDepthwise()) continue;
    const int behind = pointwiseBehind(net, place);
    if (behind < 0) continue;
    const Operation& pointwise = net.at(behind);
    const std::int64_t weights =
        depthwise.groups * pointwise.output[0] * depthwise.kernel * depthwise.kernel;
    made.otherwise.parameters +=
        weights - depthwise.parameters - pointwise.parameters - normOf(depthwise.output[0]);
    made.otherwise.macs +=
        weights * depthwise.output[1] * depthwise.output[2] - depthwise.macs - pointwise.macs;
    is_any = true;
  }
  if (!is_any) return std::nullopt;
  return made;
}

std::optional<Alternative> withoutReductions(const Network& net) {
  Alternative made{net.totals(), net.totals()};
  bool is_any = false;
  for (int place = 4; place <= net.last(); ++place) {
    const Operation& wide = net.at(place);
    if (wide.block.rfind("inception", 0) != 0 || !isThreeByThree(wide)) continue;
    // Convolution, norm and activation stand before it.
    const Operation& reduction = net.at(place - 3);
    const std::int64_t in = net.shape(reduction.inputs[0])[0];
    const std::int64_t weights = in * wide.output[0] * wide.kernel * wide.kernel;
    made.otherwise.parameters +=
        weights - wide.parameters - reduction.parameters - normOf(reduction.output[0]);
    made.otherwise.macs += weights * wide.output[1] * wide.output[2] - wide.macs - reduction.macs;
    is_any = true;
  }
  if (!is_any) return std::nullopt;
  return made;
}

}  // namespace viva

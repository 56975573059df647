// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `backbone-explorer` share: its parameters, and what is shown and judged.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/backbones/networks.h"
#include "lessons/core/experiment.h"

namespace viva {

/// The models by name, in the order of Backbone.
std::vector<std::pair<Backbone, std::string>> backboneNames();

const auto kModel = choice<Backbone>("model", backboneNames(), Backbone::LeNet5).grouped("net");
const auto kCompare = [] {
  std::vector<std::string> names{"none"};
  for (const auto& [model, name] : backboneNames()) names.push_back(name);
  return choice("compare", names, "none").grouped("net");
}();
const auto kSide = integer("input", 0).range(0, 1024).grouped("input");
const auto kBatch = integer("batch", 1).range(1, 64).logarithmic().grouped("input");
const auto kClasses = integer("classes", 0).range(0, 100'000).grouped("input");
const auto kWidth = real("width", 1).range(0.25, 2).stepping(0.05).grouped("scaling");
const auto kPhi = integer("phi", 0).range(0, 7).grouped("scaling");
const auto kShortcut = choice<Shortcut>("shortcut", {{Shortcut::Projection, "projection"},
                                                     {Shortcut::ZeroPadding, "zero-padding"}})
                           .grouped("scaling");

/// `phi` and `shortcut` are those of the model; what it is compared with has the usual ones.
BackboneRequest modelIn(const Parameters& parameters);
std::optional<BackboneRequest> comparedIn(const Parameters& parameters);

/// A net, and what was carried out of it, in order.
struct Explored {
  std::string title;
  const Network& net;
  const std::vector<Carried>& carried;
  std::int64_t batch = 1;
  std::size_t done() const { return carried.size(); }
  Totals now() const { return net.totals(done()); }
  bool isFinished() const { return done() + 1 == net.operations().size(); }
};

/// What another way to build the same would cost.
struct Alternative {
  Totals as_it_is, otherwise;
};
/// Full convolutions in the place of each depthwise one with its pointwise one (MobileNetV1's own
/// comparison), batch norms included; none where the net has none.
std::optional<Alternative> withFullConvolutions(const Network& net);
/// Inception blocks without the 1x1 convolutions in front of their 3x3 ones; none elsewhere.
std::optional<Alternative> withoutReductions(const Network& net);

/// Of parameters and multiply-accumulates, what belongs to the operations that `is` is true of.
struct Shares {
  double parameters = 0, macs = 0;
};
Shares sharesOf(const Network& net, bool (*is)(const Operation&));
bool isDense(const Operation& operation);
bool isConvolution(const Operation& operation);
bool isPointwise(const Operation& operation);  ///< a 1x1 convolution of an image
bool isThreeByThree(const Operation& operation);

struct MachineRoof;
void showExplored(Frame& frame, const Explored& model, const Explored* other,
                  const MachineRoof& roof);
VerdictData explorerVerdict(const std::string& preset, std::int64_t step, const Explored& model,
                            const Explored* other);

std::unique_ptr<Experiment> makeBackboneExplorer(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva

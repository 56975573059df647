// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "lessons/backbones/backbone_explorer.h"
#include "lessons/backbones/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/count_text.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "backbone-explorer";
const std::string kProgram = "resources/lessons/cnn-backbones/backbone_explorer.py";

/// Of the deepest net, EfficientNet-B7.
constexpr std::int64_t kMostOperations = 815;
/// What a run may hold and do: the largest of the fourteen at its own size four times over.
constexpr std::int64_t kMostMacs = 160'000'000'000, kMostElements = 4'000'000'000;

void requireRunnable(const BackboneRequest& request, std::int64_t batch) {
  const Totals totals = networkOf(request).totals();
  if (totals.macs * batch > kMostMacs || totals.elements * batch > kMostElements)
    throw RequestError({"error.backbone.too_large",
                        {{"macs", grouped(totals.macs * batch)},
                         {"most", grouped(kMostMacs)},
                         {"elements", grouped(totals.elements * batch)},
                         {"most_elements", grouped(kMostElements)}}});
}

std::optional<Message> validate(const Parameters& p) {
  try {
    requireRunnable(modelIn(p), p[kBatch]);
    if (const auto compared = comparedIn(p)) requireRunnable(*compared, p[kBatch]);
  } catch (const RequestError& error) {
    return error.message();
  }
  return {};
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records{
      {"parameters", ""}, {"macs", ""}, {"activation_bytes", "unit.bytes"}};
  if (comparedIn(p)) {
    records.push_back({"compare/parameters", ""});
    records.push_back({"compare/macs", ""});
    records.push_back({"compare/activation_bytes", "unit.bytes"});
  }
  return records;
}

/// What the claims and the sentences are about.
struct Reading {
  const Explored& model;
  const Explored* other;
  Totals all = model.net.totals(), others = other ? other->net.totals() : Totals{};
  bool is_finished = model.isFinished() && (!other || other->isFinished());

  double parametersRatio() const {
    return static_cast<double>(all.parameters) / static_cast<double>(others.parameters);
  }
  double macsRatio() const {
    return static_cast<double>(all.macs) / static_cast<double>(others.macs);
  }
  double bytesRatio() const {
    return static_cast<double>(all.elements) / static_cast<double>(others.elements);
  }
};

std::size_t kindsIn(const Network& net) {
  std::set<Operator> kinds;
  for (const Operation& o : net.operations())
    if (o.kind != Operator::Input) kinds.insert(o.kind);
  return kinds.size();
}

std::int64_t layersWithWeights(const Network& net) {
  return std::ranges::count_if(net.operations(),
                               [](const Operation& o) { return isDense(o) || isConvolution(o); });
}

/// The operation with the most parameters.
const Operation& heaviest(const Network& net) {
  return *std::ranges::max_element(net.operations(), {}, &Operation::parameters);
}

double shareOfHeaviest(const Network& net) {
  return static_cast<double>(heaviest(net).parameters) /
         static_cast<double>(net.totals().parameters);
}

bool isWholeKernelThree(const Network& net) {
  return std::ranges::all_of(net.operations(),
                             [](const Operation& o) { return !isConvolution(o) || o.kernel == 3; });
}

using Holds = bool (*)(const Reading&);

/// Judged when all has been carried out.
Claim<Reading> whole(std::string_view preset, std::int64_t length, Holds holds,
                     bool (*applies)(const Reading&) = nullptr) {
  return {preset,
          length,
          [holds](const Reading& now) -> std::optional<bool> {
            if (!now.is_finished) return std::nullopt;
            return holds(now);
          },
          When::Once,
          nullptr,
          applies};
}
bool isCompared(const Reading& now) { return now.other != nullptr; }

const Claims<Reading> kClaims{
    whole("five-parts", 12,
          [](const Reading& now) {
            return kindsIn(now.model.net) == 5 && shareOfHeaviest(now.model.net) > 0.75;
          }),
    whole("eight-layers", 20,
          [](const Reading& now) {
            return layersWithWeights(now.model.net) == 8 &&
                   sharesOf(now.model.net, isDense).parameters > 0.9 &&
                   sharesOf(now.model.net, isConvolution).macs > 0.9;
          }),
    whole("where-parameters-live", 38,
          [](const Reading& now) {
            return isDense(heaviest(now.model.net)) && shareOfHeaviest(now.model.net) > 0.7;
          }),
    whole("where-macs-live", 84,
          [](const Reading& now) { return sharesOf(now.model.net, isPointwise).macs > 0.9; }),
    whole(
        "three-by-three", 38,
        [](const Reading& now) {
          return isWholeKernelThree(now.model.net) && now.parametersRatio() < 1.1 &&
                 now.macsRatio() > 1.9;
        },
        isCompared),
    whole(
        "inception-reduces-first", 196,
        [](const Reading& now) {
          const auto wide = withoutReductions(now.model.net);
          return wide->otherwise.macs > 2 * wide->as_it_is.macs;
        },
        [](const Reading& now) { return withoutReductions(now.model.net).has_value(); }),
    whole(
        "zero-padding-or-projection", 125,
        [](const Reading& now) {
          return now.parametersRatio() < 1 && now.parametersRatio() > 0.98;
        },
        isCompared),
    whole(
        "adds-or-concatenates", 427,
        [](const Reading& now) { return now.parametersRatio() < 0.5 && now.bytesRatio() > 1; },
        isCompared),
    whole(
        "depthwise-separable", 84,
        [](const Reading& now) {
          const auto full = withFullConvolutions(now.model.net);
          return full->otherwise.macs > 8 * full->as_it_is.macs;
        },
        [](const Reading& now) { return withFullConvolutions(now.model.net).has_value(); }),
    whole(
        "fewer-macs-not-fewer-milliseconds", 84,
        [](const Reading& now) { return now.macsRatio() < 0.5 && now.bytesRatio() > 1; },
        isCompared),
    whole(
        "compound-scaling", 386,
        [](const Reading& now) { return now.macsRatio() > now.parametersRatio(); }, isCompared),
};

std::vector<ViewSpec> views() {
  return {table("layers").large(),
          bars("blocks").yAxis("axis.cost_share", "unit.percent"),
          bars("stages").xAxis("axis.image_scale").yAxis("axis.cost_share", "unit.percent"),
          bars("kinds").yAxis("axis.cost_share", "unit.percent"),
          graph("blueprint"),
          graph("inside").small(),
          table("difference").small(),
          bars("alternatives").yAxis("axis.of_the_net", "unit.percent").small(),
          table("totals").small(),
          table("times").small(),
          plane("roofline").xAxis("axis.intensity").yAxis("axis.macs_rate"),
          table("machine").small(),
          verdict("verdict")};
}

std::vector<Preset> presets() {
  return {
      preset("five-parts").lasting(12).showing("layers", {"blocks", "inside"}),
      preset("eight-layers")
          .with({{"model", "alexnet"}})
          .lasting(20)
          .showing("blocks", {"inside", "roofline"}),
      preset("where-parameters-live")
          .with({{"model", "vgg-16"}})
          .lasting(38)
          .showing("blocks", {"inside", "roofline"}),
      preset("where-macs-live")
          .with({{"model", "mobilenet-v1"}})
          .lasting(84)
          .showing("kinds", {"stages", "blocks"}),
      preset("three-by-three")
          .with({{"model", "vgg-16"}, {"compare", "vgg-11"}})
          .lasting(38)
          .showing("stages", {"totals", "blocks"}),
      preset("inception-reduces-first")
          .with({{"model", "googlenet"}})
          .lasting(196)
          .showing("alternatives", {"inside", "blocks"}),
      preset("zero-padding-or-projection")
          .with({{"model", "resnet-34"}, {"compare", "resnet-34"}, {"shortcut", "zero-padding"}})
          .lasting(125)
          .showing("difference", {"inside", "totals"}),
      preset("adds-or-concatenates")
          .with({{"model", "densenet-121"}, {"compare", "resnet-50"}})
          .lasting(427)
          .showing("alternatives", {"inside", "totals"}),
      preset("depthwise-separable")
          .with({{"model", "mobilenet-v1"}})
          .lasting(84)
          .showing("alternatives", {"kinds", "inside"}),
      preset("fewer-macs-not-fewer-milliseconds")
          .with({{"model", "mobilenet-v1"}, {"compare", "resnet-18"}})
          .lasting(84)
          .showing("roofline", {"alternatives", "machine"}),
      preset("compound-scaling")
          .with({{"model", "efficientnet-b0"}, {"compare", "efficientnet-b0"}, {"phi", "3"}})
          .lasting(386)
          .showing("alternatives", {"stages", "totals"}),
  };
}

}  // namespace

std::vector<std::pair<Backbone, std::string>> backboneNames() {
  return {{Backbone::LeNet5, "lenet-5"},
          {Backbone::AlexNet, "alexnet"},
          {Backbone::AlexNet2012, "alexnet-2012"},
          {Backbone::Vgg11, "vgg-11"},
          {Backbone::Vgg16, "vgg-16"},
          {Backbone::GoogLeNet, "googlenet"},
          {Backbone::ResNet18, "resnet-18"},
          {Backbone::ResNet34, "resnet-34"},
          {Backbone::ResNet50, "resnet-50"},
          {Backbone::DenseNet121, "densenet-121"},
          {Backbone::MobileNetV1, "mobilenet-v1"},
          {Backbone::MobileNetV2, "mobilenet-v2"},
          {Backbone::EfficientNetB0, "efficientnet-b0"},
          {Backbone::VitB16, "vit-b-16"}};
}

BackboneRequest modelIn(const Parameters& p) {
  return {p[kModel], p[kSide], p[kClasses], p[kWidth], p[kPhi], p[kShortcut]};
}

std::optional<BackboneRequest> comparedIn(const Parameters& p) {
  const std::string& name = p[kCompare].name;
  if (name == "none") return std::nullopt;
  return BackboneRequest{kModel.meaningOf(name), p[kSide], p[kClasses], p[kWidth]};
}

VerdictData explorerVerdict(const std::string& preset, std::int64_t step, const Explored& model,
                            const Explored* other) {
  const Reading now{model, other};
  const Totals so_far = model.now();
  const Operation& heavy = heaviest(model.net);
  Arguments numbers{{"done", static_cast<std::int64_t>(model.done())},
                    {"operations", static_cast<std::int64_t>(model.net.last())},
                    {"so_far_parameters", grouped(so_far.parameters)},
                    {"so_far_macs", grouped(so_far.macs)},
                    {"parameters", grouped(now.all.parameters)},
                    {"macs", grouped(now.all.macs)},
                    {"kinds", static_cast<std::int64_t>(kindsIn(model.net))},
                    {"layers", layersWithWeights(model.net)},
                    {"heaviest", heavy.name},
                    {"heaviest_share", percent(shareOfHeaviest(model.net))},
                    {"heaviest_macs",
                     percent(static_cast<double>(heavy.macs) / static_cast<double>(now.all.macs))},
                    {"dense_share", percent(sharesOf(model.net, isDense).parameters)},
                    {"convolution_macs", percent(sharesOf(model.net, isConvolution).macs)},
                    {"pointwise_macs", percent(sharesOf(model.net, isPointwise).macs)}};
  const auto addAlternative = [&](const std::optional<Alternative>& alternative) {
    if (!alternative) return;
    numbers.emplace_back("otherwise_parameters", grouped(alternative->otherwise.parameters));
    numbers.emplace_back("otherwise_macs", grouped(alternative->otherwise.macs));
    numbers.emplace_back("otherwise_ratio",
                         readable(static_cast<double>(alternative->otherwise.macs) /
                                  static_cast<double>(alternative->as_it_is.macs)));
  };
  const auto full = withFullConvolutions(model.net);
  addAlternative(full ? full : withoutReductions(model.net));
  if (other) {
    numbers.emplace_back("compare_parameters", grouped(now.others.parameters));
    numbers.emplace_back("compare_macs", grouped(now.others.macs));
    numbers.emplace_back("parameters_ratio", readable(now.parametersRatio()));
    numbers.emplace_back("macs_ratio", readable(now.macsRatio()));
    numbers.emplace_back("bytes_ratio", readable(now.bytesRatio()));
    numbers.emplace_back("fewer_parameters", grouped(now.others.parameters - now.all.parameters));
  }
  return judged(kId, kClaims, preset, step, now, std::move(numbers));
}

const ExperimentSpec& backboneExplorer() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kModel, kCompare, kSide, kBatch, kClasses, kWidth, kPhi, kShortcut};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = views();
    made.checks = {"parameters", "macs", "shapes"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kMostOperations;
    made.sources = {"lessons/backbones/backbone_explorer.cpp", "lessons/backbones/networks.cpp",
                    "lessons/backbones/network.cpp", "lessons/backbones/live_network.cpp"};
    made.equivalent = kProgram;
    made.make = makeBackboneExplorer;
    return made;
  }();
  return spec;
}

}  // namespace viva

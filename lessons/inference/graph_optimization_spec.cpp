// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/inference/graph_optimization.h"
#include "lessons/inference/lessons.h"

namespace viva {
namespace {

const std::string kId = "graph-optimization",
                  kProgram = "resources/lessons/inference-deployment/graph_optimization.py";

constexpr std::int64_t kPatience = 6;

bool isSame(const GraphState& s) { return s.difference <= 1e-4 * s.largest_output; }

/// One kernel less a layer; and it is not what the net does in training.
bool isFolded(const GraphState& s) {
  return isSame(s) && s.first_kernels - s.kernels == s.layers &&
         s.training_difference > 100 * s.difference;
}
bool isFused(const GraphState& s) {
  return isSame(s) && 5 * s.kernels == 2 * s.first_kernels && 2 * s.bytes < s.first_bytes;
}
bool isHalved(const GraphState& s) {
  return s.difference > 1e-4 * s.largest_output && s.difference < 0.05 * s.largest_output &&
         s.bytes <= 0.55 * static_cast<double>(s.first_bytes) && s.kernels == s.first_kernels;
}

const Claims<GraphState> kClaims{
    {"fold-batch-norm", kPatience, isFolded},
    {"fuse-pointwise", kPatience, isFused},
    {"half-precision", kPatience, isHalved},
};

std::vector<RecordSpec> records(const Parameters&) {
  return {
      {"difference", ""}, {"training_difference", ""}, {"kernels", ""}, {"bytes", "unit.bytes"}};
}

std::vector<ViewSpec> views() {
  return {
      graph("graph").large(),
      table("costs"),
      series("kernels", {"kernels"}).xAxis("axis.graph_rewritten").yAxis("axis.graph_kernels"),
      series("bytes", {"bytes"})
          .xAxis("axis.graph_rewritten")
          .yAxis("axis.graph_bytes", "unit.bytes"),
      series("difference", {"difference", "training_difference"})
          .xAxis("axis.graph_rewritten")
          .yAxis("axis.graph_difference")
          .logarithmicY(),
      verdict("verdict"),
  };
}

Preset rewritten(const char* name, const char* rewrite) {
  return preset(name).with({{"rewrite", rewrite}}).lasting(kPatience);
}

std::vector<Preset> presets() {
  return {
      rewritten("fold-batch-norm", "fold-batch-norm").showing("graph", {"difference", "costs"}),
      rewritten("fuse-pointwise", "fuse").showing("graph", {"bytes", "costs"}),
      rewritten("half-precision", "bfloat16").showing("difference", {"bytes", "costs"}),
  };
}

}  // namespace

VerdictData graphVerdict(const std::string& preset, const GraphState& s) {
  return judged(kId, kClaims, preset, s.step, s,
                {{"layers", s.step},
                 {"difference", s.difference},
                 {"training", s.training_difference},
                 {"largest", s.largest_output},
                 {"kernels", s.kernels},
                 {"first_kernels", s.first_kernels},
                 {"bytes", s.bytes},
                 {"first_bytes", s.first_bytes}});
}

const ExperimentSpec& graphOptimization() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kRewrite, kGraphLayers, kGraphChannels};
    made.records = records;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"folded"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kPatience;
    made.sources = {"lessons/inference/graph_optimization.cpp",
                    "lessons/inference/operator_graph.cpp"};
    made.equivalent = kProgram;
    made.make = makeGraphOptimization;
    return made;
  }();
  return spec;
}

}  // namespace viva

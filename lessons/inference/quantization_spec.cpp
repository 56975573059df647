// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/inference/lessons.h"
#include "lessons/inference/quantization.h"

namespace viva {
namespace {

const std::string kId = "quantization",
                  kProgram = "resources/lessons/inference-deployment/quantization.py";

double rise(const QuantizationState& s, const char* way) { return s.of(way).loss - s.float_loss; }

bool isNearlyFree(const QuantizationState& s) {
  return std::abs(rise(s, "int8")) <= 0.005 && s.of("int8").bits < 9;
}
bool isBetterByRow(const QuantizationState& s) {
  return s.of("tensor").rmse > s.of("channel").rmse && s.of("channel").rmse > s.of("group").rmse &&
         rise(s, "tensor") > rise(s, "group");
}
bool isSpoiltByOne(const QuantizationState& s) {
  return s.outlier > 0 && s.of("tensor").hit_rmse >= 4 * s.of("channel").hit_rmse &&
         s.of("channel").hit_rmse > s.of("group").hit_rmse;
}
bool areNormalValuesBetter(const QuantizationState& s) {
  return s.of("nf4").rmse < s.of("int4").rmse && rise(s, "int4") > 10 * std::abs(rise(s, "int8"));
}

const Claims<QuantizationState> kClaims{
    {"int8-is-nearly-free", kQuantizedMatrices, isNearlyFree},
    {"per-channel", kQuantizedMatrices, isBetterByRow},
    {"one-outlier", kQuantizedMatrices, isSpoiltByOne},
    {"four-bits", kQuantizedMatrices, areNormalValuesBetter},
};

std::vector<std::string> waysOf() {
  std::vector<std::string> ways = kWeightCode.choices;
  ways.insert(ways.end(), kScaleShare.choices.begin(), kScaleShare.choices.end());
  return ways;
}

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records{{"float/loss", "unit.nats"}};
  for (const std::string& way : waysOf()) {
    records.push_back({way + "/loss", "unit.nats"});
    records.push_back({way + "/rmse", ""});
    records.push_back({way + "/kl", "unit.nats"});
    records.push_back({way + "/bits", ""});
  }
  return records;
}

std::vector<ViewSpec> views() {
  return {
      bars("rise").xAxis("axis.quantized_way").yAxis("axis.quantized_rise", "unit.nats").large(),
      series("loss", {"*/loss"})
          .xAxis("axis.quantized_matrices")
          .yAxis("axis.quantized_loss", "unit.nats"),
      series("rmse", {"*/rmse"}).xAxis("axis.quantized_matrices").yAxis("axis.quantized_rmse"),
      histogram("errors").xAxis("axis.quantized_error").yAxis("axis.weights_count"),
      table("ways"),
      verdict("verdict"),
  };
}

Preset written(const char* name, std::vector<std::pair<std::string, std::string>> settings) {
  return preset(name).with(std::move(settings)).lasting(kQuantizedMatrices).heavy();
}

std::vector<Preset> presets() {
  return {
      written("int8-is-nearly-free", {})
          .showing("rise", {"ways", "loss"})
          .about({"float", "int8", "int4", "nf4"}),
      written("per-channel", {{"code", "int4"}})
          .showing("rmse", {"rise", "errors"})
          .about({"tensor", "channel", "group"}),
      written("one-outlier", {{"outlier", "20"}})
          .showing("errors", {"rmse", "rise"})
          .about({"tensor", "channel", "group"}),
      written("four-bits", {{"code", "nf4"}})
          .showing("rmse", {"rise", "ways"})
          .about({"int8", "int4", "nf4"}),
  };
}

}  // namespace

const QuantizedWay& QuantizationState::of(const std::string& id) const {
  return *std::find_if(ways.begin(), ways.end(),
                       [&](const QuantizedWay& way) { return way.id == id; });
}

VerdictData quantizationVerdict(const std::string& preset, const QuantizationState& s) {
  return judged(kId, kClaims, preset, s.step, s,
                {{"matrices", s.step},
                 {"loss", s.float_loss},
                 {"int8", rise(s, "int8")},
                 {"int4", rise(s, "int4")},
                 {"nf4", rise(s, "nf4")},
                 {"tensor", rise(s, "tensor")},
                 {"channel", rise(s, "channel")},
                 {"group", rise(s, "group")},
                 {"tensor_rmse", s.of("tensor").rmse},
                 {"channel_rmse", s.of("channel").rmse},
                 {"group_rmse", s.of("group").rmse},
                 {"int4_rmse", s.of("int4").rmse},
                 {"nf4_rmse", s.of("nf4").rmse},
                 {"tensor_hit", s.of("tensor").hit_rmse},
                 {"channel_hit", s.of("channel").hit_rmse},
                 {"group_hit", s.of("group").hit_rmse},
                 {"outlier", s.outlier},
                 {"bits", s.of("int8").bits},
                 {"few_bits", s.of("nf4").bits}});
}

const ExperimentSpec& quantization() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kScaleShare, kWeightCode, kOutlierSize};
    made.records = records;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"whole-numbers"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters&) -> std::optional<Phase> {
      return Phase{"quantized-gpt/2", 0, {}};
    };
    made.default_steps = kQuantizedMatrices;
    made.sources = {"lessons/inference/quantization.cpp", "lessons/inference/quantizer.cpp",
                    "lessons/inference/served_gpt.cpp"};
    made.equivalent = kProgram;
    made.make = makeQuantization;
    return made;
  }();
  return spec;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/digit_reader.h"
#include "lessons/convolution/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "digit-reader",
                  kProgram = "resources/lessons/convolution-lab/digit_reader.py";

using Mood = VerdictData::Mood;

bool isDrawn(const DigitState& s) { return s.is_drawn; }

const Claims<DigitState> kClaims{
    {"reads-your-digit", 300,
     [](const DigitState& s) { return s.read == s.meant && s.lenet.test >= 0.9; }, When::From,
     [](const DigitState& s, Mood) { return std::string(s.read == s.meant ? "" : "other"); },
     isDrawn},
    {"shift-the-digit", 400,
     [](const DigitState& s) {
       return s.pooled.shifted >= s.lenet.shifted + 0.1 && s.lenet.shifted >= s.mlp.shifted + 0.05;
     },
     When::From, nullptr, [](const DigitState& s) { return s.has_pooled && s.shift > 0; }},
    {"is-the-heat-map-honest", 200,
     [](const DigitState& s) {
       return s.heat.kept_guided >= 0.6 && s.heat.kept_guided >= s.heat.kept_occlusion + 0.3;
     },
     When::From, nullptr, [](const DigitState& s) { return s.has_heat_maps; }},
    {"receptive-field", 200,
     [](const DigitState& s) {
       return s.half_share < 0.35 && s.half_share < s.untrained_half_share;
     }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<std::string> nets{"", "mlp/"};
  if (p[kGlobalPooling]) nets.push_back("pooled/");
  std::vector<RecordSpec> records;
  for (const std::string& net : nets) {
    records.push_back({net + "loss", "unit.nats"});
    for (const char* name : {"accuracy", "train_accuracy", "shifted_accuracy"})
      records.push_back({net + name, ""});
  }
  records.push_back({"meant", ""});
  records.push_back({"half_share", ""});
  if (p[kHeatMapsJudged])
    for (const char* name : {"rank_correlation", "kept/occlusion", "kept/grad_cam", "kept/guided"})
      records.push_back({name, ""});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kDigitData] != DigitData::File) return std::nullopt;
  if (p[kDigitImages].path.empty()) return Message{"error.images.no_file", {}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      images("maps").large().picking("map"),
      bars("probabilities").xAxis("axis.reader_digit").yAxis("axis.reader_probability"),
      series("reading", {}).xAxis("axis.step").yAxis("axis.reader_probability"),
      series("accuracy", {"accuracy", "*/accuracy"}).yAxis("axis.reader_accuracy"),
      series("train_accuracy", {"train_accuracy", "*/train_accuracy"})
          .yAxis("axis.reader_accuracy")
          .small(),
      series("shift", {})
          .xAxis("axis.reader_shift", "unit.pixels")
          .yAxis("axis.reader_probability"),
      series("shifted_accuracy", {"shifted_accuracy", "*/shifted_accuracy"})
          .yAxis("axis.reader_accuracy")
          .small(),
      images("heat"),
      images("grad_cam").small(),
      images("occlusion").small(),
      series("kept", {"kept/*"}).yAxis("axis.reader_correlation").small(),
      series("rank_correlation", {"rank_correlation"}).yAxis("axis.reader_correlation").small(),
      images("receptive"),
      series("half_share", {"half_share"}).yAxis("axis.reader_half_share").small(),
      matrix("chosen_map")
          .xAxis("axis.reader_column")
          .yAxis("axis.reader_row")
          .picking("row", "column"),
      matrix("products").xAxis("axis.reader_column").yAxis("axis.reader_channel_row"),
      table("sum").small(),
      series("loss", {"loss", "*/loss"}).yAxis("axis.train_loss", "unit.nats").small(),
      table("nets").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("reads-your-digit")
          .with({{"heat_maps", "false"}})
          .lasting(300)
          .showing("maps", {"probabilities", "reading"}),
      preset("shift-the-digit")
          .with({{"global_pooling", "true"}, {"heat_maps", "false"}})
          .lasting(400)
          .heavy()
          .showing("shifted_accuracy", {"shift", "nets"}),
      preset("is-the-heat-map-honest")
          .with({{"heat_maps", "true"}})
          .lasting(200)
          .quick(200)
          .showing("heat", {"kept", "rank_correlation"}),
      preset("receptive-field")
          .with({{"heat_maps", "false"}})
          .lasting(200)
          .quick(200)
          .showing("receptive", {"half_share", "chosen_map"}),
  };
}

}  // namespace

VerdictData digitVerdict(const std::string& preset, const DigitState& s) {
  VerdictData verdict = judged(kId, kClaims, preset, s.step, s,
                               {{"meant", s.meant},
                                {"read", s.read},
                                {"probability", percent(s.probability)},
                                {"lenet", percent(s.lenet.test)},
                                {"mlp", percent(s.mlp.test)},
                                {"shift", s.shift},
                                {"lenet_shifted", percent(s.lenet.shifted)},
                                {"mlp_shifted", percent(s.mlp.shifted)},
                                {"pooled_shifted", percent(s.pooled.shifted)},
                                {"guided", withDecimals(s.heat.kept_guided, 2)},
                                {"grad_cam", withDecimals(s.heat.kept_grad_cam, 2)},
                                {"occlusion", withDecimals(s.heat.kept_occlusion, 2)},
                                {"half", percent(s.half_share)},
                                {"untrained", percent(s.untrained_half_share)}});
  if (!s.is_drawn && verdict.sentence.key == kId + ".verdict.standing")
    verdict.sentence.key = kId + ".verdict.empty_paper";
  return verdict;
}

const ExperimentSpec& digitReader() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kDigitDrawing, kMeantDigit,    kDigitData,  kDigitImages,    kDigitLabels,
                       kDigitSamples, kGlobalPooling, kReaderRate, kReaderBatch,    kDigitShift,
                       kChosenMap,    kUnitRow,       kUnitColumn, kHeatMapsJudged, kRandomised};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"modules", "products", "outside"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 300;
    made.sources = {"lessons/convolution/digit_reader.cpp", "lessons/convolution/digit_nets.cpp",
                    "lessons/convolution/heat_maps.cpp", "lessons/convolution/receptive_field.cpp"};
    made.equivalent = kProgram;
    made.make = makeDigitReader;
    return made;
  }();
  return spec;
}

}  // namespace viva

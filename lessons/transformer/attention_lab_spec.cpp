// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/nn/head_list.h"
#include "lessons/transformer/attention_lab.h"
#include "lessons/transformer/lessons.h"

namespace viva {
namespace {

const std::string kId = "attention-lab";
const std::string kProgram = "resources/lessons/transformer/attention_lab.py";

using Mood = VerdictData::Mood;

double accuracyOf(const LabVariant& variant) { return variant.progress.accuracy().value_or(0); }

/// Whether that is what the rival does otherwise: what a claim compares with.
bool isBeside(const LabState& s, LabRival rival) {
  return s.rival && s.rival_name == kRival.nameOf(rival);
}
bool isBesideOtherNorm(const LabState& s) {
  return s.rival && !isBeside(s, LabRival::NoPositions) && !isBeside(s, LabRival::NoScale);
}

bool isSolved(const LabVariant& variant) { return variant.progress.solvedAt().has_value(); }

/// A head has turned to where the answer is, the net answers, and without positions it cannot.
std::optional<bool> headForms(const LabState& s) {
  if (!s.has_alignment || !isBeside(s, LabRival::NoPositions)) return std::nullopt;
  return s.formed_at && isSolved(s.own) && accuracyOf(*s.rival) < 0.5;
}

/// The net answers, and its rows are nearly as broad as rows can be.
bool sortsBroadly(const LabState& s) {
  return isSolved(s.own) && s.own.figures.entropy > 0.8 * std::log(static_cast<double>(s.length));
}

/// Right at the length that it learned, guessing at twice that.
bool addsOneLength(const LabState& s) { return isSolved(s.own) && s.accuracy_long < 0.5; }

/// Several heads do the same work: without any one of them most is still right, and without all
/// nothing is.
std::optional<bool> isShared(const LabState& s) {
  if (s.figures.size() < 2) return std::nullopt;
  const auto [least, most] = std::minmax_element(
      s.figures.begin(), s.figures.end(),
      [](const HeadFigures& a, const HeadFigures& b) { return a.without < b.without; });
  return isSolved(s.own) && least->without > 0.6 && most->without > 0.97 && s.without_all < 0.3;
}

/// Reordered tokens give the rival's outputs in that order, to what float32 rounds, and the net's
/// not.
std::optional<bool> isASet(const LabState& s) {
  if (!isBeside(s, LabRival::NoPositions)) return std::nullopt;
  return isSolved(s.own) && s.own.figures.order_effect > 1 &&
         s.rival->figures.order_effect < 1e-3 && accuracyOf(*s.rival) < 0.5;
}

std::optional<bool> ownLearnsAlone(const LabState& s) {
  if (!isBesideOtherNorm(s)) return std::nullopt;
  return isSolved(s.own) && accuracyOf(*s.rival) < 0.5;
}

/// The rival's rows are sharp before it has learned anything, and it is later by a tenth or more
/// (41 updates against 34 on the closest of five seeds, 87 against 38 and never on others).
std::optional<bool> saturates(const LabState& s) {
  if (!isBeside(s, LabRival::NoScale)) return std::nullopt;
  if (!isSolved(s.own) || s.rival->entropy_at_start > 0.5 * s.own.entropy_at_start) return false;
  const double late = 1.1 * static_cast<double>(*s.own.progress.solvedAt());
  return static_cast<double>(s.rival->progress.solvedAt().value_or(s.step)) >= late;
}

std::string ifPositions(const LabState& s, Mood) {
  return isBeside(s, LabRival::NoPositions) ? "" : ".standing";
}
std::string ifNorms(const LabState& s, Mood) { return isBesideOtherNorm(s) ? "" : ".standing"; }
std::string ifScales(const LabState& s, Mood) {
  return isBeside(s, LabRival::NoScale) ? "" : ".standing";
}
std::string ifSeveral(const LabState& s, Mood) { return s.figures.size() < 2 ? ".standing" : ""; }
std::string ifSolved(const LabState& s, Mood) { return isSolved(s.own) ? "" : ".standing"; }
std::string ifFormed(const LabState& s, Mood) {
  if (!s.has_alignment || !isBeside(s, LabRival::NoPositions)) return ".standing";
  return s.formed_at ? "formed" : "";
}

const Claims<LabState> kClaims{
    {"a-head-forms", 150, headForms, When::Until, ifFormed},
    {"sort", 300, sortsBroadly, When::Until, ifSolved},
    {"addition", 1000, addsOneLength, When::Until, ifSolved},
    {"knock-out-a-head", 150, isShared, When::From, ifSeveral},
    {"without-positions", 150, isASet, When::Until, ifPositions},
    {"pre-or-post", 150, ownLearnsAlone, When::From, ifNorms},
    {"without-the-scale", 120, saturates, When::Until, ifScales},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records{{"loss", "unit.nats"}, {"accuracy", ""},
                                  {"accuracy_long", ""}, {"without_all", ""},
                                  {"order_effect", ""},  {"mean_entropy", "unit.nats"}};
  if (const std::string rival = rivalName(p); !rival.empty()) {
    records.push_back({rival + "/loss", "unit.nats"});
    records.push_back({rival + "/accuracy", ""});
    records.push_back({rival + "/order_effect", ""});
    records.push_back({rival + "/mean_entropy", "unit.nats"});
  }
  const AttentionTaskKind task = p[kLabTask];
  const bool has_alignment = task != AttentionTaskKind::Sort &&
                             task != AttentionTaskKind::Addition && task != AttentionTaskKind::Max;
  for (std::int64_t layer = 0; layer < p[kLayers]; ++layer)
    for (std::int64_t head = 0; head < p[kHeads]; ++head) {
      const std::string name = headName(layer, head);
      if (has_alignment) records.push_back({std::string("alignment/").append(name), ""});
      records.push_back({std::string("without/").append(name), ""});
      records.push_back({std::string("entropy/").append(name), "unit.nats"});
    }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const std::int64_t width = p[kWidth], heads = p[kHeads];
  if (width % heads != 0 || width % 2 != 0)
    return Message{"error.attention.width", {{"width", width}, {"heads", heads}}};
  if (p[kPositions] == PositionKind::Rope && (width / heads) % 2 != 0)
    return Message{"error.attention.odd_head", {{"width", width / heads}}};
  if (const auto problem = problemWithHeads(p[kAblate].text, p[kLayers], heads)) return problem;
  return problemWithProbeTokens(p);
}

std::vector<ViewSpec> views() {
  return {
      tokens("arcs").large().picking("", "query"),
      series("alignment", {"alignment/*"}).yAxis("axis.alignment"),
      matrix("attention")
          .xAxis("axis.attention_key")
          .yAxis("axis.attention_query")
          .picking("query", "key"),
      series("accuracy", {"accuracy", "*/accuracy"}).yAxis("axis.token_accuracy"),
      images("every_head").picking("head"),
      graph("numbers"),
      matrix("heads")
          .xAxis("axis.attention_head")
          .yAxis("axis.attention_layer")
          .picking("ablate", "ablate")
          .small(),
      bars("knockout").xAxis("axis.attention_head").yAxis("axis.token_accuracy").small(),
      series("loss", {"loss", "*/loss"})
          .yAxis("axis.token_loss", "unit.nats")
          .logarithmicY()
          .small(),
      series("without", {"without/*"}).yAxis("axis.token_accuracy").small(),
      series("longer", {"accuracy_long"}).yAxis("axis.token_accuracy").small(),
      series("entropy", {"entropy/*"}).yAxis("axis.row_entropy", "unit.nats").small(),
      series("sharpness", {"mean_entropy", "*/mean_entropy"})
          .yAxis("axis.row_entropy", "unit.nats")
          .small(),
      series("order_effect", {"order_effect", "*/order_effect"})
          .yAxis("axis.logit_change")
          .logarithmicY()
          .small(),
      tokens("permuted").small(),
      table("products").picking("component").small(),
      table("softmax_row").picking("key").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("a-head-forms").lasting(150).showing("arcs", {"alignment", "accuracy"}),
      preset("sort")
          .with({{"task", "sort"}, {"length", "10"}, {"heads", "2"}, {"lr", "0.003"}})
          .lasting(300)
          .showing("arcs", {"accuracy", "every_head"}),
      preset("addition")
          .with({{"task", "addition"},
                 {"length", "2"},
                 {"layers", "2"},
                 {"heads", "4"},
                 {"lr", "0.003"},
                 {"rival", "none"},
                 {"evaluate_every", "20"},
                 {"probe", "57+68"}})
          .lasting(1000)
          .heavy()
          .showing("accuracy", {"arcs", "longer"}),
      preset("knock-out-a-head")
          .with({{"heads", "4"}, {"lr", "0.003"}, {"rival", "none"}})
          .lasting(150)
          .showing("knockout", {"every_head", "accuracy"}),
      preset("without-positions")
          .with({{"length", "10"}, {"lr", "0.003"}})
          .lasting(150)
          .showing("permuted", {"order_effect", "accuracy"}),
      preset("pre-or-post")
          .with({{"length", "10"},
                 {"layers", "4"},
                 {"lr", "0.02"},
                 {"rival", "other-norm"},
                 {"evaluate_every", "10"}})
          .lasting(150)
          .showing("accuracy", {"loss", "every_head"}),
      preset("without-the-scale")
          .with({{"width", "64"}, {"rival", "no-scale"}})
          .lasting(120)
          .showing("accuracy", {"sharpness", "attention"}),
  };
}

}  // namespace

std::size_t LabState::best() const {
  const auto place = std::max_element(figures.begin(), figures.end(),
                                      [](auto& a, auto& b) { return a.alignment < b.alignment; });
  return static_cast<std::size_t>(place - figures.begin());
}

std::string rivalName(const Parameters& p) {
  switch (p[kRival]) {
    case LabRival::None:
      return "";
    case LabRival::OtherNorm:
      return p[kNorm] == NormOrder::Pre ? "post" : "pre";
    default:
      return kRival.nameOf(p[kRival]);
  }
}

VerdictData labVerdict(const std::string& preset, const LabState& s) {
  if (!s.own.progress.accuracy()) return {Mood::Open, {kId + ".verdict.early", {}}};
  Arguments numbers{{"accuracy", accuracyOf(s.own)},
                    {"loss", s.own.progress.loss().value_or(0)},
                    {"longer", s.accuracy_long},
                    {"entropy", s.own.figures.entropy},
                    {"entropy_start", s.own.entropy_at_start},
                    {"uniform", std::log(static_cast<double>(s.length))},
                    {"order_effect", s.own.figures.order_effect}};
  if (s.own.progress.solvedAt()) numbers.emplace_back("steps", *s.own.progress.solvedAt());
  if (s.has_alignment) {
    const auto best = static_cast<std::int64_t>(s.best());
    numbers.emplace_back("head", headName(best / s.heads, best % s.heads));
    numbers.emplace_back("alignment", s.figures[s.best()].alignment);
    numbers.emplace_back("at_start", s.alignment_at_start);
  }
  double least = 1;
  for (const HeadFigures& head : s.figures) least = std::min(least, head.without);
  numbers.emplace_back("least", least);
  numbers.emplace_back("without_all", s.without_all);
  if (s.formed_at) numbers.emplace_back("formed", *s.formed_at);
  if (s.rival) {
    numbers.emplace_back("rival", Word{kId + ".curve." + s.rival_name});
    numbers.emplace_back("rival_accuracy", accuracyOf(*s.rival));
    numbers.emplace_back("rival_loss", s.rival->progress.loss().value_or(0));
    numbers.emplace_back("rival_entropy_start", s.rival->entropy_at_start);
    numbers.emplace_back("rival_order_effect", s.rival->figures.order_effect);
    if (s.rival->progress.solvedAt())
      numbers.emplace_back("rival_steps", *s.rival->progress.solvedAt());
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& attentionLab() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {
        kLabTask,  kLabLength, kLayers,    kHeads,   kWidth,     kPositions,    kScaleOn,
        kMask,     kNorm,      kRival,     kLabRate, kLabWarmup, kLabBatchSize, kLabEvaluateEvery,
        kLabProbe, kAblate,    kShownHead, kQuery,   kKey,       kComponent};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"written-out", "permutation"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 200;
    made.sources = {"lessons/transformer/attention_lab.cpp", "lessons/nn/transformer_block.cpp",
                    "lessons/nn/attention.cpp", "lessons/transformer/attention_task.cpp",
                    "lessons/transformer/written_attention.cpp"};
    made.equivalent = kProgram;
    made.make = makeAttentionLab;
    return made;
  }();
  return spec;
}

}  // namespace viva

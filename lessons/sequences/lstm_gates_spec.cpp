// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/sequences/lessons.h"
#include "lessons/sequences/lstm_gates.h"

namespace viva {
namespace {

const std::string kId = "lstm-gates";
const std::string kProgram = "resources/lessons/lstm/lstm_gates.py";

using Mood = VerdictData::Mood;

constexpr std::int64_t kAddingPatience = 1200, kBracketsPatience = 1000, kTextPatience = 600,
                       kHeldPatience = 800;

/// What is not solved is open until it is too late.
std::optional<bool> unsolved(const GatesState& s, std::int64_t patience) {
  if (s.step < patience) return std::nullopt;
  return false;
}

bool isCompared(const GatesState& s) { return s.cell.solvedAt() && s.rnn && s.rnn_then; }

/// Well below what remembering nothing gives, while the plain RNN is still there.
std::optional<bool> remembersMore(const GatesState& s) {
  if (!s.rnn) return std::nullopt;
  return *s.cell.loss()<0.9 * s.baseline&& * s.rnn->loss()> 0.95 * s.baseline;
}

/// A net that has learned its task, and cannot do it with the gate held.
std::optional<bool> needsItsGate(const GatesState& s) {
  if (!s.held) return std::nullopt;
  if (!s.cell.solvedAt()) return unsolved(s, kHeldPatience);
  return s.held->held > 10 * s.held->free;
}

std::string ifCompared(const GatesState& s, Mood) { return isCompared(s) ? "" : ".standing"; }
std::string ifSolved(const GatesState& s, Mood) { return s.cell.solvedAt() ? "" : ".standing"; }

const Claims<GatesState> kClaims{
    // The cell has solved it, and the plain RNN with the same settings had this at least to go.
    {"adding-50", kAddingPatience,
     [](const GatesState& s) -> std::optional<bool> {
       return isCompared(s) ? *s.rnn_then > 0.1 : unsolved(s, kAddingPatience);
     },
     When::Once, ifCompared},
    {"copy-20", 2000, remembersMore, When::Until,
     [](const GatesState& s, Mood) { return std::string(s.rnn ? "" : ".early"); }},
    {"brackets", kBracketsPatience,
     [](const GatesState& s) -> std::optional<bool> {
       return isCompared(s) ? *s.rnn_then > 2 * s.cell.goal() : unsolved(s, kBracketsPatience);
     },
     When::Once, ifCompared},
    {"next-character", kTextPatience,
     [](const GatesState& s) -> std::optional<bool> {
       return s.cell.solvedAt() ? true : unsolved(s, kTextPatience);
     },
     When::Once, ifSolved},
    {"forget-gate-shut", kHeldPatience, needsItsGate, When::Once,
     [](const GatesState& s, Mood mood) { return s.held ? ifSolved(s, mood) : ".standing"; }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  const std::string unit = p[kTask] == SequenceTask::Adding ? "" : "unit.nats";
  std::vector<RecordSpec> records{
      {"loss", unit}, {"baseline", unit}, {"accuracy", ""}, {"gradient_norm", ""}};
  if (p[kCompare] && p[kCell] != CellKind::Rnn) {
    records.push_back({"rnn/loss", unit});
    records.push_back({"rnn/accuracy", ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const auto problem = problemWithTask(p);
  return problem ? problem : problemWithProbe(p);
}

ViewSpec ofUnits(const char* id) {
  return matrix(id).xAxis("axis.probe_time").yAxis("axis.unit").picking("unit", "time");
}

std::vector<ViewSpec> views() {
  return {
      series("loss", {"loss", "rnn/loss", "baseline"}).yAxis("axis.sequence_loss").logarithmicY(),
      ofUnits("cell_state"),
      ofUnits("forget_gate"),
      ofUnits("input_gate"),
      ofUnits("output_gate").small(),
      ofUnits("candidate").small(),
      ofUnits("hidden_state").small(),
      graph("cell"),
      series("prediction", {}).xAxis("axis.probe_time").yAxis("axis.answer"),
      series("gradient_in_time", {})
          .xAxis("axis.probe_time")
          .yAxis("axis.memory_gradient")
          .logarithmicY()
          .small(),
      matrix("answers").xAxis("axis.probe_time").yAxis("axis.answers").picking("", "time").small(),
      matrix("probe_input")
          .xAxis("axis.probe_time")
          .yAxis("axis.features")
          .picking("", "time")
          .small(),
      series("accuracy", {"accuracy", "rnn/accuracy"}).yAxis("axis.accuracy").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("adding-50").lasting(1200).heavy().showing("loss", {"input_gate", "prediction"}),
      preset("copy-20")
          .with({{"task", "copy"},
                 {"length", "20"},
                 {"hidden", "64"},
                 {"forget_bias", "5"},
                 {"lr", "0.01"}})
          .lasting(2000)
          .heavy()
          .showing("loss", {"gradient_in_time", "answers"}),
      preset("brackets")
          .with({{"task", "brackets"},
                 {"length", "40"},
                 {"lr", "0.01"},
                 {"probe", "a(aa[a(a)a]aa)a"}})
          .lasting(1000)
          .quick(400)
          .showing("loss", {"cell_state", "answers"}),
      preset("next-character")
          .with(
              {{"task", "text"}, {"length", "40"}, {"hidden", "32"}, {"lr", "0.01"}, {"probe", ""}})
          .lasting(600)
          .quick(400)
          .showing("loss", {"answers", "cell_state"}),
      preset("forget-gate-shut")
          .with({{"length", "20"}, {"clamp", "forget"}, {"clamp_value", "0"}})
          .lasting(800)
          .heavy()
          .showing("prediction", {"cell", "gradient_in_time"}),
  };
}

}  // namespace

VerdictData gatesVerdict(const std::string& preset, const GatesState& s) {
  if (!s.cell.loss()) return {Mood::Open, {kId + ".verdict.early", {}}};
  Arguments numbers{{"loss", *s.cell.loss()},
                    {"baseline", s.baseline},
                    {"goal", s.cell.goal()},
                    {"accuracy", *s.cell.accuracy()}};
  if (s.cell.solvedAt()) numbers.emplace_back("steps", *s.cell.solvedAt());
  if (s.rnn_then) numbers.emplace_back("rnn_then", *s.rnn_then);
  if (s.rnn) {
    numbers.emplace_back("rnn", *s.rnn->loss());
    numbers.emplace_back("rnn_accuracy", *s.rnn->accuracy());
  }
  if (s.held) {
    numbers.emplace_back("free", s.held->free);
    numbers.emplace_back("held", s.held->held);
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& lstmGates() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTask,       kLength,  kText,         kCell,      kHidden,
                       kForgetBias, kCompare, kLearningRate, kBatchSize, kMaxNorm,
                       kProbe,      kUnit,    kTime,         kClamp,     kClampValue};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"library-kernel", "state-gradient", "finite-differences"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 1000;
    made.sources = {"lessons/sequences/lstm_gates.cpp", "lessons/nn/recurrent_cells.cpp",
                    "lessons/sequences/recurrent_net.cpp", "lessons/data/sequence_tasks.cpp"};
    made.equivalent = kProgram;
    made.make = makeLstmGates;
    return made;
  }();
  return spec;
}

}  // namespace viva

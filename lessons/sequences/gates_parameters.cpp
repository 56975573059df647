// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/gates_parameters.h"

#include <set>

#include "lessons/data/typed_sequence.h"

namespace viva {
namespace {

constexpr std::size_t kMostCharacters = 100000, kMostDifferent = 1000;

/// Shakespeare, Hamlet, act 3 scene 1.
const char* const kDefaultText =
    "to be, or not to be, that is the question: whether tis nobler in the mind to suffer ";

const std::vector<std::string> kTaskNames{"adding", "copy", "brackets", "text", "timing"};

}  // namespace

std::vector<ParameterSpec> taskParameters() {
  return {
      choice("task", kTaskNames, "adding").grouped("task"),
      integer("length", 50).range(4, 400).logarithmic().grouped("task"),
      text("text", kDefaultText).grouped("task").onlyWhen("task", {"text"}),
  };
}

std::vector<ParameterSpec> trainingSettings() {
  return {
      real("lr", 0.03).range(1e-5, 1).logarithmic().live().grouped("training"),
      integer("batch_size", 32).range(1, 256).logarithmic().live().grouped("training"),
      real("max_norm", 1).range(0, 100).stepping(0.1).live().grouped("training"),
  };
}

std::optional<Message> problemWithTask(const Parameters& p) {
  if (p[kTask] != SequenceTask::Text) return std::nullopt;
  const auto characters = charactersOf(p[kText].text);
  const std::set<std::string> different(characters.begin(), characters.end());
  if (characters.size() > kMostCharacters)
    return Message{"error.text.too_long",
                   {{"found", static_cast<std::int64_t>(characters.size())},
                    {"limit", static_cast<std::int64_t>(kMostCharacters)}}};
  if (different.size() < 2 || different.size() > kMostDifferent)
    return Message{"error.text.different",
                   {{"found", static_cast<std::int64_t>(different.size())},
                    {"limit", static_cast<std::int64_t>(kMostDifferent)}}};
  return std::nullopt;
}

SequenceSource sourceOf(const Parameters& p) {
  return SequenceSource(p[kTask], p[kLength], p[kText].text);
}

std::optional<HeldGate> heldGate(const Parameters& p) {
  switch (p[kClamp]) {
    case Clamp::Forget:
      return HeldGate{HeldGate::Gate::Forget, p[kClampValue]};
    case Clamp::Input:
      return HeldGate{HeldGate::Gate::Input, p[kClampValue]};
    case Clamp::Output:
      return HeldGate{HeldGate::Gate::Output, p[kClampValue]};
    case Clamp::None:
      break;
  }
  return std::nullopt;
}

std::vector<ParameterSpec> gatesParameters() {
  std::vector<ParameterSpec> specs = taskParameters();
  specs.push_back(choice("cell", {"lstm", "peephole", "gru", "rnn"}, "lstm").grouped("net"));
  specs.push_back(integer("hidden", 32).range(1, 128).logarithmic().grouped("net"));
  specs.push_back(real("forget_bias", 1)
                      .range(-5, 10)
                      .stepping(0.5)
                      .grouped("net")
                      .onlyWhen("cell", {"lstm", "peephole"}));
  specs.push_back(
      toggle("compare", true).grouped("net").onlyWhen("cell", {"lstm", "peephole", "gru"}));
  for (ParameterSpec& spec : trainingSettings()) specs.push_back(std::move(spec));
  specs.push_back(text("probe", "").live().grouped("probe"));
  specs.push_back(integer("unit", 0).range(0, 127).live().grouped("probe"));
  specs.push_back(integer("time", 12).range(0, kLongestTyped - 1).live().grouped("probe"));
  specs.push_back(choice("clamp", {"none", "forget", "input", "output"}, "none")
                      .live()
                      .grouped("probe")
                      .onlyWhen("cell", {"lstm", "peephole", "gru"}));
  specs.push_back(real("clamp_value", 0)
                      .range(0, 1)
                      .stepping(0.05)
                      .live()
                      .grouped("probe")
                      .onlyWhen("clamp", {"forget", "input", "output"}));
  return specs;
}

std::vector<RecordSpec> gatesRecords(const Parameters& p) {
  const std::string unit = p[kTask] == SequenceTask::Adding ? "" : "unit.nats";
  std::vector<RecordSpec> records{
      {"loss", unit}, {"baseline", unit}, {"accuracy", ""}, {"gradient_norm", ""}};
  if (p[kCompare] && p[kCell] != CellKind::Rnn) {
    records.push_back({"rnn/loss", unit});
    records.push_back({"rnn/accuracy", ""});
  }
  return records;
}

std::optional<Message> validateGates(const Parameters& p) {
  if (auto problem = problemWithTask(p)) return problem;
  if (p[kProbe].text.empty()) return std::nullopt;
  const auto read = readTyped(sourceOf(p), p[kProbe].text);
  if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  return std::nullopt;
}

std::vector<ViewSpec> gatesViews() {
  const AxisSpec time{"axis.probe_time", "", false}, unit{"axis.unit", "", false};
  const auto of_units = [&](const char* id) {
    ViewSpec spec = matrix(id, time, unit);
    spec.picks = ViewSpec::Picks{"unit", "time"};
    return spec;
  };
  const auto over_time = [&](const char* id, AxisSpec y) {
    ViewSpec spec = series(id, {}, std::move(y));
    spec.x = time;
    return spec;
  };
  std::vector<ViewSpec> views{
      series("loss", {"loss", "rnn/loss", "baseline"}, {"axis.sequence_loss", "", true}),
      of_units("cell_state"),
      of_units("forget_gate"),
      of_units("input_gate"),
      of_units("output_gate"),
      of_units("candidate"),
      of_units("hidden_state"),
      graph("cell"),
      over_time("prediction", {"axis.answer", "", false}),
      over_time("gradient_in_time", {"axis.memory_gradient", "", true}),
      matrix("answers", time, {"axis.answers", "", false}),
      matrix("probe_input", time, {"axis.features", "", false}),
      series("accuracy", {"accuracy", "rnn/accuracy"}, {"axis.accuracy", "", false}),
      verdict("verdict"),
  };
  for (ViewSpec& view : views) {
    for (const char* small : {"output_gate", "candidate", "hidden_state", "answers", "probe_input",
                              "accuracy", "gradient_in_time"})
      if (view.id == small) view.room = Room::Small;
    if (view.id == "cell") view.room = Room::Medium;
    if (view.id == "answers" || view.id == "probe_input") view.picks = ViewSpec::Picks{"", "time"};
  }
  return views;
}

std::vector<Preset> gatesPresets() {
  return {
      {"adding-50", {}, 1200, {"loss", "input_gate", "cell", "prediction"}},
      {"copy-20",
       {{"task", "copy"}, {"length", "20"}, {"hidden", "64"}, {"forget_bias", "5"}, {"lr", "0.01"}},
       2000,
       {"loss", "gradient_in_time", "answers", "accuracy"}},
      {"brackets",
       {{"task", "brackets"}, {"length", "40"}, {"lr", "0.01"}, {"probe", "a(aa[a(a)a]aa)a"}},
       1000,
       {"loss", "cell_state", "cell", "answers"}},
      {"next-character",
       {{"task", "text"}, {"length", "40"}, {"hidden", "32"}, {"lr", "0.01"}, {"probe", ""}},
       600,
       {"loss", "cell_state", "answers", "accuracy"}},
      {"forget-gate-shut",
       {{"length", "20"}, {"clamp", "forget"}, {"clamp_value", "0"}},
       800,
       {"loss", "cell", "prediction", "gradient_in_time"}},
  };
}

}  // namespace viva

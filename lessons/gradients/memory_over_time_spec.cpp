// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/gradients/lessons.h"
#include "lessons/gradients/memory_over_time.h"

namespace viva {
namespace {

const std::string kId = "memory-over-time";
const std::string kProgram = "resources/lessons/vanishing-gradients/memory_over_time.py";

/// Of memories that were left out nothing can be said.
template <MemoryKind... kinds>
std::string about(const MemoryState& state, VerdictData::Mood) {
  return (state.find(kinds) && ...) ? "" : ".standing";
}

std::optional<bool> forgets(const MemoryState& state) {
  const auto* rnn = state.find(MemoryKind::Rnn);
  if (!rnn) return std::nullopt;
  return rnn->typicalRatio() < 1e-6 && rnn->loss > 0.8 * state.baseline;
}

std::optional<bool> lstmRemembers(const MemoryState& state) {
  const auto* rnn = state.find(MemoryKind::Rnn);
  const auto* lstm = state.find(MemoryKind::Lstm);
  if (!rnn || !lstm) return std::nullopt;
  return lstm->typicalRatio() > 1e-6 && lstm->typicalRatio() > 1e6 * rnn->typicalRatio();
}

std::optional<bool> attentionLearns(const MemoryState& state) {
  const auto* rnn = state.find(MemoryKind::Rnn);
  const auto* attention = state.find(MemoryKind::Attention);
  if (!rnn || !attention) return std::nullopt;
  // What an RNN that has learned nothing lets through differs by seed, from 4e-29 to 2e-3.
  return attention->typicalRatio() > 0.03 &&
         attention->typicalRatio() > 100 * rnn->typicalRatio() &&
         attention->loss < 0.2 * state.baseline && rnn->loss > 0.8 * state.baseline;
}

const Claims<MemoryState> kClaims{
    {"long-sequence", 100, forgets, When::From, about<MemoryKind::Rnn>},
    {"lstm-remembers", 100, lstmRemembers, When::From, about<MemoryKind::Rnn, MemoryKind::Lstm>},
    {"attention-shortcut", 300, attentionLearns, When::From,
     about<MemoryKind::Rnn, MemoryKind::Attention>},
};

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> specs(kMemoryOn.begin(), kMemoryOn.end());
  specs.insert(specs.end(), {kMemoryLength, kMemoryBatchSize, kMemoryHidden, kMemoryForgetBias,
                             kMemoryRate, kMemoryClip, kMemoryMaxNorm});
  return specs;
}

std::vector<RecordSpec> records(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (MemoryKind kind : memoriesIn(parameters))
    for (const char* quantity : {"/loss", "/grad_norm", "/far_to_near"})
      records.push_back({nameOf(kind) + quantity, ""});
  return records;
}

std::optional<Message> validate(const Parameters& parameters) {
  if (memoriesIn(parameters).empty()) return Message{"error.memory.none", {}};
  return std::nullopt;
}

}  // namespace

std::vector<MemoryKind> memoriesIn(const Parameters& parameters) {
  std::vector<MemoryKind> chosen;
  for (std::size_t i = 0; i < kMemoryKinds.size(); ++i)
    if (parameters[kMemoryOn[i]]) chosen.push_back(kMemoryKinds[i]);
  return chosen;
}

const MemoryReport* MemoryState::find(MemoryKind kind) const {
  for (const MemoryReport& memory : memories)
    if (memory.kind == kind) return &memory;
  return nullptr;
}

VerdictData memoryVerdict(const std::string& preset, std::int64_t step, const MemoryState& state) {
  const auto best =
      std::max_element(state.memories.begin(), state.memories.end(),
                       [](const auto& a, const auto& b) { return a.log_ratio < b.log_ratio; });
  Arguments numbers{{"length", state.length},
                    {"baseline", state.baseline},
                    {"memory", Word{kId + ".curve." + nameOf(best->kind)}},
                    {"ratio", readable(best->typicalRatio())}};
  for (const MemoryReport& memory : state.memories) {
    numbers.emplace_back("loss_" + nameOf(memory.kind), readable(memory.loss));
    numbers.emplace_back("ratio_" + nameOf(memory.kind), readable(memory.typicalRatio()));
  }
  return judged(kId, kClaims, preset, step, state, std::move(numbers));
}

const ExperimentSpec& memoryOverTime() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        series("state_gradient", {})
            .xAxis("axis.steps_back")
            .yAxis("axis.state_gradient")
            .logarithmicY()
            .large(),
        series("loss", {"*/loss"}).yAxis("axis.squared_error").logarithmicY(),
        matrix("history").xAxis("axis.step").yAxis("axis.steps_back"),
        series("far_to_near", {"*/far_to_near"}).yAxis("axis.far_to_near").logarithmicY(),
        series("grad_norm", {"*/grad_norm"}).yAxis("axis.total_grad_norm").logarithmicY().small(),
        table("memories"),
        verdict("verdict"),
    };
    made.checks = {"library"};
    made.presets = {
        preset("long-sequence")
            .with({{"length", "100"},
                   {"gru.on", "false"},
                   {"lstm.on", "false"},
                   {"attention.on", "false"}})
            .lasting(400)
            .quick(100)
            .showing("state_gradient", {"loss", "history"}),
        preset("lstm-remembers")
            .with({{"length", "60"},
                   {"gru.on", "false"},
                   {"attention.on", "false"},
                   {"forget_bias", "5"}})
            .lasting(800)
            .quick(100)
            .showing("state_gradient", {"far_to_near", "memories"}),
        preset("attention-shortcut")
            .with({{"length", "60"}, {"gru.on", "false"}, {"lstm.on", "false"}, {"lr", "0.01"}})
            .lasting(800)
            .quick(400)
            .showing("state_gradient", {"loss", "memories"}),
    };
    made.claims = claimsOf(kClaims);
    made.default_steps = 800;
    made.sources = {"lessons/gradients/memory_over_time.cpp", "lessons/gradients/memory_models.cpp",
                    "lessons/gradients/state_gradients.cpp", "lessons/nn/recurrent_cells.cpp"};
    made.equivalent = kProgram;
    made.make = makeMemoryOverTime;
    return made;
  }();
  return spec;
}

}  // namespace viva

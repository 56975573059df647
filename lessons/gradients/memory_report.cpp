// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/memory_report.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

const MemoryReport* find(const std::vector<MemoryReport>& memories, MemoryKind kind) {
  for (const MemoryReport& memory : memories)
    if (memory.kind == kind) return &memory;
  return nullptr;
}

std::string keyOf(MemoryKind kind) { return "memory-over-time.curve." + nameOf(kind); }

}  // namespace

void MemoryReport::observe(double batch_loss, std::vector<double> norms) {
  constexpr double kMemory = 20;
  updates += 1;
  const double weight = 1 / std::min(kMemory, static_cast<double>(updates));
  loss += (batch_loss - loss) * weight;
  state_norms = std::move(norms);
  // Below the smallest float32 there is only zero.
  constexpr double kUnderflow = 1e-50;
  if (const auto ratio = farToNear())
    log_ratio += (std::log(std::max(*ratio, kUnderflow)) - log_ratio) * weight;
}

double MemoryReport::typicalRatio() const { return std::exp(log_ratio); }

std::optional<double> MemoryReport::farToNear() const {
  if (state_norms.empty() || (state_norms.front() == 0 && state_norms.back() == 0))
    return std::nullopt;
  return state_norms.back() / state_norms.front();
}

SeriesData stateGradients(const std::vector<MemoryReport>& memories) {
  SeriesData data;
  for (const MemoryReport& memory : memories) {
    Curve curve{nameOf(memory.kind), Word{keyOf(memory.kind)}, {}, memory.state_norms, false};
    for (std::size_t i = 0; i < memory.state_norms.size(); ++i)
      curve.x.push_back(static_cast<double>(i));
    data.curves.push_back(std::move(curve));
  }
  return data;
}

SeriesData baselineCurve(double baseline, std::int64_t step) {
  const double end = static_cast<double>(std::max<std::int64_t>(1, step));
  return {{{"baseline",
            Word{"memory-over-time.curve.baseline"},
            {0, end},
            {baseline, baseline},
            true}}};
}

TableData memoriesTable(const std::vector<MemoryReport>& memories) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {
      {"memory", Best::None}, {"loss", Best::Smallest}, {"far_to_near", Best::Largest}};
  for (const MemoryReport& memory : memories) {
    const auto ratio = memory.farToNear();
    table.rows.push_back(
        {nameOf(memory.kind),
         {Word{keyOf(memory.kind)},
          memory.updates > 0 ? TableData::Cell{memory.loss} : TableData::Cell{std::monostate{}},
          ratio ? TableData::Cell{*ratio} : TableData::Cell{std::monostate{}}}});
  }
  return table;
}

VerdictData memoryVerdict(const std::string& preset, std::int64_t step, std::int64_t length,
                          double baseline, const std::vector<MemoryReport>& memories) {
  if (step == 0) return {Mood::Open, {"verdict.memory.early", {}}};
  std::vector<std::pair<std::string, Argument>> arguments{{"length", length},
                                                          {"baseline", baseline}};
  for (const MemoryReport& memory : memories) {
    arguments.emplace_back("loss_" + nameOf(memory.kind), readable(memory.loss));
    arguments.emplace_back("ratio_" + nameOf(memory.kind), readable(memory.typicalRatio()));
  }
  const auto* rnn = find(memories, MemoryKind::Rnn);
  const auto* lstm = find(memories, MemoryKind::Lstm);
  const auto* attention = find(memories, MemoryKind::Attention);
  const auto judged = [&](std::int64_t patience, bool holds) {
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       {"verdict.memory." + preset, arguments}};
  };
  if (preset == "long-sequence" && rnn)
    return judged(100, rnn->typicalRatio() < 1e-6 && rnn->loss > 0.8 * baseline);
  if (preset == "lstm-remembers" && rnn && lstm)
    return judged(100,
                  lstm->typicalRatio() > 1e-6 && lstm->typicalRatio() > 1e6 * rnn->typicalRatio());
  if (preset == "attention-shortcut" && rnn && attention)
    // What an RNN that has learned nothing lets through differs by seed, from 4e-29 to 2e-3.
    return judged(300, attention->typicalRatio() > 0.03 &&
                           attention->typicalRatio() > 100 * rnn->typicalRatio() &&
                           attention->loss < 0.2 * baseline && rnn->loss > 0.8 * baseline);
  const auto best =
      std::max_element(memories.begin(), memories.end(),
                       [](const auto& a, const auto& b) { return a.log_ratio < b.log_ratio; });
  arguments.emplace_back("memory", Word{keyOf(best->kind)});
  arguments.emplace_back("ratio", readable(best->typicalRatio()));
  return {Mood::Open, {"verdict.memory.standing", arguments}};
}

}  // namespace viva

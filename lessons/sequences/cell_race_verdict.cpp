// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/cell_race_verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace viva {
namespace {

using Mood = VerdictData::Mood;

Word wordFor(const CellStanding& standing) { return {"cell-race.curve." + standing.entrant.id}; }

const CellStanding* find(const CellRaceState& state, std::string_view id) {
  for (const CellStanding& standing : state.standings)
    if (standing.entrant.id == id) return &standing;
  return nullptr;
}

VerdictData early() { return {Mood::Open, {"verdict.sequences.early", {}}}; }

/// Updates until it was solved; more than any number where it is not.
std::int64_t stepsOf(const CellStanding& standing) {
  return standing.progress.solvedAt().value_or(std::numeric_limits<std::int64_t>::max());
}

/// The one with the smallest loss, and how many have solved it.
VerdictData leader(const CellRaceState& state, Mood mood) {
  const auto loss = [](const CellStanding& standing) {
    return standing.progress.loss().value_or(std::numeric_limits<double>::infinity());
  };
  const CellStanding& best =
      *std::min_element(state.standings.begin(), state.standings.end(),
                        [&](const auto& a, const auto& b) { return loss(a) < loss(b); });
  if (!best.progress.loss()) return early();
  const auto solved = std::count_if(state.standings.begin(), state.standings.end(),
                                    [](const auto& s) { return s.progress.solvedAt(); });
  return {mood,
          {"verdict.race.cells",
           {{"cell", wordFor(best)},
            {"loss", loss(best)},
            {"baseline", state.source.baseline()},
            {"solved", static_cast<std::int64_t>(solved)},
            {"running", static_cast<std::int64_t>(state.standings.size())},
            {"goal", best.progress.goal()}}}};
}

/// The GRU has solved it no later than the LSTM, with three quarters of the recurrent weights.
VerdictData gruIsEnough(const CellRaceState& state) {
  constexpr std::int64_t kPatience = 1000;
  const CellStanding* lstm = find(state, "lstm");
  const CellStanding* gru = find(state, "gru");
  if (!lstm || !gru) return early();
  if (!gru->progress.solvedAt())
    return leader(state,
                  lstm->progress.solvedAt() || state.step >= kPatience ? Mood::Fails : Mood::Open);
  Message sentence{lstm->progress.solvedAt() ? "verdict.race.gru_both" : "verdict.race.gru_first",
                   {{"goal", gru->progress.goal()},
                    {"gru_steps", *gru->progress.solvedAt()},
                    {"gru_parameters", gru->parameters},
                    {"lstm_parameters", lstm->parameters}}};
  if (lstm->progress.solvedAt())
    sentence.arguments.emplace_back("lstm_steps", *lstm->progress.solvedAt());
  else
    sentence.arguments.emplace_back("lstm_loss", lstm->progress.loss().value_or(0));
  return {stepsOf(*gru) <= stepsOf(*lstm) ? Mood::Holds : Mood::Fails, sentence};
}

/// A gated cell has solved it; the plain RNN is where remembering nothing would be.
VerdictData rnnForgets(const CellRaceState& state) {
  constexpr std::int64_t kPatience = 1500;
  const CellStanding* rnn = find(state, "rnn");
  if (!rnn || !rnn->progress.loss()) return early();
  const CellStanding* first = nullptr;
  for (const CellStanding& standing : state.standings)
    if (standing.entrant.kind != CellKind::Rnn && standing.progress.solvedAt())
      if (!first || stepsOf(standing) < stepsOf(*first)) first = &standing;
  if (!first) return leader(state, state.step < kPatience ? Mood::Open : Mood::Fails);
  const double loss = *rnn->progress.loss(), baseline = state.source.baseline();
  return {loss > 0.8 * baseline ? Mood::Holds : Mood::Fails,
          {"verdict.race.rnn_forgets",
           {{"goal", first->progress.goal()},
            {"first", wordFor(*first)},
            {"steps", stepsOf(*first)},
            {"length", state.source.time()},
            {"rnn", loss},
            {"baseline", baseline}}}};
}

/// At the start more of the gradient gets back with the bias than without, by orders of magnitude.
VerdictData forgetBias(const CellRaceState& state) {
  constexpr double kOrders = 1000;
  const CellStanding* with = find(state, "lstm");
  const CellStanding* without = find(state, "lstm-zero-bias");
  if (!with || !without || state.step == 0) return early();
  const double times = std::pow(with->kept_at_start / without->kept_at_start,
                                static_cast<double>(state.source.time()));
  Message sentence{"verdict.race.forget_bias",
                   {{"bias", state.forget_bias},
                    {"kept", with->kept_at_start},
                    {"kept_without", without->kept_at_start},
                    {"steps", state.source.time()},
                    {"times", times}}};
  const auto solved = with->progress.solvedAt(), solved_without = without->progress.solvedAt();
  if (solved && solved_without) {
    sentence.key = "verdict.race.forget_bias_solved";
    sentence.arguments.emplace_back("solved", *solved);
    sentence.arguments.emplace_back("solved_without", *solved_without);
  }
  return {times > kOrders ? Mood::Holds : Mood::Fails, sentence};
}

/// An LSTM without peepholes tells the distances apart too; the sentence says who was first.
VerdictData peepholeTiming(const CellRaceState& state) {
  constexpr std::int64_t kPatience = 1500;
  const CellStanding* lstm = find(state, "lstm");
  const CellStanding* peephole = find(state, "peephole");
  if (!lstm || !peephole) return early();
  const auto with = peephole->progress.solvedAt(), without = lstm->progress.solvedAt();
  const auto loss = [](const CellStanding* standing) {
    return standing->progress.loss().value_or(0);
  };
  const Argument goal = lstm->progress.goal();
  if (with && without)
    return {
        Mood::Holds,
        {"verdict.race.peephole_both", {{"goal", goal}, {"with", *with}, {"without", *without}}}};
  if (without)
    return {Mood::Holds,
            {"verdict.race.peephole_not_needed",
             {{"goal", goal}, {"without", *without}, {"loss", loss(peephole)}}}};
  if (with)
    return {
        state.step < kPatience ? Mood::Open : Mood::Fails,
        {"verdict.race.peephole_alone", {{"goal", goal}, {"with", *with}, {"loss", loss(lstm)}}}};
  return leader(state, state.step < kPatience ? Mood::Open : Mood::Fails);
}

}  // namespace

TableData cellStandings(const std::vector<CellStanding>& standings) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"cell"},
                   {"parameters", Best::Smallest},
                   {"mean_loss", Best::Smallest},
                   {"mean_accuracy", Best::Largest},
                   {"solved_at", Best::Smallest}};
  for (const CellStanding& standing : standings) {
    const auto cell = [](const auto& number) -> TableData::Cell {
      if (!number) return std::monostate{};
      return static_cast<double>(*number);
    };
    table.rows.push_back({standing.entrant.id,
                          {wordFor(standing), static_cast<double>(standing.parameters),
                           cell(standing.progress.loss()), cell(standing.progress.accuracy()),
                           cell(standing.progress.solvedAt())}});
  }
  return table;
}

VerdictData cellRaceVerdict(const CellRaceState& state) {
  if (state.preset == "gru-is-enough") return gruIsEnough(state);
  if (state.preset == "rnn-forgets") return rnnForgets(state);
  if (state.preset == "forget-bias-one") return forgetBias(state);
  if (state.preset == "peephole-timing") return peepholeTiming(state);
  return leader(state, Mood::Open);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/gates_verdict.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

VerdictData early() { return {Mood::Open, {"verdict.sequences.early", {}}}; }

/// Where it stands, against remembering nothing.
VerdictData standing(const GatesState& state, Mood mood) {
  if (!state.cell.loss()) return early();
  return {mood,
          {"verdict.sequences.standing",
           {{"loss", *state.cell.loss()}, {"baseline", state.source.baseline()}}}};
}

/// The cell has solved it, and the plain RNN with the same settings had `left` at least to go.
VerdictData solvedBefore(const GatesState& state, double left, std::int64_t patience) {
  const auto solved = state.cell.solvedAt();
  if (!solved || !state.rnn || !state.rnn_then)
    return standing(state, state.step < patience ? Mood::Open : Mood::Fails);
  return {*state.rnn_then > left ? Mood::Holds : Mood::Fails,
          {"verdict.gates.solved_before",
           {{"goal", state.cell.goal()},
            {"steps", *solved},
            {"rnn", *state.rnn_then},
            {"baseline", state.source.baseline()}}}};
}

/// Well below what remembering nothing gives, while the plain RNN is still there.
VerdictData remembersMore(const GatesState& state, std::int64_t patience) {
  if (!state.cell.loss() || !state.rnn) return early();
  const double baseline = state.source.baseline();
  const double loss = *state.cell.loss(), rnn = *state.rnn->loss();
  const bool holds = loss < 0.9 * baseline && rnn > 0.95 * baseline;
  return {holds                   ? Mood::Holds
          : state.step < patience ? Mood::Open
                                  : Mood::Fails,
          {"verdict.gates.remembers_more",
           {{"loss", loss},
            {"rnn", rnn},
            {"baseline", baseline},
            {"accuracy", *state.cell.accuracy()},
            {"rnn_accuracy", *state.rnn->accuracy()}}}};
}

VerdictData solved(const GatesState& state, std::int64_t patience) {
  if (!state.cell.solvedAt())
    return standing(state, state.step < patience ? Mood::Open : Mood::Fails);
  return {Mood::Holds,
          {"verdict.gates.solved",
           {{"goal", state.cell.goal()},
            {"steps", *state.cell.solvedAt()},
            {"loss", *state.cell.loss()},
            {"baseline", state.source.baseline()}}}};
}

/// A net that has learned its task, and cannot do it with the gate held.
VerdictData gateHeld(const GatesState& state, std::int64_t patience) {
  if (!state.held) return standing(state, Mood::Open);
  if (!state.cell.solvedAt())
    return standing(state, state.step < patience ? Mood::Open : Mood::Fails);
  const bool holds = state.held->held > 10 * state.held->free;
  return {holds ? Mood::Holds : Mood::Fails,
          {"verdict.gates.held",
           {{"free", state.held->free},
            {"held", state.held->held},
            {"baseline", state.source.baseline()}}}};
}

}  // namespace

VerdictData gatesVerdict(const GatesState& state) {
  if (state.preset == "adding-50") return solvedBefore(state, 0.1, 1200);
  if (state.preset == "copy-20") return remembersMore(state, 2000);
  if (state.preset == "brackets") return solvedBefore(state, 2 * state.cell.goal(), 1000);
  if (state.preset == "next-character") return solved(state, 600);
  if (state.preset == "forget-gate-shut") return gateHeld(state, 800);
  return standing(state, Mood::Open);
}

}  // namespace viva

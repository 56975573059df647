// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/probe_views.h"

#include <torch/types.h>

#include <limits>

namespace viva {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<float> hostValues(const torch::Tensor& tensor) {
  const auto values = tensor.to(torch::kCPU, torch::kFloat).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

/// values [rows, time].
MatrixData overTime(const torch::Tensor& values, const NamedSequence& sequence) {
  MatrixData matrix;
  matrix.rows = static_cast<int>(values.size(0));
  matrix.columns = static_cast<int>(values.size(1));
  matrix.values = shareFloats(hostValues(values));
  matrix.column_labels = sequence.symbols;
  return matrix;
}

/// The classes' probabilities [time, answers], or the answer itself.
torch::Tensor answersOf(const SequenceSource& source, const ProbePass& pass) {
  return source.isRegression() ? pass.outputs : pass.outputs.softmax(1);
}

/// The number at each step, or the probability of the right class where one is asked for.
Curve answerCurve(const char* id, const char* word, const SequenceSource& source,
                  const NamedSequence& sequence, const ProbePass& pass) {
  Curve curve{id, Word{word}, {}, {}, false};
  const auto values = answersOf(source, pass).to(torch::kCPU, torch::kDouble).contiguous();
  const auto targets = sequence.batch.targets.to(torch::kCPU).contiguous();
  const std::int64_t answers = values.size(1);
  for (std::int64_t t = 0; t < values.size(0); ++t) {
    const std::int64_t asked = source.isRegression() ? 0 : targets.data_ptr<std::int64_t>()[t];
    if (asked == kNotAsked) continue;
    curve.x.push_back(static_cast<double>(t));
    curve.y.push_back(values.data_ptr<double>()[t * answers + asked]);
  }
  return curve;
}

/// What would be right at each step: the sum so far; for classes, what a blind guess gives.
Curve referenceCurve(const SequenceSource& source, const NamedSequence& sequence) {
  Curve curve{"reference", Word{"lstm-gates.curve.blind_guess"}, {}, {}, true};
  const auto inputs = sequence.batch.inputs.to(torch::kCPU).contiguous();
  double sum = 0;
  for (std::int64_t t = 0; t < inputs.size(0); ++t) {
    curve.x.push_back(static_cast<double>(t));
    if (source.isRegression()) {
      const float* step = inputs.data_ptr<float>() + 2 * t;
      sum += static_cast<double>(step[0]) * step[1];
      curve.y.push_back(sum);
    } else {
      curve.y.push_back(1.0 / static_cast<double>(source.answers().size()));
    }
  }
  if (source.isRegression()) curve.label = Word{"lstm-gates.curve.marked_sum"};
  return curve;
}

Curve gradientCurve(const char* id, const char* word, const ProbePass& pass) {
  Curve curve{id, Word{word}, {}, pass.state_gradients, false};
  for (std::size_t t = 0; t < curve.y.size(); ++t) curve.x.push_back(static_cast<double>(t));
  return curve;
}

const char* gradientWord(CellKind kind) {
  return hasCellState(kind) ? "lstm-gates.curve.cell_gradient" : "lstm-gates.curve.hidden_gradient";
}

}  // namespace

void showGates(Frame& frame, const ProbePass& pass, const NamedSequence& sequence) {
  // The member of each step as [hidden, time].
  const auto gathered = [&](const auto& member) {
    std::vector<torch::Tensor> columns;
    for (std::size_t t = 0; t < pass.steps.size(); ++t) {
      const torch::Tensor& value = member(t);
      if (!value.defined())
        return torch::full(
            {pass.steps.front().state.hidden.size(1), static_cast<std::int64_t>(pass.steps.size())},
            kNone);
      columns.push_back(value[0]);
    }
    return torch::stack(columns, 1);
  };
  const auto gate = [&](const char* view, torch::Tensor CellStep::*member) {
    MatrixData matrix = overTime(
        gathered([&](std::size_t t) -> const torch::Tensor& { return pass.steps[t].*member; }),
        sequence);
    matrix.minimum = 0, matrix.maximum = 1;
    frame.at<MatrixData>(view) = std::move(matrix);
  };
  gate("input_gate", &CellStep::input_gate);
  gate("forget_gate", &CellStep::forget_gate);
  gate("output_gate", &CellStep::output_gate);

  const auto signed_values = [&](const char* view, const auto& member, bool is_bounded) {
    MatrixData matrix = overTime(gathered(member), sequence);
    matrix.diverging = true;
    if (is_bounded) matrix.minimum = -1, matrix.maximum = 1;
    frame.at<MatrixData>(view) = std::move(matrix);
  };
  using Member = const torch::Tensor&;
  signed_values(
      "candidate", [&](std::size_t t) -> Member { return pass.steps[t].candidate; }, true);
  signed_values(
      "hidden_state", [&](std::size_t t) -> Member { return pass.steps[t].state.hidden; }, true);
  signed_values(
      "cell_state", [&](std::size_t t) -> Member { return pass.memory(t); },
      !hasCellState(pass.kind));
}

void showInput(Frame& frame, const SequenceSource& source, const NamedSequence& sequence) {
  MatrixData matrix = overTime(sequence.batch.inputs.select(1, 0).t(), sequence);
  matrix.minimum = 0, matrix.maximum = 1;
  matrix.row_labels = source.symbols();
  if (source.task() == SequenceTask::Adding) matrix.row_labels = {"u", "*"};
  if (source.task() == SequenceTask::Timing) matrix.row_labels = {"|"};
  frame.at<MatrixData>("probe_input") = std::move(matrix);
}

void showAnswers(Frame& frame, const SequenceSource& source, const NamedSequence& sequence,
                 const ProbePasses& passes) {
  MatrixData matrix = overTime(answersOf(source, passes.shown).t(), sequence);
  if (!source.isRegression()) {
    matrix.minimum = 0, matrix.maximum = 1;
    matrix.row_labels = source.answers();
  } else {
    matrix.row_labels = {"Σ"};
  }
  frame.at<MatrixData>("answers") = std::move(matrix);

  auto& series = frame.at<SeriesData>("prediction");
  series.curves.push_back(referenceCurve(source, sequence));
  if (passes.rnn)
    series.curves.push_back(
        answerCurve("rnn/loss", "lstm-gates.curve.rnn_answer", source, sequence, *passes.rnn));
  if (passes.free)
    series.curves.push_back(
        answerCurve("free", "lstm-gates.curve.free_answer", source, sequence, *passes.free));
  series.curves.push_back(
      answerCurve("loss", passes.free ? "lstm-gates.curve.held_answer" : "lstm-gates.curve.answer",
                  source, sequence, passes.shown));
}

void showGradients(Frame& frame, const ProbePasses& passes) {
  auto& series = frame.at<SeriesData>("gradient_in_time");
  series.curves.push_back(gradientCurve("loss", gradientWord(passes.shown.kind), passes.shown));
  if (passes.free)
    series.curves.push_back(gradientCurve("free", "lstm-gates.curve.free_gradient", *passes.free));
  if (passes.rnn)
    series.curves.push_back(
        gradientCurve("rnn/loss", "lstm-gates.curve.rnn_gradient", *passes.rnn));
}

}  // namespace viva

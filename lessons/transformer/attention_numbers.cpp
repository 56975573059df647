// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/attention_numbers.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/transformer/attention_numbers_views.h"

namespace viva {
namespace {

/// Columns of the values that go with matrices that are drawn.
constexpr std::int64_t kDrawnValues = 2;

torch::Tensor tensorOf(const NumberRows& rows) {
  return torch::tensor(rows.values, torch::kDouble).view({rows.rows, rows.columns});
}

class AttentionNumbers : public Experiment {
 public:
  AttentionNumbers(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), seed_(context.seed) {
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    const AttentionStage stage = state_.stage;
    state_ = numbersStateOf(parameters, seed_);
    state_.stage = stage;
    picks_ = {parameters[kNumbersQuery], parameters[kNumbersKey], parameters[kNumbersComponent]};
  }

  /// The next stage; behind the last one it stays, for those who change a number.
  bool step(Recorder& recorder) override {
    step_ += 1;
    state_.stage = static_cast<AttentionStage>(std::min(step_, kStages));
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    showNumbers(frame, state_, picks_);
    frame.at<VerdictData>("verdict") = numbersVerdict(preset_, step_, state_);
  }

  void check(CheckSink& sink) const override {
    // Where a whole row is hidden the library's softmax is NaN, and ours is 0.
    auto scores = torch::mm(tensorOf(state_.q), tensorOf(state_.k).t());
    if (state_.is_scaled) scores = scores / std::sqrt(static_cast<double>(state_.width));
    const auto hidden = tensorOf(state_.stages.masked).isinf();
    const auto weights = scores.masked_fill(hidden, -INFINITY).softmax(1).nan_to_num(0);
    const auto output = torch::mm(weights, tensorOf(state_.v));
    const double size = std::max(1.0, output.abs().max().item<double>());
    sink.compare("library",
                 (output - tensorOf(state_.stages.output)).abs().max().item<double>() / size,
                 1e-12);
  }

 private:
  void record(Recorder& recorder) const {
    if (state_.has(AttentionStage::Scores))
      recorder.add("variance", varianceOf(state_.has(AttentionStage::Scale) ? state_.stages.scaled
                                                                            : state_.stages.dots));
    if (!state_.has(AttentionStage::Softmax)) return;
    recorder.add("entropy", meanRowEntropy(state_.stages.weights));
    recorder.add("largest", meanLargestWeight(state_.stages.weights));
    recorder.add("unscaled/entropy", meanRowEntropy(state_.unscaled().weights));
    recorder.add("unscaled/largest", meanLargestWeight(state_.unscaled().weights));
    double empty = 0;
    for (std::int64_t i = 0; i < state_.q.rows; ++i)
      empty += state_.stages.isHiddenWhole(i) ? 1 : 0;
    recorder.add("empty_rows", empty);
  }

  std::string preset_;
  std::uint64_t seed_;
  NumbersState state_;
  NumbersPicks picks_;
  std::int64_t step_ = 0;
};

/// q, k and v, or what is wrong with them.
std::variant<NumbersState, Message> readState(const Parameters& p, std::uint64_t seed) {
  NumbersState state;
  state.is_scaled = p[kNumbersScale];
  state.is_causal = p[kNumbersCausal];
  if (p[kNumbersFrom] == NumbersFrom::Normal) {
    const std::int64_t rows = p[kDrawnRows], width = p[kDrawnWidth];
    state.q = normalRows(rows, width, 3 * seed);
    state.k = normalRows(rows, width, 3 * seed + 1);
    state.v = normalRows(rows, kDrawnValues, 3 * seed + 2);
  } else {
    for (const auto& [name, text, rows] : {std::tuple{kQ.name, p[kQ].text, &state.q},
                                           {kK.name, p[kK].text, &state.k},
                                           {kV.name, p[kV].text, &state.v}}) {
      auto read = readRows(name, text);
      if (auto* problem = std::get_if<Message>(&read)) return std::move(*problem);
      *rows = std::get<NumberRows>(std::move(read));
    }
    if (state.q.columns != state.k.columns)
      return Message{"error.matrix.widths", {{"q", state.q.columns}, {"k", state.k.columns}}};
    if (state.k.rows != state.v.rows)
      return Message{"error.matrix.keys", {{"k", state.k.rows}, {"v", state.v.rows}}};
  }
  state.width = state.q.columns;
  Masking masking{state.is_causal, pairList(p[kHide].text)};
  for (const std::string& piece : notPairs(p[kHide].text))
    return Message{"error.matrix.hide", {{"piece", piece}}};
  for (const auto& [query, key] : masking.hidden)
    if (query >= state.q.rows || key >= state.k.rows)
      return Message{"error.matrix.hide",
                     {{"piece", std::to_string(query) + "." + std::to_string(key)}}};
  state.stages = attentionStages(state.q, state.k, state.v, state.is_scaled, masking);
  state.other = attentionStages(state.q, state.k, state.v, !state.is_scaled, masking);
  return state;
}

}  // namespace

NumbersState numbersStateOf(const Parameters& parameters, std::uint64_t seed) {
  auto read = readState(parameters, seed);
  if (auto* problem = std::get_if<Message>(&read)) throw RequestError(std::move(*problem));
  return std::get<NumbersState>(std::move(read));
}

std::optional<Message> problemWithMatrices(const Parameters& parameters) {
  auto read = readState(parameters, 1);
  if (auto* problem = std::get_if<Message>(&read)) return std::move(*problem);
  return std::nullopt;
}

std::unique_ptr<Experiment> makeAttentionNumbers(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<AttentionNumbers>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/sampling_bench.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/data/dataset.h"
#include "lessons/gpt/gpt_streams.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::size_t kShownDraws = 60;

class SamplingBench : public Experiment {
 public:
  SamplingBench(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), draws_(generatorFor(context.seed, kDrawStream)) {
    apply(parameters);
  }

  void apply(const Parameters& p) override {
    row_ = std::get<BenchRow>(benchRow(p));  // validate() has read it without complaint
    each_ = p[kDraws];
    state_.filters = benchFilters(p);
    auto stages = samplingStages(row_.logits, state_.filters, row_.written);
    const bool is_new =
        state_.stages.empty() || state_.stages.back().probabilities != stages.back().probabilities;
    state_.stages = std::move(stages);
    if (!is_new) return;
    // Draws from another distribution say nothing about this one.
    counts_.assign(row_.logits.size(), 0);
    drawn_.clear();
    state_.draws = repeated_ = 0;
  }

  bool step(Recorder& recorder) override {
    const auto& probabilities = state_.stages.back().probabilities;
    for (const double uniform : numbersOf(torch::rand({each_}, draws_, torch::kDouble))) {
      const std::size_t token = tokenAt(probabilities, uniform);
      counts_[token] += 1;
      state_.draws += 1;
      if (!drawn_.empty() && drawn_.back() == token) repeated_ += 1;
      if (drawn_.size() == kShownDraws) drawn_.erase(drawn_.begin());
      drawn_.push_back(token);
    }
    state_.step += 1;
    compare();
    record(recorder);
    recorder.add("distance", state_.distance);
    recorder.add("repeats", state_.repeats);
    return true;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("draws") = drawsNow();
    frame.at<MatrixData>("filters") = filtersNow();
    frame.at<TableData>("stages") = stagesNow();
    frame.at<TokensData>("drawn") = drawnNow();
    frame.at<VerdictData>("verdict") = benchVerdict(preset_, state_);
  }

  /// What is kept, by powers of the first probabilities instead of logits.
  void check(CheckSink& sink) const override {
    const SamplingStage &free = state_.stages[1], &last = state_.stages.back();
    std::vector<double> expected;
    for (std::size_t i = 0; i < free.probabilities.size(); ++i) {
      const bool is_kept = std::isfinite(last.logits[i]);
      const double exponent = state_.filters.temperature > 0 ? 1 / state_.filters.temperature : 1;
      expected.push_back(is_kept ? std::pow(free.probabilities[i], exponent) : 0);
    }
    const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
    double off = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      off = std::max(off, std::abs(expected[i] / sum - last.probabilities[i]));
    sink.compare("powers", off, 1e-9);
  }

 private:
  void compare() {
    const auto& probabilities = state_.stages.back().probabilities;
    double distance = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      distance += std::abs(share(i) - probabilities[i]);
    state_.distance = distance / 2;
    state_.repeats = static_cast<double>(repeated_) /
                     static_cast<double>(std::max<std::int64_t>(1, state_.draws - 1));
  }
  double share(std::size_t token) const {
    return static_cast<double>(counts_[token]) /
           static_cast<double>(std::max<std::int64_t>(1, state_.draws));
  }

  void record(Recorder& recorder) const {
    const SamplingStage& last = state_.stages.back();
    recorder.add("kept", static_cast<double>(last.kept()));
    recorder.add("entropy", last.entropy());
    recorder.add("largest", last.probabilities[last.largest()]);
    double expected = 0;
    for (const double p : last.probabilities) expected += p * p;
    recorder.add("expected_repeats", expected);
  }

  BarsData drawsNow() const {
    BarsData bars;
    BarsData::Group model{"model", Word{"sampling-bench.curve.model"}, {}};
    BarsData::Group drawn{"drawn", Word{"sampling-bench.curve.drawn"}, {}};
    Curve theory{"theory", Word{"sampling-bench.curve.theory"}, {}, {}, true};
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      bars.categories.push_back(tokenName(i));
      model.values.push_back(state_.stages.front().probabilities[i]);
      drawn.values.push_back(share(i));
      theory.x.push_back(static_cast<double>(i));
      theory.y.push_back(state_.stages.back().probabilities[i]);
    }
    bars.groups = {std::move(model), std::move(drawn)};
    bars.overlays = {std::move(theory)};
    return bars;
  }

  MatrixData filtersNow() const {
    MatrixData matrix;
    std::vector<float> values;
    for (const SamplingStage& stage : state_.stages) {
      for (const double p : stage.probabilities) values.push_back(static_cast<float>(p));
      matrix.row_labels.push_back(stage.id);
      std::replace(matrix.row_labels.back().begin(), matrix.row_labels.back().end(), '_', '-');
    }
    for (std::size_t i = 0; i < counts_.size(); ++i) matrix.column_labels.push_back(tokenName(i));
    matrix.rows = static_cast<int>(state_.stages.size());
    matrix.columns = static_cast<int>(counts_.size());
    matrix.values = shareFloats(std::move(values));
    matrix.minimum = 0;
    matrix.maximum = 1;
    return matrix;
  }

  TableData stagesNow() const {
    TableData table;
    for (const char* id : {"filter", "kept", "cut", "largest", "entropy"})
      table.columns.push_back({id});
    for (const SamplingStage& stage : state_.stages)
      table.rows.push_back(
          {"",
           {Word{"sampling-bench.stage." + stage.id}, static_cast<double>(stage.kept()), stage.cut,
            stage.probabilities[stage.largest()], stage.entropy()}});
    return table;
  }

  TokensData drawnNow() const {
    TokensData tokens;
    tokens.minimum = 0;
    tokens.maximum = 1;
    const auto piece = [&](std::size_t token) {
      return TokensData::Piece{tokenName(token), state_.stages.back().probabilities[token]};
    };
    TokensData::Row written{"written", Word{"sampling-bench.curve.written"}, {}};
    for (std::size_t i = 0; i < row_.written.size(); ++i)
      if (row_.written[i]) written.pieces.push_back(piece(i));
    TokensData::Row drawn{"drawn", Word{"sampling-bench.curve.drawn"}, {}};
    for (const std::size_t token : drawn_) drawn.pieces.push_back(piece(token));
    tokens.rows = {std::move(written), std::move(drawn)};
    return tokens;
  }

  std::string preset_;
  at::Generator draws_;
  BenchRow row_;
  std::int64_t each_ = 1, repeated_ = 0;
  std::vector<std::int64_t> counts_;
  std::vector<std::size_t> drawn_;  ///< the last ones
  BenchState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeSamplingBench(const Parameters& parameters,
                                              const RunContext& context) {
  return std::make_unique<SamplingBench>(parameters, context);
}

}  // namespace viva

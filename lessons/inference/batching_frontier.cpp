// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/batching_frontier.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "lessons/data/dataset.h"
#include "lessons/inference/inference_streams.h"
#include "lessons/inference/measured_times.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/transformer.h"

namespace viva {
namespace {

constexpr std::int64_t kRemembered = 40, kReadBefore = 32;
constexpr std::array<std::int64_t, 7> kMeasuredBatches{1, 2, 4, 8, 16, 32, 64};
constexpr int kMeasuredRounds = 9;

std::vector<ServedRequest> requestsOf(const Parameters& p, std::uint64_t seed) {
  const auto lengths = std::get<std::vector<std::int64_t>>(typedLengths(p[kRequestLengths].text));
  const std::int64_t count = p[kRequestCount];
  const auto uniform =
      numbersOf(torch::rand({count}, generatorFor(seed, kArrivalStream), torch::kDouble));
  std::vector<ServedRequest> requests;
  double time = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    // A Poisson process: exponential times between arrivals. All at once where there is no rate.
    if (p[kArrivalRate] > 0) time -= std::log1p(-uniform[i]) / p[kArrivalRate];
    requests.push_back({static_cast<std::int64_t>(std::ceil(time)), lengths[i % lengths.size()]});
  }
  return requests;
}

/// How long a step of a small GPT takes here, by the size of the batch: 32 tokens are in the cache.
class StepClock {
 public:
  explicit StepClock(const std::string& device)
      : net_(shape(), {Manner{.is_causal = true}}, generatorFor(1, kServedWeightStream), device),
        device_(device) {}

  /// Measures the next size, if one is left.
  void measureNext() {
    if (times_.size() == kMeasuredBatches.size()) return;
    const torch::NoGradGuard no_grad;
    const std::int64_t batch = kMeasuredBatches[times_.size()];
    KeyValueCache read;
    Reading how;
    how.cache = &read;
    const auto tokens = torch::zeros({batch, kReadBefore}, torch::kLong).to(device_);
    net_.forward(tokens, how);
    MeasuredTimes times;
    for (int round = 0; round < kMeasuredRounds; ++round) {
      KeyValueCache cache = read;
      how.cache = &cache;
      times.measure(
          [&] { return net_.forward(tokens.narrow(1, 0, 1), how)[0][0][0][0].item<float>(); });
    }
    times_.push_back(times);
  }
  const std::vector<MeasuredTimes>& times() const { return times_; }

 private:
  static TransformerShape shape() {
    TransformerShape shape;
    shape.vocabulary = 28;
    shape.context = 64;
    shape.width = 64;
    shape.heads = 4;
    shape.layers = 2;
    return shape;
  }
  Transformer net_;
  torch::Device device_;
  std::vector<MeasuredTimes> times_;
};

class BatchingFrontier : public Experiment {
 public:
  BatchingFrontier(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        static_(BatchPolicy::Static, p[kSlots], p[kPromptSteps], requestsOf(p, context.seed)),
        continuous_(BatchPolicy::Continuous, p[kSlots], p[kPromptSteps],
                    requestsOf(p, context.seed)),
        clock_(context.device) {
    state_.requests = p[kRequestCount];
    state_.slots = p[kSlots];
    state_.rate = p[kArrivalRate];
    state_.shown = p[kShownPolicy];
  }

  /// One model step of both.
  bool step(Recorder& recorder) override {
    for (auto [queue, uses] :
         {std::pair{&static_, &static_uses_}, std::pair{&continuous_, &continuous_uses_}}) {
      if (queue->isDone()) continue;
      queue->step();
      uses->push_back(queue->lastUse());
      if (static_cast<std::int64_t>(uses->size()) > kRemembered) uses->erase(uses->begin());
    }
    state_.step += 1;
    state_.fixed = standingOf(static_);
    state_.continuous = standingOf(continuous_);
    record(recorder);
    return !static_.isDone() || !continuous_.isDone();
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    clock_.measureNext();
    const bool is_static = state_.shown == BatchPolicy::Static;
    frame.at<MatrixData>("slots") = slotsOf(is_static ? static_uses_ : continuous_uses_);
    frame.at<MatrixData>("other_slots") = slotsOf(is_static ? continuous_uses_ : static_uses_);
    frame.at<TableData>("policies") = policies();
    frame.at<TableData>("measured") = measured();
    frame.at<VerdictData>("verdict") = batchingVerdict(preset_, state_);
  }

  /// Little's law holds to the last digit once everybody has left.
  void check(CheckSink& sink) const override {
    double off = 0;
    for (const BatchQueue* queue : {&static_, &continuous_})
      if (queue->isDone()) off = std::max(off, queue->littleError());
    sink.compare("little", off, 1e-12);
  }

 private:
  static BatchStanding standingOf(const BatchQueue& queue) {
    return {
        queue.finished(),         queue.steps(),        queue.isDone(),      queue.utilisation(),
        queue.timeToFirstToken(), queue.timePerToken(), queue.meanPresent(), queue.lambdaW(),
        queue.littleError()};
  }

  void record(Recorder& recorder) const {
    const auto add = [&](const std::string& policy, const BatchStanding& one) {
      recorder.add(policy + "/finished", static_cast<double>(one.finished));
      recorder.add(policy + "/utilisation", one.utilisation);
      if (one.ttft > 0) recorder.add(policy + "/ttft", one.ttft);
      if (one.tpot > 0) recorder.add(policy + "/tpot", one.tpot);
      recorder.add(policy + "/steps", static_cast<double>(one.steps));
    };
    add("static", state_.fixed);
    add("continuous", state_.continuous);
    if (const std::int64_t next = continuous_.nextArrival(); state_.rate > 0 && next >= 0)
      recorder.add("next_arrival", static_cast<double>(next));
    recorder.add("little", state_.shownOne().little);
    recorder.add("present", state_.shownOne().present);
    recorder.add("lambda_w", state_.shownOne().lambda_w);
  }

  /// A row a slot, a column a model step: the number of the request that was given a token there.
  MatrixData slotsOf(const std::vector<std::vector<SlotUse>>& uses) const {
    MatrixData matrix;
    matrix.rows = static_cast<int>(state_.slots);
    matrix.columns = static_cast<int>(std::max<std::size_t>(1, uses.size()));
    std::vector<float> values(static_cast<std::size_t>(matrix.rows * matrix.columns), 0);
    for (std::size_t column = 0; column < uses.size(); ++column)
      for (std::size_t row = 0; row < uses[column].size(); ++row)
        values[row * static_cast<std::size_t>(matrix.columns) + column] =
            static_cast<float>(uses[column][row].request + 1);
    matrix.values = shareFloats(std::move(values));
    matrix.minimum = 0;
    matrix.maximum = static_cast<double>(state_.requests);
    return matrix;
  }

  TableData policies() const {
    TableData table;
    table.columns = {{"policy"},
                     {"finished", TableData::Best::Largest},
                     {"steps"},
                     {"utilisation", TableData::Best::Largest},
                     {"ttft", TableData::Best::Smallest},
                     {"tpot", TableData::Best::Smallest}};
    const auto add = [&](const char* id, const BatchStanding& one) {
      table.rows.push_back(
          {id,
           {Word{std::string("batching-frontier.curve.") + id}, static_cast<double>(one.finished),
            static_cast<double>(one.steps), one.utilisation, one.ttft, one.tpot}});
    };
    add("static", state_.fixed);
    add("continuous", state_.continuous);
    return table;
  }

  /// Of this machine, and what tokens a second would follow from it: simulated.
  TableData measured() const {
    TableData table;
    for (const char* id : {"batch", "early", "median", "late", "tokens"})
      table.columns.push_back({id});
    for (std::size_t i = 0; i < clock_.times().size(); ++i) {
      TableData::Row row{"", {static_cast<double>(kMeasuredBatches[i])}};
      for (auto& cell : clock_.times()[i].cells()) row.cells.push_back(std::move(cell));
      row.cells.push_back(static_cast<double>(kMeasuredBatches[i]) * 1e6 /
                          clock_.times()[i].median());
      table.rows.push_back(std::move(row));
    }
    return table;
  }

  std::string preset_;
  BatchQueue static_, continuous_;
  std::vector<std::vector<SlotUse>> static_uses_, continuous_uses_;
  mutable StepClock clock_;
  BatchingState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeBatchingFrontier(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<BatchingFrontier>(parameters, context);
}

}  // namespace viva

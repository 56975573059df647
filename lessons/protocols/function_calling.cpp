// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/function_calling.h"

#include <torch/utils.h>

#include <algorithm>
#include <random>

#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"
#include "lessons/protocols/call_decoding.h"
#include "lessons/protocols/function_calling_views.h"
#include "lessons/protocols/tool_calls.h"

namespace viva {
namespace {

constexpr std::uint64_t kCallWeightStream = 90, kCallBatchStream = 91, kCallTestStream = 92;
constexpr std::int64_t kWarmUp = 20, kHeads = 2;
constexpr Constraint kAllWays[] = {Constraint::Free, Constraint::Json, Constraint::Schema};

/// A generator of the standard library for a stream of a run.
std::mt19937_64 drawsFor(std::uint64_t seed, std::uint64_t stream) {
  return std::mt19937_64(seed * 1000 + stream);
}

TransformerShape shapeOf(const Parameters& p) {
  TransformerShape shape;
  shape.vocabulary = static_cast<std::int64_t>(toolTokens().size());
  shape.context = kRequestTokens + kCallTokens;
  shape.width = p[kCallWidth];
  shape.heads = kHeads;
  shape.layers = p[kCallLayers];
  return shape;
}

class FunctionCalling : public Experiment {
 public:
  FunctionCalling(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        draws_(drawsFor(context.seed, kCallBatchStream)),
        batch_size_(parameters[kCallBatch]),
        evaluate_every_(parameters[kCallEvaluateEvery]),
        net_(shapeOf(parameters), {Manner{.is_causal = true}},
             generatorFor(context.seed, kCallWeightStream), context.device) {
    std::mt19937_64 test = drawsFor(context.seed, kCallTestStream);
    for (std::int64_t i = 0; i < kTestRequests; ++i) tests_.push_back(drawRequest(test));
    for (std::int64_t i = 0; i < kUnseenRequests; ++i)
      tests_.push_back(drawWeather(test, Cities::Unseen));
    apply(parameters);
    evaluate();
    state_.first_executed = state_.executed;
    state_.first_free = state_.of(Constraint::Free).valid_schema;
    state_.first_right = state_.of(Constraint::Schema).right_call;
  }

  void apply(const Parameters& p) override {
    rate_ = p[kCallRate];
    shown_ = p[kCallShown];
    typed_ = p[kCallRequest].text;
  }

  /// Requests and their calls, one row each; only the tokens of the call are asked for.
  bool step(Recorder& recorder) override {
    const auto rows = drawRows();                                           // [batch, T]
    const auto logits = net_.forward(rows.narrow(1, 0, rows.size(1) - 1));  // [1, batch, T-1, V]
    const auto loss = tokenLoss(logits, targetsOf(rows));                   // [1]
    net_.weights().differentiate(loss);
    net_.weights().clip(1);
    net_.weights().update(Adam{rate_ * warmUpShare(state_.step + 1, kWarmUp)});
    state_.step += 1;
    state_.loss = loss.item<double>();
    recorder.add("loss", state_.loss);
    if (state_.step % evaluate_every_ == 0) {
      evaluate();
      record(recorder);
    }
    return true;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    const ShownRequest shown = shownRequest();
    showRequest(
        frame, shown,
        decodedCalls(net_, {kWays, shown.tokens}, {std::begin(kAllWays), std::end(kAllWays)}));
    showScores(frame, state_);
    frame.at<VerdictData>("verdict") = callVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    net_.save(sink);
    const torch::NoGradGuard no_grad;
    const auto rows = rowsOf(tests_);
    sink.add(namedArray("probe.rows", rows));
    sink.add(namedArray("probe.logits", net_.forward(rows.narrow(1, 0, rows.size(1) - 1))[0]));
  }

  void check(CheckSink& sink) const override {
    // What is decoded with the cache, read again at once.
    const ShownRequest shown = shownRequest();
    const auto call = decodedCalls(net_, {shown.tokens}, {Constraint::Schema})[0];
    std::vector<std::int64_t> row = shown.tokens;
    row.insert(row.end(), call.tokens.begin(), call.tokens.end());
    const torch::NoGradGuard no_grad;
    const auto p = net_.forward(torch::tensor(row, torch::kLong).unsqueeze(0).to(device_))[0][0]
                       .softmax(-1)
                       .to(torch::kCPU, torch::kDouble);
    double off = 0;
    for (std::size_t i = 0; i < call.tokens.size(); ++i)
      off = std::max(
          off,
          std::abs(
              p[kRequestTokens - 1 + static_cast<std::int64_t>(i)][call.tokens[i]].item<double>() -
              call.probabilities[i]));
    sink.compare("cached-probabilities", off, 1e-4);
    // What a schema lets through, the schema's own validator has to accept.
    sink.compare("grammar-is-schema", state_.always_fits ? 0 : 1, 0);
  }

 private:
  torch::Tensor rowsOf(const std::vector<ToolRequest>& requests) const {
    std::vector<std::int64_t> all;
    for (const ToolRequest& request : requests)
      for (const auto& part : {request.requestTokens(), request.callTokens()})
        all.insert(all.end(), part.begin(), part.end());
    return torch::tensor(all, torch::kLong)
        .view({static_cast<std::int64_t>(requests.size()), kRequestTokens + kCallTokens})
        .to(device_);
  }

  torch::Tensor drawRows() {
    std::vector<ToolRequest> requests;
    for (std::int64_t i = 0; i < batch_size_; ++i) requests.push_back(drawRequest(draws_));
    return rowsOf(requests);
  }

  static torch::Tensor targetsOf(const torch::Tensor& rows) {
    auto targets = rows.narrow(1, 1, rows.size(1) - 1).clone();
    targets.narrow(1, 0, kRequestTokens - 1).fill_(kIgnored);
    return targets.masked_fill(targets == kPadToken, kIgnored);
  }

  /// All test requests in all three ways, as one batch.
  void evaluate() {
    std::vector<std::vector<std::int64_t>> requests;
    std::vector<Constraint> ways;
    for (const Constraint way : kAllWays)
      for (const ToolRequest& test : tests_) {
        requests.push_back(test.requestTokens());
        ways.push_back(way);
      }
    const auto calls = decodedCalls(net_, requests, ways);
    state_.seen = state_.unseen = {};
    state_.executed = state_.executed_wrong = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const std::size_t test = i % tests_.size(), way = i / tests_.size();
      const bool is_seen = test < kTestRequests;
      const CallReading reading = readCall(textOfTokens(calls[i].tokens));
      const bool is_right = reading.fits_schema && reading.call == Json(tests_[test].call);
      CallScores& scores = (is_seen ? state_.seen : state_.unseen)[way];
      scores.valid_json += reading.is_json;
      scores.valid_schema += reading.fits_schema;
      scores.right_call += is_right;
      if (kAllWays[way] == Constraint::Schema) state_.always_fits &= reading.fits_schema;
      // The application executes what fits; it cannot see more.
      if (kAllWays[way] != Constraint::Free || !is_seen || !reading.fits_schema) continue;
      ranTool(reading.call);
      state_.executed += 1;
      state_.executed_wrong += !is_right;
    }
    for (CallScores& scores : state_.seen) scores = scores.dividedBy(kTestRequests);
    for (CallScores& scores : state_.unseen) scores = scores.dividedBy(kUnseenRequests);
  }

  void record(Recorder& recorder) const {
    for (std::size_t way = 0; way < kWays; ++way) {
      const auto add = [&](const std::string& prefix, const CallScores& scores) {
        recorder.add(prefix + "valid_json", scores.valid_json);
        recorder.add(prefix + "valid_schema", scores.valid_schema);
        recorder.add(prefix + "right_call", scores.right_call);
      };
      add(kWaysToDecode[way] + "/", state_.seen[way]);
      add(kWaysToDecode[way] + "-unseen/", state_.unseen[way]);
    }
    recorder.add("executed", static_cast<double>(state_.executed));
    recorder.add("executed_wrong", static_cast<double>(state_.executed_wrong));
    recorder.add("refused", static_cast<double>(kTestRequests - state_.executed));
  }

  ShownRequest shownRequest() const {
    if (!typed_.empty()) return {typed_, typedRequest(typed_).tokens, {}};
    const ToolRequest& test = tests_[static_cast<std::size_t>(shown_)];
    return {test.text(), test.requestTokens(), test.call.dump()};
  }

  std::string preset_, device_;
  std::mt19937_64 draws_;
  std::int64_t batch_size_, evaluate_every_, shown_ = 0;
  std::string typed_;
  double rate_ = 0;
  Transformer net_;
  std::vector<ToolRequest> tests_;
  CallState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeFunctionCalling(const Parameters& parameters,
                                                const RunContext& context) {
  return std::make_unique<FunctionCalling>(parameters, context);
}

}  // namespace viva

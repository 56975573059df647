// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/graph_optimization.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "lessons/data/dataset.h"
#include "lessons/inference/inference_streams.h"
#include "lessons/inference/measured_times.h"
#include "lessons/inference/operator_graph.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kGraphBatch = 8, kGraphSide = 24;
constexpr int kTimedRuns = 7;

class GraphOptimization : public Experiment {
 public:
  GraphOptimization(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        rewrite_(p[kRewrite]),
        original_(p[kGraphLayers], p[kGraphChannels],
                  generatorFor(context.seed, kGraphWeightStream), torch::Device(context.device)),
        graph_(original_),
        input_(torch::randn({kGraphBatch, p[kGraphChannels], kGraphSide, kGraphSide},
                            generatorFor(context.seed, kGraphInputStream))
                   .to(context.device)) {
    const torch::NoGradGuard no_grad;
    state_.layers = original_.layers();
    expected_ = original_.run(input_);
    trained_ = original_.run(input_, nullptr, true);
    state_.largest_output = expected_.abs().max().item<double>();
    look();
    state_.first_kernels = state_.kernels;
    state_.first_bytes = state_.bytes;
  }

  /// The next layer is rewritten.
  bool step(Recorder& recorder) override {
    const torch::NoGradGuard no_grad;
    switch (rewrite_) {
      case GraphRewrite::FoldBatchNorm:
        graph_.foldBatchNorm(state_.step);
        break;
      case GraphRewrite::Fuse:
        graph_.fusePointwise(state_.step);
        break;
      case GraphRewrite::Half:
        graph_.halve(state_.step);
        break;
    }
    state_.step += 1;
    look();
    record(recorder);
    return state_.step < state_.layers;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<GraphData>("graph") = firstLayers();
    frame.at<TableData>("costs") = costs();
    frame.at<VerdictData>("verdict") = graphVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
      if (tensor.defined()) sink.add(namedArray(name, tensor.to(torch::kFloat)));
    };
    for (const auto& [prefix, graph] : {std::pair{"original.", &original_}, {"graph.", &graph_}})
      for (const GraphCall& call : graph->calls()) {
        const std::string layer = prefix + std::to_string(call.layer) + ".";
        add(layer + "weight", call.weight);
        add(layer + "bias", call.bias);
        add(layer + "gamma", call.gamma);
        add(layer + "beta", call.beta);
        add(layer + "mean", call.mean);
        add(layer + "variance", call.variance);
      }
    add("probe.input", input_);
    add("probe.output", graph_.run(input_));
  }

  /// A folded layer against its parts in float64, at one place of the input.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const GraphCall &convolution = original_.calls()[0], &norm = original_.calls()[1];
    const auto x = input_.to(torch::kDouble);
    const auto z = torch::conv2d(x, convolution.weight.to(torch::kDouble), {}, 1, 1);
    const auto wide = [&](const torch::Tensor& one) {
      return one.to(torch::kDouble).view({1, -1, 1, 1});
    };
    const auto normed =
        (z - wide(norm.mean)) / (wide(norm.variance) + kNormEpsilon).sqrt() * wide(norm.gamma) +
        wide(norm.beta);
    OperatorGraph folded = original_;
    folded.foldBatchNorm(0);
    const GraphCall& one = folded.calls()[0];
    const auto ours = torch::conv2d(input_, one.weight, one.bias, 1, 1);
    sink.compare("folded", (ours - normed).abs().max().item<double>(), 1e-4);
  }

 private:
  void look() {
    GraphCost cost;
    const auto output = graph_.run(input_, &cost);
    state_.kernels = cost.kernels;
    state_.bytes = cost.bytes;
    state_.difference = (output - expected_).abs().max().item<double>();
    state_.training_difference = (output - trained_).abs().max().item<double>();
  }

  void record(Recorder& recorder) const {
    recorder.add("difference", state_.difference);
    recorder.add("training_difference", state_.training_difference);
    recorder.add("kernels", static_cast<double>(state_.kernels));
    recorder.add("bytes", static_cast<double>(state_.bytes));
  }

  /// The calls of the first and, below, of the last layer.
  GraphData firstLayers() const {
    GraphData data;
    data.minimum = 0;
    data.maximum = 1;
    const std::int64_t shown = std::min<std::int64_t>(state_.layers, 4);
    for (std::int64_t layer = 0; layer < shown; ++layer) {
      std::vector<const GraphCall*> calls;
      for (const GraphCall& call : graph_.calls())
        if (call.layer == layer) calls.push_back(&call);
      std::string before;
      for (std::size_t i = 0; i < calls.size(); ++i) {
        static constexpr const char* kNames[] = {"convolution", "batch_norm", "sigmoid",
                                                 "multiply",    "add",        "fused"};
        GraphData::Node node;
        node.id = std::to_string(layer) + "." + std::to_string(i);
        node.label = Word{std::string("graph-optimization.call.") +
                          kNames[static_cast<std::size_t>(calls[i]->operation)]};
        node.at = {0.1 + 0.2 * static_cast<double>(i),
                   (static_cast<double>(layer) + 0.5) / static_cast<double>(shown)};
        if (!before.empty()) data.edges.push_back({before, node.id});
        before = node.id;
        data.nodes.push_back(std::move(node));
      }
    }
    return data;
  }

  TableData costs() const {
    const torch::NoGradGuard no_grad;
    if (measured_at_ != state_.step) {
      before_ = {}, after_ = {};
      for (int i = 0; i < kTimedRuns; ++i) {
        before_.measure([&] { return original_.run(input_); });
        after_.measure([&] { return graph_.run(input_); });
      }
      measured_at_ = state_.step;
    }
    TableData table;
    for (const char* id : {"graph", "kernels", "bytes", "early", "median", "late"})
      table.columns.push_back({id});
    const auto add = [&](const char* id, std::int64_t kernels, std::int64_t bytes,
                         const MeasuredTimes& times) {
      TableData::Row row{"",
                         {Word{std::string("graph-optimization.row.") + id},
                          static_cast<double>(kernels), static_cast<double>(bytes)}};
      for (auto& cell : times.cells()) row.cells.push_back(std::move(cell));
      table.rows.push_back(std::move(row));
    };
    add("before", state_.first_kernels, state_.first_bytes, before_);
    add("after", state_.kernels, state_.bytes, after_);
    return table;
  }

  std::string preset_;
  GraphRewrite rewrite_;
  OperatorGraph original_, graph_;
  torch::Tensor input_, expected_, trained_;  ///< [batch, channels, side, side]
  mutable MeasuredTimes before_, after_;
  mutable std::int64_t measured_at_ = -1;
  GraphState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeGraphOptimization(const Parameters& parameters,
                                                  const RunContext& context) {
  return std::make_unique<GraphOptimization>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/gradient_flow.h"

#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>

#include "lessons/data/digits.h"
#include "lessons/data/planar.h"
#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/deep_net_checks.h"
#include "lessons/gradients/gradient_streams.h"
#include "lessons/nn/row_updates.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

Dataset drawn(const Parameters& p, at::Generator generator) {
  const std::int64_t samples = p[kFlowSamples];
  switch (p[kFlowDataset]) {
    case FlowData::Moons:
      return moons(samples, 0.15, generator);
    case FlowData::Circles:
      return circles(samples, 0.1, generator);
    case FlowData::Spirals:
      return spirals(samples, 1, 0.02, generator);
    case FlowData::Digits:
      return digits(samples, generator);
  }
  return {};
}

void setRate(UpdateRule& rule, double learning_rate) {
  std::visit([&](auto& some) { some.learning_rate = learning_rate; }, rule);
}

torch::Tensor crossEntropyOf(const torch::Tensor& logits, const torch::Tensor& labels) {
  return torch::nn::functional::cross_entropy(logits, labels);
}

class GradientFlow : public Experiment {
 public:
  GradientFlow(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        seed_(context.seed),
        data_(flowData(parameters, context.seed)),
        training_(data_.training.to(context.device)),
        validation_(data_.validation.to(context.device)),
        batches_(training_, parameters[kFlowBatchSize], flowBatchOrder(context.seed)),
        evaluate_every_(parameters[kFlowEvaluateEvery]),
        nets_{Net(parameters, kFlowNets[0], training_, context),
              Net(parameters, kFlowNets[1], training_, context)} {
    apply(parameters);
    batch_ = {training_.first(parameters[kFlowBatchSize]).inputs,
              training_.first(parameters[kFlowBatchSize]).labels};
    for (Net& net : nets_) net.look(batch_);
  }

  void apply(const Parameters& parameters) override {
    warmup_ = parameters[kFlowWarmup];
    for (Net& net : nets_) net.apply(parameters);
  }

  bool step(Recorder& recorder) override {
    batch_ = batches_.next();  // one for both nets
    step_ += 1;
    for (Net& net : nets_) {
      const auto forward = net.deep.forward(net.wiring(), batch_.inputs, Statistics::BatchAndLearn);
      const auto loss = crossEntropyOf(forward.logits, batch_.labels);
      const auto norms =
          net.deep.backward(net.wiring(), forward, loss);  // gradients into net.row.g

      const torch::NoGradGuard no_grad;
      setRate(net.rule, rateOf(net));
      update(net.rule, net.row);
      net.record(recorder, step_, loss, norms);
    }
    if (step_ % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    FlowReports reports{nets_[0].report, nets_[1].report};
    for (std::size_t i = 0; i < nets_.size(); ++i) reports[i].layers = nets_[i].layersOn(batch_);
    frame.at<BarsData>("grad_norm") = flowBars(reports);
    frame.at<BarsData>("weight_grad_norm") = weightGradientBars(reports);
    auto histories = historyPictures({nets_[0].history, nets_[1].history}, reports);
    frame.at<MatrixData>("grad_history_a") = std::move(histories[0]);
    frame.at<MatrixData>("grad_history_b") = std::move(histories[1]);
    frame.at<SeriesData>("activation_mean") = activationMeans(reports);
    frame.at<SeriesData>("activation_deviation") = activationDeviations(reports);
    frame.at<BarsData>("saturation") = saturationBars(reports);
    frame.at<TableData>("nets") = netsTable(reports);
    frame.at<VerdictData>("verdict") = flowVerdict(preset_, step_, reports);
  }

  void save(WeightSink& sink) const override {
    for (const Net& net : nets_)
      for (const auto& [name, tensor] : net.deep.state(net.wiring())) {
        sink.add(namedArray(net.report.side + "." + name, tensor));
      }
  }

  void check(CheckSink& sink) const override {
    for (const Net& net : nets_) {
      checkAgainstModules(net.deep, net.wiring(), batch_, sink);
      if (step_ == 0)
        checkBackwardFactor(net.deep.size(), net.wiring(), net.report.settings.initialisation,
                            batch_, seed_, sink);
    }
  }

 private:
  /// One of the two nets with what trains it and what is remembered of it.
  struct Net {
    const NetParameters* told;
    DeepNet deep;
    Row row;
    UpdateRule rule;
    std::optional<Optimizer> optimizer;
    double rate = 0;
    FlowReport report;
    LayerHistory history;
    std::string loss_record, ratio_record, accuracy_record;
    std::vector<std::string> norm_records;  ///< of what flows, then of the weights

    Net(const Parameters& parameters, const NetParameters& chosen, const Dataset& data,
        const RunContext& context)
        : told(&chosen),
          deep(flowNet(chosen.in(parameters), data, context)),
          row(freshRow(deep.weights(), deep.gradients())),
          loss_record(chosen.side + "/loss"),
          ratio_record(chosen.side + "/first_to_last"),
          accuracy_record(chosen.side + "/accuracy") {
      report.side = chosen.side;
      for (const char* quantity : {"grad_norm", "weight_grad_norm"})
        for (std::int64_t layer = 0; layer < deep.size().depth; ++layer)
          norm_records.push_back(chosen.side + "/" + layerRecord(quantity, layer));
    }

    const Wiring& wiring() const { return report.settings.wiring; }

    void apply(const Parameters& parameters) {
      report.settings = told->in(parameters);
      rate = parameters[kFlowRate] * report.settings.rate_factor;
      if (optimizer == parameters[kFlowOptimizer]) return;
      optimizer = parameters[kFlowOptimizer];
      rule = plainRule(*optimizer);
      row = freshRow(deep.weights(), deep.gradients());
    }

    /// What is there before the first update.
    void look(const Batches::Batch& batch) {
      const auto forward = deep.forward(wiring(), batch.inputs, Statistics::Batch);
      const auto loss = crossEntropyOf(forward.logits, batch.labels);
      report.norms = report.initial_norms = split(deep.backward(wiring(), forward, loss));
      report.initial_layers = layerStatistics(deep, wiring(), forward);
    }

    std::vector<LayerStatistics> layersOn(const Batches::Batch& batch) const {
      const torch::NoGradGuard no_grad;
      return layerStatistics(deep, wiring(),
                             deep.forward(wiring(), batch.inputs, Statistics::Batch));
    }

    FlowNorms split(const torch::Tensor& norms) const {
      const auto numbers = numbersOf(norms);
      const auto middle = numbers.begin() + deep.size().depth;
      return {{numbers.begin(), middle}, {middle, numbers.end()}};
    }

    void record(Recorder& recorder, std::int64_t step, const torch::Tensor& loss,
                const torch::Tensor& norms) {
      const double batch_loss = loss.item<double>();
      report.observe(batch_loss, split(norms));
      history.add(step, report.norms.pre_activations);
      recorder.add(loss_record, batch_loss);
      if (const auto ratio = report.norms.firstToLast()) recorder.add(ratio_record, *ratio);
      std::size_t i = 0;
      for (const auto* part : {&report.norms.pre_activations, &report.norms.weights})
        for (double norm : *part) recorder.add(norm_records[i++], norm);
    }
  };

  /// Rises linearly over the first `warmup` updates.
  double rateOf(const Net& net) const {
    if (!net.report.settings.warms_up || step_ >= warmup_) return net.rate;
    return net.rate * static_cast<double>(step_) / static_cast<double>(warmup_);
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    for (Net& net : nets_) {
      const auto logits =
          net.deep.forward(net.wiring(), validation_.inputs, Statistics::Running).logits;
      net.report.accuracy =
          (logits.argmax(1) == validation_.labels).to(torch::kDouble).mean().item<double>();
      recorder.add(net.accuracy_record, net.report.accuracy);
    }
  }

  std::string preset_;
  std::uint64_t seed_;
  Split data_;
  Dataset training_, validation_;
  Batches batches_;
  Batches::Batch batch_;  ///< the newest
  std::int64_t evaluate_every_, warmup_ = 0, step_ = 0;
  std::array<Net, 2> nets_;
};

}  // namespace

Split flowData(const Parameters& parameters, std::uint64_t seed) {
  const auto generator = generatorFor(seed, kDataStream);
  Dataset all = drawn(parameters, generator);
  all.inputs = all.inputs.flatten(1);
  Split data = split(all, kFlowValidationShare, generator);
  const auto mean = data.training.inputs.mean(0);
  const auto deviation = data.training.inputs.std(0, /*unbiased=*/false);
  const auto scale = torch::where(deviation > 0, deviation, torch::ones_like(deviation));
  for (Dataset* part : {&data.training, &data.validation})
    part->inputs = (part->inputs - mean) / scale;
  return data;
}

at::Generator flowBatchOrder(std::uint64_t seed) { return generatorFor(seed, kBatchStream); }

DeepNet flowNet(const NetSettings& settings, const Dataset& data, const RunContext& context) {
  return DeepNet({settings.depth, settings.width, data.inputs.size(1), data.classes},
                 settings.initialisation, generatorFor(context.seed, kInitialisationStream),
                 context.device);
}

std::unique_ptr<Experiment> makeGradientFlow(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<GradientFlow>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/loss_scaling.h"

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/data/digits.h"
#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/elman_net.h"
#include "lessons/gradients/gradient_streams.h"
#include "lessons/nn/grad_scaler.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kSamples = 1500, kEvaluateEvery = 20;

/// inputs-hidden-hidden-classes with tanh, whose gradients are hardly ever exactly zero.
Architecture tanhNet(std::int64_t inputs, std::int64_t hidden, std::int64_t classes) {
  Architecture net = mlp(inputs, hidden, classes);
  net.forward = [](const std::vector<torch::Tensor>& w, const torch::Tensor& x) {
    const auto first = torch::addmm(w[1], x, w[0].t()).tanh();
    const auto second = torch::addmm(w[3], first, w[2].t()).tanh();
    return torch::addmm(w[5], second, w[4].t());
  };
  return net;
}

TableData precisionTable(const ScalingReport& report) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"net", Best::None},
                   {"loss", Best::Smallest},
                   {"accuracy", Best::Largest},
                   {"step_norm", Best::None},
                   {"source", Best::None}};
  // Before the first update there is no loss of a batch, and no gradient that was used.
  const auto measured = [&](double value) {
    return report.updates > 0 ? TableData::Cell{value} : TableData::Cell{std::monostate{}};
  };
  table.rows = {
      {"float32",
       {Word{"loss-scaling.curve.float32"}, measured(report.loss32), report.accuracy32,
        measured(report.norm32), Word{"loss-scaling.source.float32"}}},
      {"float16",
       {Word{"loss-scaling.curve.float16"}, measured(report.loss16), report.accuracy16,
        measured(report.norm16),
        Word{report.real_half ? "loss-scaling.source.real" : "loss-scaling.source.rounded"}}}};
  return table;
}

class LossScaling : public Experiment {
 public:
  LossScaling(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        parameters_(parameters),
        data_(digitsForScaling(context.seed)),
        training_(data_.training.to(device_)),
        validation_(data_.validation.to(device_)),
        batches_(training_, parameters[kScalingBatchSize],
                 generatorFor(context.seed, kBatchStream)),
        net_(tanhNet(training_.inputs.size(1), parameters[kScalingHidden], training_.classes)),
        scaler_(parameters[kScaling] == Scaling::None ? 1 : parameters[kInitialScale]) {
    const auto initial =
        initialWeights(net_.weights, generatorFor(context.seed, kInitialisationStream)).to(device_);
    weights32_ = initial.clone();
    weights16_ = initial.clone();
    report_.real_half = device_.is_cuda();
    report_.initial_scale = parameters[kInitialScale];
    report_.max_norm = parameters[kScalingMaxNorm];
    report_.scale = report_.lowest_scale = report_.highest_scale = scaler_.scale();
    look(training_.inputs.narrow(0, 0, parameters[kScalingBatchSize]),
         training_.labels.narrow(0, 0, parameters[kScalingBatchSize]));
  }

  void apply(const Parameters& parameters) override {
    parameters_ = parameters;
    report_.max_norm = parameters[kScalingMaxNorm];
  }

  bool step(Recorder& recorder) override {
    const auto [inputs, labels] = batches_.next();  // one for both nets
    step_ += 1;
    // Where the loss is made smaller, the rate is made larger: float32 learns the same.
    const double rate = parameters_[kScalingRate] / parameters_[kLossFactor];

    auto [loss32, gradient32] = gradientOf(weights32_, inputs, labels, 1, torch::kFloat);
    if (parameters_[kScalingClip] != ClipWhen::Never)
      clipByNorm(gradient32, parameters_[kScalingMaxNorm]);

    const double scale = scaler_.scale();
    auto [loss16, scaled] = gradientOf(weights16_, inputs, labels, scale, halfType());
    scaled_ = scaled;
    kept_ = throughHalf(scaled);  // on a GPU it is float16 already
    auto gradient16 = kept_.clone();
    if (parameters_[kScalingClip] == ClipWhen::BeforeUnscaling)
      clipByNorm(gradient16, parameters_[kScalingMaxNorm]);
    const bool finite = gradient16.isfinite().all().item<bool>();
    gradient16.div_(scale);  // unscaled, in float32
    if (parameters_[kScalingClip] == ClipWhen::AfterUnscaling)
      clipByNorm(gradient16, parameters_[kScalingMaxNorm]);

    const torch::NoGradGuard no_grad;
    weights32_.sub_(gradient32, rate);
    const bool used = parameters_[kScaling] == Scaling::Dynamic
                          ? scaler_.update(!finite, settings())  // skips what is not finite
                          : true;
    if (used) weights16_.sub_(gradient16, rate);
    record(recorder, loss32, loss16, gradient32, gradient16);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<HistogramData>("gradients") = sizesOf(scaled_, kept_);
    frame.at<TableData>("precision") = precisionTable(report_);
    frame.at<VerdictData>("verdict") = scalingVerdict(preset_, step_, report_);
  }

  void save(WeightSink& sink) const override {
    for (const auto& [name, flat] : {std::pair{"float32.", weights32_}, {"float16.", weights16_}}) {
      const auto views = weightViews(net_.weights, flat.unsqueeze(0));
      for (std::size_t i = 0; i < views.size(); ++i) {
        sink.add(namedArray(name + net_.weights[i].name, views[i][0]));
      }
    }
  }

  /// `rounding`: float16 by its definition (11 significant bits, steps of 2^-24 below 2^-14, halves
  /// to even, infinity from 65520) in float64, against what the library keeps.
  void check(CheckSink& sink) const override {
    const auto exact = scaled_.to(torch::kDouble);
    const auto exponent = exact.abs().clamp_min(kHalfNormal).log2().floor();
    const auto step = torch::exp2(exponent - 10);
    auto rounded = (exact / step).round() * step;  // round() goes to even
    rounded = torch::where(rounded.abs() > kHalfLargest,
                           rounded.sign() * std::numeric_limits<double>::infinity(), rounded);
    const auto kept = kept_.to(torch::kDouble);
    const auto same = (rounded == kept) | (rounded.isnan() & kept.isnan());
    sink.compare("rounding", same.logical_not().sum().item<double>(), 0);
  }

 private:
  /// LibTorch 1.13 has no float16 products on a CPU.
  torch::ScalarType halfType() const { return device_.is_cuda() ? torch::kHalf : torch::kFloat; }

  /// The loss as it is, and the gradient of loss * loss_factor * scale with respect to the weights
  /// in `type`: [parameters], float32.
  std::pair<double, torch::Tensor> gradientOf(const torch::Tensor& weights,
                                              const torch::Tensor& inputs,
                                              const torch::Tensor& labels, double scale,
                                              torch::ScalarType type) const {
    std::vector<torch::Tensor> leaves;
    for (const auto& view : weightViews(net_.weights, weights.unsqueeze(0)))
      leaves.push_back(view[0].detach().to(type).requires_grad_());
    const auto logits = net_.forward(leaves, inputs.to(type)).to(torch::kFloat);
    const auto loss = torch::nn::functional::cross_entropy(logits, labels);
    auto parts = torch::autograd::grad({loss * (parameters_[kLossFactor] * scale)}, leaves);
    for (auto& part : parts) part = part.flatten();
    return {loss.item<double>(), torch::cat(parts).to(torch::kFloat)};
  }

  void look(const torch::Tensor& inputs, const torch::Tensor& labels) {
    scaled_ = gradientOf(weights16_, inputs, labels, scaler_.scale(), halfType()).second;
    kept_ = throughHalf(scaled_);
  }

  GradScaler::Settings settings() const {
    return {parameters_[kGrowthFactor], parameters_[kBackoffFactor], parameters_[kGrowthInterval]};
  }

  void record(Recorder& recorder, double loss32, double loss16, const torch::Tensor& gradient32,
              const torch::Tensor& gradient16) {
    const HalfLosses losses = halfLosses(scaled_, kept_);
    report_.observe(loss32, loss16, losses);
    report_.norm32 = exactNorms(gradient32.unsqueeze(0)).item<double>();
    report_.norm16 = exactNorms(gradient16.unsqueeze(0)).item<double>();
    report_.scale = scaler_.scale();
    report_.lowest_scale = std::min(report_.lowest_scale, report_.scale);
    report_.highest_scale = std::max(report_.highest_scale, report_.scale);
    report_.skipped = scaler_.skipped();
    recorder.add("float32/loss", loss32);
    recorder.add("float16/loss", loss16);
    recorder.add("float32/grad_norm", report_.norm32);
    recorder.add("float16/grad_norm", report_.norm16);
    recorder.add("scale", report_.scale);
    recorder.add("underflow", losses.underflow);
    recorder.add("overflow", losses.overflow);
    recorder.add("skipped", static_cast<double>(report_.skipped));
    if (step_ % kEvaluateEvery == 0) evaluate(recorder);
  }

  double accuracyOf(const torch::Tensor& weights) const {
    const torch::NoGradGuard no_grad;
    std::vector<torch::Tensor> leaves;
    for (const auto& view : weightViews(net_.weights, weights.unsqueeze(0)))
      leaves.push_back(view[0]);
    const auto logits = net_.forward(leaves, validation_.inputs);
    return (logits.argmax(1) == validation_.labels).to(torch::kDouble).mean().item<double>();
  }

  void evaluate(Recorder& recorder) {
    report_.accuracy32 = accuracyOf(weights32_);
    report_.accuracy16 = accuracyOf(weights16_);
    recorder.add("float32/accuracy", report_.accuracy32);
    recorder.add("float16/accuracy", report_.accuracy16);
  }

  std::string preset_;
  torch::Device device_;
  Parameters parameters_;
  Split data_;
  Dataset training_, validation_;
  Batches batches_;
  Architecture net_;
  GradScaler scaler_;
  torch::Tensor weights32_, weights16_;  ///< [parameters], both float32: the master weights
  torch::Tensor scaled_, kept_;  ///< [parameters]: scaled gradients, before and after float16
  std::int64_t step_ = 0;
  ScalingReport report_;
};

}  // namespace

void ScalingReport::observe(double batch_loss32, double batch_loss16, const HalfLosses& found) {
  constexpr double kMemory = 20;
  updates += 1;
  const double weight = 1 / std::min(kMemory, static_cast<double>(updates));
  loss32 += (batch_loss32 - loss32) * weight;
  loss16 += (batch_loss16 - loss16) * weight;
  losses.underflow += (found.underflow - losses.underflow) * weight;
  losses.overflow += (found.overflow - losses.overflow) * weight;
  losses.coarse += (found.coarse - losses.coarse) * weight;
}

Split digitsForScaling(std::uint64_t seed) {
  const auto generator = generatorFor(seed, kDataStream);
  Dataset all = digits(kSamples, generator);
  all.inputs = all.inputs.flatten(1);
  return split(all, 0.2, generator);
}

std::unique_ptr<Experiment> makeLossScaling(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<LossScaling>(parameters, context);
}

}  // namespace viva

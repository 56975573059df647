// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/lr_schedules.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <cmath>

#include "lessons/data/planar.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/step_size/sharpness.h"

namespace viva {
namespace {

constexpr std::uint64_t kDataStream = 0, kInitialisationStream = 1, kBatchStream = 2,
                        kDirectionStream = 3;
constexpr std::int64_t kEvaluateEvery = 20, kSharpnessEvery = 10;

Split dataFor(const Parameters& p, const RunContext& context) {
  const auto generator = generatorFor(context.seed, kDataStream);
  const std::int64_t samples = p[kScheduleSamples];
  Dataset all;
  switch (p[kScheduleData]) {
    case ScheduleData::Moons:
      all = moons(samples, 0.2, generator);
      break;
    case ScheduleData::Circles:
      all = circles(samples, 0.1, generator);
      break;
    case ScheduleData::Spirals:
      all = spirals(samples, 1, 0.05, generator);
      break;
  }
  Split data = split(all, 0.25, generator);
  standardize(data);
  data.training.inputs.mul_(p[kInputScale]);
  data.validation.inputs.mul_(p[kInputScale]);
  return {data.training.to(context.device), data.validation.to(context.device)};
}

Architecture netFor(const Parameters& p) {
  const std::int64_t outputs = p[kScheduleLoss] == ScheduleLoss::SquaredError ? 1 : 2;
  Architecture net = mlp(2, p[kScheduleHidden], outputs);
  if (p[kScheduleActivation] == ScheduleActivation::Tanh)
    net.forward = [](const std::vector<torch::Tensor>& w, const torch::Tensor& inputs) {
      const auto x = inputs.t().unsqueeze(0);
      const auto layer = [&](std::size_t i, const torch::Tensor& y) {
        return torch::matmul(w[i], y) + w[i + 1].unsqueeze(-1);
      };
      return layer(4, layer(2, layer(0, x).tanh()).tanh());
    };
  return net;
}

class LrSchedules : public Experiment {
 public:
  LrSchedules(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        parameters_(parameters),
        data_(dataFor(parameters, context)),
        net_(netFor(parameters), static_cast<std::int64_t>(racersIn(parameters).size()),
             initialWeights(netFor(parameters).weights,
                            generatorFor(context.seed, kInitialisationStream))
                 .to(context.device)),
        batches_(data_.training, std::min(parameters[kScheduleBatch], data_.training.samples()),
                 generatorFor(context.seed, kBatchStream)),
        sharpness_(net_.leaves(), generatorFor(context.seed, kDirectionStream)) {
    keepFreedMemory();
    for (const Racer& racer : racersIn(parameters)) racers_.push_back({racer, 0, 0, {}});
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    std::vector<float> rates;
    for (RacerHistory& racer : racers_) {
      racer.rate = rateOf(racer.racer);
      rates.push_back(static_cast<float>(racer.rate));
      recorder.add(racer.racer.name + "/lr", racer.rate);
    }
    const auto losses = isFullBatch() ? lossOn(data_.training) : batchLosses();
    const auto& gradients = net_.gradients(losses);
    {
      const torch::NoGradGuard no_grad;
      const auto rate = torch::tensor(rates).to(gradients.device()).unsqueeze(1);
      torch::Tensor weights = net_.weights();
      weights.sub_(rate * gradients);
    }
    step_ += 1;
    const std::vector<double> values = numbersOf(losses);
    for (std::size_t i = 0; i < racers_.size(); ++i)
      recorder.add(racers_[i].racer.name + "/train_loss", values[i]);
    if (isFullBatch()) observe(values.front(), recorder);
    if (step_ % kEvaluateEvery == 0) evaluate(recorder);
    if (parameters_[kScheduleTask] != ScheduleTask::RangeTest) return true;
    range_.add(racers_.front().rate, values.front());
    return !(range_.blewUp() && range_.rates.size() > 20);
  }

  void snapshot(Frame& frame) const override {
    frame.at<TableData>("standings") = standings();
    frame.at<SeriesData>("range") = rangeCurves();
    frame.at<SeriesData>("sharpness") = sharpnessCurves();
    frame.at<VerdictData>("verdict") = schedulesVerdict(
        preset_,
        {parameters_[kScheduleTask], parameters_[kPeakRate], step_, racers_, range_, edge_});
  }

  void save(WeightSink& sink) const override {
    const auto views = weightViews(net_.architecture().weights, net_.weights());
    for (std::size_t i = 0; i < racers_.size(); ++i)
      for (std::size_t w = 0; w < views.size(); ++w)
        sink.add(namedArray(racers_[i].racer.name + "." + net_.architecture().weights[w].name,
                            views[w][static_cast<std::int64_t>(i)]));
  }

  /// The gradient against the slope of the loss along it, in float64.
  void check(CheckSink& sink) const override {
    std::vector<torch::Tensor> weights, up, down;
    const auto batch = data_.training;
    for (const auto& leaf : net_.leaves())
      weights.push_back(leaf.detach().to(torch::kFloat64).requires_grad_());
    const auto lossAt = [&](const std::vector<torch::Tensor>& at) {
      return lossFrom(net_.architecture().forward(at, batch.inputs.to(torch::kFloat64)),
                      batch.labels)
          .index({0});
    };
    const auto gradients = torch::autograd::grad({lossAt(weights)}, weights);
    double square = 0;
    for (const auto& gradient : gradients) square += gradient.square().sum().item<double>();
    // Of a net that is being lost a difference of two losses has no digits left.
    if (!(square > 0 && square < 1e8)) return;
    const torch::NoGradGuard no_grad;
    const double distance = 1e-5 / std::sqrt(square);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      up.push_back(weights[i] + distance * gradients[i]);
      down.push_back(weights[i] - distance * gradients[i]);
    }
    const double slope = (lossAt(up) - lossAt(down)).item<double>() / (2 * distance * square);
    sink.compare("gradient", std::abs(slope - 1), 1e-3);
  }

 private:
  bool isFullBatch() const { return parameters_[kScheduleTask] == ScheduleTask::FullBatch; }

  double rateOf(const Racer& racer) const {
    if (parameters_[kScheduleTask] == ScheduleTask::RangeTest)
      return rangeRateAt(parameters_[kRangeLow], parameters_[kRangeHigh], parameters_[kHorizon],
                         step_);
    return rateAt(racer.schedule,
                  {parameters_[kPeakRate], parameters_[kHorizon], parameters_[kWarmUp],
                   parameters_[kDecayEvery], parameters_[kDecay]},
                  step_);
  }

  /// [copies]; of squared error the target is -1 or 1.
  torch::Tensor lossFrom(const torch::Tensor& outputs, const torch::Tensor& labels) const {
    if (parameters_[kScheduleLoss] == ScheduleLoss::CrossEntropy)
      return crossEntropy(outputs, labels);
    const auto targets = labels.to(outputs.dtype()) * 2 - 1;
    return (outputs.squeeze(1) - targets).square().mean(1);
  }
  torch::Tensor lossOn(const Dataset& data) const {
    return lossFrom(net_.forward(data.inputs), data.labels);
  }
  torch::Tensor batchLosses() {
    const auto batch = batches_.next();
    return lossFrom(net_.forward(batch.inputs), batch.labels);
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto losses = numbersOf(lossOn(data_.training));
    const auto outputs = net_.forward(data_.validation.inputs);
    const auto right =
        outputs.size(1) == 1
            ? ((outputs.squeeze(1) > 0) == (data_.validation.labels == 1)).to(torch::kFloat).mean(1)
            : accuracy(outputs, data_.validation.labels);
    const auto shares = numbersOf(right);
    for (std::size_t i = 0; i < racers_.size(); ++i) {
      racers_[i].full_loss.emplace_back(step_, losses[i]);
      racers_[i].accuracy = shares[i];
      recorder.add(racers_[i].racer.name + "/full_loss", losses[i]);
      recorder.add(racers_[i].racer.name + "/accuracy", shares[i]);
    }
  }

  void observe(double loss, Recorder& recorder) {
    if (step_ == 1)
      edge_.first_loss = loss;
    else
      edge_.rises += loss > edge_.last_loss;
    edge_.last_loss = loss;
    recorder.add("two_over_lr", 2 / racers_.front().rate);
    if (step_ % kSharpnessEvery != 1) return;
    const double value =
        sharpness_.measure([this] { return lossOn(data_.training).sum(); }, net_.leaves());
    edge_.values.emplace_back(step_, value);
    recorder.add("sharpness", value);
  }

  SeriesData rangeCurves() const {
    SeriesData data;
    data.curves.push_back(
        {"net", Word{"lr-schedules.record.train_loss"}, range_.rates, range_.losses, false});
    data.curves.push_back({"smoothed", {}, range_.rates, range_.smoothed, false});
    if (range_.smoothed.size() > 1) {
      const auto [low, high] = std::minmax_element(range_.smoothed.begin(), range_.smoothed.end());
      const double rate = range_.suggested();
      data.curves.push_back({"suggested",
                             {},
                             {rate, rate},
                             {*low / 2, std::isfinite(*high) ? *high : 10 * *low},
                             true});
    }
    return data;
  }

  /// By step, beside 2 / rate; without points where nothing is measured.
  SeriesData sharpnessCurves() const {
    Curve measured{"net", Word{"lr-schedules.record.sharpness"}, {}, {}, false};
    Curve limit{"limit", Word{"lr-schedules.record.two_over_lr"}, {}, {}, true};
    for (const auto& [step, value] : edge_.values) {
      measured.x.push_back(static_cast<double>(step));
      measured.y.push_back(value);
    }
    if (!edge_.values.empty()) {
      const double rate = parameters_[kPeakRate];
      limit.x = {0, measured.x.back()};
      limit.y = {2 / rate, 2 / rate};
    }
    return {{std::move(measured), std::move(limit)}};
  }

  TableData standings() const {
    TableData table;
    table.columns = {{"schedule"},
                     {"rate"},
                     {"full_loss", TableData::Best::Smallest},
                     {"accuracy", TableData::Best::Largest}};
    for (const RacerHistory& racer : racers_)
      table.rows.push_back(
          {racer.racer.name,
           {Word{"lr-schedules.curve." + racer.racer.name}, racer.rate,
            racer.full_loss.empty() ? TableData::Cell{}
                                    : TableData::Cell{racer.full_loss.back().second},
            racer.accuracy}});
    return table;
  }

  std::string preset_;
  Parameters parameters_;
  Split data_;
  StackedNet net_;
  Batches batches_;
  Sharpness sharpness_;
  std::vector<RacerHistory> racers_;
  RangeHistory range_;
  SharpnessHistory edge_;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeLrSchedules(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<LrSchedules>(parameters, context);
}

}  // namespace viva

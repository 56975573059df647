// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/architecture/layer_calculator.h"

#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "lessons/architecture/live_stack.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kInputStream = 0;

/// The median of what a layer took in its last passes: now and then the machine does something
/// else.
class RecentTimes {
 public:
  void add(double microseconds) {
    times_[next_++ % times_.size()] = microseconds;
    count_ = std::min(count_ + 1, times_.size());
  }
  double median() const {
    std::vector<double> sorted(times_.begin(), times_.begin() + std::ptrdiff_t(count_));
    const auto middle = sorted.begin() + std::ptrdiff_t(count_ / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

 private:
  std::array<double, 51> times_{};
  std::size_t next_ = 0, count_ = 0;
};

CountedStack countedStack(const std::string& text, const Shape& input) {
  CountedStack stack;
  stack.layers = parseStack(text);
  stack.counts = countsOf(stack.layers, input);
  stack.totals = totalsOf(stack.counts);
  return stack;
}

torch::Tensor inputFor(const Shape& shape, const std::vector<Layer>& layers, at::Generator draws) {
  std::vector<std::int64_t> sizes = shape.sizes;
  sizes.insert(sizes.begin(), 1);
  if (shape.kind != Shape::Kind::Tokens) return torch::randn(sizes, draws);
  return torch::randint(layers.front().in, sizes, draws, torch::kInt64);
}

class LayerCalculator : public Experiment {
 public:
  LayerCalculator(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), device_(context.device) {
    const Shape input = parseInput(parameters[kStackInput].text);
    stack_ = countedStack(parameters[kStack].text, input);
    const std::string& against = parameters[kAgainst].text;
    if (!against.empty()) against_ = countedStack(against, input);
    for (const Layer& layer : stack_.layers) {
      live_.push_back(liveLayer(layer, device_));
      stack_.held.push_back(learnedElements(live_.back()));
    }
    times_.resize(live_.size());
    input_ = inputFor(input, stack_.layers, generatorFor(context.seed, kInputStream)).to(device_);
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const c10::InferenceMode no_training;  // 5 us a layer less than a NoGradGuard
    using Clock = std::chrono::steady_clock;
    torch::Tensor x = input_;
    for (std::size_t i = 0; i < live_.size(); ++i) {
      const auto start = Clock::now();
      x = live_[i].forward(x);
      waitFor(x);
      times_[i].add(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    step_ += 1;
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    CountedStack stack = stack_;
    if (step_ > 0)
      for (const RecentTimes& times : times_) stack.microseconds.push_back(times.median());
    frame.at<TableData>("layers") = layersTable(stack);
    frame.at<TableData>("live") = liveTable(stack);
    frame.at<TableData>("totals") = totalsTable(stack, against_);
    frame.at<TableData>("conventions") = conventionsTable(stack);
    frame.at<TableData>("dense_bias") = denseTable(stack);
    frame.at<BarsData>("shares") = sharesBars(stack);
    frame.at<BarsData>("times") = timesBars(stack);
    frame.at<VerdictData>("verdict") = calculatorVerdict(preset_, step_, stack, against_);
  }

  void save(WeightSink& sink) const override {
    for (std::size_t i = 0; i < live_.size(); ++i)
      if (live_[i].module)
        for (const auto& tensor : live_[i].module->named_parameters())
          sink.add(namedArray(std::to_string(i) + "." + tensor.key(), tensor.value()));
  }

  /// Formulas against what the modules hold and do.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    std::int64_t parameters = 0, buffers = 0, macs = 0, shapes = 0;
    torch::Tensor x = input_;
    for (std::size_t i = 0; i < live_.size(); ++i) {
      const LayerCount& count = stack_.counts[i];
      const auto output = live_[i].forward(x);
      parameters += std::abs(learnedElements(live_[i]) - count.parameters);
      buffers += std::abs(keptElements(live_[i]) - count.buffers);
      macs += std::abs(usedWeights(stack_.layers[i], live_[i], x, output) - count.macs);
      shapes += output.sizes().slice(1) != torch::IntArrayRef(count.output.sizes);
      x = output;
    }
    sink.compare("parameters", static_cast<double>(parameters), 0);
    sink.compare("buffers", static_cast<double>(buffers), 0);
    sink.compare("macs", static_cast<double>(macs), 0);
    sink.compare("shapes", static_cast<double>(shapes), 0);
  }

 private:
  void record(Recorder& recorder) const {
    const auto add = [&](const char* name, std::int64_t value) {
      recorder.add(name, static_cast<double>(value));
    };
    add("parameters", stack_.totals.parameters);
    add("macs", stack_.totals.macs);
    add("activations", stack_.totals.activations);
    add("buffers", stack_.totals.buffers);
    if (!against_) return;
    add("against/parameters", against_->totals.parameters);
    add("against/macs", against_->totals.macs);
  }

  /// A GPU works on after it was asked: an element of the result has to be waited for.
  void waitFor(const torch::Tensor& x) const {
    if (device_.is_cuda()) x.flatten().select(0, 0).item();
  }

  std::string preset_;
  torch::Device device_;
  CountedStack stack_;
  std::optional<CountedStack> against_;
  std::vector<LiveLayer> live_;
  std::vector<RecentTimes> times_;
  torch::Tensor input_;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeLayerCalculator(const Parameters& parameters,
                                                const RunContext& context) {
  return std::make_unique<LayerCalculator>(parameters, context);
}

}  // namespace viva

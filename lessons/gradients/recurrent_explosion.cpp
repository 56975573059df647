// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/recurrent_explosion.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/data/sequence_tasks.h"
#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/elman_net.h"
#include "lessons/gradients/gradient_streams.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kRadiusEvery = 10;

double largestOf(const torch::Tensor& tensor) { return tensor.abs().max().item<double>(); }

class RecurrentExplosion : public Experiment {
 public:
  RecurrentExplosion(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        parameters_(parameters),
        source_(SequenceTask::Adding, parameters[kExplosionLength]),
        draws_(generatorFor(context.seed, kDataStream)) {
    for (const std::string& name : copiesIn(parameters))
      copies_.emplace_back(name, parameters, source_.features(), context);
    // Drawn from elsewhere, so that looking at it takes nothing from the run.
    batch_ =
        source_.draw(parameters[kExplosionBatchSize], generatorFor(context.seed, 10)).to(device_);
    for (Copy& copy : copies_) {
      const auto pass = copy.net.forward(batch_.inputs);
      const auto gradients = copy.net.backward(pass, lossOf(pass));
      copy.report.state_norms = copy.report.initial_norms = normsBack(gradients);
      copy.report.tensors = {{"states", largestOf(torch::stack(pass.states))},
                             {"loss", lossOf(pass).item<double>()},
                             {"state_gradients", largestOf(gradients)},
                             {"gradient", largestOf(copy.net.gradients())},
                             {"weights", largestOf(copy.net.weights())}};
    }
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }

  bool step(Recorder& recorder) override {
    batch_ = source_.draw(parameters_[kExplosionBatchSize], draws_).to(device_);
    step_ += 1;
    for (Copy& copy : copies_) {
      const auto pass = copy.net.forward(batch_.inputs);
      const auto loss = lossOf(pass);
      const auto state_gradients = copy.net.backward(pass, loss);

      const torch::NoGradGuard no_grad;
      auto gradient = copy.net.gradients();
      const double norm = exactNorms(gradient.unsqueeze(0)).item<double>();
      if (copy.report.name == "clipped") clip(gradient, copy, recorder);
      auto weights = copy.net.weights();
      weights.sub_(gradient, parameters_[kExplosionRate]);  // plain gradient descent

      copy.look({{"states", torch::stack(pass.states)},
                 {"loss", loss},
                 {"state_gradients", state_gradients},
                 {"gradient", gradient},
                 {"weights", weights}},
                step_);
      const auto norms = normsBack(state_gradients);
      copy.report.observe(loss.item<double>(), norms);
      recorder.add(copy.report.name + "/loss", loss.item<double>());
      recorder.add(copy.report.name + "/grad_norm", norm);
      if (norms.front() != 0 || norms.back() != 0)
        recorder.add(copy.report.name + "/far_to_near", norms.back() / norms.front());
    }
    if (step_ % kRadiusEvery == 0) measureRadius(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { measureRadius(recorder); }

  void snapshot(Frame& frame) const override {
    std::vector<ExplosionReport> reports;
    for (const Copy& copy : copies_) reports.push_back(copy.report);
    frame.at<SeriesData>("state_gradient") = relativeGradients(reports, theory());
    frame.at<TableData>("tensors") = tensorsTable(reports);
    frame.at<VerdictData>("verdict") = explosionVerdict(
        preset_, step_, {reports, parameters_[kExplosionRadius], source_.baseline()});
  }

  void save(WeightSink& sink) const override {
    for (const Copy& copy : copies_)
      for (std::size_t i = 0; i < ElmanNet::kNames.size(); ++i) {
        sink.add(namedArray(copy.report.name + "." + ElmanNet::kNames[i], copy.net.leaves()[i]));
      }
  }

  /// `recurrence`: what flows back, against a recursion by hand in float64 that starts from what
  /// arrives at the last state: g_{t-1} = W^T (f'(z_t) g_t).
  void check(CheckSink& sink) const override {
    for (const Copy& copy : copies_) {
      const auto pass = copy.net.forward(batch_.inputs);
      const auto loss = lossOf(pass);
      if (!std::isfinite(loss.item<double>())) continue;
      const auto kept = copy.net.gradients().clone();
      const auto found = copy.net.backward(pass, loss);
      const torch::NoGradGuard no_grad;
      copy.net.gradients().detach().copy_(kept);
      const auto matrix = copy.net.recurrent().to(torch::kDouble);
      auto flow = found[-1].to(torch::kDouble);
      double apart = 0;
      for (std::int64_t t = found.size(0) - 1; t > 0; --t) {
        const auto h = pass.states[static_cast<std::size_t>(t)].to(torch::kDouble);
        const auto through =
            copy.net.activation() == RecurrentActivation::Tanh   ? flow * (1 - h.square())
            : copy.net.activation() == RecurrentActivation::Relu ? flow * (h > 0).to(torch::kDouble)
                                                                 : flow;
        flow = through.mm(matrix);
        const double norm = flow.norm().item<double>();
        if (!(norm > 1e-28) || !(norm < 1e30)) break;
        const auto here = found[t - 1].to(torch::kDouble);
        apart = std::max(apart, (here - flow).norm().item<double>() / norm);
      }
      sink.compare("recurrence", apart, 1e-3);
    }
  }

 private:
  struct Copy {
    ElmanNet net;
    ExplosionReport report;

    Copy(const std::string& name, const Parameters& parameters, std::int64_t inputs,
         const RunContext& context)
        : net(parameters, inputs, generatorFor(context.seed, kInitialisationStream),
              context.device),
          report{name} {}

    /// In the order in which they are computed, so that the first that is not finite is the one
    /// where it began.
    void look(const std::vector<std::pair<std::string, torch::Tensor>>& tensors,
              std::int64_t step) {
      report.tensors.clear();
      for (const auto& [name, tensor] : tensors) {
        const double largest = largestOf(tensor);
        report.tensors.emplace_back(name, largest);
        if (!report.first && !std::isfinite(largest)) report.first = NotFinite{name, step};
      }
    }
  };

  torch::Tensor lossOf(const ElmanNet::Pass& pass) const {
    return torch::mse_loss(pass.outputs, batch_.targets);
  }

  static std::vector<double> normsBack(const torch::Tensor& gradients) {
    return numbersOf(exactNorms(gradients).flip(0));
  }

  void clip(torch::Tensor& gradient, Copy& copy, Recorder& recorder) const {
    const auto before = gradient.clone();
    auto by_norm = gradient.clone();
    clipByNorm(by_norm, parameters_[kExplosionMaxNorm]);
    if (parameters_[kExplosionClip] == Clipping::Norm)
      gradient.copy_(by_norm);
    else
      gradient.clamp_(-parameters_[kExplosionMaxValue], parameters_[kExplosionMaxValue]);
    const double turn = angleBetween(before, gradient);
    if (!std::isfinite(turn)) return;
    copy.report.clipped += !torch::equal(before, gradient);
    copy.report.turn = turn;
    copy.report.largest_turn = std::max(copy.report.largest_turn, turn);
    copy.report.largest_turn_by_norm =
        std::max(copy.report.largest_turn_by_norm, angleBetween(before, by_norm));
    recorder.add("clipped/turn", turn);
  }

  void measureRadius(Recorder& recorder) {
    for (Copy& copy : copies_) {
      copy.report.spectral_radius = spectralRadius(copy.net.recurrent());
      if (step_ == 0) copy.report.initial_radius = copy.report.spectral_radius;
      recorder.add(copy.report.name + "/spectral_radius", copy.report.spectral_radius);
    }
  }

  /// The spectral radius of the beginning to the power of the distance.
  std::vector<double> theory() const {
    const double radius = parameters_[kExplosionMatrix] == RecurrentMatrix::NonNormal
                              ? 0.9
                              : parameters_[kExplosionRadius];
    std::vector<double> powers;
    for (std::int64_t i = 0; i < source_.time(); ++i)
      powers.push_back(std::pow(radius, static_cast<double>(i)));
    return powers;
  }

  std::string preset_;
  torch::Device device_;
  Parameters parameters_;
  SequenceSource source_;
  std::int64_t step_ = 0;
  at::Generator draws_;
  SequenceBatch batch_;
  std::vector<Copy> copies_;
};

}  // namespace

std::unique_ptr<Experiment> makeRecurrentExplosion(const Parameters& parameters,
                                                   const RunContext& context) {
  return std::make_unique<RecurrentExplosion>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/distribution_match.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

/// The same objective through LibTorch's autograd, in float64.
std::vector<double> autogradGradient(Objective objective, const Probabilities& p,
                                     const std::vector<double>& logits) {
  const auto z = torch::tensor(logits, torch::kFloat64).requires_grad_();
  const auto target = torch::tensor(p, torch::kFloat64);
  const auto log_q = torch::log_softmax(z, 0), q = log_q.exp();
  const auto terms = [](const torch::Tensor& from, const torch::Tensor& log_to) {
    return (torch::xlogy(from, from) - from * log_to).sum();
  };
  torch::Tensor value;
  switch (objective) {
    case Objective::CrossEntropy:
      value = -(target * log_q).sum();
      break;
    case Objective::ForwardKl:
      value = terms(target, log_q);
      break;
    case Objective::ReverseKl:
      value = terms(q, target.log());
      break;
    case Objective::JensenShannon: {
      const auto log_middle = ((target + q) / 2).log();
      value = (terms(target, log_middle) + terms(q, log_middle)) / 2;
      break;
    }
  }
  return numbersOf(torch::autograd::grad({value}, {z})[0]);
}

double largestDifference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

class DistributionMatch : public Experiment {
 public:
  DistributionMatch(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), given_q_(parameters[kModelQ]) {
    restart();
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    state_.p = normalised(parameters[kTargetP].weights);
    state_.objective = parameters[kMatchObjective];
    state_.rate = parameters[kMatchRate];
    state_.unit = parameters[kMatchBase] == LogarithmBase::Bits ? std::log(2.0) : 1.0;
    if (!(parameters[kModelQ] == given_q_)) {
      given_q_ = parameters[kModelQ];
      restart();
    }
    state_.via = normalised(parameters[kBetween].weights);
    if (state_.via.size() == state_.p.size()) return;
    // Of another number of classes it says nothing about p and q: their middle stands for it.
    state_.via = state_.p;
    for (std::size_t i = 0; i < state_.via.size(); ++i)
      state_.via[i] = (state_.p[i] + state_.start_q[i]) / 2;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const std::vector<double> gradient = logitGradient(state_.objective, state_.p, state_.q);
    const bool finite = std::all_of(gradient.begin(), gradient.end(),
                                    [](double value) { return std::isfinite(value); });
    if (finite)  // an infinite divergence shows no way
      for (std::size_t i = 0; i < logits_.size(); ++i) logits_[i] -= state_.rate * gradient[i];
    state_.q = softmax(logits_);
    state_.step += 1;
    state_.since += 1;
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("distributions") = distributionBars(state_);
    frame.at<BarsData>("lengths") = lengthBars(state_);
    frame.at<BarsData>("integrand") = integrandBars(state_);
    frame.at<BarsData>("gradient") = gradientBars(state_);
    frame.at<SeriesData>("to_zero") = towardsZero(state_);
    frame.at<TableData>("targets") = targetsTable(state_);
    frame.at<TableData>("triangle") = triangleTable(state_);
    frame.at<VerdictData>("verdict") = matchVerdict(preset_, state_);
  }

  /// The gradient by hand against autograd.
  void check(CheckSink& sink) const override {
    if (!std::isfinite(valueOf(state_.objective, state_.p, state_.q)) ||
        std::count(state_.q.begin(), state_.q.end(), 0.0) > 0)
      return;
    sink.compare("gradient",
                 largestDifference(logitGradient(state_.objective, state_.p, state_.q),
                                   autogradGradient(state_.objective, state_.p, logits_)),
                 1e-9);
  }

 private:
  void restart() {
    state_.start_q = state_.q = normalised(given_q_.weights);
    logits_.clear();
    for (const double share : state_.q) logits_.push_back(std::log(share));
    state_.since = 0;
  }

  void record(Recorder& recorder) {
    const Probabilities &p = state_.p, &q = state_.q;
    recorder.add("entropy", entropy(p) / state_.unit);
    recorder.add("cross_entropy", crossEntropy(p, q) / state_.unit);
    recorder.add("kl_forward", divergence(p, q) / state_.unit);
    recorder.add("kl_reverse", divergence(q, p) / state_.unit);
    recorder.add("js", jensenShannon(p, q) / state_.unit);
    if (state_.step % kGapEvery != 0 || std::count(q.begin(), q.end(), 0.0) > 0) return;
    const double gap = largestDifference(autogradGradient(Objective::CrossEntropy, p, logits_),
                                         autogradGradient(Objective::ForwardKl, p, logits_));
    state_.largest_gap = std::max(state_.largest_gap, gap);
    recorder.add("gradient_gap", gap);
  }

  static constexpr std::int64_t kGapEvery = 20;  // autograd takes 100 us, a step 1

  std::string preset_;
  Distribution given_q_;
  std::vector<double> logits_;
  MatchState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeDistributionMatch(const Parameters& parameters,
                                                  const RunContext& context) {
  return std::make_unique<DistributionMatch>(parameters, context);
}

}  // namespace viva

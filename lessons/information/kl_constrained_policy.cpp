// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/kl_constrained_policy.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/information/best_policy.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr int kPolicySamples = 64;

class KlConstrainedPolicy : public Experiment {
 public:
  KlConstrainedPolicy(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), draws_(generatorFor(context.seed, 0)) {
    apply(parameters);
    for (const double share : reference_) logits_.push_back(std::log(share));
    policy_ = reference_;
  }

  void apply(const Parameters& parameters) override {
    reference_ = normalised(parameters[kReferencePolicy].weights);
    beta_ = parameters[kBeta];
    rate_ = parameters[kPolicyRate];
    rewards_.clear();
    for (std::size_t i = 0; i < reference_.size(); ++i) rewards_.push_back(parameters[kRewards[i]]);
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    const std::vector<double> gradient = ascent();
    for (std::size_t i = 0; i < logits_.size(); ++i) logits_[i] += rate_ * gradient[i];
    policy_ = softmax(logits_);
    step_ += 1;
    record(recorder);
    estimate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("policy") = bars();
    frame.at<PlaneData>("frontier") = frontier();
    frame.at<TableData>("actions") = actions();
    frame.at<VerdictData>("verdict") = policyVerdict(preset_, step_, reading());
  }

  /// Of any policy the objective is beta ln Z - beta KL(policy || best).
  void check(CheckSink& sink) const override {
    const BestPolicy best = bestPolicy(reference_, rewards_, beta_);
    const double apart = divergence(policy_, best.policy);
    if (!std::isfinite(apart)) return;
    sink.compare("identity",
                 std::abs(leashedReward(policy_, reference_, rewards_, beta_) -
                          (best.objective - beta_ * apart)) /
                     (1 + std::abs(best.objective)),
                 1e-9);
  }

 private:
  /// dJ/dz_i = pi_i (r_i - beta log(pi_i / ref_i) - J).
  std::vector<double> ascent() const {
    const double objective = leashedReward(policy_, reference_, rewards_, beta_);
    std::vector<double> gradient(policy_.size(), 0.0);
    for (std::size_t i = 0; i < policy_.size(); ++i)
      if (policy_[i] > 0)
        gradient[i] =
            policy_[i] * (rewards_[i] - beta_ * std::log(policy_[i] / reference_[i]) - objective);
    return gradient;
  }

  PolicyReading reading() const {
    const BestPolicy best = bestPolicy(reference_, rewards_, beta_);
    return {beta_,
            expectation(policy_, rewards_),
            divergence(policy_, reference_),
            leashedReward(policy_, reference_, rewards_, beta_),
            best.objective,
            divergence(policy_, best.policy),
            expectation(reference_, rewards_)};
  }

  void record(Recorder& recorder) const {
    const PolicyReading now = reading();
    recorder.add("reward", now.reward);
    recorder.add("kl", now.kl);
    recorder.add("objective", now.objective);
    recorder.add("optimum", now.optimum);
    recorder.add("distance", now.distance);
  }

  /// KL from samples of the policy, as training on real texts has to do it.
  void estimate(Recorder& recorder) {
    const auto shares = torch::tensor(policy_, torch::kFloat64);
    const auto drawn = torch::multinomial(shares, kPolicySamples, true, draws_);
    double k1 = 0, k3 = 0;
    for (const double action : numbersOf(drawn.to(torch::kFloat64))) {
      const auto i = static_cast<std::size_t>(action);
      const double ratio = reference_[i] / policy_[i];
      k1 -= std::log(ratio);
      k3 += ratio - 1 - std::log(ratio);
    }
    recorder.add("k1", k1 / kPolicySamples);
    recorder.add("k3", k3 / kPolicySamples);
  }

  BarsData bars() const {
    BarsData data;
    for (std::size_t i = 0; i < policy_.size(); ++i)
      data.categories.emplace_back(std::to_string(i + 1));
    data.groups = {{"reference", {}, reference_}, {"policy", {}, policy_}};
    Curve best{"best", {}, {}, {}, true};
    const BestPolicy theory = bestPolicy(reference_, rewards_, beta_);
    for (std::size_t i = 0; i < theory.policy.size(); ++i) {
      best.x.push_back(static_cast<double>(i));
      best.y.push_back(theory.policy[i]);
    }
    data.overlays.push_back(std::move(best));
    return data;
  }

  PlaneData frontier() const {
    PathLayer path{"frontier", Word{"kl-constrained-policy.curve.every_beta"}, "every_beta", {}};
    double most = 0, low = expectation(reference_, rewards_), high = low;
    for (int i = 0; i <= 200; ++i) {
      const BestPolicy best = bestPolicy(reference_, rewards_, 0.02 * std::pow(5e3, i / 200.0));
      path.points.push_back(
          {divergence(best.policy, reference_), expectation(best.policy, rewards_)});
      most = std::max(most, path.points.back().x);
      high = std::max(high, path.points.back().y);
    }
    const BestPolicy best = bestPolicy(reference_, rewards_, beta_);
    const Point aim{divergence(best.policy, reference_), expectation(best.policy, rewards_)};
    const Point now{divergence(policy_, reference_), expectation(policy_, rewards_)};
    PlaneData plane;
    plane.x1 = std::max({0.1, 1.1 * most, 1.1 * now.x});
    plane.x0 = -0.05 * plane.x1;
    const double room = std::max(0.1, 0.1 * (high - low));
    plane.y0 = std::min(low, now.y) - room;
    plane.y1 = high + room;
    plane.layers.emplace_back(std::move(path));
    plane.layers.emplace_back(
        PointsLayer{"aim", Word{"kl-constrained-policy.curve.best"}, {aim}, {}, "best", 12});
    plane.layers.emplace_back(
        PointsLayer{"now", Word{"kl-constrained-policy.curve.policy"}, {now}, {}, "policy", 9});
    return plane;
  }

  TableData actions() const {
    TableData table;
    table.columns = {{"action"}, {"reward"}, {"reference"}, {"policy"}, {"best"}, {"dpo_reward"}};
    const BestPolicy best = bestPolicy(reference_, rewards_, beta_);
    for (std::size_t i = 0; i < policy_.size(); ++i)
      table.rows.push_back(
          {"",
           {std::to_string(i + 1), rewards_[i], reference_[i], policy_[i], best.policy[i],
            policy_[i] > 0
                ? TableData::Cell{beta_ * std::log(policy_[i] / reference_[i]) + best.objective}
                : TableData::Cell{}}});
    return table;
  }

  std::string preset_;
  at::Generator draws_;
  Probabilities reference_, policy_;
  std::vector<double> rewards_, logits_;
  double beta_ = 1, rate_ = 1;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeKlConstrainedPolicy(const Parameters& parameters,
                                                    const RunContext& context) {
  return std::make_unique<KlConstrainedPolicy>(parameters, context);
}

}  // namespace viva

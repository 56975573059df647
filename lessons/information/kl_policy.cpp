// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/kl_policy.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/data/dataset.h"
#include "lessons/information/match_parameters.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

constexpr ParameterName<Distribution> kReference{"reference"};
constexpr ParameterName<double> kBeta{"beta"};
constexpr ParameterName<double> kRate{"lr"};
constexpr std::size_t kMostActions = 5;
constexpr int kSamples = 64;

double expectation(const Probabilities& p, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0) sum += p[i] * values[i];
  return sum;
}

class KlConstrainedPolicy : public Experiment {
 public:
  KlConstrainedPolicy(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), draws_(generatorFor(context.seed, 0)) {
    apply(parameters);
    for (const double share : reference_) logits_.push_back(std::log(share));
    policy_ = reference_;
  }

  void apply(const Parameters& parameters) override {
    reference_ = probabilitiesOf(parameters[kReference]);
    beta_ = parameters[kBeta];
    rate_ = parameters[kRate];
    rewards_.clear();
    for (std::size_t i = 0; i < reference_.size(); ++i)
      rewards_.push_back(parameters.real("reward." + std::to_string(i + 1)));
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
    frame.at<VerdictData>("verdict") = judge();
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

  void record(Recorder& recorder) const {
    const BestPolicy best = bestPolicy(reference_, rewards_, beta_);
    recorder.add("reward", expectation(policy_, rewards_));
    recorder.add("kl", divergence(policy_, reference_));
    recorder.add("objective", leashedReward(policy_, reference_, rewards_, beta_));
    recorder.add("optimum", best.objective);
    recorder.add("distance", divergence(policy_, best.policy));
  }

  /// KL from samples of the policy, as training on real texts has to do it.
  void estimate(Recorder& recorder) {
    const auto shares = torch::tensor(policy_, torch::kFloat64);
    const auto drawn = torch::multinomial(shares, kSamples, true, draws_);
    double k1 = 0, k3 = 0;
    for (const double action : numbersOf(drawn.to(torch::kFloat64))) {
      const auto i = static_cast<std::size_t>(action);
      const double ratio = reference_[i] / policy_[i];
      k1 -= std::log(ratio);
      k3 += ratio - 1 - std::log(ratio);
    }
    recorder.add("k1", k1 / kSamples);
    recorder.add("k3", k3 / kSamples);
  }

  BarsData bars() const {
    BarsData data;
    for (std::size_t i = 0; i < policy_.size(); ++i)
      data.categories.emplace_back(std::to_string(i + 1));
    data.groups = {{"reference", Word{"kl-constrained-policy.curve.reference"}, reference_},
                   {"policy", Word{"kl-constrained-policy.curve.policy"}, policy_}};
    Curve best{"best", Word{"kl-constrained-policy.curve.best"}, {}, {}, true};
    const BestPolicy theory = bestPolicy(reference_, rewards_, beta_);
    for (std::size_t i = 0; i < theory.policy.size(); ++i) {
      best.x.push_back(static_cast<double>(i));
      best.y.push_back(theory.policy[i]);
    }
    data.overlays.push_back(std::move(best));
    return data;
  }

  PlaneData frontier() const {
    PathLayer path{"frontier", Word{"kl-constrained-policy.curve.frontier"}, "", {}};
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

  VerdictData judge() const {
    if (step_ == 0) return {Mood::Open, {"verdict.leash.early", {}}};
    const BestPolicy best = bestPolicy(reference_, rewards_, beta_);
    const double objective = leashedReward(policy_, reference_, rewards_, beta_);
    const double distance = divergence(policy_, best.policy);
    const std::vector<std::pair<std::string, Argument>> arguments{
        {"step", step_},
        {"beta", readable(beta_)},
        {"reward", readable(expectation(policy_, rewards_))},
        {"kl", readable(divergence(policy_, reference_))},
        {"objective", readable(objective)},
        {"optimum", readable(best.objective)},
        {"distance", readable(distance)}};
    if (preset_ != "kl-leash") return {Mood::Open, {"verdict.leash.standing", arguments}};
    const bool leaves = expectation(policy_, rewards_) > expectation(reference_, rewards_) + 0.1;
    return {step_ < 200                 ? Mood::Open
            : distance < 1e-6 && leaves ? Mood::Holds
                                        : Mood::Fails,
            {"verdict.leash.kl-leash", arguments}};
  }

  std::string preset_;
  at::Generator draws_;
  Probabilities reference_, policy_;
  std::vector<double> rewards_, logits_;
  double beta_ = 1, rate_ = 1;
  std::int64_t step_ = 0;
};

std::optional<Message> policyProblem(const Parameters& parameters) {
  const auto& weights = parameters[kReference].weights;
  if (weights.size() < 2 || weights.size() > kMostActions)
    return Message{"error.policy.actions",
                   {{"most", static_cast<std::int64_t>(kMostActions)},
                    {"given", static_cast<std::int64_t>(weights.size())}}};
  return {};
}

}  // namespace

BestPolicy bestPolicy(const Probabilities& reference, const std::vector<double>& rewards,
                      double beta) {
  std::vector<double> logits;
  for (std::size_t i = 0; i < reference.size(); ++i)
    logits.push_back(std::log(reference[i]) + rewards[i] / beta);
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - largest);
  return {softmax(logits), beta * (largest + std::log(sum))};
}

double leashedReward(const Probabilities& policy, const Probabilities& reference,
                     const std::vector<double>& rewards, double beta) {
  return expectation(policy, rewards) - beta * divergence(policy, reference);
}

double dpoLoss(double beta, double preferred_log_ratio, double other_log_ratio) {
  return std::log1p(std::exp(-beta * (preferred_log_ratio - other_log_ratio)));
}

const ExperimentSpec& klConstrainedPolicy() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "kl-constrained-policy";
    made.parameters = {
        distribution("reference", {0.5, 0.3, 0.2}).draggedOn("policy").grouped("task"),
        real("beta", 1).range(0.05, 100).logarithmic().live().grouped("training"),
        real("lr", 0.5).range(1e-3, 2).logarithmic().live().grouped("training"),
    };
    const double rewards[kMostActions]{0, 1, 2, 0, 0};
    for (std::size_t i = 0; i < kMostActions; ++i)
      made.parameters.push_back(real("reward." + std::to_string(i + 1), rewards[i])
                                    .range(-5, 5)
                                    .stepping(0.1)
                                    .live()
                                    .grouped("task"));
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const char* name : {"reward", "kl", "objective", "optimum", "distance", "k1", "k3"})
        records.push_back({name, ""});
      return records;
    };
    made.validate = policyProblem;
    // Of a single action every sample is alike.
    made.uses_randomness = [](const Parameters& parameters) {
      const auto& weights = parameters[kReference].weights;
      return std::count(weights.begin(), weights.end(), 0.0) < std::ssize(weights) - 1;
    };
    made.views = {
        bars("policy", {"axis.action", "", false}, {"axis.probability", "", false}),
        plane("frontier", {"axis.policy_kl", "unit.nats", false},
              {"axis.policy_reward", "", false}),
        series("objective", {"objective", "optimum"}, {"axis.policy_objective", "", false}),
        series("distance", {"distance"}, {"axis.information", "unit.nats", true}),
        series("estimators", {"kl", "k1", "k3"}, {"axis.information", "unit.nats", false}),
        table("actions"),
        verdict("verdict")};
    made.views[0].drags = {"reference"};
    made.views[1].path = ViewSpec::Path{"kl", "reward"};
    for (const std::size_t small : {3, 5}) made.views[small].room = Room::Small;
    made.checks = {"identity"};
    made.presets = {
        {"kl-leash", {{"beta", "0.5"}}, 400, {"policy", "frontier", "objective", "estimators"}}};
    made.default_steps = 400;
    made.sources = {"lessons/information/kl_policy.cpp", "lessons/information/information.cpp"};
    made.equivalent = "resources/lessons/cross-entropy-kl/kl_policy.py";
    made.make = [](const Parameters& parameters,
                   const RunContext& context) -> std::unique_ptr<Experiment> {
      return std::make_unique<KlConstrainedPolicy>(parameters, context);
    };
    return made;
  }();
  return spec;
}

}  // namespace viva

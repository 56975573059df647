// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/mode_seeking.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/information/bump_fit.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

constexpr ParameterName<double> kDistance{"distance"};
constexpr ParameterName<double> kSigma{"sigma"};
constexpr ParameterName<double> kWeight{"weight"};
constexpr ParameterName<double> kStartMean{"start_mean"};
constexpr ParameterName<double> kStartSigma{"start_sigma"};
constexpr ParameterName<double> kRate{"lr"};

Word curveWord(const std::string& name) { return {"mode-seeking.curve." + name}; }

class ModeSeeking : public Experiment {
 public:
  ModeSeeking(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        rate_(parameters[kRate]),
        forward_{parameters[kStartMean], std::log(parameters[kStartSigma])},
        reverse_(forward_) {
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    target_ = {parameters[kDistance], parameters[kSigma], parameters[kWeight]};
    rate_ = parameters[kRate];
    ahead_ = forwardFit(target_, forward_);
    back_ = reverseFit(target_, reverse_);
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    descend(forward_, ahead_);
    descend(reverse_, back_);
    step_ += 1;
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<SeriesData>("densities") = densities();
    frame.at<TableData>("fits") = fits();
    frame.at<VerdictData>("verdict") = judge();
  }

  /// The slopes against finite differences of the integrals.
  void check(CheckSink& sink) const override {
    double worst = 0;
    for (const auto& [fit, q] : {std::pair{&forwardFit, forward_}, {&reverseFit, reverse_}}) {
      constexpr double kStep = 1e-5;
      const auto at = [&, fit = fit, q = q](double mean, double log_sigma) {
        return fit(target_, {q.mean + mean, q.log_sigma + log_sigma}).value;
      };
      const BumpFit found = fit(target_, q);
      const double scale = 1 + std::abs(found.mean_slope) + std::abs(found.log_sigma_slope);
      worst = std::max(
          {worst, std::abs((at(kStep, 0) - at(-kStep, 0)) / (2 * kStep) - found.mean_slope) / scale,
           std::abs((at(0, kStep) - at(0, -kStep)) / (2 * kStep) - found.log_sigma_slope) / scale});
    }
    sink.compare("slopes", worst, 1e-4);
  }

 private:
  /// A step is at most one in each direction: far from the target the slopes are enormous.
  void descend(OneBump& q, const BumpFit& fit) const {
    q.mean -= std::clamp(rate_ * fit.mean_slope, -1.0, 1.0);
    q.log_sigma -= std::clamp(rate_ * fit.log_sigma_slope, -1.0, 1.0);
  }

  /// Takes the slopes for the next step along.
  void record(Recorder& recorder) {
    ahead_ = forwardFit(target_, forward_);
    back_ = reverseFit(target_, reverse_);
    const auto add = [&](const std::string& fit, const OneBump& q, double forward, double reverse) {
      recorder.add(fit + "/mean", q.mean);
      recorder.add(fit + "/sigma", q.sigma());
      recorder.add(fit + "/kl_forward", forward);
      recorder.add(fit + "/kl_reverse", reverse);
    };
    add("forward", forward_, ahead_.value, reverseFit(target_, forward_).value);
    add("reverse", reverse_, forwardFit(target_, reverse_).value, back_.value);
  }

  SeriesData densities() const {
    const double reach = target_.distance / 2 + 6 * target_.sigma + 2;
    constexpr int kPoints = 400;
    SeriesData data;
    const auto add = [&](const char* id, auto density, bool reference) {
      Curve curve{id, curveWord(id), {}, {}, reference};
      for (int i = 0; i <= kPoints; ++i) {
        curve.x.push_back(reach * (2.0 * i / kPoints - 1));
        curve.y.push_back(density(curve.x.back()));
      }
      data.curves.push_back(std::move(curve));
    };
    add(
        "target", [&](double x) { return target_.density(x); }, true);
    add(
        "forward", [&](double x) { return forward_.density(x); }, false);
    add(
        "reverse", [&](double x) { return reverse_.density(x); }, false);
    return data;
  }

  TableData fits() const {
    TableData table;
    table.columns = {{"fit"}, {"mean"}, {"sigma"}, {"kl_forward"}, {"kl_reverse"}};
    for (const auto& [name, q] : {std::pair{"forward", forward_}, {"reverse", reverse_}})
      table.rows.push_back({name,
                            {curveWord(name), q.mean, q.sigma(), forwardFit(target_, q).value,
                             reverseFit(target_, q).value}});
    return table;
  }

  VerdictData judge() const {
    if (step_ == 0) return {Mood::Open, {"verdict.modes.early", {}}};
    const double wide = std::sqrt(target_.variance()), side = target_.distance / 2;
    const std::vector<std::pair<std::string, Argument>> arguments{
        {"step", step_},
        {"forward_mean", readable(forward_.mean)},
        {"forward_sigma", readable(forward_.sigma())},
        {"reverse_mean", readable(reverse_.mean)},
        {"reverse_sigma", readable(reverse_.sigma())},
        {"wide", readable(wide)},
        {"mean", readable(target_.mean())},
        {"sigma", readable(target_.sigma)},
        {"forward", readable(forwardFit(target_, forward_).value)},
        {"reverse", readable(reverseFit(target_, reverse_).value)}};
    const bool covers = std::abs(forward_.sigma() / wide - 1) < 0.02 &&
                        std::abs(forward_.mean - target_.mean()) < 0.1 * wide &&
                        wide > 1.5 * target_.sigma;
    const bool seeks = std::abs(std::abs(reverse_.mean) - side) < 0.1 * side &&
                       std::abs(reverse_.sigma() / target_.sigma - 1) < 0.1;
    const auto judged = [&](bool holds) {
      return VerdictData{step_ < 200 ? Mood::Open
                         : holds     ? Mood::Holds
                                     : Mood::Fails,
                         {"verdict.modes." + preset_, arguments}};
    };
    if (preset_ == "mode-covering") return judged(covers);
    if (preset_ == "mode-seeking") return judged(seeks);
    return {Mood::Open, {"verdict.modes.standing", arguments}};
  }

  std::string preset_;
  TwoBumps target_;
  double rate_;
  OneBump forward_, reverse_;
  BumpFit ahead_, back_;
  std::int64_t step_ = 0;
};

}  // namespace

const ExperimentSpec& modeSeeking() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "mode-seeking";
    made.parameters = {
        real("distance", 6).range(0, 10).stepping(0.1).live().grouped("target"),
        real("sigma", 0.5).range(0.3, 2).stepping(0.01).live().grouped("target"),
        real("weight", 0.5).range(0.01, 0.99).stepping(0.01).live().grouped("target"),
        real("start_mean", 0.5).range(-5, 5).stepping(0.1).grouped("fit"),
        real("start_sigma", 1).range(0.2, 5).stepping(0.1).grouped("fit"),
        real("lr", 0.1).range(1e-3, 1).logarithmic().live().grouped("fit"),
    };
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const char* fit : {"forward", "reverse"})
        for (const char* quantity : {"mean", "sigma", "kl_forward", "kl_reverse"})
          records.push_back({std::string(fit) + "/" + quantity, ""});
      return records;
    };
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {series("densities", {}, {"axis.density", "", false}),
                  series("kl_forward", {"*/kl_forward"}, {"axis.information", "unit.nats", true}),
                  series("kl_reverse", {"*/kl_reverse"}, {"axis.information", "unit.nats", true}),
                  table("fits"),
                  series("means", {"*/mean"}, {"axis.fit_mean", "", false}),
                  series("sigmas", {"*/sigma"}, {"axis.fit_sigma", "", false}),
                  verdict("verdict")};
    made.views[0].x = {"axis.fit_x", "", false};
    made.views[0].room = Room::Large;
    for (const std::size_t small : {4, 5}) made.views[small].room = Room::Small;
    made.checks = {"slopes"};
    const std::vector<std::string> usual{"densities", "kl_forward", "kl_reverse", "fits"};
    made.presets = {{"mode-covering", {}, 400, usual}, {"mode-seeking", {}, 400, usual}};
    made.default_steps = 400;
    made.sources = {"lessons/information/mode_seeking.cpp", "lessons/information/bump_fit.cpp"};
    made.equivalent = "resources/lessons/cross-entropy-kl/mode_seeking.py";
    made.make = [](const Parameters& parameters,
                   const RunContext& context) -> std::unique_ptr<Experiment> {
      return std::make_unique<ModeSeeking>(parameters, context);
    };
    return made;
  }();
  return spec;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/information/bump_fit.h"
#include "lessons/information/lessons.h"

namespace viva {
namespace {

const std::string kId = "mode-seeking";

const auto kDistance = real("distance", 6).range(0, 10).stepping(0.1).live().grouped("target");
const auto kSigma = real("sigma", 0.5).range(0.3, 2).stepping(0.01).live().grouped("target");
const auto kWeight = real("weight", 0.5).range(0.01, 0.99).stepping(0.01).live().grouped("target");
const auto kStartMean = real("start_mean", 0.5).range(-5, 5).stepping(0.1).grouped("fit");
const auto kStartSigma = real("start_sigma", 1).range(0.2, 5).stepping(0.1).grouped("fit");
const auto kRate = real("lr", 0.1).range(1e-3, 1).logarithmic().live().grouped("fit");

/// The mixture, and the Gaussians that forward and reverse KL have come to.
struct Fits {
  TwoBumps target;
  OneBump forward, reverse;
};

/// Forward KL matches the mean and the variance of the whole mixture.
bool coversBoth(const Fits& fits) {
  const double wide = std::sqrt(fits.target.variance());
  return std::abs(fits.forward.sigma() / wide - 1) < 0.02 &&
         std::abs(fits.forward.mean - fits.target.mean()) < 0.1 * wide &&
         wide > 1.5 * fits.target.sigma;
}

/// Reverse KL takes one of the two, with its width.
bool seeksOne(const Fits& fits) {
  const double side = fits.target.distance / 2;
  return std::abs(std::abs(fits.reverse.mean) - side) < 0.1 * side &&
         std::abs(fits.reverse.sigma() / fits.target.sigma - 1) < 0.1;
}

const Claims<Fits> kClaims{
    {"mode-covering", 200, coversBoth},
    {"mode-seeking", 200, seeksOne},
};

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
      Curve curve{id, {}, {}, {}, reference};
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
                            {Word{kId + ".curve." + name}, q.mean, q.sigma(),
                             forwardFit(target_, q).value, reverseFit(target_, q).value}});
    return table;
  }

  VerdictData judge() const {
    return judged(kId, kClaims, preset_, step_, Fits{target_, forward_, reverse_},
                  {{"forward_mean", readable(forward_.mean)},
                   {"forward_sigma", readable(forward_.sigma())},
                   {"reverse_mean", readable(reverse_.mean)},
                   {"reverse_sigma", readable(reverse_.sigma())},
                   {"wide", readable(std::sqrt(target_.variance()))},
                   {"mean", readable(target_.mean())},
                   {"sigma", readable(target_.sigma)},
                   {"forward", readable(forwardFit(target_, forward_).value)},
                   {"reverse", readable(reverseFit(target_, reverse_).value)}});
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
    made.id = kId;
    made.parameters = {kDistance, kSigma, kWeight, kStartMean, kStartSigma, kRate};
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const char* fit : {"forward", "reverse"})
        for (const char* quantity : {"mean", "sigma", "kl_forward", "kl_reverse"})
          records.push_back({std::string(fit) + "/" + quantity, ""});
      return records;
    };
    made.uses_randomness = [](const Parameters&) { return false; };
    const AxisSpec kl{"axis.information", "unit.nats", true};
    made.views = {series("densities", {}).xAxis("axis.fit_x").yAxis("axis.density").large(),
                  series("kl_forward", {"*/kl_forward"}, kl),
                  series("kl_reverse", {"*/kl_reverse"}, kl),
                  table("fits"),
                  series("means", {"*/mean"}).yAxis("axis.fit_mean").small(),
                  series("sigmas", {"*/sigma"}).yAxis("axis.fit_sigma").small(),
                  verdict("verdict")};
    made.checks = {"slopes"};
    made.presets = {preset("mode-covering").showing("densities", {"kl_forward", "fits"}),
                    preset("mode-seeking").showing("densities", {"kl_reverse", "fits"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 400;
    made.sources = {"lessons/information/mode_seeking.cpp", "lessons/information/bump_fit.cpp"};
    made.equivalent = "resources/lessons/cross-entropy-kl/mode_seeking.py";
    made.make = makes<ModeSeeking>;
    return made;
  }();
  return spec;
}

}  // namespace viva

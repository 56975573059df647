// SPDX-License-Identifier: GPL-3.0-or-later
// Samplers, objectives and the exact score against published numbers, autograd and closed forms.
#include "lessons/diffusion/denoising.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>
#include <numbers>

#include "lessons/data/dataset.h"
#include "lessons/diffusion/exact_noise.h"
#include "lessons/diffusion/labelled_target.h"
#include "lessons/diffusion/plane_denoiser.h"

using namespace viva;

namespace {

double apart(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

torch::Tensor number(double value) { return torch::full({1, 1}, value, torch::kDouble); }

/// The density of the mixture, written as a sum of exponentials.
torch::Tensor density(const PlaneMixture& mixture, const NoiseLevel& level,
                      const torch::Tensor& x) {
  const double variance = level.a * level.a * mixture.sigma * mixture.sigma + level.s * level.s;
  auto sum = torch::zeros({x.size(0)}, torch::kDouble);
  for (std::int64_t i = 0; i < mixture.centres.size(0); ++i) {
    const auto centre = level.a * mixture.centres[i].to(torch::kDouble);
    sum = sum + ((x - centre).square().sum(1) / (-2 * variance)).exp() /
                    (2 * std::numbers::pi * variance);
  }
  return sum / static_cast<double>(mixture.centres.size(0));
}

PlaneMixture ringOfEight() { return {2 * PlaneTarget(PlaneTargetKind::Ring, 0.05).modes(), 0.1}; }

/// The exact answer in place of a net's, so that samplers can be tried without learning.
Denoise exactly(const PlaneMixture& mixture, const NoisePath& path) {
  return [mixture, path](const torch::Tensor& x, std::int64_t t) {
    return exactParts(mixture, path.at(t), x);
  };
}

torch::Tensor exactEnd(DiffusionSampler sampler, std::int64_t strides, const NoisePath& path,
                       std::int64_t count, double eta = 0) {
  const SamplingPlan plan{sampler, samplingTimes(path.steps(), strides), eta};
  const auto random = generatorFor(5, 0);
  const auto start = torch::randn({count, 2}, random, torch::kDouble);
  const auto noises = torch::randn({strides, count, 2}, random, torch::kDouble);
  return sampled(path, plan, exactly(ringOfEight(), path), start, noises).back();
}

}  // namespace

class DenoisingTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// x_0 = 1 and e = 0.5 on the linear schedule of 1000 steps (arXiv 2010.02502, equation 12).
  void aPerfectAnswerMakesTheStrideOfDdim() {
    const auto path = NoisePath::diffusion(NoiseSchedule::Linear, 1000);
    const auto x = path.at(500).a * number(1) + path.at(500).s * number(0.5);
    QVERIFY(std::abs(x.item<double>() - 0.76028540) < 1e-8);
    const auto known = [&](const torch::Tensor& at, std::int64_t t) {
      return denoisedFrom(DenoisingObjective::Epsilon, number(0.5), at, path.at(t));
    };
    const auto end = [&](double eta, double drawn) {
      return sampled(path, {DiffusionSampler::Ddim, {500, 250}, eta}, known, x,
                     number(drawn).unsqueeze(0))
          .back()
          .item<double>();
    };
    QVERIFY(std::abs(end(0, 7) - 1.06887024) < 1e-8);
    QVERIFY(std::abs(end(1, 3) - end(1, 2) - 0.66261206) < 1e-8);
  }

  void everyObjectiveTellsDataAndNoiseApart() {
    const auto clean = torch::randn({50, 2}, generatorFor(1, 0), torch::kDouble);
    const auto noise = torch::randn({50, 2}, generatorFor(1, 1), torch::kDouble);
    for (const auto objective : {DenoisingObjective::Epsilon, DenoisingObjective::X0,
                                 DenoisingObjective::Velocity, DenoisingObjective::Flow}) {
      const auto path = NoisePath::of(objective, NoiseSchedule::Cosine, 100);
      for (const std::int64_t t : {1, 40, 99}) {
        const NoiseLevel& level = path.at(t);
        const auto answer =
            objectiveTarget(objective, clean, noise, number(level.da), number(level.ds));
        const auto parts =
            denoisedFrom(objective, answer, level.a * clean + level.s * noise, level);
        QVERIFY(apart(parts.clean, clean) < 1e-9);
        QVERIFY(apart(parts.noise, noise) < 1e-9);
      }
    }
  }

  /// On the way from data to noise the direction is what the two weigh times their derivatives.
  void velocityIsTheSlopeOfThePath() {
    const auto path = NoisePath::diffusion(NoiseSchedule::Cosine, 4000);
    const auto clean = number(0.7), noise = number(-1.3);
    const auto at = [&](std::int64_t t) { return path.at(t).a * clean + path.at(t).s * noise; };
    const NoiseLevel& level = path.at(1500);
    const auto slope = (at(1501) - at(1499)) / (path.at(1501).clock - path.at(1499).clock);
    const auto wanted = objectiveTarget(DenoisingObjective::Velocity, clean, noise,
                                        number(level.da), number(level.ds));
    QVERIFY(apart(slope, wanted) < 1e-6);
    QVERIFY(apart(wanted, level.a * noise - level.s * clean) < 1e-12);  // arXiv 2202.00512
  }

  void theExactScoreIsTheSlopeOfTheLogDensity() {
    const auto path = NoisePath::diffusion(NoiseSchedule::Cosine, 100);
    const auto points = 3 * torch::rand({200, 2}, generatorFor(2, 0), torch::kDouble) - 1.5;
    for (const auto& mixture :
         {ringOfEight(), PlaneMixture{torch::tensor({{0.f, 1.f}, {2.f, -1.f}}), 0.4}})
      for (const std::int64_t t : {30, 60, 100}) {
        const auto x = points.detach().clone().requires_grad_();
        const auto slope =
            torch::autograd::grad({density(mixture, path.at(t), x).log().sum()}, {x})[0];
        const auto score = exactScore(mixture, path.at(t), points);
        QVERIFY(apart(score, slope) < 1e-8 * std::max(1.0, slope.abs().max().item<double>()));
        const NoiseLevel& level = path.at(t);
        const Denoised parts = exactParts(mixture, level, points);
        QVERIFY(apart(parts.noise, -level.s * score) < 1e-12);
        QVERIFY(apart(level.a * parts.clean + level.s * parts.noise, points) < 1e-12);
      }
  }

  /// Bayes by hand: for one Gaussian the noise given x is linear in x.
  void ofOneGaussianTheNoiseIsLinear() {
    const PlaneMixture one{torch::tensor({{0.5f, -1.f}}), 0.3};
    const NoiseLevel level = NoisePath::flow(10).at(4);
    const auto x = torch::randn({20, 2}, generatorFor(3, 0), torch::kDouble);
    const auto centre = one.centres.to(torch::kDouble);
    const double variance = level.a * level.a * 0.09 + level.s * level.s;
    QVERIFY(apart(exactParts(one, level, x).noise, level.s / variance * (x - level.a * centre)) <
            1e-12);
  }

  void everySamplerFindsTheRingWithTheExactScore() {
    const auto ring = ringOfEight();
    const auto path = NoisePath::diffusion(NoiseSchedule::Cosine, 100);
    for (const auto sampler : {DiffusionSampler::Ddpm, DiffusionSampler::Ddim,
                               DiffusionSampler::Euler, DiffusionSampler::Heun}) {
      const auto end = exactEnd(sampler, 100, path, 1000);
      const auto coverage = *coverageOf(end.to(torch::kFloat), ring.centres, ring.sigma);
      QCOMPARE(coverage.modes_covered, std::int64_t{8});
      QVERIFY2(coverage.high_quality > 0.95, qPrintable(QString::number(coverage.high_quality)));
    }
  }

  /// Heun's error falls with the square of the stride, Euler's with the stride.
  void heunIsOfSecondOrder() {
    const auto path = NoisePath::flow(6400);
    const auto error = [&](DiffusionSampler sampler, std::int64_t strides) {
      const PlaneMixture wide{torch::tensor({{1.f, 0.f}, {-1.f, 0.5f}}), 0.5};
      const SamplingPlan plan{sampler, samplingTimes(path.steps(), strides), 0};
      const auto start = torch::randn({50, 2}, generatorFor(4, 0), torch::kDouble);
      const auto end = [&](const SamplingPlan& of) {
        return sampled(path, of, exactly(wide, path), start, {}).back();
      };
      const SamplingPlan fine{DiffusionSampler::Heun, samplingTimes(path.steps(), 3200), 0};
      return apart(end(plan), end(fine));
    };
    const double euler = error(DiffusionSampler::Euler, 20) / error(DiffusionSampler::Euler, 40);
    const double heun = error(DiffusionSampler::Heun, 20) / error(DiffusionSampler::Heun, 40);
    QVERIFY2(euler > 1.6 && euler < 2.5, qPrintable(QString::number(euler)));
    QVERIFY2(heun > 3, qPrintable(QString::number(heun)));
  }

  void evaluationsAreCountedAsTheyAreAsked() {
    const auto path = NoisePath::flow(100);
    for (const auto sampler : {DiffusionSampler::Ddpm, DiffusionSampler::Ddim,
                               DiffusionSampler::Euler, DiffusionSampler::Heun})
      for (const std::int64_t evaluations : {1, 2, 5, 20}) {
        const SamplingPlan plan{sampler, samplingTimes(100, stridesFor(sampler, evaluations)), 0};
        std::int64_t asked = 0;
        const auto count = [&](const torch::Tensor& x, std::int64_t) {
          ++asked;
          return Denoised{x, x};
        };
        sampled(path, plan, count, torch::zeros({2, 2}), torch::zeros({100, 2, 2}));
        QCOMPARE(asked, evaluationsOf(plan));
        QVERIFY(asked <= evaluations);
      }
  }

  void onTheStraightPathDdimIsEuler() {
    const auto path = NoisePath::flow(50);
    QVERIFY(apart(exactEnd(DiffusionSampler::Ddim, 49, path, 100),
                  exactEnd(DiffusionSampler::Euler, 49, path, 100)) < 1e-9);
  }

  void theBoundCutsTheCleanPartAndKeepsThePoint() {
    const NoiseLevel level = NoisePath::diffusion(NoiseSchedule::Cosine, 100).at(100);
    const auto x = torch::randn({20, 2}, generatorFor(6, 0), torch::kDouble);
    const auto parts = denoisedFrom(DenoisingObjective::Epsilon, 0.9 * x, x, level, 1.5);
    QVERIFY(parts.clean.abs().max().item<double>() <= 1.5);
    QVERIFY(apart(level.a * parts.clean + level.s * parts.noise, x) < 1e-12);
  }

  void guidanceOfOneIsTheClassAndOfZeroNone() {
    const auto with = torch::ones({2, 2}), without = torch::full({2, 2}, -1.0);
    QCOMPARE(apart(guided(with, without, 1), with), 0.0);
    QCOMPARE(apart(guided(with, without, 0), without), 0.0);
    QCOMPARE(apart(guided(with, without, 3), torch::full({2, 2}, 5.0)), 0.0);
  }

  /// Among points strewn at random the squared ratio of the nearest distance to the second is even
  /// between 0 and 1, so a third is undercut by a ninth of them.
  void pointsThatKnowNothingLookLikeCopiesOneTimeInNine() {
    const auto points = torch::rand({400, 2}, generatorFor(7, 0));
    const auto samples = 0.1 + 0.8 * torch::rand({20000, 2}, generatorFor(7, 1));
    QVERIFY(std::abs(memorisedShare(samples, points) - 1.0 / 9) < 0.02);
    QCOMPARE(memorisedShare(points + 1e-6, points), 1.0);
  }

  void aNetHasTheWeightsOfItsLayersAndCopiesAnswerAlike() {
    const PlaneDenoiser net({64, 100, 3, 2}, generatorFor(1, 0), torch::kCPU);
    QCOMPARE(parameterCount(net.weights().shapes()), std::int64_t{9666 + 3 * 64});
    const auto points = torch::randn({30, 2}, generatorFor(1, 1));
    const auto times = torch::full({30}, 17, torch::kLong);
    const auto classes = torch::eye(3).repeat({10, 1});
    const auto both = net.forward(torch::stack({points, points}), times, classes);
    QVERIFY(apart(both[0], both[1]) == 0);
    QVERIFY(apart(both[0], net.answer(points, 17, classes)) < 1e-6);
    QVERIFY(apart(net.answer(points, 17), net.answer(points, 17, classes)) > 1e-3);
  }
};

QTEST_GUILESS_MAIN(DenoisingTest)
#include "denoising_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_checks.h"

#include <torch/autograd.h>
#include <torch/nn.h>
#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace viva {
namespace {

namespace nn = torch::nn;

/// The same net made of the library's modules.
nn::Sequential moduleOf(const GanNet& net) {
  nn::Sequential module;
  const auto& shapes = net.shapes();
  for (std::size_t i = 0; i < shapes.size(); i += 2) {
    module->push_back(nn::Linear(shapes[i].shape[1], shapes[i].shape[0]));
    if (i + 2 < shapes.size()) {
      if (net.leak() == 0)
        module->push_back(nn::ReLU());
      else
        module->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(net.leak())));
    }
  }
  module->to(net.weights().device());
  const torch::NoGradGuard no_grad;
  const auto parameters = module->parameters();
  const auto estimates = net.spectralEstimates();
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i].copy_(estimates.empty() || i % 2 ? net.leaves()[i]
                                                   : net.leaves()[i] / estimates[i / 2]);
  return module;
}

torch::Tensor flat(std::vector<torch::Tensor> parts) {
  for (auto& part : parts) part = part.flatten();
  return torch::cat(parts);
}

double apart(const torch::Tensor& ours, const torch::Tensor& theirs) {
  const double scale = std::max(1e-4, theirs.abs().max().item<double>());
  return (ours - theirs).abs().max().item<double>() / scale;
}

/// With the library's own loss functions, or from the definitions.
torch::Tensor discriminatorForm(GanLoss loss, const torch::Tensor& real,
                                const torch::Tensor& fake) {
  namespace F = torch::nn::functional;
  switch (loss) {
    case GanLoss::Minimax:
    case GanLoss::NonSaturating:
      return F::binary_cross_entropy_with_logits(real, torch::ones_like(real)) +
             F::binary_cross_entropy_with_logits(fake, torch::zeros_like(fake));
    case GanLoss::LeastSquares:
      return 0.5 * F::mse_loss(real, torch::ones_like(real)) +
             0.5 * F::mse_loss(fake, torch::zeros_like(fake));
    case GanLoss::HingeSn:
      return -torch::minimum(real - 1, torch::zeros_like(real)).mean() -
             torch::minimum(-fake - 1, torch::zeros_like(fake)).mean();
    default:
      return -(real.sum() / real.numel() - fake.sum() / fake.numel());
  }
}

torch::Tensor generatorForm(GanLoss loss, const torch::Tensor& fake) {
  namespace F = torch::nn::functional;
  switch (loss) {
    case GanLoss::Minimax:
      return torch::log_sigmoid(-fake).mean();
    case GanLoss::NonSaturating:
      return F::binary_cross_entropy_with_logits(fake, torch::ones_like(fake));
    case GanLoss::LeastSquares:
      return 0.5 * F::mse_loss(fake, torch::ones_like(fake));
    default:
      return -(fake.sum() / fake.numel());
  }
}

void checkModules(GanLoss loss, const GanNet& generator, const GanNet& discriminator,
                  const torch::Tensor& real, const torch::Tensor& noise, CheckSink& sink) {
  auto g = moduleOf(generator), d = moduleOf(discriminator);
  const auto fake = generator.forward(noise), g_fake = g->forward(noise);
  const auto g_grad =
      torch::autograd::grad({generatorLoss(loss, discriminator.forward(fake))}, generator.leaves());
  const auto g_module =
      torch::autograd::grad({generatorForm(loss, d->forward(g_fake))}, g->parameters());
  sink.compare("separate-modules", apart(flat(g_grad), flat(g_module)), 1e-3);
  // A spectrally normalised weight is a function of the weight: its gradient is not the module's.
  if (!discriminator.spectralEstimates().empty()) return;
  const auto detached = fake.detach();
  const auto d_grad = torch::autograd::grad(
      {discriminatorLoss(loss, discriminator.forward(real), discriminator.forward(detached))},
      discriminator.leaves());
  const auto d_module = torch::autograd::grad(
      {discriminatorForm(loss, d->forward(real), d->forward(detached))}, d->parameters());
  sink.compare("separate-modules", apart(flat(d_grad), flat(d_module)), 1e-3);
}

void checkForms(GanLoss loss, const torch::Tensor& real_scores, const torch::Tensor& fake_scores,
                CheckSink& sink) {
  const auto real = real_scores.to(torch::kDouble), fake = fake_scores.to(torch::kDouble);
  const auto differ = [](const torch::Tensor& a, const torch::Tensor& b) {
    const double first = a.item<double>(), second = b.item<double>();
    return std::abs(first - second) / std::max(1.0, std::abs(second));
  };
  sink.compare(
      "loss-forms",
      std::max(differ(discriminatorLoss(loss, real, fake), discriminatorForm(loss, real, fake)),
               differ(generatorLoss(loss, fake), generatorForm(loss, fake))),
      1e-7);
}

/// An iteration on the 64th power of W'W is worth 64 on W. The powers are kept near 1, and
/// what was divided out is remembered as a logarithm.
void checkPowerIteration(const GanNet& net, CheckSink& sink) {
  constexpr int kSquarings = 6, kIterations = 12;
  for (std::size_t i = 0; i < net.leaves().size(); i += 2) {
    const auto matrix = net.leaves()[i].detach().to(torch::kCPU, torch::kDouble);
    auto powered = matrix.t().matmul(matrix);
    double divided = 0, power = 2;
    for (int k = 0; k < kSquarings; ++k, power *= 2) {
      const double size = std::max(1e-300, powered.norm().item<double>());
      powered = powered / size;
      powered = powered.matmul(powered);
      divided = 2 * (divided + std::log(size));
    }
    auto u = torch::ones({powered.size(0)}, torch::kDouble);
    u[0] += 0.5;  // a start that is orthogonal to nothing in particular
    torch::Tensor v;
    for (int k = 0; k < kIterations; ++k) iteratePower(powered, u, v);
    const double largest = torch::dot(u, torch::mv(powered, v)).item<double>();
    const double estimate = std::exp((std::log(largest) + divided) / power);
    const double exact = torch::linalg_svdvals(matrix)[0].item<double>();
    sink.compare("power-iteration", std::abs(estimate - exact) / std::max(exact, 1e-12), 1e-3);
  }
}

void checkOptimalDiscriminator(CheckSink& sink) {
  // How often each of four places occurs among 8 real and 8 generated samples.
  constexpr std::array<int, 4> kReal{1, 2, 3, 2}, kFake{3, 2, 1, 2};
  const torch::AutoGradMode recording(true);
  std::vector<double> ratios;
  std::vector<std::int64_t> real_places, fake_places;
  double divergence = 0;
  for (std::size_t place = 0; place < kReal.size(); ++place) {
    const double p = kReal[place] / 8.0, q = kFake[place] / 8.0, middle = (p + q) / 2;
    divergence += 0.5 * (p * std::log(p / middle) + q * std::log(q / middle));
    ratios.push_back(std::log(p / q));
    real_places.insert(real_places.end(), kReal[place], static_cast<std::int64_t>(place));
    fake_places.insert(fake_places.end(), kFake[place], static_cast<std::int64_t>(place));
  }
  const auto scores = torch::tensor(ratios, torch::kDouble).requires_grad_();
  const auto loss =
      discriminatorLoss(GanLoss::Minimax, scores.index_select(0, torch::tensor(real_places)),
                        scores.index_select(0, torch::tensor(fake_places)));
  const auto gradient = torch::autograd::grad({loss}, {scores})[0];
  const double value = std::abs(loss.item<double>() - (std::log(4) - 2 * divergence));
  sink.compare("optimal-discriminator", std::max(value, gradient.abs().max().item<double>()),
               1e-12);
}

}  // namespace

void checkGan(GanLoss loss, const GanNet& generator, const GanNet& discriminator,
              const torch::Tensor& real, const torch::Tensor& noise, CheckSink& sink) {
  checkOptimalDiscriminator(sink);
  // Of a run that diverged nothing is compared.
  if (!discriminator.weights().isfinite().all().item<bool>()) return;
  checkPowerIteration(discriminator, sink);
  const torch::AutoGradMode recording(true);
  const auto real_scores = discriminator.forward(real).detach();
  const auto fake_scores = discriminator.forward(generator.forward(noise)).detach();
  if (!real_scores.isfinite().all().item<bool>() || !fake_scores.isfinite().all().item<bool>())
    return;
  checkForms(loss, real_scores, fake_scores, sink);
  checkModules(loss, generator, discriminator, real, noise, sink);
}

}  // namespace viva

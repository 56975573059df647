// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/bert/few_labels.h"

#include <torch/utils.h>

#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kTestSentences = 400, kClasses = 2;
constexpr double kLabelRate = 1e-3;

std::vector<WeightShape> readOutShapes(std::int64_t width) {
  return {{"classifier.weight", {kClasses, width}, width}, {"classifier.bias", {kClasses}, width}};
}

/// PyTorch's default, the same for both.
torch::Tensor readOutStart(std::int64_t width, at::Generator generator, const std::string& device) {
  const double reach = 1 / std::sqrt(static_cast<double>(width));
  return torch::empty({1, kClasses * width + kClasses})
      .uniform_(-reach, reach, generator)
      .repeat({2, 1})
      .to(device);
}

/// Two copies of the first of `nets`.
Transformer twoOf(const Transformer& nets, const std::string& device) {
  Transformer two(nets.shape(), {nets.manner(0), nets.manner(0)}, generatorFor(0, 0), device);
  const torch::NoGradGuard no_grad;
  two.weights().flat().select(0, 0).copy_(nets.weights().flat()[0]);
  two.weights().flat().select(0, 1).copy_(nets.weights().flat()[0]);
  return two;
}

}  // namespace

FewLabels::FewLabels(const Transformer& nets, std::int64_t labels, at::Generator generator,
                     const std::string& device)
    : nets_(twoOf(nets, device)),
      read_out_(readOutShapes(nets.shape().width),
                readOutStart(nets.shape().width, generator, device)),
      few_(draw(labels, generator, device)),
      test_(draw(kTestSentences, generator, device)) {}

FewLabels::Labelled FewLabels::draw(std::int64_t sentences, at::Generator generator,
                                    const std::string& device) {
  const auto drawn = agreement::draw(sentences, std::move(generator));
  return {drawn.words.to(device), drawn.number.to(device)};
}

void FewLabels::start(const Transformer& nets) {
  const torch::NoGradGuard no_grad;
  nets_.weights().flat().select(0, 0).copy_(nets.weights().flat()[0]);
}

torch::Tensor FewLabels::pooled(const torch::Tensor& words) const {
  return nets_.hidden(nets_.embedded(words)).amax(2);
}

torch::Tensor FewLabels::answers(const torch::Tensor& pooled) const {
  return stackedLinear(pooled, read_out_.leaves()[0], read_out_.leaves()[1]).transpose(1, 2);
}

void FewLabels::learn() {
  const auto seen = pooled(few_.words);
  nets_.weights().differentiate(crossEntropy(answers(seen), few_.labels));
  read_out_.differentiate(crossEntropy(answers(seen.detach()), few_.labels));
  nets_.weights().update(Adam{kLabelRate});
  read_out_.update(Adam{kLabelRate});
}

std::vector<LabelStanding> FewLabels::standings() const {
  const torch::NoGradGuard no_grad;
  const auto own = answers(pooled(few_.words)), fresh = answers(pooled(test_.words));
  const auto losses = numbersOf(crossEntropy(own, few_.labels));
  const auto trained = numbersOf(accuracy(own, few_.labels));
  const auto tested = numbersOf(accuracy(fresh, test_.labels));
  return {{kPretrained, losses[0], trained[0], tested[0]},
          {kScratch, losses[1], trained[1], tested[1]}};
}

void FewLabels::save(WeightSink& sink) const {
  for (std::int64_t net = 0; net < nets_.copies(); ++net) {
    const std::string prefix = (net == 0 ? kPretrained : kScratch) + ".";
    nets_.save(sink, net, prefix);
    read_out_.save(sink, prefix, net);
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_classifier.h"

#include <torch/torch.h>

#include "lessons/nn/tensor_numbers.h"
#include "lessons/uncertainty/ood_streams.h"

namespace viva {
namespace {

torch::Tensor initialOf(const Architecture& architecture, std::uint64_t seed, std::int64_t member) {
  return initialWeights(
      architecture, generatorFor(seed, kOodInitialisation + static_cast<std::uint64_t>(member)));
}

}  // namespace

OodClassifier::OodClassifier(std::int64_t inputs, std::int64_t hidden, std::int64_t classes,
                             double dropout, std::uint64_t seed, torch::Device device)
    : hidden_(hidden),
      dropout_(dropout),
      device_(device),
      net_(mlp(inputs, hidden, classes), kMembers,
           initialOf(mlp(inputs, hidden, classes), seed, 0).to(device)),
      masks_(generatorFor(seed, kOodMasks)) {
  const torch::NoGradGuard no_grad;
  for (std::int64_t member = 1; member < kMembers; ++member)
    net_.weights()[member].copy_(initialOf(net_.architecture(), seed, member));
}

double OodClassifier::train(const Batches::Batch& batch, double rate) {
  const auto logits = droppedOutputs(batch.inputs, masks_).logits;
  const auto losses = crossEntropy(logits, batch.labels);
  const auto& gradients = net_.gradients(losses);
  const torch::NoGradGuard no_grad;
  torch::Tensor weights = net_.weights();
  weights.sub_(gradients, rate);
  return losses[0].item<double>();
}

NetOutputs OodClassifier::outputs(const torch::Tensor& inputs) const {
  return dropoutForward(net_.leaves(), inputs);
}

NetOutputs OodClassifier::droppedOutputs(const torch::Tensor& inputs,
                                         at::Generator generator) const {
  if (dropout_ == 0) return outputs(inputs);
  const DropoutMasks masks =
      drawnMasks(kMembers, hidden_, inputs.size(0), dropout_, std::move(generator), device_);
  return dropoutForward(net_.leaves(), inputs, &masks);
}

DropoutMasks OodClassifier::passMasks(at::Generator generator) const {
  return drawnMasks(kPasses, hidden_, 1, dropout_, std::move(generator), device_);
}

std::vector<torch::Tensor> OodClassifier::firstMember() const {
  std::vector<torch::Tensor> weights;
  for (const torch::Tensor& weight : net_.leaves()) weights.push_back(weight.slice(0, 0, 1));
  return weights;
}

ClassGaussians OodClassifier::gaussians(const Dataset& training) const {
  return classGaussians(dropoutForward(firstMember(), training.inputs).features[0].t(),
                        training.labels, training.classes);
}

torch::Tensor OodClassifier::ensembleScore(const torch::Tensor& inputs) const {
  return torch::softmax(outputs(inputs).logits, 1).mean(0).amax(0);
}

torch::Tensor OodClassifier::dropoutScore(const torch::Tensor& inputs,
                                          const DropoutMasks& passes) const {
  return torch::softmax(dropoutForward(firstMember(), inputs, &passes).logits, 1).mean(0).amax(0);
}

torch::Tensor OodClassifier::score(OodScore score, const torch::Tensor& inputs,
                                   const ClassGaussians& gaussians, const ScoreSettings& settings,
                                   at::Generator generator) const {
  if (score == OodScore::McDropout) return dropoutScore(inputs, passMasks(std::move(generator)));
  if (!settings.evaluation_mode) {
    const NetOutputs dropped = droppedOutputs(inputs, generator);
    const auto logits = dropped.logits[0].t();
    if (score == OodScore::MaxSoftmax) return maxSoftmax(logits);
    if (score == OodScore::Energy) return negativeEnergy(logits);
    if (score == OodScore::Mahalanobis) return gaussians.score(dropped.features[0].t());
    if (score == OodScore::Ensemble) return torch::softmax(dropped.logits, 1).mean(0).amax(0);
    // ODIN's two passes drop different units, as they would in a program that forgot.
    return odin([&](const torch::Tensor& x) { return droppedOutputs(x, generator).logits[0].t(); },
                inputs, settings.temperature, settings.epsilon);
  }
  if (score == OodScore::Ensemble) return ensembleScore(inputs);
  const auto first = firstMember();
  if (score == OodScore::Odin)
    return odin([&](const torch::Tensor& x) { return dropoutForward(first, x).logits[0].t(); },
                inputs, settings.temperature, settings.epsilon);
  const NetOutputs clean = dropoutForward(first, inputs);
  if (score == OodScore::Mahalanobis) return gaussians.score(clean.features[0].t());
  const auto logits = clean.logits[0].t();
  return score == OodScore::Energy ? negativeEnergy(logits) : maxSoftmax(logits);
}

std::array<torch::Tensor, kOodScores> OodClassifier::scores(const torch::Tensor& inputs,
                                                            const ClassGaussians& gaussians,
                                                            const ScoreSettings& settings,
                                                            at::Generator generator) const {
  std::array<torch::Tensor, kOodScores> all;
  for (int i = 0; i < kOodScores; ++i)
    all[static_cast<std::size_t>(i)] =
        score(static_cast<OodScore>(i), inputs, gaussians, settings, generator);
  return all;
}

void OodClassifier::save(WeightSink& sink) const {
  const auto views = weightViews(net_.architecture(), net_.weights());
  for (std::int64_t member = 0; member < kMembers; ++member)
    for (std::size_t w = 0; w < views.size(); ++w)
      sink.add(
          namedArray("member" + std::to_string(member) + "." + net_.architecture().weights[w].name,
                     views[w][member]));
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_classifier.h"

#include <torch/utils.h>

#include "lessons/nn/tensor_numbers.h"
#include "lessons/uncertainty/ood_streams.h"

namespace viva {
namespace {

torch::Tensor initialOf(const Architecture& architecture, std::uint64_t seed, std::int64_t member) {
  return initialWeights(
      architecture.weights,
      generatorFor(seed, kOodInitialisation + static_cast<std::uint64_t>(member)));
}

/// Logits [nets, classes, samples] -> [samples]: of the mean of the nets' softmax.
torch::Tensor largestOfMean(const torch::Tensor& logits) {
  return torch::softmax(logits, 1).mean(0).amax(0);
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
  return largestOfMean(outputs(inputs).logits);
}

torch::Tensor OodClassifier::dropoutScore(const torch::Tensor& inputs,
                                          const DropoutMasks& passes) const {
  return largestOfMean(dropoutForward(firstMember(), inputs, &passes).logits);
}

torch::Tensor OodClassifier::scoreOf(OodScore score, const NetOutputs& seen,
                                     const torch::Tensor& inputs, const ClassGaussians& gaussians,
                                     const ScoreSettings& settings, at::Generator generator) const {
  switch (score) {
    case OodScore::MaxSoftmax:
      return maxSoftmax(seen.logits[0].t());
    case OodScore::Energy:
      return negativeEnergy(seen.logits[0].t());
    case OodScore::Mahalanobis:
      return gaussians.score(seen.features[0].t());
    case OodScore::Ensemble:
      return largestOfMean(seen.logits);
    case OodScore::McDropout:
      return dropoutScore(inputs, passMasks(std::move(generator)));
    case OodScore::Odin:
      // Without evaluation mode its two passes drop different units, as in a program that forgot.
      return odin(
          [&](const torch::Tensor& x) {
            const NetOutputs out = settings.evaluation_mode ? dropoutForward(firstMember(), x)
                                                            : droppedOutputs(x, generator);
            return out.logits[0].t();
          },
          inputs, settings.temperature, settings.epsilon);
  }
  return {};
}

torch::Tensor OodClassifier::score(OodScore score, const torch::Tensor& inputs,
                                   const ClassGaussians& gaussians, const ScoreSettings& settings,
                                   at::Generator generator) const {
  NetOutputs seen;
  if (!settings.evaluation_mode && score != OodScore::McDropout)
    seen = droppedOutputs(inputs, generator);
  else if (score == OodScore::Ensemble)
    seen = outputs(inputs);
  else if (score != OodScore::McDropout && score != OodScore::Odin)
    seen = dropoutForward(firstMember(), inputs);
  return scoreOf(score, seen, inputs, gaussians, settings, std::move(generator));
}

std::array<torch::Tensor, kOodScores> OodClassifier::scores(const torch::Tensor& inputs,
                                                            const ClassGaussians& gaussians,
                                                            const ScoreSettings& settings,
                                                            at::Generator generator) const {
  const NetOutputs clean = settings.evaluation_mode ? outputs(inputs) : NetOutputs{};
  std::array<torch::Tensor, kOodScores> all;
  for (int i = 0; i < kOodScores; ++i) {
    const auto one = static_cast<OodScore>(i);
    all[static_cast<std::size_t>(i)] =
        settings.evaluation_mode ? scoreOf(one, clean, inputs, gaussians, settings, generator)
                                 : score(one, inputs, gaussians, settings, generator);
  }
  return all;
}

void OodClassifier::save(WeightSink& sink) const {
  const auto views = weightViews(net_.architecture().weights, net_.weights());
  for (std::int64_t member = 0; member < kMembers; ++member)
    for (std::size_t w = 0; w < views.size(); ++w)
      sink.add(
          namedArray("member" + std::to_string(member) + "." + net_.architecture().weights[w].name,
                     views[w][member]));
}

}  // namespace viva

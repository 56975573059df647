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

SeenFeatures OodClassifier::seen(const Dataset& training) const {
  const auto features = dropoutForward(firstMember(), training.inputs).features[0].t();
  return {classGaussians(features, training.labels, training.classes), nearestFeatures(features)};
}

torch::Tensor OodClassifier::ensembleScore(const torch::Tensor& inputs) const {
  return largestOfMean(outputs(inputs).logits);
}

torch::Tensor OodClassifier::dropoutScore(const torch::Tensor& inputs,
                                          const DropoutMasks& passes) const {
  return largestOfMean(dropoutForward(firstMember(), inputs, &passes).logits);
}

torch::Tensor OodClassifier::scoreOf(OodScore score, const NetOutputs& made,
                                     const torch::Tensor& inputs, const SeenFeatures& seen,
                                     const ScoreSettings& settings, at::Generator generator) const {
  switch (score) {
    case OodScore::MaxSoftmax:
      return maxSoftmax(made.logits[0].t());
    case OodScore::Energy:
      return negativeEnergy(made.logits[0].t());
    case OodScore::Mahalanobis:
      return seen.gaussians.score(made.features[0].t());
    case OodScore::Knn:
      return seen.nearest.score(made.features[0].t(), settings.neighbours);
    case OodScore::Ensemble:
      return largestOfMean(made.logits);
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
                                   const SeenFeatures& seen, const ScoreSettings& settings,
                                   at::Generator generator) const {
  NetOutputs made;
  if (!settings.evaluation_mode && score != OodScore::McDropout)
    made = droppedOutputs(inputs, generator);
  else if (score == OodScore::Ensemble)
    made = outputs(inputs);
  else if (score != OodScore::McDropout && score != OodScore::Odin)
    made = dropoutForward(firstMember(), inputs);
  return scoreOf(score, made, inputs, seen, settings, std::move(generator));
}

std::array<torch::Tensor, kOodScores> OodClassifier::scores(const torch::Tensor& inputs,
                                                            const SeenFeatures& seen,
                                                            const ScoreSettings& settings,
                                                            at::Generator generator) const {
  const NetOutputs clean = settings.evaluation_mode ? outputs(inputs) : NetOutputs{};
  std::array<torch::Tensor, kOodScores> all;
  for (int i = 0; i < kOodScores; ++i) {
    const auto one = static_cast<OodScore>(i);
    // Runs of earlier versions have no draws for KNN.
    const auto draws = one == OodScore::Knn ? generator.clone() : generator;
    all[static_cast<std::size_t>(i)] = settings.evaluation_mode
                                           ? scoreOf(one, clean, inputs, seen, settings, draws)
                                           : score(one, inputs, seen, settings, draws);
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

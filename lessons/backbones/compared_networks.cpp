// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/compared_networks.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "lessons/backbones/classified_images.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {

ComparedNetwork::ComparedNetwork(std::string name, Network network, const RunContext& context)
    : id(std::move(name)),
      net(std::move(network), generatorFor(context.seed, kWeightStream), context.device) {}

void ComparedNetwork::evaluate(const Dataset& seen, const Dataset& validation,
                               const std::stop_token& stop, TrainingFigures& figures,
                               Recorder& recorder) const {
  figures.train_accuracy = accuracyOf(net, seen, stop);
  figures.validation_accuracy = accuracyOf(net, validation, stop);
  recorder.add(id + "/train_accuracy", figures.train_accuracy);
  recorder.add(id + "/validation_accuracy", figures.validation_accuracy);
}

void saveNetworks(const std::vector<ComparedNetwork>& nets, WeightSink& sink) {
  for (const ComparedNetwork& each : nets)
    for (const auto& [name, tensor] : each.net.state())
      sink.add(namedArray(each.id + "." + name, tensor.detach()));
}

void checkNetworks(const std::vector<ComparedNetwork>& nets, bool have_learned, CheckSink& sink) {
  double parameters = 0, along = 0;
  for (const ComparedNetwork& each : nets) {
    parameters += std::abs(static_cast<double>(each.net.weightCount()) -
                           static_cast<double>(each.net.net().totals().parameters));
    if (have_learned) along = std::max(along, each.net.alongFilters());
  }
  sink.compare("parameters", parameters, 0);
  sink.compare("scale", along, 0.01);
}

}  // namespace viva

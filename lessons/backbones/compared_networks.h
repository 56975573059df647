// SPDX-License-Identifier: GPL-3.0-or-later
// Nets that learn side by side from the same batches.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "lessons/backbones/trained_network.h"
#include "lessons/backbones/training_figures.h"
#include "lessons/core/experiment.h"

namespace viva {

struct ComparedNetwork {
  /// All nets of a run begin with the draws of one stream.
  ComparedNetwork(std::string name, Network network, const RunContext& context);

  std::string id;  ///< as records and saved weights spell it
  TrainedNetwork net;

  /// How it does on images that it learned from and on others: into `figures` and the records
  /// `<id>/train_accuracy` and `<id>/validation_accuracy`. Throws Stopped.
  void evaluate(const Dataset& seen, const Dataset& validation, const std::stop_token& stop,
                TrainingFigures& figures, Recorder& recorder) const;
};

/// `<id>.layer1.0.conv1.weight`.
void saveNetworks(const std::vector<ComparedNetwork>& nets, WeightSink& sink);
/// `parameters`: weights that were made against those that were counted. `scale`: see
/// TrainedNetwork::alongFilters; 0 before an update.
void checkNetworks(const std::vector<ComparedNetwork>& nets, bool have_learned, CheckSink& sink);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// The data and the net that the parameters of `optimizer-training` ask for.
#pragma once

#include <cstdint>
#include <optional>

#include "lessons/core/message.h"
#include "lessons/core/parameter.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/stacked_net.h"

namespace viva {

/// The streams of randomness of a training run, for generatorFor().
inline constexpr std::uint64_t kDataStream = 0, kInitialisationStream = 1, kBatchStream = 2;

struct TrainingTask {
  Split data;  ///< inputs as the net takes them
  Architecture net;
  std::optional<Message> reading;  ///< of a file: what is predicted from what
};

/// Throws FileError for a file that cannot be used.
TrainingTask makeTask(const Parameters& parameters, std::uint64_t seed);

}  // namespace viva

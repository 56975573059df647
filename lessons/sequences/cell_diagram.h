// SPDX-License-Identifier: GPL-3.0-or-later
// One cell at one step, drawn with its numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "lessons/core/frame.h"
#include "lessons/data/typed_sequence.h"
#include "lessons/sequences/probe_pass.h"

namespace viva {

/// The gates, sums and states of `unit` at `time`, and the equations filled in. Indices beyond
/// the sequence or the layer mean the last one.
GraphData cellDiagram(const ProbePass& pass, const NamedSequence& sequence, std::int64_t unit,
                      std::int64_t time, const std::optional<HeldGate>& held);

}  // namespace viva

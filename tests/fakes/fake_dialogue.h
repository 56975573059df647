// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment with text in pieces, messages, picks of every view, a box and a drawing.
#pragma once

#include "lessons/core/catalog.h"
#include "lessons/core/experiment.h"
#include "tests/fakes/fake_runtime.h"

namespace viva::fakes {

/// Records `area` of the box and `ink`, the mean of the drawing. Parameters, all live:
///
/// | name | kind | picked or dragged in |
/// |---|---|---|
/// | row, piece | Integer 0..2, 0..8 | `attention` (tokens) |
/// | chosen | Text, a list | `wire` (sequence) |
/// | rows | Text, a list of 0..5 | `standings` (table) |
/// | node | Integer 0..3 | `layers` (graph) |
/// | region | Box -2..2 | `plane` |
/// | sketch | Drawing, 12 pixels | shown in `seen` (images) |
const ExperimentSpec& dialogueSpec();

Catalog dialogueCatalog(FakeRuntime& runtime);

}  // namespace viva::fakes

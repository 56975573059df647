// SPDX-License-Identifier: GPL-3.0-or-later
// What capacity-lab shows of its models.
#pragma once

#include <string>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/fitting/lab_model.h"

namespace viva {

/// The samples, and what the model says in between; with `other`, its curve too.
PlaneData labFit(const LabModel& model, const LabModel* other);
TableData labTable(const LabModel& model, const LabModel* other);
HistogramData labWeights(const LabModel& model, const LabModel* other);
void recordLab(Recorder& recorder, const LabModel& model, const std::string& prefix);

/// What the numbers say is wrong with a model, if anything.
enum class LabDiagnosis { Good, Overfit, Underfit, Shift };
LabDiagnosis diagnose(const LabModel& model);
const char* nameOf(LabDiagnosis diagnosis);  ///< `overfit`, as words spell it

VerdictData labVerdict(const std::string& preset, std::int64_t step, const LabModel& model,
                       const LabModel* other);

}  // namespace viva

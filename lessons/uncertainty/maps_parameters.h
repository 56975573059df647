// SPDX-License-Identifier: GPL-3.0-or-later
// What `ood-maps` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/uncertainty/ood_report.h"

namespace viva {

enum class OodData { Blobs, Moons, File };

inline constexpr ParameterName<OodData> kOodDataset{"dataset"};
inline constexpr ParameterName<File> kOodFile{"data_file"};
inline constexpr double kOodReach = 5;  ///< of the plane, in each direction

std::vector<ParameterSpec> mapsParameters();
std::optional<Message> mapsProblem(const Parameters& parameters);
std::vector<RecordSpec> mapsRecords(const Parameters& parameters);
std::vector<ViewSpec> mapsViews();
std::vector<Preset> mapsPresets();

}  // namespace viva

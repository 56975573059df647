// SPDX-License-Identifier: GPL-3.0-or-later
// bundle.zip: everything about a run in one file, which `viva replay` reads. docs/formats.md says
// what is in it.
#pragma once

#include "app/export/export_request.h"
#include "app/export/file_writer.h"
#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

inline constexpr const char* kBundleName = "bundle.zip";

/// The user's files that the run read are in it, or README.md says why not (carried_files.h).
/// `results` has its digests and its weights. Without Qt (VIVA_GUI=OFF) there are no figures in it.
void writeBundle(FileWriter& file, const RunResults& results, const PictureRequest& picture,
                 const Words& words);

}  // namespace viva

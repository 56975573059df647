// SPDX-License-Identifier: GPL-3.0-or-later
// An event file of TensorBoard: every record as a scalar, histograms, and pictures of the views.
// The format: TFRecord frames with messages of TensorFlow's event.proto and summary.proto in them.
#pragma once

#include <string>
#include <string_view>

#include "app/export/export_request.h"
#include "app/export/file_writer.h"
#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

/// TensorBoard takes a file for one of its own by `tfevents` in its name.
inline constexpr const char* kEventsName = "events.out.tfevents.viva";

/// Scalars are floats there. The time of a step is made from `seconds`, spread evenly over the
/// steps up to now; moments and sums of a histogram from the centres of its bins.
void writeEvents(FileWriter& file, const RunResults& results, const PictureRequest& picture,
                 const Words& words);

/// CRC-32C (Castagnoli, RFC 3720, appendix B.4).
std::uint32_t crc32c(std::string_view bytes);

}  // namespace viva

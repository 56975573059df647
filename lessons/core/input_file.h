// SPDX-License-Identifier: GPL-3.0-or-later
// The files and folders of the user's that a run reads: a run is the same only while they are.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lessons/core/parameter.h"

namespace viva {

struct InputFile {
  std::string parameter;   ///< that names it
  std::uint64_t size = 0;  ///< bytes; of a folder, of all its files
  std::string sha256;      ///< of its content, in lower-case hex; of a folder: FolderHash
  bool operator==(const InputFile&) const = default;
};

/// What the file or folder at `path` is now; none when it is neither, cannot be read to its end, or
/// is a folder larger than a run reads (filesInFolder). Throws Stopped.
std::optional<InputFile> inputFile(const std::string& parameter, const std::string& path,
                                   const std::stop_token& stop = {});

/// Those of a run with `parameters`, in the order of the parameters: of what is relevant and names
/// what can be read. Throws Stopped.
std::vector<InputFile> inputFilesOf(const Parameters& parameters, const std::stop_token& stop = {});

/// Null when there is none.
const InputFile* findInput(const std::vector<InputFile>& inputs, const std::string& parameter);

}  // namespace viva

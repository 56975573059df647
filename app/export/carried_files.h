// SPDX-License-Identifier: GPL-3.0-or-later
// The user's files in a bundle: small ones are carried, so that the run replays where they are not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/run_file.h"

namespace viva {

/// Of one file; a larger one is named, and missing.
inline constexpr std::uint64_t kLargestCarried = 4u << 20;  ///< bytes

/// A file that a run read, on its way into a bundle.
struct CarriedFile {
  InputFile input;
  std::string file_name;               ///< the user's, without its folder
  std::string name;                    ///< in the bundle: `data/data_file.csv`
  std::optional<std::string> content;  ///< what the run read; none where it cannot be carried
  bool is_too_large = false;           ///< else it has changed since, or is gone
};
std::vector<CarriedFile> filesToCarry(const RunFile& run);

/// The path that `run` has for a parameter of kind File; empty for none.
std::string pathOf(const RunFile& run, const std::string& parameter);

/// A file of a run that was found in its bundle, and where it lies now.
struct UnpackedFile {
  std::string parameter;
  std::string path;
};
/// Looks for the files that `run` read where it says that they are; what is not there, or is
/// another one, is taken from the bundle at `bundle`, if it is carried, into a folder of `place`
/// that is named after its content. Nothing where `bundle` is none. Throws FileError for a file
/// that is neither here nor there.
std::vector<UnpackedFile> unpackMissing(const std::string& bundle, const RunFile& run,
                                        const std::filesystem::path& place);

}  // namespace viva

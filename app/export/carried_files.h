// SPDX-License-Identifier: GPL-3.0-or-later
// The user's files in a bundle: small ones are carried, so that the run replays where they are not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/run_file.h"

namespace viva {

/// Of one file, or one folder; a larger one is named, and missing.
inline constexpr std::uint64_t kLargestCarried = 4u << 20;  ///< bytes
inline constexpr std::size_t kMostCarried = 5000;           ///< files of a folder

/// A file or folder that a run read, on its way into a bundle.
struct CarriedFile {
  enum class Place { Carried, TooLarge, UnsafeNames, Changed };

  InputFile input;
  std::string file_name;  ///< the user's, without its folder
  std::string name;       ///< in the bundle: `data/data_file.csv`, of a folder `data/image_file`
  Place place = Place::Changed;  ///< whether it is in the bundle, and why not
  bool is_folder = false;
  /// What the run read: names in the bundle, and bytes; empty unless it is carried.
  std::vector<std::pair<std::string, std::string>> contents;
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

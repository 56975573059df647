// SPDX-License-Identifier: GPL-3.0-or-later
// What identifies a folder that a run read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lessons/core/input_file.h"
#include "lessons/core/sha256.h"

namespace viva {

/// SHA-256 of the lines that `sha256sum` prints of the files in a folder (filesInFolder), in their
/// order: the digest in hex, two spaces, the name.
class FolderHash {
 public:
  void add(const std::string& name, std::uint64_t size, const std::string& sha256);
  /// The object must not be fed afterwards.
  InputFile of(const std::string& parameter);

 private:
  Sha256 lines_;
  std::uint64_t size_ = 0;
};

std::string sha256Of(std::string_view bytes);

/// The size of the file or folder at `path`, found without reading it; none where inputFile has
/// none.
std::optional<std::uint64_t> inputSize(const std::string& path);

}  // namespace viva

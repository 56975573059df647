// SPDX-License-Identifier: GPL-3.0-or-later
// The files and folders of the user's that a run reads: a run is the same only while they are.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/parameter.h"
#include "lessons/core/sha256.h"

namespace viva {

struct InputFile {
  std::string parameter;   ///< that names it
  std::uint64_t size = 0;  ///< bytes; of a folder, of all its files
  std::string sha256;      ///< of its content, in lower-case hex; of a folder as FolderHash has it
  bool operator==(const InputFile&) const = default;
};

/// SHA-256 of a folder: of the lines that `sha256sum` prints of its files (filesInFolder), in their
/// order: the digest in hex, two spaces, the name.
class FolderHash {
 public:
  void add(const std::string& name, std::uint64_t size, const std::string& sha256);
  InputFile of(const std::string& parameter);

 private:
  Sha256 lines_;
  std::uint64_t size_ = 0;
};

std::string sha256Of(std::string_view bytes);

/// What the file or folder at `path` is now; none when it is neither, cannot be read to its end, or
/// is a folder larger than a run reads. Throws Stopped.
std::optional<InputFile> inputFile(const std::string& parameter, const std::string& path,
                                   const std::stop_token& stop = {});
/// Its size alone, found without reading it.
std::optional<std::uint64_t> inputSize(const std::string& path);

/// What the parameter names where it is relevant; null: nothing, or a folder where a file is asked
/// for.
const File* namedInput(const Parameters& parameters, const ParameterSpec& spec);

/// Those of a run with `parameters`, in the order of the parameters: of what is relevant and names
/// what can be read. Throws Stopped.
std::vector<InputFile> inputFilesOf(const Parameters& parameters, const std::stop_token& stop = {});

/// Null when there is none.
const InputFile* findInput(const std::vector<InputFile>& inputs, const std::string& parameter);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "lessons/core/error.h"

namespace viva {

/// Whoever read our standard output has gone (`viva run ... | head`): not worth a sentence.
class ClosedPipe : public FileError {
 public:
  ClosedPipe() : FileError(Message{"command.reason.closed_pipe", {}}) {}
};

/// Why the system refused, for `errno`: a word for the common reasons.
Argument systemReason(int error_number);
/// What is said of a file that cannot be written.
FileError cannotWrite(const std::filesystem::path& file, int error_number);

/// Buffered writing to a descriptor that it does not own, or into another file.
class FileWriter {
 public:
  /// `name` is what errors call the file.
  FileWriter(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  /// What is written is handed to `sink`, whose errors are passed on.
  explicit FileWriter(std::function<void(std::string_view)> sink)
      : descriptor_(-1), sink_(std::move(sink)) {}
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Throws FileError when the file cannot take it (disk full, file-size limit).
  void write(std::string_view text);
  void flush();

 private:
  int descriptor_;
  std::string name_;
  std::function<void(std::string_view)> sink_;
  std::string buffer_;
};

}  // namespace viva

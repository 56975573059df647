// SPDX-License-Identifier: GPL-3.0-or-later
// Zip files, through libarchive: it writes and reads as a stream, so that neither a bundle nor what
// is in it is ever held as a whole, and what a zip claims about its sizes need not be believed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/export/file_writer.h"

namespace viva {

bool isZip(std::string_view bytes);

class ZipWriter {
 public:
  explicit ZipWriter(FileWriter& file);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  /// Adds a file; what `fill` throws is passed on. Throws FileError when the zip cannot be written.
  void add(const std::string& name, const std::function<void(FileWriter&)>& fill);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The file called `name` (`run.viva`, `data/points.csv`) in the zip at `path`, wherever it lies;
/// of several, the one that lies highest. Unset when there is none. Nothing is unpacked to disk,
/// and of other files nothing is read. Throws FileError with the key of the reason
/// ("command.reason.zip_damaged", ...): a damaged zip, names that lead out of it, more than 10,000
/// files, more than `largest` bytes.
std::optional<std::string> fileInZip(const std::string& path, const std::string& name,
                                     std::size_t largest);
/// All files in the folder called `name` (`data/image_file`) in that zip, with their names from that
/// folder on; empty when there is none. Throws likewise; `largest` is for all of them
/// together.
std::vector<std::pair<std::string, std::string>> folderInZip(const std::string& path,
                                                             const std::string& name,
                                                             std::size_t largest);

/// Whether a file can have this name in a zip: UTF-8 that stays within the folder that a zip is
/// unpacked into, on any system.
bool isSafeInZip(std::string_view name);

}  // namespace viva

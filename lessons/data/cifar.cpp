// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/cifar.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

std::int64_t recordsIn(const std::string& file) {
  std::error_code error;
  const auto size = static_cast<std::int64_t>(fs::file_size(file, error));
  if (error) throw FileError({"error.images.unreadable", {{"file", file}}});
  if (size > kLargestCifar)
    throw FileError({"error.images.too_large",
                     {{"file", file}, {"megabytes", size >> 20}, {"limit", kLargestCifar >> 20}}});
  if (size == 0 || size % kCifarRecord != 0)
    throw FileError({"error.images.cifar_size",
                     {{"file", file}, {"bytes", size}, {"record", kCifarRecord}}});
  return size / kCifarRecord;
}

}  // namespace

CifarImages readCifar(const std::vector<std::string>& files) {
  std::int64_t images = 0;
  for (const std::string& file : files) {
    images += recordsIn(file);
    if (images * kCifarRecord > kLargestCifar)
      throw FileError({"error.images.too_large",
                       {{"file", fs::path(file).parent_path().string()},
                        {"megabytes", images * kCifarRecord >> 20},
                        {"limit", kLargestCifar >> 20}}});
  }
  auto records = torch::empty({images, kCifarRecord}, torch::kUInt8);
  auto* bytes = records.data_ptr<std::uint8_t>();
  for (const std::string& file : files) {
    const std::int64_t count = recordsIn(file);
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(reinterpret_cast<char*>(bytes),
                     static_cast<std::streamsize>(count * kCifarRecord)))
      throw FileError({"error.images.unreadable", {{"file", file}}});
    for (std::int64_t i = 0; i < count; ++i, bytes += kCifarRecord)
      if (const std::int64_t label = *bytes;
          label >= static_cast<std::int64_t>(kCifarClasses.size()))
        throw FileError({"error.images.cifar_label",
                         {{"file", file}, {"record", i + 1}, {"label", label}}});
  }
  return {records.narrow(1, 1, kCifarRecord - 1).reshape({images, 3, kCifarSide, kCifarSide}),
          records.select(1, 0).to(torch::kLong)};
}

std::vector<std::string> cifarBatchesIn(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(path, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code unknown;
    if (name.starts_with("data_batch") && name.ends_with(".bin") &&
        entry->is_regular_file(unknown))
      files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace viva

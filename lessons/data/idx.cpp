// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/idx.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "lessons/core/error.h"

namespace viva {
namespace {

using Arguments = std::vector<std::pair<std::string, Argument>>;

[[noreturn]] void fail(const std::string& path, const std::string& what, Arguments further = {}) {
  further.insert(further.begin(), {"file", path});
  throw FileError({"error.idx." + what, std::move(further)});
}

std::vector<unsigned char> idxBytesOf(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) fail(path, "missing");
  if (!std::filesystem::is_regular_file(status)) fail(path, "not_a_file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) fail(path, "unreadable");
  if (size == 0) fail(path, "empty");
  if (size > static_cast<std::uintmax_t>(kLargestIdx))
    fail(path, "too_large",
         {{"megabytes", static_cast<std::int64_t>(size >> 20)}, {"limit", kLargestIdx >> 20}});
  std::vector<unsigned char> bytes(size);
  std::ifstream stream(path, std::ios::binary);
  if (!stream || !stream.read(reinterpret_cast<char*>(bytes.data()),
                              static_cast<std::streamsize>(bytes.size())))
    fail(path, "unreadable");
  return bytes;
}

std::int64_t bigEndian(const unsigned char* byte) {
  return std::int64_t{byte[0]} << 24 | byte[1] << 16 | byte[2] << 8 | byte[3];
}

/// Unsigned bytes of `dimensions` dimensions.
torch::Tensor readIdx(const std::string& path, std::int64_t dimensions) {
  const auto bytes = idxBytesOf(path);
  if (bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b) fail(path, "compressed");
  const std::size_t header = 4 + 4 * static_cast<std::size_t>(dimensions);
  if (bytes.size() < 4 || bigEndian(bytes.data()) != 0x0800 + dimensions)
    fail(path, dimensions == 3 ? "not_images" : "not_labels");
  if (bytes.size() < header) fail(path, "no_header");
  std::vector<std::int64_t> sizes;
  std::int64_t expected = 1;
  for (std::int64_t i = 0; i < dimensions; ++i) {
    sizes.push_back(bigEndian(bytes.data() + 4 + 4 * i));
    if (sizes.back() == 0) fail(path, "nothing_inside");
    // Beyond the limit there is no need to know by how much; the product must not overflow.
    expected = std::min(expected * sizes.back(), 2 * kLargestIdx);
  }
  const auto found = static_cast<std::int64_t>(bytes.size() - header);
  if (found != expected) fail(path, "damaged", {{"expected", expected}, {"found", found}});
  auto values = torch::empty(sizes, torch::kUInt8);
  std::memcpy(values.data_ptr(), bytes.data() + header, static_cast<std::size_t>(found));
  return values;
}

}  // namespace

torch::Tensor readIdxImages(const std::string& path) { return readIdx(path, 3).unsqueeze(1); }

torch::Tensor readIdxLabels(const std::string& path) { return readIdx(path, 1).to(torch::kLong); }

}  // namespace viva

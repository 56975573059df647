// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace viva {
namespace {

constexpr std::size_t kAlignment = 8;

const char* nameOf(NamedArray::Type type) {
  switch (type) {
    case NamedArray::Type::Float32:
      return "F32";
    case NamedArray::Type::Float64:
      return "F64";
    case NamedArray::Type::Int64:
      return "I64";
  }
  return "";
}

}  // namespace

std::vector<char> safetensors(const std::vector<NamedArray>& arrays) {
  std::vector<const NamedArray*> ordered;
  for (const NamedArray& array : arrays) ordered.push_back(&array);
  std::stable_partition(ordered.begin(), ordered.end(), [](const NamedArray* array) {
    return array->type != NamedArray::Type::Float32;
  });

  nlohmann::ordered_json header;
  // Where it is missing, some libraries refuse the file.
  header["__metadata__"] = {{"format", "pt"}};
  std::size_t end = 0;
  for (const NamedArray* array : ordered) {
    const std::size_t begin = end;
    end += array->bytes.size();
    header[array->name] = {
        {"dtype", nameOf(array->type)}, {"shape", array->shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');

  std::vector<char> file;
  file.reserve(sizeof(std::uint64_t) + text.size() + end);
  for (std::size_t i = 0; i < sizeof(std::uint64_t); ++i)
    file.push_back(static_cast<char>(static_cast<std::uint64_t>(text.size()) >> 8 * i & 0xff));
  file.insert(file.end(), text.begin(), text.end());
  for (const NamedArray* array : ordered)
    for (const std::byte byte : array->bytes) file.push_back(static_cast<char>(byte));
  return file;
}

}  // namespace viva

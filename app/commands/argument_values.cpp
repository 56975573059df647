// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/argument_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "app/commands/sentence.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

template <typename Number>
bool readNumber(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

RequestError outOfRange(const std::string& option, const std::string& text,
                        const std::string& least, const std::string& most, const char* key) {
  return RequestError(
      {key, {{"option", option}, {"value", text}, {"minimum", least}, {"maximum", most}}});
}

constexpr std::pair<const char*, Export> kExports[] = {{"csv", Export::Csv},
                                                       {"json", Export::Json},
                                                       {"weights", Export::Weights},
                                                       {"safetensors", Export::Safetensors},
                                                       {"png", Export::Png},
                                                       {"svg", Export::Svg},
                                                       {"pdf", Export::Pdf},
                                                       {"bundle", Export::Bundle},
                                                       {"tikz", Export::Tikz},
                                                       {"matplotlib", Export::Matplotlib},
                                                       {"tensorboard", Export::TensorBoard},
                                                       {"webp", Export::Webp},
                                                       {"gif", Export::Gif},
                                                       {"mp4", Export::Mp4}};

}  // namespace

std::int64_t readCount(const std::string& option, const std::string& text, std::int64_t least,
                       std::int64_t most) {
  std::int64_t count = 0;
  if (!readNumber(text, count) || count < least || count > most)
    throw outOfRange(option, text, std::to_string(least), std::to_string(most),
                     "command.error.not_a_count");
  return count;
}

std::uint64_t readSeed(const std::string& text) {
  std::uint64_t seed = 0;
  if (!readNumber(text, seed))
    throw outOfRange("--seed", text, "0", std::to_string(std::numeric_limits<std::uint64_t>::max()),
                     "command.error.not_a_count");
  return seed;
}

std::pair<std::string, std::string> readSetting(const std::string& option,
                                                const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw RequestError({"command.error.not_a_setting", {{"option", option}, {"value", text}}});
  return {text.substr(0, equals), text.substr(equals + 1)};
}

LiveChange readChange(const std::string& text) {
  const std::size_t colon = text.find(':');
  LiveChange change;
  if (colon == std::string::npos ||
      !readNumber(std::string_view(text).substr(0, colon), change.step) || change.step < 0)
    throw RequestError({"command.error.not_a_change", {{"value", text}}});
  std::tie(change.name, change.value) = readSetting("--at", text.substr(colon + 1));
  return change;
}

std::vector<std::string> readList(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) names.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

std::vector<Export> readExports(const std::string& text) {
  std::vector<Export> exports;
  std::string allowed;
  for (const auto& [name, value] : kExports)
    allowed += (allowed.empty() ? "" : ", ") + std::string(name);
  for (const std::string& name : readList(text)) {
    const auto place = std::find_if(std::begin(kExports), std::end(kExports),
                                    [&](const auto& known) { return name == known.first; });
    if (place == std::end(kExports))
      throw RequestError({"command.error.unknown_export", {{"value", name}, {"allowed", allowed}}});
    if (std::find(exports.begin(), exports.end(), place->second) == exports.end())
      exports.push_back(place->second);
  }
  if (exports.empty())
    throw RequestError({"command.error.unknown_export", {{"value", text}, {"allowed", allowed}}});
  return exports;
}

void readSize(const std::string& text, int& width, int& height) {
  const std::size_t by = text.find('x');
  if (by == std::string::npos || !readNumber(std::string_view(text).substr(0, by), width) ||
      !readNumber(std::string_view(text).substr(by + 1), height) || std::min(width, height) < 64 ||
      std::max(width, height) > 8192)
    throw outOfRange("--size", text, "64x64", "8192x8192", "command.error.not_a_size");
}

double readScale(const std::string& text) {
  double scale = 0;
  if (!readNumber(text, scale) || !(scale >= 0.25 && scale <= 8))
    throw outOfRange("--scale", text, "0.25", "8", "command.error.not_a_scale");
  return scale;
}

std::string oneOf(const std::string& option, const std::string& text,
                  std::initializer_list<const char*> allowed) {
  std::vector<std::string> names(allowed.begin(), allowed.end());
  if (std::find(names.begin(), names.end(), text) == names.end())
    throw RequestError({"command.error.not_one_of",
                        {{"option", option}, {"value", text}, {"allowed", joined(names)}}});
  return text;
}

}  // namespace viva

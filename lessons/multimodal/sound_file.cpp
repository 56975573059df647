// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/sound_file.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr double kShortestSound = 0.1;  ///< seconds
constexpr int kLowestRate = 4000, kHighestRate = 192'000, kMostChannels = 32;

[[noreturn]] void fail(const char* what, const std::string& file,
                       std::vector<std::pair<std::string, Argument>> further = {}) {
  further.insert(further.begin(), {"file", file});
  throw FileError({std::string("error.sound.") + what, std::move(further)});
}

void requireReadable(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) fail("missing", path);
  if (!std::filesystem::is_regular_file(status)) fail("not_a_file", path);
  if (!std::ifstream(path, std::ios::binary).is_open()) fail("unreadable", path);
}

}  // namespace

Sound readSound(const std::string& path) {
  requireReadable(path);
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> opened(sf_open(path.c_str(), SFM_READ, &info),
                                                           sf_close);
  if (!opened || info.channels < 1 || info.channels > kMostChannels) fail("unknown", path);
  if (info.samplerate < kLowestRate || info.samplerate > kHighestRate)
    fail("rate", path,
         {{"found", std::int64_t{info.samplerate}},
          {"least", std::int64_t{kLowestRate}},
          {"limit", std::int64_t{kHighestRate}}});
  Sound sound;
  sound.rate = info.samplerate;
  const auto most = static_cast<sf_count_t>(kLongestSound * sound.rate);
  std::vector<double> frames(static_cast<std::size_t>(std::min(most, info.frames) * info.channels));
  const sf_count_t read = sf_readf_double(opened.get(), frames.data(), std::min(most, info.frames));
  if (sf_error(opened.get()) != SF_ERR_NO_ERROR || read < std::min(most, info.frames))
    fail("damaged", path);
  if (static_cast<double>(read) < kShortestSound * sound.rate)
    fail("short", path, {{"least", kShortestSound}});
  const auto channels = static_cast<std::size_t>(info.channels);
  for (std::size_t i = 0; i < static_cast<std::size_t>(read); ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += frames[i * channels + c];
    sound.samples.push_back(sum / static_cast<double>(channels));
  }
  if (!std::ranges::all_of(sound.samples, [](double sample) { return std::isfinite(sample); }))
    fail("not_finite", path);
  return sound;
}

}  // namespace viva

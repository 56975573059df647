// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `spectrogram-lab` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class SoundSource { Tones, File };
/// What changes from step to step.
enum class SpectrogramSweep { Window, Tone, Pair, Hop };
enum class SpectrogramWindow { Hann, Box };

const auto kLabSound =
    choice<SoundSource>("sound", {{SoundSource::Tones, "tones"}, {SoundSource::File, "file"}})
        .grouped("data");
const auto kSoundFile = file("data_file").grouped("data").onlyWhen(kLabSound, {SoundSource::File});
const auto kTone = real("tone", 1000)
                       .range(100, 7000)
                       .logarithmic()
                       .in("unit.hertz")
                       .grouped("data")
                       .onlyWhen(kLabSound, {SoundSource::Tones});
/// Between both tones.
const auto kGap = real("gap", 40)
                      .range(1, 900)
                      .logarithmic()
                      .in("unit.hertz")
                      .grouped("data")
                      .onlyWhen(kLabSound, {SoundSource::Tones});
const auto kSweep = choice<SpectrogramSweep>("sweep", {{SpectrogramSweep::Window, "window"},
                                                       {SpectrogramSweep::Tone, "tone"},
                                                       {SpectrogramSweep::Pair, "pair"},
                                                       {SpectrogramSweep::Hop, "hop"}})
                        .grouped("transform");
/// At the beginning.
const auto kWindow = integer("window", 4096).range(64, 4096).logarithmic().grouped("transform");
const auto kHop = integer("hop", 160).range(16, 4096).logarithmic().grouped("transform");
const auto kWindowFunction =
    choice<SpectrogramWindow>("function",
                              {{SpectrogramWindow::Hann, "hann"}, {SpectrogramWindow::Box, "box"}})
        .grouped("transform");
const auto kMels = integer("mels", 40).range(4, 128).logarithmic().grouped("transform");

/// What moves, after `step` steps.
std::int64_t windowAt(const Parameters& parameters, std::int64_t step);
std::int64_t hopAt(const Parameters& parameters, std::int64_t step, std::int64_t window);
/// The lower tone in Hz, of a sound with `rate` samples a second.
double toneAt(const Parameters& parameters, std::int64_t step, double rate);
/// The last step of a sweep.
std::int64_t stepsOf(const Parameters& parameters);

/// A step of a sweep. What it does not measure is absent.
struct SpectrogramStep {
  std::int64_t window = 0, hop = 0;  ///< samples
  double tone = 0;                   ///< Hz
  double resolution = 0;  ///< the least gap in Hz at which two tones are two, at any phases
  std::optional<double> valley{};  ///< power between both tones over their own; 1 or more: one tone
  std::optional<double> hann_leak{}, box_leak{};  ///< dB; never below kQuietest
  std::optional<double> filters_apart{}, bins_apart{};
  std::optional<double> plain_error{}, reconstruction_error{};
};
inline constexpr double kQuietest = -120;

/// What the claims look at.
struct SpectrogramState {
  std::int64_t step = 0;
  double rate = 16000, gap = 0;
  SpectrogramSweep sweep = SpectrogramSweep::Window;
  std::vector<SpectrogramStep> steps{};  ///< all so far

  const SpectrogramStep& now() const { return steps.back(); }
  double seconds(const SpectrogramStep& step) const {
    return static_cast<double>(step.window) / rate;
  }
  /// The first step at which both tones are one.
  const SpectrogramStep* merged() const;
};
VerdictData spectrogramVerdict(const std::string& preset, const SpectrogramState& state);

std::unique_ptr<Experiment> makeSpectrogramLab(const Parameters& parameters,
                                               const RunContext& context);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/multimodal/lessons.h"
#include "lessons/multimodal/spectrogram_lab.h"

namespace viva {
namespace {

const std::string kId = "spectrogram-lab";
const std::string kProgram = "resources/lessons/multimodal-inputs/spectrogram_lab.py";
constexpr std::int64_t kWindowSteps = 24, kToneSteps = 16, kPairSteps = 40, kHopSteps = 19,
                       kShortestWindow = 64, kSixteenths = 16;
constexpr double kLowestPair = 150, kHighestPair = 7000;
constexpr double kExact = 1e-9;

/// Two tones become one where window times gap is near the number of the window function, and the
/// resolution times the window is that number at every window.
std::optional<bool> mergesByTheProduct(const SpectrogramState& s) {
  const SpectrogramStep* merged = s.merged();
  if (!merged || s.steps.front().valley.value_or(1) >= 0.5) return false;
  const double product = s.seconds(*merged) * s.gap;
  double least = 1e9, most = 0;
  for (const SpectrogramStep& step : s.steps) {
    const double each = step.resolution * s.seconds(step);
    least = std::min(least, each), most = std::max(most, each);
  }
  return most <= 1.05 * least && product <= most && product >= most / std::pow(2, 0.5);
}

std::optional<bool> boxLeaksMore(const SpectrogramState& s) {
  double hann = kQuietest, box = kQuietest;
  for (const SpectrogramStep& step : s.steps)
    hann = std::max(hann, *step.hann_leak), box = std::max(box, *step.box_leak);
  return box >= hann + 15 && *s.steps.front().box_leak == kQuietest &&
         *s.now().box_leak == kQuietest;
}

std::optional<bool> melForgetsHighGaps(const SpectrogramState& s) {
  return *s.steps.front().filters_apart >= 2 && *s.now().filters_apart <= 0.5 &&
         *s.steps.front().bins_apart == *s.now().bins_apart;
}

/// Plain adding is exact where the hop divides the window, at least twice; dividing by the weights
/// is exact as long as no sample has weight 0.
std::optional<bool> addsUp(const SpectrogramState& s) {
  for (const SpectrogramStep& step : s.steps) {
    const bool divides = step.window % step.hop == 0 && step.window / step.hop >= 2;
    if ((*step.plain_error < kExact) != divides) return false;
    if (step.hop == step.window) continue;  // what has weight 0 may have been 0
    if ((*step.reconstruction_error < 1e-6) != (step.hop < step.window)) return false;
  }
  return true;
}

std::function<bool(const SpectrogramState&)> sweeps(
    SpectrogramSweep sweep, std::optional<double> SpectrogramStep::*quantity) {
  return [sweep, quantity](const SpectrogramState& s) {
    return s.sweep == sweep && (s.now().*quantity).has_value();
  };
}

const Claims<SpectrogramState> kClaims{
    {"two-tones", kWindowSteps, mergesByTheProduct, When::From, nullptr,
     sweeps(SpectrogramSweep::Window, &SpectrogramStep::valley)},
    {"leakage", kToneSteps, boxLeaksMore, When::From, nullptr,
     sweeps(SpectrogramSweep::Tone, &SpectrogramStep::box_leak)},
    {"mel", kPairSteps, melForgetsHighGaps, When::From, nullptr,
     sweeps(SpectrogramSweep::Pair, &SpectrogramStep::filters_apart)},
    {"overlap-add", kHopSteps, addsUp, When::From, nullptr,
     sweeps(SpectrogramSweep::Hop, &SpectrogramStep::plain_error)},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records{{"window_ms", "unit.milliseconds"},
                                  {"hop_ms", "unit.milliseconds"},
                                  {"resolution", "unit.hertz"}};
  for (const char* name : {"plain_error", "reconstruction_error"}) records.push_back({name, ""});
  if (p[kLabSound] == SoundSource::File) return records;
  for (const char* name : {"valley", "filters_apart", "bins_apart"}) records.push_back({name, ""});
  for (const char* name : {"hann/leak", "box/leak"}) records.push_back({name, "unit.decibels"});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kLabSound] == SoundSource::File) {
    if (p[kSoundFile].path.empty()) return Message{"error.spectrogram.no_file", {}};
    if (p[kSweep] == SpectrogramSweep::Tone || p[kSweep] == SpectrogramSweep::Pair)
      return Message{"error.spectrogram.sweep", {}};
  } else if (p[kTone] + p[kGap] > 7900) {
    return Message{"error.spectrogram.too_high",
                   {{"tone", p[kTone]}, {"gap", p[kGap]}, {"limit", 7900.0}}};
  }
  if (p[kSweep] == SpectrogramSweep::Hop && (p[kWindow] % kSixteenths != 0 || p[kWindow] > 2048))
    return Message{"error.spectrogram.hop",
                   {{"window", p[kWindow]}, {"parts", kSixteenths}, {"limit", std::int64_t{2048}}}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      matrix("spectrogram")
          .xAxis("axis.sound_time", "unit.milliseconds")
          .yAxis("axis.sound_frequency", "unit.hertz")
          .large(),
      series("spectrum", {})
          .xAxis("axis.sound_frequency", "unit.hertz")
          .yAxis("axis.sound_level", "unit.decibels"),
      series("valley", {"valley"}).yAxis("axis.sound_valley"),
      series("resolution", {"resolution"}).yAxis("axis.sound_gap", "unit.hertz").logarithmicY(),
      series("leak", {"*/leak"}).yAxis("axis.sound_leak", "unit.decibels"),
      series("apart", {"filters_apart", "bins_apart"}).yAxis("axis.sound_apart").logarithmicY(),
      matrix("mel")
          .xAxis("axis.sound_time", "unit.milliseconds")
          .yAxis("axis.sound_filter", "unit.hertz"),
      series("errors", {"plain_error", "reconstruction_error"})
          .yAxis("axis.sound_error")
          .logarithmicY(),
      series("weights", {})
          .xAxis("axis.sound_time", "unit.milliseconds")
          .yAxis("axis.sound_weight"),
      table("numbers").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("two-tones").lasting(kWindowSteps).showing("spectrogram", {"spectrum", "valley"}),
      preset("leakage")
          .with({{"sweep", "tone"}, {"window", "400"}})
          .lasting(kToneSteps)
          .showing("spectrum", {"leak", "numbers"}),
      preset("mel")
          .with({{"sweep", "pair"}, {"window", "1024"}, {"gap", "200"}})
          .lasting(kPairSteps)
          .showing("apart", {"mel", "spectrogram"}),
      preset("overlap-add")
          .with({{"sweep", "hop"}, {"window", "400"}})
          .lasting(kHopSteps)
          .showing("errors", {"weights", "numbers"}),
  };
}

}  // namespace

std::int64_t windowAt(const Parameters& p, std::int64_t step) {
  if (p[kSweep] != SpectrogramSweep::Window) return p[kWindow];
  const double shorter =
      static_cast<double>(p[kWindow]) * std::pow(2, -static_cast<double>(step) / 4);
  return std::max(kShortestWindow, static_cast<std::int64_t>(std::llround(shorter)));
}

std::int64_t hopAt(const Parameters& p, std::int64_t step, std::int64_t window) {
  if (p[kSweep] != SpectrogramSweep::Hop) return std::min(p[kHop], window);
  return std::max<std::int64_t>(1, window * (step + 1) / kSixteenths);
}

double toneAt(const Parameters& p, std::int64_t step, double rate) {
  const auto part = static_cast<double>(step);
  if (p[kSweep] == SpectrogramSweep::Tone) {
    const double bin_width = rate / static_cast<double>(p[kWindow]);
    return (std::round(p[kTone] / bin_width) + part / kToneSteps) * bin_width;
  }
  if (p[kSweep] == SpectrogramSweep::Pair)
    return kLowestPair * std::pow(kHighestPair / kLowestPair, part / kPairSteps);
  return p[kTone];
}

std::int64_t stepsOf(const Parameters& p) {
  switch (p[kSweep]) {
    case SpectrogramSweep::Window:
      return kWindowSteps;
    case SpectrogramSweep::Tone:
      return kToneSteps;
    case SpectrogramSweep::Pair:
      return kPairSteps;
    case SpectrogramSweep::Hop:
      break;
  }
  return kHopSteps;
}

const SpectrogramStep* SpectrogramState::merged() const {
  const auto found = std::ranges::find_if(
      steps, [](const SpectrogramStep& step) { return step.valley.value_or(0) >= 1; });
  return found == steps.end() ? nullptr : &*found;
}

VerdictData spectrogramVerdict(const std::string& preset, const SpectrogramState& s) {
  const SpectrogramStep &now = s.now(), &first = s.steps.front();
  const auto whole = [](double number) { return std::int64_t{std::llround(number)}; };
  Arguments numbers{{"window", now.window},
                    {"milliseconds", withDecimals(1000 * s.seconds(now), 1)},
                    {"resolution", withDecimals(now.resolution, 1)},
                    {"product", withDecimals(now.resolution * s.seconds(now), 2)},
                    {"gap", s.gap},
                    {"tone", whole(now.tone)},
                    {"hop", now.hop},
                    {"hann_leak", withDecimals(now.hann_leak.value_or(0), 0)},
                    {"box_leak", withDecimals(now.box_leak.value_or(0), 0)},
                    {"filters", withDecimals(now.filters_apart.value_or(0), 1)},
                    {"first_filters", withDecimals(first.filters_apart.value_or(0), 1)},
                    {"bins", withDecimals(now.bins_apart.value_or(0), 1)},
                    {"plain", percent(now.plain_error.value_or(0))},
                    {"divided", percent(now.reconstruction_error.value_or(0))}};
  const SpectrogramStep* merged = s.merged();
  numbers.emplace_back("merged_at", merged ? Argument(withDecimals(1000 * s.seconds(*merged), 1))
                                           : Argument(Word{"word.not_yet"}));
  double hann = kQuietest, box = kQuietest;
  for (const SpectrogramStep& step : s.steps) {
    hann = std::max(hann, step.hann_leak.value_or(kQuietest));
    box = std::max(box, step.box_leak.value_or(kQuietest));
  }
  numbers.emplace_back("hann_worst", withDecimals(hann, 0));
  numbers.emplace_back("box_worst", withDecimals(box, 0));
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& spectrogramLab() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kLabSound, kSoundFile, kTone,           kGap, kSweep,
                       kWindow,   kHop,       kWindowFunction, kMels};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = views();
    made.checks = {"definition", "parseval"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kWindowSteps;
    made.sources = {"lessons/multimodal/spectrogram_lab.cpp",
                    "lessons/multimodal/short_time_fourier.cpp",
                    "lessons/multimodal/sound_file.cpp"};
    made.equivalent = kProgram;
    made.make = makeSpectrogramLab;
    return made;
  }();
  return spec;
}

}  // namespace viva

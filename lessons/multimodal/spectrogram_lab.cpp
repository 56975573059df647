// SPDX-License-Identifier: GPL-3.0-or-later
// A sound becomes a picture of time and frequency; one setting changes from step to step.
#include "lessons/multimodal/spectrogram_lab.h"

#include <torch/fft.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/core/file_name.h"
#include "lessons/multimodal/short_time_fourier.h"
#include "lessons/multimodal/sound_file.h"
#include "lessons/multimodal/spectrogram_lab_views.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr double kToneRate = 16000;
constexpr std::int64_t kToneSamples = 16000;
/// Spectra are drawn with so many points at least: about one a hertz.
constexpr std::int64_t kFinePoints = 16384;
/// What is further from the peak than so many bins has leaked: Hann's own peak is four bins wide.
constexpr std::int64_t kPeakBins = 2;
/// Frames so far apart meet two tones at all their phases.
constexpr std::int64_t kOddHop = 37;

WindowFunction functionOf(SpectrogramWindow window) {
  return window == SpectrogramWindow::Hann ? WindowFunction::Hann : WindowFunction::Box;
}

torch::Tensor tone(double hertz, double amplitude = 0.5) {
  const auto n = torch::arange(kToneSamples, torch::kDouble);
  return amplitude * (n * (2 * std::numbers::pi * hertz / kToneRate)).sin();
}

torch::Tensor powersOf(const torch::Tensor& samples, const torch::Tensor& window, std::int64_t hop,
                       std::int64_t points) {
  return shortTimeFourier(samples, window, hop, points).abs().square();
}

/// The share of a frame's power that lies outside its peak, in dB.
double leakOf(const torch::Tensor& samples, const torch::Tensor& window) {
  const auto power = powersOf(samples, window, samples.size(0), window.size(0))[0];
  const auto peak = power.argmax().item<std::int64_t>();
  const std::int64_t first = std::max<std::int64_t>(0, peak - kPeakBins);
  const std::int64_t last = std::min(power.size(0) - 1, peak + kPeakBins);
  const double all = power.sum().item<double>();
  const double inside = power.narrow(0, first, last - first + 1).sum().item<double>();
  return std::max(kQuietest, 10 * std::log10(std::max(0.0, 1 - inside / all) + 1e-30));
}

/// The least gap at which, in power averaged over all phases, there is a valley between two equal
/// tones. |W|^2 is the power that a tone has at a distance.
double resolutionOf(const torch::Tensor& window, double rate) {
  const auto power = [&](double hertz) {
    const auto n = torch::arange(window.size(0), torch::kDouble);
    const auto turn = n * (2 * std::numbers::pi * hertz / rate);
    const double re = (window * turn.cos()).sum().item<double>();
    const double im = (window * turn.sin()).sum().item<double>();
    return re * re + im * im;
  };
  double one = 0, two = 4 * rate / static_cast<double>(window.size(0));
  for (int i = 0; i < 30; ++i) {
    const double gap = (one + two) / 2;
    (2 * power(gap / 2) < power(0) + power(gap) ? two : one) = gap;
  }
  return two;
}

class SpectrogramLab : public Experiment {
 public:
  SpectrogramLab(const Parameters& p, const RunContext& context)
      : preset_(context.preset), parameters_(p) {
    state_.gap = p[kGap];
    state_.rate = kToneRate;
    state_.sweep = p[kSweep];
    if (p[kLabSound] == SoundSource::File) {
      const Sound sound = readSound(p[kSoundFile].path);
      file_ = fileName(p[kSoundFile]);
      state_.rate = sound.rate;
      samples_ = torch::tensor(sound.samples, torch::kDouble);
    }
    measure();
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    measure();
    record(recorder);
    return state_.step < stepsOf(parameters_);
  }

  void snapshot(Frame& frame) const override {
    const SpectrogramStep& now = state_.now();
    const auto points = std::max(kFinePoints, 2 * now.window);
    const auto window = windowNow(functionOf(parameters_[kWindowFunction]));
    double low = 0, high = state_.rate / 2;
    if (parameters_[kLabSound] == SoundSource::Tones) {
      const double around = parameters_[kSweep] == SpectrogramSweep::Tone
                                ? 12 * state_.rate / static_cast<double>(now.window)
                                : 8 * state_.gap;
      if (parameters_[kSweep] != SpectrogramSweep::Pair) {
        low = std::max(0.0, now.tone - around);
        high = std::min(high, now.tone + state_.gap + around);
      }
    }
    const auto powers = powersOf(samples_, window, shownHop(), points);
    showSpectrogram(frame, powers, state_.rate, low, high, shownHop());
    showMel(frame, powers, state_.rate, parameters_[kMels], shownHop());
    // Of the first frame, in the bins that the transform itself has, where leakage is what is
    // asked.
    const bool leaks = parameters_[kSweep] == SpectrogramSweep::Tone;
    const auto spectrum = [&](WindowFunction function) {
      return leaks ? powersOf(samples_, windowNow(function), samples_.size(0), now.window)[0]
                   : powersOf(samples_, windowNow(function), shownHop(), points).mean(0);
    };
    showSpectrum(frame, spectrum(WindowFunction::Hann), spectrum(WindowFunction::Box), state_.rate,
                 low, high);
    showWeights(frame, window, now.hop, state_.rate);
    showLabNumbers(frame, state_, samples_.size(0));
    frame.at<VerdictData>("verdict") = spectrogramVerdict(preset_, state_);
  }

  /// The sound, the window and the magnitudes of the first frames, for the program in PyTorch.
  void save(WeightSink& sink) const override {
    const auto window = windowNow(functionOf(parameters_[kWindowFunction]));
    sink.add(namedArray("samples", samples_));
    sink.add(namedArray("window", window));
    sink.add(namedArray("magnitudes",
                        shortTimeFourier(samples_, window, state_.now().hop, window.size(0))
                            .abs()
                            .narrow(0, 0, 1)));
  }

  /// One frame by the sum that defines the transform, and its energy by Parseval.
  void check(CheckSink& sink) const override {
    const auto window = windowNow(functionOf(parameters_[kWindowFunction]));
    const auto frame = framesOf(samples_, window.size(0), state_.now().hop)[0] * window;
    const std::int64_t length = window.size(0), bins = length / 2 + 1;
    const auto spectrum = torch::fft::rfft(frame);
    const auto n = torch::arange(length, torch::kDouble);
    double worst = 0;
    for (const std::int64_t bin : {std::int64_t{0}, std::int64_t{1}, bins / 3, bins - 1}) {
      const auto turn =
          n * (2 * std::numbers::pi * static_cast<double>(bin) / static_cast<double>(length));
      const double re = (frame * turn.cos()).sum().item<double>();
      const double im = -(frame * turn.sin()).sum().item<double>();
      worst = std::max({worst, std::abs(re - torch::real(spectrum)[bin].item<double>()),
                        std::abs(im - torch::imag(spectrum)[bin].item<double>())});
    }
    sink.compare("definition", worst / static_cast<double>(length), 1e-9);
    const auto all = torch::fft::fft(frame).abs().square().sum().item<double>();
    const double energy = frame.square().sum().item<double>();
    sink.compare("parseval", std::abs(all / static_cast<double>(length) - energy) / energy, 1e-9);
  }

  std::optional<Message> filesRead() const override {
    if (file_.empty()) return std::nullopt;
    return Message{"spectrogram-lab.file_read",
                   {{"file", file_},
                    {"rate", static_cast<std::int64_t>(state_.rate)},
                    {"seconds", static_cast<double>(samples_.size(0)) / state_.rate}}};
  }

 private:
  torch::Tensor windowNow(WindowFunction function) const {
    return windowOf(function, state_.now().window);
  }
  /// Few enough columns for a picture, and at least four windows over each sample.
  std::int64_t shownHop() const {
    return std::max(samples_.size(0) / 160, std::min(state_.now().hop, state_.now().window / 4));
  }

  void measure() {
    SpectrogramStep& now = state_.steps.emplace_back();
    const std::int64_t samples = samples_.defined() ? samples_.size(0) : kToneSamples;
    now.window = std::min(windowAt(parameters_, state_.step), samples / 8 * 2);
    now.hop = hopAt(parameters_, state_.step, now.window);
    now.tone = toneAt(parameters_, state_.step, state_.rate);
    const auto window = windowNow(functionOf(parameters_[kWindowFunction]));
    now.resolution = resolutionOf(window, state_.rate);
    if (parameters_[kLabSound] == SoundSource::Tones) {
      const auto lower = tone(now.tone), both = lower + tone(now.tone + state_.gap);
      samples_ = state_.sweep == SpectrogramSweep::Tone ? lower : both;
      now.valley = valleyOf(both, window);
      now.hann_leak = leakOf(lower, windowNow(WindowFunction::Hann));
      now.box_leak = leakOf(lower, windowNow(WindowFunction::Box));
      const double spacing = htkMel(state_.rate / 2) / static_cast<double>(parameters_[kMels] + 1);
      now.filters_apart = (htkMel(now.tone + state_.gap) - htkMel(now.tone)) / spacing;
      now.bins_apart = state_.gap * state_.seconds(now);
    }
    rebuild(window, now);
  }

  /// Of the mean over all frames: the power between both tones over what it is at them.
  double valleyOf(const torch::Tensor& both, const torch::Tensor& window) const {
    const auto frames = framesOf(both, window.size(0), kOddHop) * window;
    const auto n = torch::arange(window.size(0), torch::kDouble);
    const auto at = [&](double hertz) {
      const auto turn = n * (2 * std::numbers::pi * hertz / state_.rate);
      return (frames.matmul(turn.cos()).square() + frames.matmul(turn.sin()).square())
          .mean()
          .item<double>();
    };
    const double low = state_.now().tone, high = low + state_.gap;
    return 2 * at((low + high) / 2) / (at(low) + at(high));
  }

  /// The sound from its own spectrogram. Plainly: what is added up, over the mean weight.
  void rebuild(const torch::Tensor& window, SpectrogramStep& now) const {
    const std::int64_t points = 2 * ((window.size(0) + 1) / 2);
    const auto [sum, weight] =
        overlapAdded(shortTimeFourier(samples_, window, now.hop, points), window, now.hop);
    // Ends have fewer windows over them.
    const std::int64_t first = window.size(0), count = sum.size(0) - 2 * first;
    const auto truth = samples_.narrow(0, first, count);
    const auto inner_sum = sum.narrow(0, first, count), inner = weight.narrow(0, first, count);
    const auto errorOf = [&](const torch::Tensor& rebuilt) {
      return ((rebuilt - truth).norm() / truth.norm()).item<double>();
    };
    now.plain_error = errorOf(inner_sum / inner.mean());
    now.reconstruction_error = errorOf(
        torch::where(inner > 1e-9, inner_sum / inner.clamp_min(1e-9), torch::zeros_like(inner)));
  }

  void record(Recorder& recorder) const {
    const SpectrogramStep& now = state_.now();
    recorder.add("window_ms", 1000 * state_.seconds(now));
    recorder.add("hop_ms", 1000 * static_cast<double>(now.hop) / state_.rate);
    recorder.add("resolution", now.resolution);
    const auto perhaps = [&](const char* name, const std::optional<double>& value) {
      if (value) recorder.add(name, *value);
    };
    perhaps("valley", now.valley);
    perhaps("hann/leak", now.hann_leak);
    perhaps("box/leak", now.box_leak);
    perhaps("filters_apart", now.filters_apart);
    perhaps("bins_apart", now.bins_apart);
    perhaps("plain_error", now.plain_error);
    perhaps("reconstruction_error", now.reconstruction_error);
  }

  std::string preset_, file_;
  Parameters parameters_;
  torch::Tensor samples_;  ///< [samples], double
  SpectrogramState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeSpectrogramLab(const Parameters& parameters,
                                               const RunContext& context) {
  return std::make_unique<SpectrogramLab>(parameters, context);
}

}  // namespace viva

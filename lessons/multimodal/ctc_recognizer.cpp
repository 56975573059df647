// SPDX-License-Identifier: GPL-3.0-or-later
// A net learns to write down words of tones, and is never told when a letter sounds.
#include "lessons/multimodal/ctc_recognizer.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/multimodal/ctc_lattice.h"
#include "lessons/multimodal/ctc_recognizer_views.h"
#include "lessons/multimodal/multimodal_streams.h"
#include "lessons/multimodal/tone_net.h"
#include "lessons/multimodal/tone_words.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kNewWords = 128;
constexpr double kLargestGradient = 5;
constexpr double kSilent = 0.999, kSpeaks = 0.1;

bool hasRepeat(const ToneWord& word) { return std::ranges::adjacent_find(word) != word.end(); }

/// Of one word: [time, symbols] as rows.
LogRows rowsOf(const torch::Tensor& log_p, std::int64_t length) {
  const auto numbers = numbersOf(log_p.narrow(0, 0, length));
  const auto symbols = static_cast<std::size_t>(log_p.size(1));
  LogRows rows;
  for (std::size_t i = 0; i < numbers.size(); i += symbols)
    rows.emplace_back(numbers.begin() + static_cast<std::ptrdiff_t>(i),
                      numbers.begin() + static_cast<std::ptrdiff_t>(i + symbols));
  return rows;
}

class CtcRecognizer : public Experiment {
 public:
  CtcRecognizer(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        seed_(context.seed),
        manner_{p[kToneNoise], p[kRepeatShare]},
        batch_size_(p[kToneBatch]),
        evaluate_every_(p[kToneEvaluateEvery]),
        stop_(context.stop),
        words_(generatorFor(context.seed, kToneStream)),
        new_words_(drawToneWords(kNewWords, manner_, generatorFor(context.seed, kNewToneStream))),
        net_(generatorFor(context.seed, kToneWeightStream), device_) {
    keepFreedMemory();
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kToneRate];
    beam_ = static_cast<std::size_t>(p[kBeamWidth]);
    probe_ = sungToneWords({toneWord(p[kToneProbe].text)}, manner_.noise,
                           generatorFor(seed_, kNewToneStream + 1));
  }

  void initial(Recorder& recorder) override {
    evaluate();
    record(recorder);
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    const ToneWordBatch batch = drawToneWords(batch_size_, manner_, words_);
    const auto log_p = net_(batch.frames.to(device_));  // [words, time, symbols]
    // All alignments of each word at once: no frame has a label.
    const auto loss = torch::ctc_loss(log_p.transpose(0, 1), batch.labels(),
                                      torch::tensor(batch.lengths, torch::kLong),
                                      batch.labelLengths(), /*blank=*/0);
    net_.weights().differentiate(loss.unsqueeze(0));
    net_.weights().clip(kLargestGradient);
    net_.weights().update(Adam{rate_});
    state_.loss = loss.item<double>();
    recorder.add("loss", state_.loss);
    if (state_.step % evaluate_every_ == 0) {
      evaluate();
      record(recorder);
    }
    return true;
  }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    const LogRows log_p = rowsOf(net_(probe_.frames.to(device_))[0], probe_.lengths.front());
    showToneWord(frame, probe_);
    showSymbols(frame, log_p);
    showLattice(frame, ctcLattice(log_p, probe_.words.front()));
    showReadings(frame, probe_.words.front(), log_p, beam_);
    showCtcStandings(frame, state_);
    frame.at<VerdictData>("verdict") = ctcVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override { net_.weights().save(sink, ""); }

  /// The loss of the probe by the lattice against the library's; the posterior of each frame sums
  /// to one.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto log_p = net_(probe_.frames.to(device_)).to(torch::kDouble);
    const auto lattice = ctcLattice(rowsOf(log_p[0], probe_.lengths.front()), probe_.words.front());
    const double library = torch::ctc_loss(log_p.transpose(0, 1), probe_.labels(),
                                           torch::tensor(probe_.lengths, torch::kLong),
                                           probe_.labelLengths(), 0, at::Reduction::Sum)
                               .item<double>();
    sink.compare("loss", std::abs(lattice.loss - library) / std::max(1.0, library), 1e-5);
    double worst = 0;
    for (const auto& row : lattice.posterior) {
      double sum = 0;
      for (const double share : row) sum += share;
      worst = std::max(worst, std::abs(sum - 1));
    }
    sink.compare("posterior", worst, 1e-9);
  }

 private:
  void evaluate() {
    const torch::NoGradGuard no_grad;
    const auto log_p = net_(new_words_.frames.to(device_)).to(torch::kCPU);
    CtcStanding now;
    double frames = 0, blanks = 0, repeated = 0, others = 0;
    for (std::int64_t i = 0; i < kNewWords; ++i) {
      stopIfAsked(stop_);
      const LogRows rows = rowsOf(log_p[i], new_words_.lengths[i]);
      const ToneWord& word = new_words_.words[i];
      const auto path = likeliestPath(rows);
      frames += static_cast<double>(path.size());
      blanks += static_cast<double>(std::ranges::count(path, 0));
      const CtcLabel greedy = collapsed(path), wrongly = collapsedWrongly(path);
      const CtcLabel searched = beamLabels(rows, beam_).front().first;
      now.greedy += greedy == word ? 1 : 0;
      now.beam += searched == word ? 1 : 0;
      now.differing += greedy != searched ? 1 : 0;
      const bool repeats = hasRepeat(word);
      (repeats ? repeated : others) += 1;
      (repeats ? now.repeats_right : now.others_right) += greedy == word ? 1 : 0;
      (repeats ? now.repeats_wrong : now.others_wrong) += wrongly == word ? 1 : 0;
    }
    now.blank_share = blanks / frames;
    for (double* share : {&now.greedy, &now.beam, &now.differing}) *share /= kNewWords;
    for (double* share : {&now.repeats_right, &now.repeats_wrong})
      *share /= std::max(1.0, repeated);
    for (double* share : {&now.others_right, &now.others_wrong}) *share /= std::max(1.0, others);
    state_.now = now;
    if (!state_.silent_at && now.blank_share >= kSilent) state_.silent_at = state_.step;
    if (state_.silent_at && !state_.spoke_at && now.greedy >= kSpeaks)
      state_.spoke_at = state_.step;
    if (now.beam - now.greedy <= state_.largest_lead) return;
    state_.largest_lead = now.beam - now.greedy;
    state_.lead_at = state_.step;
    state_.lead_greedy = now.greedy, state_.lead_beam = now.beam;
  }

  void record(Recorder& recorder) const {
    const CtcStanding& now = state_.now;
    recorder.add("blank_share", now.blank_share);
    recorder.add("greedy_accuracy", now.greedy);
    recorder.add("beam_accuracy", now.beam);
    recorder.add("differing", now.differing);
    recorder.add("collapse-first/repeats", now.repeats_right);
    recorder.add("blanks-first/repeats", now.repeats_wrong);
    recorder.add("collapse-first/others", now.others_right);
    recorder.add("blanks-first/others", now.others_wrong);
  }

  std::string preset_, device_;
  std::uint64_t seed_;
  ToneManner manner_;
  std::int64_t batch_size_, evaluate_every_;
  std::stop_token stop_;
  at::Generator words_;
  ToneWordBatch new_words_, probe_;
  ToneNet net_;
  double rate_ = 0;
  std::size_t beam_ = 8;
  CtcState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeCtcRecognizer(const Parameters& parameters,
                                              const RunContext& context) {
  return std::make_unique<CtcRecognizer>(parameters, context);
}

}  // namespace viva

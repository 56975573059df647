// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_images.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lessons/core/number_text.h"
#include "lessons/data/digits.h"
#include "lessons/data/letters.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/uncertainty/ood_classifier.h"
#include "lessons/uncertainty/ood_streams.h"

namespace viva {
namespace {

constexpr std::int64_t kDigits = 1500, kOthers = 300, kBatch = 64, kEvaluateEvery = 40;
constexpr std::int64_t kPixels = kDigitSize * kDigitSize;

Split digitsFor(const RunContext& context) {
  const auto generator = generatorFor(context.seed, kOodData);
  Dataset all = digits(kDigits, generator);
  all.inputs = all.inputs.flatten(1);
  const Split data = split(all, 0.2, generator);
  return {data.training.to(context.device), data.validation.to(context.device)};
}

torch::Tensor othersFor(OtherImages kind, std::uint64_t seed, torch::Device device) {
  const auto generator = generatorFor(seed, kOodOthers);
  if (kind == OtherImages::Letters) return letters(kOthers, generator).inputs.flatten(1).to(device);
  if (kind == OtherImages::Noise) return torch::rand({kOthers, kPixels}, generator).to(device);
  return (1 - digits(kOthers, generator).inputs.flatten(1)).to(device);
}

constexpr int kColumns = 6, kShown = 12;

/// Ink dark on white as on paper.
ImagesData onPaper(const torch::Tensor& images) {
  ImagesData data;
  data.height = data.width = static_cast<int>(kDigitSize);
  data.columns = kColumns;
  data.values = shareFloats(floatsOf(1 - images));
  data.images.resize(static_cast<std::size_t>(images.size(0)));
  for (auto& image : data.images) image.caption = std::string();
  return data;
}

/// The images [n, 144] that the chosen score finds most like digits, with class and score.
ImagesData fooled(const torch::Tensor& others, const Parameters& parameters,
                  const ImagesState& state) {
  const auto& scores = chosen(parameters, state.scores).out;
  std::vector<std::int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  // What is not a number is shown last.
  const auto rank = [&](std::int64_t i) {
    const double score = scores[static_cast<std::size_t>(i)];
    return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return rank(a) > rank(b); });
  order.resize(std::min<std::size_t>(order.size(), kShown));
  ImagesData data =
      onPaper(others.index_select(0, torch::tensor(order, torch::kLong).to(others.device())));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto at = static_cast<std::size_t>(order[i]);
    data.images[i].caption = std::to_string(state.guesses[at]) + " · " + readable(scores[at]);
  }
  return data;
}

/// The first ones of either kind: `held_out` and `others` [n, 144].
ImagesData examples(const torch::Tensor& held_out, const torch::Tensor& others) {
  return onPaper(torch::cat({held_out.slice(0, 0, kShown), others.slice(0, 0, kShown)}));
}

class OodImages : public Experiment {
 public:
  OodImages(const Parameters& parameters, const RunContext& context)
      : seed_(context.seed),
        preset_(context.preset),
        device_(context.device),
        parameters_(parameters),
        data_(digitsFor(context)),
        others_(othersFor(parameters[kOtherImages], context.seed, device_)),
        classifier_(kPixels, parameters[kOodHidden], data_.training.classes,
                    parameters[kOodDropout], context.seed, context.device),
        batches_(data_.training, kBatch, generatorFor(context.seed, kOodBatches)),
        passes_(generatorFor(context.seed, kOodPasses)),
        with_knn_(recordsKnn(parameters)) {
    keepFreedMemory();
  }

  void apply(const Parameters& parameters) override {
    const bool other_images = parameters[kOtherImages] != parameters_[kOtherImages];
    parameters_ = parameters;
    if (!other_images) return;
    others_ = othersFor(parameters_[kOtherImages], seed_, device_);
    scoreAll();
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    recorder.add("train_loss", classifier_.train(batches_.next(), parameters_[kOodRate]));
    step_ += 1;
    if (step_ % kEvaluateEvery == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<ImagesData>("fooled") = fooled(others_, parameters_, state_);
    frame.at<ImagesData>("examples") = examples(data_.validation.inputs, others_);
    frame.at<HistogramData>("scores") = report_.histogram(parameters_, state_.scores);
    frame.at<PlaneData>("roc") = report_.roc(parameters_, state_.scores);
    frame.at<TableData>("metrics") = report_.metrics(state_.scores);
    frame.at<TableData>("alarms") = report_.alarms(parameters_, state_.scores);
    frame.at<VerdictData>("verdict") = imagesVerdict(preset_, step_, parameters_, state_);
  }

  void save(WeightSink& sink) const override { classifier_.save(sink); }

  void check(CheckSink& sink) const override {
    sink.compare("area", areaDifference(state_.scores), 1e-9);
  }

 private:
  void evaluate(Recorder& recorder) {
    scoreAll();
    recorder.add("accuracy", state_.accuracy);
    recordScores(recorder, parameters_, state_.scores, with_knn_);
  }

  void scoreAll() {
    const torch::NoGradGuard no_grad;
    const auto& held_out = data_.validation;
    const SeenFeatures seen = classifier_.seen(data_.training);
    const ScoreSettings settings = scoreSettings(parameters_);
    const auto in = classifier_.scores(held_out.inputs, seen, settings, passes_);
    const auto out = classifier_.scores(others_, seen, settings, passes_);
    for (std::size_t i = 0; i < in.size(); ++i)
      state_.scores[i] = {numbersOf(in[i]), numbersOf(out[i])};
    state_.accuracy =
        accuracy(classifier_.outputs(held_out.inputs).logits, held_out.labels)[0].item<double>();
    state_.guesses.clear();
    for (const double guess : numbersOf(classifier_.outputs(others_).logits[0].argmax(0)))
      state_.guesses.push_back(static_cast<int>(guess));
  }

  std::uint64_t seed_;
  std::string preset_;
  torch::Device device_;
  Parameters parameters_;
  OodReport report_{"ood-images"};
  Split data_;
  torch::Tensor others_;  ///< [images, 144]
  OodClassifier classifier_;
  Batches batches_;
  at::Generator passes_;
  ImagesState state_;
  std::int64_t step_ = 0;
  bool with_knn_;
};

}  // namespace

std::unique_ptr<Experiment> makeOodImages(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<OodImages>(parameters, context);
}

}  // namespace viva

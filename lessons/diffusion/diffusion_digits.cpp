// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/diffusion_digits.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "lessons/core/level_curve.h"
#include "lessons/data/dataset.h"
#include "lessons/data/digits.h"
#include "lessons/data/image_judge.h"
#include "lessons/diffusion/denoising.h"
#include "lessons/diffusion/denoising_rate.h"
#include "lessons/diffusion/diffusion_digits_views.h"
#include "lessons/diffusion/diffusion_streams.h"
#include "lessons/diffusion/digit_denoiser.h"
#include "lessons/diffusion/plane_probe.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kDigitClasses = 10, kFreshDigits = 500, kDigitColumns = 8;
constexpr std::int64_t kJudgedDigits = kDigitColumns * kDigitClasses, kDigitsSaved = 20;
constexpr double kInk = 1;  // pixels lie from -1, no ink, to 1

/// Inputs [samples, 256] from -1 to 1.
Dataset digitImages(std::int64_t samples, at::Generator random) {
  Dataset made = digits(samples, std::move(random), kDigitSide);
  made.inputs = (2 * made.inputs - 1).flatten(1);
  return made;
}

class DiffusionDigits : public Experiment {
 public:
  DiffusionDigits(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        seed_(context.seed),
        stop_(context.stop),
        objective_(p[kDigitObjective]),
        path_(NoisePath::of(objective_, p[kDigitSchedule], p[kDigitTimesteps])),
        levels_(levelTable({path_})[0].to(device_)),
        data_(digitImages(p[kDigitSamples], generatorFor(seed_, kTrainingSetStream)).to(device_)),
        fresh_(digitImages(kFreshDigits, generatorFor(seed_, kProbeStream)).to(device_)),
        net_({kDigitSide * kDigitSide, p[kDigitWidth], 3, kDigitClasses, p[kDigitTimesteps]},
             generatorFor(seed_, kDenoiserStream), device_),
        batches_(data_, std::min(p[kDigitBatch], data_.samples()),
                 generatorFor(seed_, kCleanStream)),
        noise_(generatorFor(seed_, kAddedNoiseStream)),
        times_(generatorFor(seed_, kTimeStream)),
        kept_labels_(generatorFor(seed_, kLabelDropStream)),
        label_drop_(p[kDigitLabelDrop]),
        evaluate_every_(p[kDigitEvaluateEvery]) {
    const auto random = generatorFor(seed_, kStartStream);
    starts_ = torch::randn({kJudgedDigits, kDigitSide * kDigitSide}, random).to(device_);
    const auto asked = torch::arange(kJudgedDigits, torch::TensorOptions(torch::kLong));
    classes_ =
        torch::one_hot(asked.remainder(kDigitClasses), kDigitClasses).to(torch::kFloat).to(device_);
    apply(p);
  }

  /// Its equations are solved at once.
  bool prepare() override {
    judge_.emplace(judgedData(), generatorFor(seed_, kDigitJudgeStream));
    return false;
  }
  void keep(WeightSink& sink) const override { judge_->keep(sink); }
  void resume(const std::vector<NamedArray>& kept) override {
    judge_.emplace(judgedData(), generatorFor(seed_, kDigitJudgeStream), kept);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kDigitRate];
    rate_steps_ = p[kDigitRateSteps];
    guidance_ = p[kDigitGuidance];
    plan_ = {p[kDigitSampler], samplingTimes(path_.steps(), p[kDigitStrides]), 0};
    noises_ = isStochastic(plan_)
                  ? torch::randn({stridesOf(plan_), kJudgedDigits, kDigitSide * kDigitSide},
                                 generatorFor(seed_, kSamplerStream))
                        .to(device_)
                  : torch::Tensor();
    if (judge_) draw();
  }

  bool step(Recorder& recorder) override {
    const auto [clean, labels] = batches_.next();
    const std::int64_t batch = labels.size(0);
    const auto noise = torch::randn(clean.sizes(), noise_).to(device_);
    const auto times =
        torch::randint(1, path_.steps() + 1, {batch}, times_, torch::TensorOptions(torch::kLong))
            .to(device_);
    const auto level = levels_.index_select(0, times);  // [batch, 4]
    const auto part = [&](std::int64_t which) { return level.narrow(1, which, 1); };
    const auto kept = (torch::rand({batch, 1}, kept_labels_) >= label_drop_).to(device_);
    const auto classes = torch::one_hot(labels, kDigitClasses) * kept.to(torch::kFloat);

    const auto answers = net_.forward(part(0) * clean + part(1) * noise, times, classes);
    const auto wanted = objectiveTarget(objective_, clean, noise, part(2), part(3));
    const auto loss = (answers - wanted).square().mean();
    net_.weights().differentiate(loss.unsqueeze(0));
    net_.weights().update(Adam{denoisingRate(rate_, progress_.step, rate_steps_)});

    ++progress_.step;
    recorder.add("loss", loss.item<double>());
    if (progress_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override {
    real_deviation_ = deviation(fresh_.inputs, fresh_.labels);
    real_nearest_ = nearest(fresh_.inputs);
    evaluate(recorder);
  }

  void snapshot(Frame& frame) const override {
    frame.at<ImagesData>("samples") = classImages(drawn_, kDigitColumns);
    frame.at<ImagesData>("denoising") = denoisingImages(moments_, moment_times_);
    frame.at<ImagesData>("by_weight") = weightImages(by_weight_);
    frame.at<ImagesData>("real") = realDigits(data_);
    frame.at<SeriesData>("agreement") = {
        {levelCurve("judge", progress_.judge_accuracy, progress_.step)}};
    frame.at<SeriesData>("spread") = {{levelCurve("data", 1, progress_.step)}};
    frame.at<VerdictData>("verdict") = diffusionDigitsVerdict(preset_, progress_);
  }

  /// With what is needed to draw the same digits again.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    net_.weights().save(sink, "net.");
    sink.add(namedArray("T", torch::full({1}, path_.steps(), torch::kFloat)));
    sink.add(namedArray("sample.start", starts_.narrow(0, 0, kDigitsSaved)));
    sink.add(namedArray("sample.classes", classes_.narrow(0, 0, kDigitsSaved)));
    if (noises_.defined())
      sink.add(namedArray("sample.noises", noises_.narrow(1, 0, kDigitsSaved)));
    sink.add(namedArray("sample.end", statesOf(kDigitsSaved, guidance_).back()));
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    checkDigitDenoiser(net_, starts_.narrow(0, 0, 8), classes_.narrow(0, 0, 8), sink);
    checkParts(objective_, path_, starts_.narrow(0, 0, 8), sink);
  }

 private:
  /// As the judge reads them: [samples, 1, 16, 16].
  static torch::Tensor asImages(const torch::Tensor& pixels) {
    return pixels.view({-1, 1, kDigitSide, kDigitSide});
  }
  Dataset judgedData() const {
    Dataset images = data_;
    images.inputs = asImages(data_.inputs);
    return images;
  }

  /// All states of the first `count` starts.
  std::vector<torch::Tensor> statesOf(std::int64_t count, double weight) const {
    const auto classes = classes_.narrow(0, 0, count);
    const auto none = torch::zeros_like(classes);
    const auto denoise = [&](const torch::Tensor& x, std::int64_t t) {
      auto answer = net_.answer(x, t, classes);
      if (weight != 1) answer = guided(answer, net_.answer(x, t, none), weight);
      return denoisedFrom(objective_, answer, x, path_.at(t), kInk);
    };
    return sampled(path_, plan_, denoise, starts_.narrow(0, 0, count),
                   noises_.defined() ? noises_.narrow(1, 0, count) : noises_, stop_);
  }

  /// The pictures, at the weight of the panel.
  void draw() {
    const torch::NoGradGuard no_grad;
    show(statesOf(kJudgedDigits, guidance_));
  }
  void show(const std::vector<torch::Tensor>& states) {
    // The starts go round the classes; the picture has a row for each.
    drawn_ = states.back()
                 .view({kDigitColumns, kDigitClasses, -1})
                 .transpose(0, 1)
                 .reshape({kDigitColumns * kDigitClasses, -1});
    moments_.clear();
    moment_times_.clear();
    const std::int64_t strides = stridesOf(plan_);
    for (const double share : {0.0, 0.4, 0.6, 0.75, 0.9, 1.0}) {
      const auto stride =
          static_cast<std::size_t>(std::llround(share * static_cast<double>(strides)));
      moments_.push_back(states[stride].narrow(0, 0, kDigitClasses));
      moment_times_.push_back(plan_.times[stride]);
    }
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    progress_.judge_accuracy = judge_->accuracy();
    by_weight_.clear();
    const auto asked = classes_.argmax(1);
    std::vector<torch::Tensor> shown;
    for (std::size_t i = 0; i < kJudgedWeights.size(); ++i) {
      auto states = statesOf(kJudgedDigits, kJudgedWeights[i]);
      const auto made = states.back();
      if (kJudgedWeights[i] == guidance_) shown = std::move(states);
      by_weight_.push_back(made.narrow(0, 0, kDigitClasses));
      JudgedDigits& judged = progress_.judged[i];
      judged.agreement =
          (judge_->read(asImages(made)) == asked).to(torch::kDouble).mean().item<double>();
      judged.spread = deviation(made, asked) / real_deviation_;
      const std::string weight = std::string("w").append(std::to_string(kJudgedWeights[i]));
      recorder.add(weight + "/agreement", judged.agreement);
      recorder.add(weight + "/spread", judged.spread);
      if (i == 0) progress_.distance = nearest(made) / real_nearest_;
    }
    recorder.add("nearest", progress_.distance);
    show(shown.empty() ? statesOf(kJudgedDigits, guidance_) : shown);
  }

  /// Of a pixel among the images of one class, the mean over pixels and classes.
  static double deviation(const torch::Tensor& images, const torch::Tensor& labels) {
    double sum = 0;
    for (std::int64_t label = 0; label < kDigitClasses; ++label)
      sum += images.index({labels == label}).std(0).mean().item<double>();
    return sum / kDigitClasses;
  }
  /// The mean distance of images to the nearest training image.
  double nearest(const torch::Tensor& images) const {
    return std::get<0>(torch::cdist(images, data_.inputs).min(1)).mean().item<double>();
  }

  std::string preset_;
  torch::Device device_;
  std::uint64_t seed_;
  std::stop_token stop_;
  DenoisingObjective objective_;
  NoisePath path_;
  torch::Tensor levels_;  ///< [T + 1, 4]
  Dataset data_, fresh_;  ///< inputs [samples, 256]
  DigitDenoiser net_;
  Batches batches_;
  at::Generator noise_, times_, kept_labels_;
  double label_drop_;
  std::int64_t evaluate_every_;
  torch::Tensor starts_, classes_, noises_;  ///< [80, 256], [80, 10], [strides, 80, 256]
  std::optional<ImageJudge> judge_;
  SamplingPlan plan_;
  double rate_ = 0, guidance_ = 1;
  std::int64_t rate_steps_ = 1;
  torch::Tensor drawn_;                             ///< [80, 256], row by row of a class
  std::vector<torch::Tensor> moments_, by_weight_;  ///< [10, 256] each
  std::vector<std::int64_t> moment_times_;
  double real_deviation_ = 1, real_nearest_ = 1;  ///< of digits that no net has seen
  DigitsProgress progress_;
};

}  // namespace

std::unique_ptr<Experiment> makeDiffusionDigits(const Parameters& parameters,
                                                const RunContext& context) {
  return std::make_unique<DiffusionDigits>(parameters, context);
}

}  // namespace viva

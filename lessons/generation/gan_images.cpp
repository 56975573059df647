// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_images.h"

#include <torch/optim.h>
#include <torch/special.h>
#include <torch/utils.h>

#include <cmath>
#include <optional>

#include "lessons/data/image_judge.h"
#include "lessons/generation/dcgan.h"
#include "lessons/generation/frechet_distance.h"
#include "lessons/generation/gan_images_views.h"
#include "lessons/generation/gan_losses.h"
#include "lessons/generation/gan_streams.h"
#include "lessons/generation/small_images.h"

namespace viva {
namespace {

constexpr std::int64_t kJudged = 256;  // generated images at an evaluation

torch::optim::AdamOptions dcganAdam() {
  return torch::optim::AdamOptions(1e-3).betas({0.5, 0.999});
}

void setRate(torch::optim::Adam& optimizer, double rate) {
  static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[0].options()).lr(rate);
}

class GanImages : public Experiment {
 public:
  GanImages(const Parameters& p, const RunContext& context)
      : GanImages(p, context,
                  ganImagesData(p, generatorFor(context.seed, kRealStream), context.stop)) {}

  GanImages(const Parameters& p, const RunContext& context, const Dataset& data)
      : preset_(context.preset),
        device_(context.device),
        data_(data.to(device_)),
        batch_size_(std::min(p[kImageBatch], data.samples())),
        noise_dim_(p[kImageNoise]),
        classes_(p[kConditional] ? data.classes : 0),
        evaluate_every_(p[kImageEvaluateEvery]),
        measures_fid_(p[kMeasureFid]),
        batches_(data_, batch_size_, generatorFor(context.seed, kShareStream)),
        random_(generatorFor(context.seed, kNoiseStream)),
        seed_(context.seed),
        generator_(noise_dim_, classes_, p[kImageWidth]),
        discriminator_(classes_, p[kImageWidth]) {
    initialiseDcgan(generator_.net(), generatorFor(context.seed, kGeneratorStream));
    initialiseDcgan(discriminator_.net(), generatorFor(context.seed, kDiscriminatorStream));
    generator_.net()->to(device_);
    discriminator_.net()->to(device_);
    g_optimizer_ =
        std::make_unique<torch::optim::Adam>(generator_.net()->parameters(), dcganAdam());
    d_optimizer_ =
        std::make_unique<torch::optim::Adam>(discriminator_.net()->parameters(), dcganAdam());
    latents_ = fixedLatents(noise_dim_, std::max<std::int64_t>(1, classes_),
                            generatorFor(context.seed, kEvaluationStream + 1), kJudged, device_);
    apply(p);
  }

  /// Its equations are solved at once.
  bool prepare() override {
    judge_.emplace(data_, generatorFor(seed_, kEvaluationStream));
    return false;
  }
  void keep(WeightSink& sink) const override { judge_->keep(sink); }
  void resume(const std::vector<NamedArray>& kept) override {
    judge_.emplace(data_, generatorFor(seed_, kEvaluationStream), kept);
  }

  void apply(const Parameters& p) override {
    setRate(*d_optimizer_, p[kImageDRate]);
    setRate(*g_optimizer_, p[kImageGRate]);
    walk_ = p[kWalk];
    shown_class_ = classes_ == 0 ? 0 : std::min(p[kShownClass], classes_ - 1);
  }

  bool step(Recorder& recorder) override {
    // Discriminator: real images up, generated ones down. A batch of each, as DCGAN does, because
    // batch norm would otherwise tell them apart by their mean.
    const auto [real, labels] = batches_.next();
    const auto fake = generator_.forward(noise(), labels);
    const auto d_loss =
        discriminatorLoss(GanLoss::NonSaturating, discriminator_.forward(real, labels),
                          discriminator_.forward(fake.detach(), labels));
    d_optimizer_->zero_grad();
    d_loss.backward();
    d_optimizer_->step();

    // Generator: its images up, for the discriminator as it is now.
    const auto g_loss = generatorLoss(GanLoss::NonSaturating, discriminator_.forward(fake, labels));
    g_optimizer_->zero_grad();
    g_loss.backward();
    g_optimizer_->step();

    ++step_;
    recorder.add("d_loss", d_loss.item<double>());
    recorder.add("g_loss", g_loss.item<double>());
    if (step_ % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    const Evaluating quiet_generator(generator_.net()), quiet_discriminator(discriminator_.net());
    const GanImagesPicture picture{generator_, discriminator_, data_,        latents_,
                                   moments_,   classes_,       shown_class_, walk_};
    frame.at<ImagesData>("samples") = sampleImages(picture);
    frame.at<ImagesData>("through_time") = timeImages(picture);
    frame.at<ImagesData>("real") = realImages(picture);
    frame.at<PlaneData>("latent") = latentPlane(picture);
    frame.at<ImagesData>("latent_grid") = latentGrid(picture);
    frame.at<ImagesData>("walk_image") = walkImage(picture);
    frame.at<SeriesData>("losses") = imageEquilibrium(step_);
    frame.at<SeriesData>("agreement") = judgeAccuracy(judge_->accuracy(), step_);
    frame.at<SeriesData>("fid") = fidCurves(fids_, progress_.fid_floor);
    frame.at<VerdictData>("verdict") = ganImagesVerdict(preset_, progress_);
  }

  std::optional<Message> filesRead() const override {
    if (data_.file.empty()) return std::nullopt;
    return imagesReadingOf(data_);
  }

  void save(WeightSink& sink) const override {
    saveModule("generator.", generator_.net(), sink);
    saveModule("discriminator.", discriminator_.net(), sink);
  }

  void check(CheckSink& sink) const override {
    const Evaluating quiet_generator(generator_.net()), quiet_discriminator(discriminator_.net());
    checkGanImages(generator_, discriminator_, latents_, sink);
  }

 private:
  torch::Tensor noise() { return torch::randn({batch_size_, noise_dim_}, random_).to(device_); }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const Evaluating quiet_generator(generator_.net()), quiet_discriminator(discriminator_.net());
    const auto generated = generator_.forward(latents_.judged, latents_.judged_labels);
    const auto real = data_.first(kJudged);
    const auto d = [&](const torch::Tensor& images, const torch::Tensor& labels) {
      return discriminator_.forward(images, labels).sigmoid().mean().item<double>();
    };
    progress_.step = step_;
    progress_.judge_accuracy = judge_->accuracy();
    progress_.classes = data_.classes;
    progress_.conditional = classes_ > 0;
    progress_.distance = (generated.mean(0) - real.inputs.mean(0)).abs().mean().item<double>() / 2;
    const auto beside = latents_.judged + 0.25 * latents_.directions[0];
    const auto change = [&](const torch::Tensor& images) {
      return (images - generated).abs().mean().item<double>();
    };
    // The classes of neighbours in the list differ; those a whole round apart do not.
    progress_.roughness =
        change(generator_.forward(beside, latents_.judged_labels)) /
        std::max(1e-12, change(generated.roll(std::max<std::int64_t>(1, classes_), 0)));
    recorder.add("d_real", d(real.inputs, real.labels));
    recorder.add("d_fake", d(generated, latents_.judged_labels));
    recorder.add("distance", progress_.distance);
    if (step_ == 0) progress_.start_distance = progress_.distance;
    if (data_.classes > 1 && generated.isfinite().all().item<bool>()) {
      const auto shares = judge_->shares(generated);
      progress_.classes_made =
          (shares > 0.2 / static_cast<double>(data_.classes)).sum().item<std::int64_t>();
      progress_.kl = torch::special::xlogy(shares, shares * data_.classes).sum().item<double>();
      recorder.add("kl_to_uniform", progress_.kl);
      if (classes_ > 0) {
        progress_.agreement = (judge_->read(generated) == latents_.judged_labels)
                                  .to(torch::kDouble)
                                  .mean()
                                  .item<double>();
        recorder.add("agreement", progress_.agreement);
      }
    }
    if (measures_fid_ && generated.isfinite().all().item<bool>()) measureFid(recorder, generated);
    rememberMoment(moments_, step_,
                   generator_.forward(latents_.time, latents_.time_labels).to(torch::kCPU));
  }

  /// In the features of the judge, which no training changes. The floor is what as many other real
  /// images have: few images make the distance too large.
  void measureFid(Recorder& recorder, const torch::Tensor& generated) {
    const std::int64_t first = std::min(kJudged, data_.samples() / 2);
    const auto real = [&](std::int64_t begin) {
      return judge_->traits(data_.inputs.narrow(0, begin, first));
    };
    progress_.fid = frechetDistance(real(0), judge_->traits(generated));
    if (step_ == 0) {
      progress_.start_fid = progress_.fid;
      progress_.fid_floor = frechetDistance(real(0), real(first));
    }
    fids_.emplace_back(step_, progress_.fid);
    recorder.add("fid", progress_.fid);
    recorder.add("fid_floor", progress_.fid_floor);
  }

  std::string preset_;
  torch::Device device_;
  Dataset data_;
  std::int64_t batch_size_, noise_dim_;
  std::int64_t classes_;  ///< 0 without labels
  std::int64_t evaluate_every_;
  bool measures_fid_;
  std::int64_t step_ = 0, shown_class_ = 0;
  Point walk_;
  Batches batches_;
  at::Generator random_;
  std::uint64_t seed_;
  std::optional<ImageJudge> judge_;
  ImageGenerator generator_;
  ImageDiscriminator discriminator_;
  std::unique_ptr<torch::optim::Adam> g_optimizer_, d_optimizer_;
  FixedLatents latents_;
  std::vector<ImageMoment> moments_;
  std::vector<std::pair<std::int64_t, double>> fids_;  ///< by step
  GanImagesProgress progress_;
};

}  // namespace

std::unique_ptr<Experiment> makeGanImages(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<GanImages>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Clips become tokens: which way does a shape go, and what is it? The nets read a bag of tokens, so
// that what they know of motion is in the tokens.
#include "lessons/multimodal/patch_and_tubelet.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/multimodal/moving_shapes.h"
#include "lessons/multimodal/multimodal_streams.h"
#include "lessons/multimodal/patch_and_tubelet_views.h"
#include "lessons/multimodal/token_net.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kNewClips = 256, kPictureSlice = 20;

double accuracyOf(const torch::Tensor& logits, const torch::Tensor& labels) {
  return (logits.argmax(1).cpu() == labels).to(torch::kDouble).mean().item<double>();
}

/// The first frame in every frame.
torch::Tensor stillOf(const Clips& clips) {
  return clips.frames.narrow(1, 0, 1).expand({-1, kClipFrames, -1, -1}).contiguous();
}

class PatchAndTubelet : public Experiment {
 public:
  PatchAndTubelet(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        seed_(context.seed),
        compare_(p[kClipCompare]),
        settings_(clipNetsOf(p)),
        batch_size_(p[kClipBatch]),
        evaluate_every_(p[kClipEvaluateEvery]),
        picture_updates_(compare_ == ClipRival::Initialisation ? p[kPictureUpdates] : 0),
        clips_(generatorFor(context.seed, kClipStream)),
        pictures_(generatorFor(context.seed, kPictureStream)),
        new_clips_(withReversed(drawClips(kNewClips, generatorFor(context.seed, kNewClipStream)))),
        picture_net_(1, settings_.front().side, generatorFor(seed_, kClipWeightStream), device_) {
    keepFreedMemory();
    state_.compare = compare_;
    for (const ClipNetSetting& setting : settings_)
      nets_.emplace_back(setting.frames, setting.side, generatorFor(seed_, kClipWeightStream),
                         device_);
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kClipRate];
    shown_ = p[kShownClip];
  }

  /// The picture net learns to name shapes in single frames.
  bool prepare() override {
    for (std::int64_t i = 0; i < kPictureSlice && pictured_ < picture_updates_; ++i, ++pictured_) {
      const Clips clips = drawClips(batch_size_, pictures_, 0);
      train(picture_net_, clips.frames.narrow(1, 0, 1), clips.shapes);
    }
    return pictured_ < picture_updates_;
  }
  void keep(WeightSink& sink) const override {
    sink.add(namedArray("picture", picture_net_.weights().flat()));
  }
  void resume(const std::vector<NamedArray>& arrays) override {
    auto flat = picture_net_.weights().flat().detach().cpu().clone();
    copyInto(flat, arrays, "picture");
    const torch::NoGradGuard no_grad;
    torch::Tensor(picture_net_.weights().flat()).copy_(flat);
    pictured_ = picture_updates_;
  }

  void initial(Recorder& recorder) override {
    if (compare_ == ClipRival::Initialisation) {
      for (std::size_t i = 0; i < settings_.size(); ++i)
        if (settings_[i].id != kTubelet)
          nets_[i] = inflated(picture_net_, settings_[i].frames, settings_[i].id == kCentralFrame);
      judgePicture();
    }
    judge();
    for (ClipStanding& standing : state_.standings) {
      standing.first_still = standing.still;
      standing.first_moving = standing.moving;
    }
    record(recorder);
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    const Clips clips = drawClips(batch_size_, clips_);  // the same for all nets
    for (std::size_t i = 0; i < nets_.size(); ++i)
      state_.standings[i].loss = train(
          nets_[i], compare_ == ClipRival::Patch ? clips.frames.narrow(1, 0, 1) : clips.frames,
          compare_ == ClipRival::Motion ? clips.directions : clips.shapes);
    for (const ClipStanding& standing : state_.standings)
      recorder.add(standing.id + "/loss", standing.loss);
    if (state_.step % evaluate_every_ == 0) {
      judge();
      record(recorder);
    }
    return true;
  }

  void snapshot(Frame& frame) const override {
    const std::size_t last = nets_.size() - 1;
    showClip(frame, new_clips_, shown_, settings_.front().side);
    showFilters(frame, nets_[compare_ == ClipRival::Motion ? last : 0]);
    showCounts(frame, settings_);
    showClipStandings(frame, state_);
    showPictureNet(frame, state_);
    frame.at<VerdictData>("verdict") = clipVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    for (std::size_t i = 0; i < nets_.size(); ++i)
      nets_[i].weights().save(sink, settings_[i].id + ".");
    sink.add(namedArray("probe.clips", new_clips_.frames.narrow(0, 0, 4)));
  }

  /// The linear layer on cut-out blocks against a convolution whose stride is its kernel; and a bag
  /// of single frames answers a clip and the same clip backwards alike.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const TokenNet& net = nets_.back();
    const auto clips = new_clips_.frames.narrow(0, 0, 8).to(device_);
    const std::int64_t frames = net.frames(), side = net.side();
    const auto convolved =
        torch::conv3d(clips.unsqueeze(1), net.filters().unsqueeze(1), net.weights().single()[1],
                      {frames, side, side});  // [clips, 64, time, rows, columns]
    const auto difference = net.tokens(clips) - convolved.flatten(2).transpose(1, 2);
    sink.compare("convolution", difference.abs().max().item<double>(), 1e-4);
    const TokenNet bag(1, side, generatorFor(seed_, kClipWeightStream), device_);
    sink.compare("backwards", (bag(clips) - bag(clips.flip(1))).abs().max().item<double>(), 1e-5);
  }

 private:
  /// One update; answers the loss before it.
  double train(TokenNet& net, const torch::Tensor& clips, const torch::Tensor& labels) const {
    const auto loss = torch::cross_entropy_loss(net(clips.to(device_)), labels.to(device_));
    net.weights().differentiate(loss.unsqueeze(0));
    net.weights().update(Adam{rate_});
    return loss.item<double>();
  }

  void judgePicture() {
    const torch::NoGradGuard no_grad;
    const auto still = stillOf(new_clips_).to(device_);
    const auto first = still.narrow(1, 0, 1).contiguous();
    state_.picture = accuracyOf(picture_net_(first), new_clips_.shapes);
    double worst = 0;
    const auto picture = picture_net_.tokens(first);
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      if (settings_[i].id == kTubelet) continue;
      const auto tokens = nets_[i].tokens(still).narrow(1, 0, picture.size(1));
      worst = std::max(worst, (tokens - picture).abs().max().item<double>());
    }
    state_.token_error = worst;
  }

  void judge() {
    const torch::NoGradGuard no_grad;
    const auto clips = new_clips_.frames.to(device_), still = stillOf(new_clips_).to(device_);
    state_.standings.resize(nets_.size());
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      ClipStanding& standing = state_.standings[i];
      standing.id = settings_[i].id;
      standing.weights = nets_[i].weights().flat().size(1);
      const std::int64_t time = compare_ == ClipRival::Patch ? 1 : kClipFrames;
      standing.tokens =
          tubeletCount(time, kClipSide, kClipSide, settings_[i].frames, settings_[i].side);
      const auto& labels =
          compare_ == ClipRival::Motion ? new_clips_.directions : new_clips_.shapes;
      const auto seen = [&](const torch::Tensor& all) {
        return compare_ == ClipRival::Patch ? all.narrow(1, 0, 1).contiguous() : all;
      };
      standing.moving = accuracyOf(nets_[i](seen(clips)), labels);
      standing.still = accuracyOf(nets_[i](seen(still)), labels);
    }
  }

  void record(Recorder& recorder) const {
    for (const ClipStanding& standing : state_.standings) {
      recorder.add(standing.id + "/tokens", static_cast<double>(standing.tokens));
      recorder.add(standing.id + "/accuracy", standing.moving);
      recorder.add(standing.id + "/still_accuracy", standing.still);
    }
    if (state_.picture) recorder.add("picture", *state_.picture);
  }

  std::string preset_, device_;
  std::uint64_t seed_;
  ClipRival compare_;
  std::vector<ClipNetSetting> settings_;
  std::int64_t batch_size_, evaluate_every_, picture_updates_, pictured_ = 0, shown_ = 0;
  at::Generator clips_, pictures_;
  Clips new_clips_;
  TokenNet picture_net_;
  std::vector<TokenNet> nets_;
  double rate_ = 0;
  ClipState state_;
};

}  // namespace

std::unique_ptr<Experiment> makePatchAndTubelet(const Parameters& parameters,
                                                const RunContext& context) {
  return std::make_unique<PatchAndTubelet>(parameters, context);
}

}  // namespace viva

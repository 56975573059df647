// SPDX-License-Identifier: GPL-3.0-or-later
// Two encoders learn which caption belongs to which picture of a batch, alone or beside others.
#include "lessons/clip/contrastive_pairs.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "lessons/clip/contrastive_judge.h"
#include "lessons/clip/contrastive_net.h"
#include "lessons/clip/contrastive_views.h"
#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/contrastive_loss.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::uint64_t kPairStream = 0, kEncoderStream = 1, kNewPictureStream = 2,
                        kRepeatedStream = 3;
constexpr std::int64_t kWarmUpUpdates = 20, kSavedPictures = 8;

CaptionedScene sceneOf(PairScene scene) {
  return scene == PairScene::OneShape ? CaptionedScene::OneShape : CaptionedScene::TwoShapes;
}

std::vector<ContrastiveNet> netsFor(const std::vector<PairSetting>& settings,
                                    const RunContext& context) {
  std::vector<ContrastiveNet> nets;  // that begin alike
  for (const PairSetting& setting : settings)
    nets.emplace_back(ContrastiveManner{setting.knows_order, setting.fixed_scale},
                      generatorFor(context.seed, kEncoderStream), context.device);
  return nets;
}

NamedArray wholeNumbers(std::string name, const torch::Tensor& numbers) {
  const auto host = numbers.to(torch::kCPU, torch::kLong).contiguous();
  const auto* bytes = reinterpret_cast<const std::byte*>(host.data_ptr<std::int64_t>());
  return {std::move(name), NamedArray::Type::Int64, host.sizes().vec(),
          std::vector<std::byte>(bytes, bytes + host.nbytes())};
}

/// Of a batch the share of pictures whose own caption is the nearest; equal ones share the place.
double recallIn(const torch::Tensor& cosines) {
  const auto best = std::get<0>(cosines.max(1, true));
  const auto is_best = (cosines >= best - kEqualCosines).to(torch::kFloat);
  return (is_best.diagonal() / is_best.sum(1)).mean().item<double>();
}

class ContrastivePairs : public Experiment {
 public:
  ContrastivePairs(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        scene_(p[kPairScene]),
        shapes_(sceneOf(scene_), p[kPairHeldOut]),
        judge_(shapes_, generatorFor(context.seed, kNewPictureStream), device_),
        nets_(netsFor(pairSettingsOf(p), context)),
        distinct_(generatorFor(context.seed, kPairStream)),
        repeated_(generatorFor(context.seed, kRepeatedStream)),
        evaluate_every_(p[kPairEvaluateEvery]) {
    keepFreedMemory();
    state_.captions = shapes_.count();
    for (const PairSetting& setting : pairSettingsOf(p)) {
      PairStanding& standing = state_.standings.emplace_back();
      standing.setting = setting;
      standing.chance = std::log(static_cast<double>(setting.pairs));
      if (setting.fixed_scale) standing.floor = scaleFloor(setting.pairs, *setting.fixed_scale);
    }
    for (const ContrastiveNet& net : nets_) starts_.push_back(net.flat());
    seen_batches_.resize(nets_.size());
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kPairRate];
    lower_after_ = p[kPairLowerAfter];
    probe_ = {};
    // validate() has read it without complaint.
    if (const std::string& typed = p[kPairQuery].text; !typed.empty())
      probe_.query = std::get<0>(readCaption(typed, kPairQuery.name));
    probe_.picture = p[kPairPicture];
    shown_ = p[kPairNet];
  }

  void initial(Recorder& recorder) override {
    judgeNets();
    for (PairStanding& standing : state_.standings) standing.first_gap = standing.gap;
    recordJudgement(recorder);
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    drawBatches();
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const PairBatch batch = batchFor(state_.standings[i].setting);
      const auto images = nets_[i].images(batch.pictures);  // [pairs, 32], of unit length
      const auto texts = nets_[i].texts(batch.words);       // [pairs, 32]
      const auto logits = contrastiveLogits(images, texts, nets_[i].scale());  // [pairs, pairs]
      const auto loss = contrastiveLoss(logits);  // rows and columns, the diagonal is right
      nets_[i].differentiate(loss);
      nets_[i].update(Adam{rateNow()});
      note(i, loss, (images.matmul(texts.t())).detach(), batch);
    }
    recordLosses(recorder);
    if (state_.step % evaluate_every_ == 0) {
      judgeNets();
      recordJudgement(recorder);
    }
    return true;
  }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    const auto shown =
        static_cast<std::size_t>(std::min(shown_, static_cast<std::int64_t>(nets_.size()) - 1));
    const ContrastiveNet& net = nets_[shown];
    const EmbeddedPairs embedded = judge_.embed(net);
    showPairLosses(frame, state_);
    showBatch(frame, shapes_, batchShown(shown, embedded));
    showClouds(frame, embedded, judge_);
    showCosines(frame, embedded, shapes_, judge_);
    showNaming(frame, net, embedded, shapes_, judge_, probe_);
    showPairStandings(frame, state_, scene_);
    frame.at<VerdictData>("verdict") = pairVerdict(preset_, state_);
  }

  /// The weights; eight pictures with their captions, and every cosine between them by each net.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto captions = judge_.captions().narrow(0, 0, kSavedPictures);
    const auto words = shapes_.captions().index_select(0, captions);
    const auto pictures = judge_.pictures().narrow(0, 0, kSavedPictures);
    sink.add(namedArray("probe.pictures", pictures));
    sink.add(wholeNumbers("probe.words", words));
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const std::string& id = state_.standings[i].setting.id;
      const std::string prefix = id.empty() ? "" : id + ".";
      nets_[i].save(sink, prefix);
      const auto cosines = nets_[i].images(pictures).matmul(nets_[i].texts(words.to(device_)).t());
      sink.add(namedArray(prefix + "probe.cosines", cosines));
    }
  }

  void check(CheckSink& sink) const override {
    // The last one: where words are compared it is the bag.
    checkPairs(nets_.back(), judge_.embed(nets_.back()), shapes_, judge_, sink);
  }

 private:
  struct PairBatch {
    torch::Tensor captions;  ///< [pairs], int64, on the CPU
    torch::Tensor words;     ///< [pairs, 5], int64
    torch::Tensor pictures;  ///< [pairs, 3, 32, 32]
  };

  double rateNow() const {
    return rate_ * warmUpShare(state_.step, kWarmUpUpdates) *
           (state_.step > lower_after_ ? 0.3 : 1);
  }

  /// The same for all nets that take captions alike; a smaller batch is the beginning of a larger.
  void drawBatches() {
    std::int64_t distinct = 0, repeated = 0, repeats = 1;
    for (const PairStanding& standing : state_.standings) {
      const PairSetting& setting = standing.setting;
      std::int64_t& most = setting.repeats > 1 ? repeated : distinct;
      most = std::max(most, setting.pairs);
      repeats = std::max(repeats, setting.repeats);
    }
    if (distinct > 0) distinct_batch_ = drawBatch(distinct, 1, distinct_);
    if (repeated > 0) repeated_batch_ = drawBatch(repeated, repeats, repeated_);
  }

  PairBatch drawBatch(std::int64_t pairs, std::int64_t repeats, at::Generator generator) const {
    const auto captions = shapes_.drawCaptions(pairs, repeats, generator);
    return {captions, shapes_.captions().index_select(0, captions).to(device_),
            shapes_.draw(captions, generator).images.to(device_)};
  }

  PairBatch batchFor(const PairSetting& setting) const {
    const PairBatch& all = setting.repeats > 1 ? repeated_batch_ : distinct_batch_;
    return {all.captions.narrow(0, 0, setting.pairs), all.words.narrow(0, 0, setting.pairs),
            all.pictures.narrow(0, 0, setting.pairs)};
  }

  void note(std::size_t net, const torch::Tensor& loss, const torch::Tensor& cosines,
            const PairBatch& batch) {
    PairStanding& standing = state_.standings[net];
    standing.loss = loss.item<double>();
    standing.batch_recall = recallIn(cosines);
    if (standing.setting.repeats > 1) standing.floor = duplicateFloor(batch.captions);
    if (!standing.left_at && standing.chance > 0 && standing.loss < kHasLeft * standing.chance)
      standing.left_at = state_.step;
    seen_batches_[net] = {cosines, batch.captions};
  }

  void recordLosses(Recorder& recorder) const {
    const auto record = [&](const std::string& prefix, const PairStanding& standing) {
      recorder.add(prefix + "loss", standing.loss);
      recorder.add(prefix + "batch_recall", standing.batch_recall);
    };
    record("", state_.own());
    recorder.add("chance", state_.own().chance);
    recorder.add("gradient", nets_.front().gradients().norm().item<double>());
    if (state_.standings.size() == 1) return;
    for (const PairStanding& standing : state_.standings)
      record(standing.setting.id + "/", standing);
  }

  void judgeNets() {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      PairStanding& standing = state_.standings[i];
      judge_.judge(nets_[i], standing);
      standing.moved = (nets_[i].flat() - starts_[i]).abs().max().item<double>();
      if (!standing.colours_at && standing.colour_accuracy.value_or(0) >= kColoursKnown)
        standing.colours_at = state_.step;
      if (!standing.order_at && standing.order_accuracy.value_or(0) >= kOrderKnown)
        standing.order_at = state_.step;
    }
  }

  void recordJudgement(Recorder& recorder) const {
    const auto record = [&](const std::string& prefix, const PairStanding& standing) {
      recorder.add(prefix + "recall_at_1", standing.recall_at_1);
      recorder.add(prefix + "zero_shot", standing.zero_shot);
      recorder.add(prefix + "gap", standing.gap);
      recorder.add(prefix + "scale", standing.scale);
      const auto perhaps = [&](const char* name, const std::optional<double>& value) {
        if (value) recorder.add(prefix + name, *value);
      };
      perhaps("held_out_accuracy", standing.held_out);
      perhaps("colour_accuracy", standing.colour_accuracy);
      perhaps("order_accuracy", standing.order_accuracy);
      perhaps("colour_by_word", standing.colour_by_word);
      perhaps("colour_by_mean", standing.colour_by_mean);
      perhaps("shape_by_word", standing.shape_by_word);
      perhaps("shape_by_mean", standing.shape_by_mean);
    };
    record("", state_.own());
    if (state_.standings.size() == 1) return;
    for (const PairStanding& standing : state_.standings)
      record(standing.setting.id + "/", standing);
  }

  /// The last batch; before the first one, as many new pictures.
  MatchedBatch batchShown(std::size_t net, const EmbeddedPairs& embedded) const {
    if (seen_batches_[net].cosines.defined()) return seen_batches_[net];
    const std::int64_t pairs = std::min(state_.standings[net].setting.pairs, judge_.seen());
    const auto captions = judge_.captions().narrow(0, 0, pairs);
    return {
        embedded.images.narrow(0, 0, pairs).matmul(embedded.texts.index_select(0, captions).t()),
        captions};
  }

  std::string preset_, device_;
  PairScene scene_;
  CaptionedShapes shapes_;
  ContrastiveJudge judge_;
  std::vector<ContrastiveNet> nets_;
  std::vector<torch::Tensor> starts_;  ///< the weights that they began with
  at::Generator distinct_, repeated_;
  std::int64_t evaluate_every_;
  PairState state_;
  PairBatch distinct_batch_, repeated_batch_;
  std::vector<MatchedBatch> seen_batches_;  ///< the last of each net
  double rate_ = 0;
  std::int64_t lower_after_ = 0, shown_ = 0;
  PairProbe probe_;
};

}  // namespace

std::optional<Message> problemWithPairs(const Parameters& p) {
  const bool has_repeats =
      p[kPairCaptions] == PairCaptions::Repeated || p[kPairCompare] == PairRival::Captions;
  if (has_repeats && p[kPairRepeats] > p[kPairBatch])
    return Message{"error.pairs.repeats",
                   {{"repeats", p[kPairRepeats]}, {"batch_size", p[kPairBatch]}}};
  if (const std::string& typed = p[kPairQuery].text; !typed.empty()) {
    const auto read = readCaption(typed, kPairQuery.name);
    if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  }
  return std::nullopt;
}

std::unique_ptr<Experiment> makeContrastivePairs(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<ContrastivePairs>(parameters, context);
}

}  // namespace viva

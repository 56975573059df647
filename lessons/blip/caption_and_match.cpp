// SPDX-License-Identifier: GPL-3.0-or-later
// A convnet and one text net learn three things at once: which caption belongs to which picture,
// whether a caption is true, and to write one. Alone, or beside others that read filtered pairs.
#include "lessons/blip/caption_and_match.h"

#include <torch/utils.h>

#include <algorithm>
#include <numeric>
#include <variant>

#include "lessons/blip/blip_losses.h"
#include "lessons/blip/blip_net.h"
#include "lessons/blip/caption_and_match_views.h"
#include "lessons/blip/caption_judge.h"
#include "lessons/blip/web_pairs.h"
#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::uint64_t kFreshStream = 0, kNetStream = 1, kJudgeStream = 2, kWebStream = 3,
                        kFilterStream = 4;
constexpr std::int64_t kWarmUp = 20, kAveraged = 20, kUnsettled = 10, kSavedPictures = 8;

std::vector<BlipNet> netsThatBeginAlike(std::size_t count, const RunContext& context) {
  std::vector<BlipNet> nets;
  for (std::size_t i = 0; i < count; ++i)
    nets.emplace_back(generatorFor(context.seed, kNetStream), context.device);
  return nets;
}

class CaptionAndMatch : public Experiment {
 public:
  CaptionAndMatch(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        shapes_(CaptionedScene::OneShape, /*held_out=*/0),
        judge_(shapes_, generatorFor(context.seed, kJudgeStream), device_),
        nets_(netsThatBeginAlike(captionNetsOf(p).size(), context)),
        batch_size_(p[kCaptionBatch]),
        hard_after_(p[kHardAfter]),
        evaluate_every_(p[kCaptionEvaluateEvery]),
        learns_contrast_(p[kLearnsContrast]),
        learns_matching_(p[kLearnsMatching]),
        learns_captions_(p[kLearnsCaptions]) {
    keepFreedMemory();
    state_.area = judge_.area();
    for (const std::string& id : captionNetsOf(p)) {
      state_.nets.emplace_back().id = id;
      pairs_.push_back(generatorFor(context.seed, kFreshStream));
    }
    if (p[kCaptionSource] == CaptionSource::Web) {
      web_ = webPairs(shapes_, p[kWebPictures], p[kWebNoise],
                      generatorFor(context.seed, kWebStream), device_);
      pools_.assign(nets_.size(), web_->given);
    }
    if (isCapFilt(p)) {
      filter_.emplace(generatorFor(context.seed, kNetStream), device_);
      filter_pairs_ = generatorFor(context.seed, kFilterStream);
      filter_updates_ = p[kFilterUpdates];
    }
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kCaptionRate];
    lower_after_ = p[kCaptionLowerAfter];
    probe_ = {};
    // validate() has read it without complaint.
    if (const std::string& typed = p[kCaptionQuery].text; !typed.empty())
      probe_.query = std::get<0>(readCaption(typed, kCaptionQuery.name));
    probe_.picture = p[kCaptionPicture];
    shown_ = p[kCaptionNet];
  }

  /// One update of the net that filters, on the pairs as they are.
  bool prepare() override {
    if (!filter_) return false;
    filter_step_ += 1;
    learn(*filter_, drawFrom(web_->given, filter_pairs_), filter_step_);
    if (filter_step_ < filter_updates_) return true;
    filterTheWeb();
    return false;
  }
  void keep(WeightSink& sink) const override {
    if (filter_) sink.add(namedArray("filter", filter_->flat()));
  }
  void resume(const std::vector<NamedArray>& kept) override {
    auto flat = filter_->flat();
    copyInto(flat, kept, "filter");
    filter_->take(flat);
    filterTheWeb();
  }

  void initial(Recorder& recorder) override {
    judgeNets(recorder);
    for (std::size_t place = 0; place < kWordPlaces; ++place)
      state_.first_relevance[place] = state_.own().words[place].relevance;
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const CaptionedBatch batch = web_ ? drawFrom(pools_[i], pairs_[i]) : drawFresh(pairs_[i]);
      note(learn(nets_[i], batch, state_.step), state_.nets[i]);
    }
    noteHardness();
    recordLosses(recorder);
    if (state_.step % evaluate_every_ == 0) judgeNets(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    const auto last = static_cast<std::int64_t>(nets_.size()) - 1;
    const auto shown = static_cast<std::size_t>(std::min(shown_, last));
    showObjectives(frame, nets_[shown], {learns_contrast_, learns_matching_, learns_captions_});
    showChangedWords(frame, state_.nets[shown]);
    showPictures(frame, nets_[shown], judge_, probe_);
    showWordLooks(frame, nets_[shown], state_, shown, judge_, probe_);
    showCaptionStandings(frame, state_);
    if (filtered_) {
      showWeb(frame, *web_, *filtered_);
    } else {
      const WebPairs mixed = judge_.mixed();
      showWeb(frame, mixed, filtered(nets_[shown], mixed));
    }
    showCaptionLines(frame, state_, batch_size_, hard_after_);
    frame.at<VerdictData>("verdict") = captionVerdict(preset_, state_);
  }

  /// The weights; eight pictures with their captions, and what each net says of them.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto pictures = judge_.pictures().narrow(0, 0, kSavedPictures);
    const auto words = judge_.words().narrow(0, 0, kSavedPictures);
    sink.add(namedArray("probe.pictures", pictures));
    sink.add(namedArray("probe.words", words.to(torch::kFloat)));
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const std::string prefix = nets_.size() == 1 ? "" : state_.nets[i].id + ".";
      nets_[i].save(sink, prefix);
      const SeenPictures seen = nets_[i].look(pictures);
      sink.add(
          namedArray(prefix + "probe.cosines", seen.vector.matmul(nets_[i].vectors(words).t())));
      sink.add(namedArray(prefix + "probe.match", matchProbability(nets_[i], seen.cells, words)));
    }
  }

  void check(CheckSink& sink) const override { checkReadings(nets_.back(), judge_, sink); }

 private:
  double rateAt(std::int64_t update) const {
    return rate_ * warmUpShare(update, kWarmUp) * (update > lower_after_ ? 0.3 : 1);
  }

  /// One update by the sum of the losses that are to be learned.
  BlipLosses learn(BlipNet& net, const CaptionedBatch& batch, std::int64_t update) const {
    const BlipLosses losses = blipLosses(net, batch, update > hard_after_);
    auto sum = torch::zeros_like(losses.itc);
    if (learns_contrast_) sum = sum + losses.itc;
    if (learns_matching_) sum = sum + losses.itm;
    if (learns_captions_) sum = sum + losses.lm;
    net.differentiate(sum);
    net.update(Adam{rateAt(update)});
    return losses;
  }

  CaptionedBatch drawFresh(at::Generator generator) const {
    const auto captions = shapes_.drawCaptions(batch_size_, 1, generator);  // all different
    const auto words = shapes_.captions().index_select(0, captions);
    return batchOf({shapes_.draw(captions, generator).images.to(device_), words.to(device_)},
                   generator);
  }

  CaptionedBatch drawFrom(const PairPool& pool, at::Generator generator) const {
    const auto chosen = torch::randint(pool.size(), {batch_size_}, generator, torch::kLong);
    return batchOf(pool.at(chosen.to(device_)), generator);
  }

  CaptionedBatch batchOf(const PairPool& pairs, at::Generator generator) const {
    const auto chances = torch::rand({2, batch_size_}, generator);
    return {pairs.pictures, pairs.words, captionCodes(pairs.words), chances.to(device_)};
  }

  /// What each net reads from now on.
  void filterTheWeb() {
    filtered_ = filtered(*filter_, *web_);
    const PairPool kept = web_->given.at(filtered_->keeps);
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const std::string& id = state_.nets[i].id;
      if (id == kCleanPairs) pools_[i].words = web_->truths;
      if (id == kFilteredPairs || id == kSyntheticPairs) pools_[i] = kept;
      if (id != kSyntheticPairs) continue;
      const PairPool written = filtered_->synthetic.at(filtered_->keeps_synthetic);
      pools_[i] = {torch::cat({kept.pictures, written.pictures}),
                   torch::cat({kept.words, written.words})};
    }
    // A filter that believes nothing leaves nothing to learn from.
    for (PairPool& pool : pools_)
      if (pool.size() == 0) pool = web_->given;
    state_.filter = standingOf(*filtered_);
  }

  void note(const BlipLosses& losses, CaptionStanding& net) const {
    net.itc_loss = losses.itc.item<double>();
    net.itm_loss = losses.itm.item<double>();
    net.lm_loss = losses.lm.item<double>();
  }

  /// The matching loss just before and soon after negatives become hard.
  void noteHardness() {
    itm_losses_.push_back(state_.own().itm_loss);
    if (state_.step < kAveraged) return;
    const double mean = std::accumulate(itm_losses_.end() - kAveraged, itm_losses_.end(), 0.0) /
                        static_cast<double>(kAveraged);
    if (state_.step == hard_after_) state_.easy_itm_loss = mean;
    if (state_.step == hard_after_ + kUnsettled + kAveraged) state_.hard_itm_loss = mean;
  }

  void recordLosses(Recorder& recorder) const {
    const auto record = [&](const std::string& prefix, const CaptionStanding& net) {
      recorder.add(prefix + "itc_loss", net.itc_loss);
      recorder.add(prefix + "itm_loss", net.itm_loss);
      recorder.add(prefix + "lm_loss", net.lm_loss);
    };
    record("", state_.own());
    for (const CaptionStanding& net : state_.nets) record(net.id + "/", net);
  }

  void judgeNets(Recorder& recorder) {
    for (std::size_t i = 0; i < nets_.size(); ++i) judge_.judge(nets_[i], state_.nets[i]);
    const auto record = [&](const std::string& prefix, const CaptionStanding& net) {
      recorder.add(prefix + "recall_at_1", net.recall_at_1);
      recorder.add(prefix + "itm_accuracy", net.itmAccuracy());
      recorder.add(prefix + "caption_exact", net.caption_exact);
    };
    const CaptionStanding& own = state_.own();
    record("", own);
    recorder.add("true/match", own.match);
    recorder.add("random/match", own.random_match);
    recorder.add("random/cosine", own.random_cosine);
    for (std::size_t place = 0; place < kWordPlaces; ++place) {
      const ChangedWord& word = own.words[place];
      const std::string prefix = kPlaceIds[place] + "/";
      recorder.add(prefix + "match", word.match);
      recorder.add(prefix + "cosine", word.cosine);
      recorder.add(prefix + "dropped", word.dropped);
      recorder.add(prefix + "right", word.right);
      recorder.add(prefix + "relevance", word.relevance);
      recorder.add(prefix + "writing", word.writing);
      recorder.add(prefix + "matching", word.matching);
    }
    recorder.add("mean_relevance", state_.meanRelevance());
    recorder.add("area", state_.area);
    if (!web_) recorder.add("itm_jump", state_.itmJump().value_or(1));
    if (state_.filter) {
      recorder.add("filter_precision", state_.filter->precision);
      recorder.add("filter_recall", state_.filter->recall);
      recorder.add("synthetic_right", state_.filter->synthetic_right);
      recorder.add("one_wrong_kept", state_.filter->one_wrong_kept);
    }
    for (const CaptionStanding& net : state_.nets) record(net.id + "/", net);
  }

  std::string preset_, device_;
  CaptionedShapes shapes_;
  CaptionJudge judge_;
  std::vector<BlipNet> nets_;
  std::vector<at::Generator> pairs_;  ///< of each net, alike
  std::optional<WebPairs> web_;
  std::vector<PairPool> pools_;  ///< what each net reads
  std::optional<BlipNet> filter_;
  at::Generator filter_pairs_;
  std::optional<Filtered> filtered_;
  std::int64_t filter_step_ = 0, filter_updates_ = 0;
  std::int64_t batch_size_, hard_after_, evaluate_every_;
  bool learns_contrast_, learns_matching_, learns_captions_;
  CaptionState state_;
  std::vector<double> itm_losses_;  ///< of the first net
  double rate_ = 0;
  std::int64_t lower_after_ = 0, shown_ = 0;
  CaptionProbe probe_;
};

}  // namespace

std::optional<Message> problemWithCaptions(const Parameters& p) {
  if (!p[kLearnsContrast] && !p[kLearnsMatching] && !p[kLearnsCaptions])
    return Message{"error.caption_and_match.nothing", {}};
  if (const std::string& typed = p[kCaptionQuery].text; !typed.empty()) {
    const auto read = readCaption(typed, kCaptionQuery.name);
    if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  }
  return std::nullopt;
}

std::unique_ptr<Experiment> makeCaptionAndMatch(const Parameters& parameters,
                                                const RunContext& context) {
  return std::make_unique<CaptionAndMatch>(parameters, context);
}

}  // namespace viva

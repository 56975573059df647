// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/bert/masked_language_model.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/bert/few_labels.h"
#include "lessons/bert/masked_judge.h"
#include "lessons/bert/masked_text.h"
#include "lessons/bert/masked_views.h"
#include "lessons/bert/masked_writing.h"
#include "lessons/core/error.h"
#include "lessons/core/index_list.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/attention_views.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::uint64_t kSentenceStream = 0, kWeightStream = 1, kJudgeStream = 2,
                        kWritingStream = 3, kLabelStream = 4;
constexpr std::int64_t kWarmUp = 30, kWriteEvery = 110, kWritten = 64;

TransformerShape shapeOf(const Parameters& p, const MaskedText& text) {
  TransformerShape shape;
  shape.vocabulary = text.vocabulary();
  shape.context = text.length();
  shape.width = p[kWidth];
  shape.heads = p[kHeads];
  shape.layers = p[kLayers];
  return shape;
}

/// A net for each id of netsIn(): only the causal one cannot look to the right.
std::vector<Manner> mannersIn(const Parameters& p) {
  std::vector<Manner> manners;
  for (const std::string& id : netsIn(p)) {
    Manner manner;
    manner.is_causal = id == kCausal;
    manners.push_back(manner);
  }
  return manners;
}

std::vector<Hiding> hidingsIn(const Parameters& p) {
  switch (p[kCompare]) {
    case Compared::Replacement:
      return {{p[kMaskRate], Replacement::MaskOnly}, {p[kMaskRate], Replacement::EightyTenTen}};
    case Compared::MaskRate: {
      std::vector<Hiding> hidings;
      for (const double rate : kComparedRates) hidings.push_back({rate, p[kReplacement]});
      return hidings;
    }
    default:
      return std::vector<Hiding>(netsIn(p).size(), {p[kMaskRate], p[kReplacement]});
  }
}

class MaskedLanguageModel : public Experiment {
 public:
  MaskedLanguageModel(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        text_(p),
        hidings_(hidingsIn(p)),
        nets_(shapeOf(p, text_), mannersIn(p), generatorFor(context.seed, kWeightStream), device_),
        judge_(text_, p[kMaskRate], generatorFor(context.seed, kJudgeStream), device_),
        sentences_(generatorFor(context.seed, kSentenceStream)),
        writing_(generatorFor(context.seed, kWritingStream)),
        evaluate_every_(p[kEvaluateEvery]),
        sweeps_(p[kWrite] && p[kCompare] == Compared::Attention && text_.isGrammar() ? p[kSweeps]
                                                                                     : 0) {
    keepFreedMemory();
    for (const std::string& id : netsIn(p)) {
      state_.nets.push_back({id});
      if (text_.isGrammar()) state_.nets.back().best_loss = judge_.bestLoss(id != kCausal);
    }
    if (p[kCompare] == Compared::FewLabels) {
      pretraining_ = p[kPretraining];
      few_labels_.emplace(nets_, p[kLabels], generatorFor(context.seed, kLabelStream), device_);
      state_.labels = p[kLabels];
    }
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kRate];
    lower_after_ = p[kLowerAfter];
    batch_size_ = p[kBatchSize];
    // validate() has read it without complaint.
    probe_ =
        MaskedProbe(text_, std::get<0>(text_.read(p[kProbe].text)), indexList(p[kMasked].text));
    shown_ = {p[kNet], p[kLayer], p[kHead]};
  }

  void initial(Recorder& recorder) override {
    evaluate(recorder);
    write(recorder);
    if (few_labels_) recordLabels(recorder);
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    if (few_labels_ && state_.step > pretraining_) return labelStep(recorder);
    const auto tokens = text_.draw(batch_size_, sentences_);            // [batch, length]
    const Blanks blanks = hide(text_, tokens, hidings_, sentences_);    // the same for all nets
    const auto logits = nets_.forward(blanks.inputs.to(device_));       // [nets, batch, length, V]
    const auto losses = tokenLoss(logits, blanks.targets.to(device_));  // [nets], of the blanks
    nets_.weights().differentiate(losses);
    nets_.weights().update(Adam{rateNow()});

    const auto values = numbersOf(losses);
    for (std::size_t i = 0; i < values.size(); ++i)
      recorder.add(state_.nets[i].id + "/loss", state_.nets[i].loss = values[i]);
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    if (state_.step % kWriteEvery == 0) write(recorder);
    if (few_labels_ && state_.step == pretraining_) startOnLabels(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    showLosses(frame, state_);
    showProbe(frame, nets_, state_, text_, probe_, shown_);
    showDecided(frame, state_, findings_, text_.isGrammar());
    showWriting(frame, state_, text_, written_.empty() ? writtenForNow() : written_);
    showLabels(frame, state_);
    frame.at<VerdictData>("verdict") = maskedVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto inputs = torch::tensor(probe_.inputs, torch::kLong).unsqueeze(0);
    const auto logits = nets_.forward(inputs.to(device_));
    for (std::int64_t i = 0; i < nets_.copies(); ++i) {
      const std::string prefix = state_.nets[i].id + ".";
      nets_.save(sink, i, prefix);
      saveProbe(sink, inputs[0], logits[i][0], prefix);
    }
    if (few_labels_) few_labels_->save(sink);
  }

  void check(CheckSink& sink) const override { checkProbe(nets_, text_, probe_, sink); }

  /// The phase is the learning from blanks; what learns from labels begins with its weights.
  void keep(WeightSink& sink) const override {
    sink.add(namedArray("nets", nets_.weights().flat()));
  }
  void resume(const std::vector<NamedArray>& kept) override {
    {
      const torch::NoGradGuard no_grad;
      auto flat = nets_.weights().flat();
      copyInto(flat, kept, "nets");
    }
    state_.step = pretraining_;
    judgeNets();
    few_labels_->start(nets_);
    lookAtLabels();
  }

 private:
  double rateNow() const {
    return rate_ * warmUpShare(state_.step, kWarmUp) * (state_.step > lower_after_ ? 0.3 : 1);
  }

  void judgeNets() {
    findings_ = judge_.judge(nets_);
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      NetStanding& net = state_.nets[i];
      const MaskedJudge::Finding& found = findings_[i];
      net.validation_loss = found.loss;
      net.accuracy = found.accuracy;
      net.seen_accuracy = found.seen_accuracy;
      if (!text_.isGrammar()) continue;
      net.right_accuracy = (found.decided[0] + found.decided[1]) / 2;
      net.left_accuracy = (found.decided[2] + found.decided[3]) / 2;
      if (!net.known_at && std::min(*net.right_accuracy, *net.left_accuracy) >= kKnown)
        net.known_at = state_.step;
    }
  }

  void evaluate(Recorder& recorder) {
    judgeNets();
    for (const NetStanding& net : state_.nets) {
      recorder.add(net.id + "/validation_loss", net.validation_loss);
      recorder.add(net.id + "/accuracy", net.accuracy);
      recorder.add(net.id + "/seen_accuracy", net.seen_accuracy);
      if (!net.right_accuracy) continue;
      recorder.add(net.id + "/right_accuracy", *net.right_accuracy);
      recorder.add(net.id + "/left_accuracy", *net.left_accuracy);
    }
  }

  void write(Recorder& recorder) {
    if (sweeps_ == 0) return;
    const auto by_word = writtenWordByWord(nets_, text_, kWritten, writing_);
    const auto from_left = writtenFromTheLeft(nets_, text_, kWritten, writing_);
    const auto by_sweeps = writtenBySweeps(nets_, text_, kWritten, sweeps_, writing_);
    written_ = {{kCausal, by_word[0]},
                {kBidirectional, by_word[1]},
                {kLaidOut, from_left[1]},
                {kGibbs, by_sweeps[1]}};
    state_.writing.clear();
    for (const auto& [id, sentences] : written_) {
      const std::int64_t readings = text_.length() * (id == kGibbs ? sweeps_ : 1);
      state_.writing.push_back({id, grammaticalShare(sentences), readings});
      recorder.add(id + "/grammatical", state_.writing.back().grammatical);
    }
  }

  /// A sentence of each net, for those who look; no part of the run.
  std::vector<MaskedWriting> writtenForNow() const {
    const auto by_word = writtenWordByWord(
        nets_, text_, 1, generatorFor(static_cast<std::uint64_t>(state_.step), kWritingStream));
    std::vector<MaskedWriting> writings;
    for (std::int64_t i = 0; i < nets_.copies(); ++i)
      writings.push_back({state_.nets[i].id, by_word[i]});
    return writings;
  }

  void startOnLabels(Recorder& recorder) {
    few_labels_->start(nets_);
    recordLabels(recorder);
  }

  bool labelStep(Recorder& recorder) {
    few_labels_->learn();
    state_.labelled_steps += 1;
    if (state_.labelled_steps % kJudgeLabelsEvery == 0) recordLabels(recorder);
    return true;
  }

  void lookAtLabels() {
    state_.labelled = few_labels_->standings();
    if (state_.step >= pretraining_)
      state_.labelled_so_far.emplace_back(state_.labelled_steps, state_.labelled);
  }

  void recordLabels(Recorder& recorder) {
    lookAtLabels();
    for (const LabelStanding& learner : state_.labelled) {
      recorder.add(learner.id + "/loss", learner.loss);
      recorder.add(learner.id + "/train_accuracy", learner.train_accuracy);
      recorder.add(learner.id + "/accuracy", learner.accuracy);
    }
  }

  std::string preset_, device_;
  MaskedText text_;
  std::vector<Hiding> hidings_;  ///< a net each
  Transformer nets_;             ///< a copy each
  MaskedJudge judge_;
  at::Generator sentences_, writing_;
  std::int64_t evaluate_every_, sweeps_;
  MaskedState state_;
  std::vector<MaskedJudge::Finding> findings_;
  std::vector<MaskedWriting> written_;
  std::optional<FewLabels> few_labels_;
  std::int64_t pretraining_ = 0, batch_size_ = 1, lower_after_ = 0;
  double rate_ = 0;
  MaskedProbe probe_;
  MaskedHead shown_;
};

}  // namespace

std::optional<Message> problemWithMasking(const Parameters& p) {
  if (p[kWidth] % p[kHeads] != 0)
    return Message{"error.masked.heads", {{"width", p[kWidth]}, {"heads", p[kHeads]}}};
  if (p[kText] == MaskedTextKind::File && p[kDataFile].path.empty())
    return Message{"error.masked.no_file", {}};
  if (p[kText] != MaskedTextKind::Grammar && p[kCompare] == Compared::FewLabels)
    return Message{"error.masked.labels_of_a_text", {}};
  try {
    const auto read = MaskedText(p).read(p[kProbe].text);
    if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  } catch (const FileError&) {
    // A file that cannot be read is no request that is wrong: the run says so.
  }
  return std::nullopt;
}

std::unique_ptr<Experiment> makeMaskedLanguageModel(const Parameters& parameters,
                                                    const RunContext& context) {
  return std::make_unique<MaskedLanguageModel>(parameters, context);
}

}  // namespace viva

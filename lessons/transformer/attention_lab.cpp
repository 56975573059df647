// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/attention_lab.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/nn/attention_views.h"
#include "lessons/nn/head_list.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/warm_up.h"
#include "lessons/transformer/attention_lab_views.h"
#include "lessons/transformer/attention_streams.h"
#include "lessons/transformer/head_evaluation.h"
#include "lessons/transformer/written_attention.h"

namespace viva {
namespace {

/// A head has formed when half of its attention is where the answer is.
constexpr double kFormed = 0.5;

Manner mannerOf(const Parameters& p, const AttentionTask& task) {
  Manner manner;
  manner.positions = p[kPositions];
  manner.is_causal = p[kMask] == LabMask::Causal || (p[kMask] == LabMask::Task && task.isCausal());
  manner.is_scaled = p[kScaleOn];
  return manner;
}

Manner rivalMannerOf(const Parameters& p, Manner manner) {
  if (p[kRival] == LabRival::NoPositions) manner.positions = PositionKind::None;
  if (p[kRival] == LabRival::NoScale) manner.is_scaled = false;
  return manner;
}

TransformerShape shapeOf(const Parameters& p, const AttentionTask& task) {
  TransformerShape shape;
  shape.vocabulary = task.vocabulary();
  shape.context = task.tokensOf(2 * p[kLabLength]);
  shape.width = p[kWidth];
  shape.heads = p[kHeads];
  shape.layers = p[kLayers];
  shape.norm = p[kNorm];
  shape.has_position_table = true;
  return shape;
}

class AttentionLab : public Experiment {
 public:
  AttentionLab(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        task_(parameters[kLabTask]),
        length_(parameters[kLabLength]),
        warmup_(parameters[kLabWarmup]),
        evaluate_every_(parameters[kLabEvaluateEvery]),
        rival_(parameters[kRival]),
        rival_name_(rivalName(parameters)),
        sequences_(generatorFor(context.seed, kTokenStream)),
        drawn_(task_.draw(1, length_, generatorFor(context.seed, kShownStream)).tokens),
        held_out_(task_, length_, generatorFor(context.seed, kHeldOutStream), device_) {
    TransformerShape shape = shapeOf(parameters, task_);
    const bool is_copy = rival_ == LabRival::NoPositions || rival_ == LabRival::NoScale;
    const auto add = [&](std::size_t copies) {
      nets_.emplace_back(shape, std::vector<Manner>(copies), generatorFor(context.seed, kNetStream),
                         context.device);
    };
    add(is_copy ? 2 : 1);
    if (rival_ == LabRival::OtherNorm) {
      shape.norm = shape.norm == NormOrder::Pre ? NormOrder::Post : NormOrder::Pre;
      add(1);
    }
    nameHeads(shape);
    state_.length = task_.tokensOf(length_);
    state_.heads = shape.heads;
    state_.has_alignment = task_.hasNeeded();
    state_.rival_name = rival_name_;
    if (!rival_name_.empty()) state_.rival.emplace();
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    learning_rate_ = parameters[kLabRate];
    batch_size_ = parameters[kLabBatchSize];
    const Manner manner = mannerOf(parameters, task_);
    for (Transformer& net : nets_) net.setManner(0, manner);
    if (nets_.front().copies() > 1) nets_.front().setManner(1, rivalMannerOf(parameters, manner));
    const TransformerShape& shape = nets_.front().shape();
    gain_ = headGain(shape.layers, shape.heads, parameters[kAblate].text,
                     nets_.front().weights().flat());
    is_ablated_ = !parameters[kAblate].text.empty();
    picked_ = {parameters[kShownHead], parameters[kQuery], parameters[kKey],
               parameters[kComponent]};
    const std::string& typed = parameters[kLabProbe].text;
    // validate() has read it without complaint.
    const auto tokens =
        typed.empty() ? drawn_
                      : std::get<torch::Tensor>(readTokens(task_, typed, length_, shape.context));
    probe_ = task_.answered(tokens).to(device_);
  }

  bool step(Recorder& recorder) override {
    const auto batch = task_.draw(batch_size_, length_, sequences_).to(device_);
    state_.step += 1;
    for (Transformer& net : nets_) {
      const auto logits = net.forward(batch.tokens, reading());  // [copies, batch, length, V]
      const auto losses = tokenLoss(logits, batch.targets);      // [copies]
      net.weights().differentiate(losses);
      net.weights().update(rule());
      record(recorder, net, numbersOf(losses),
             numbersOf(tokenAccuracy(logits.detach(), batch.targets)));
    }
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override {
    evaluate(recorder);
    state_.own.entropy_at_start = state_.own.figures.entropy;
    if (state_.rival) state_.rival->entropy_at_start = state_.rival->figures.entropy;
    if (state_.has_alignment) state_.alignment_at_start = state_.figures[state_.best()].alignment;
  }

  void snapshot(Frame& frame) const override {
    showLab(frame, {task_, nets_.front(), nets_.back(), rival_name_, probe_, held_out_.order, gain_,
                    picked_, state_});
    frame.at<VerdictData>("verdict") = labVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const Transformer &net = nets_.front(), &last = nets_.back();
    net.save(sink);
    if (!rival_name_.empty()) last.save(sink, last.copies() - 1, rival_name_ + ".");
    saveProbe(sink, probe_.tokens[0], net.forward(probe_.tokens)[0][0]);
  }

  void check(CheckSink& sink) const override {
    checkWrittenOut(nets_.front(), probe_.tokens, sink);
    checkPermutation(nets_.front(), held_out_.batch.tokens.narrow(0, 0, 1), held_out_.order, sink);
  }

 private:
  /// The names of a head's records.
  struct HeadRecords {
    std::string alignment, entropy, without;
  };

  void nameHeads(const TransformerShape& shape) {
    for (std::int64_t layer = 0; layer < shape.layers; ++layer)
      for (std::int64_t head = 0; head < shape.heads; ++head) {
        const std::string name = headName(layer, head);
        head_records_.push_back({std::string("alignment/").append(name),
                                 std::string("entropy/").append(name),
                                 std::string("without/").append(name)});
      }
  }

  Reading reading() const {
    Reading reading;
    if (is_ablated_) reading.gain = gain_;
    return reading;
  }

  Adam rule() const {
    Adam rule;
    rule.learning_rate = learning_rate_ * warmUpShare(state_.step, warmup_);
    return rule;
  }

  void record(Recorder& recorder, const Transformer& net, const std::vector<double>& losses,
              const std::vector<double>& accuracies) {
    for (std::size_t copy = 0; copy < losses.size(); ++copy) {
      const bool is_own = &net == &nets_.front() && copy == 0;
      const std::string prefix = is_own ? "" : rival_name_ + "/";
      recorder.add(prefix + "loss", losses[copy]);
      recorder.add(prefix + "accuracy", accuracies[copy]);
      LabVariant& variant = is_own ? state_.own : *state_.rival;
      variant.progress.observe(state_.step, losses[copy], accuracies[copy]);
    }
  }

  void evaluate(Recorder& recorder) {
    state_.figures = headFigures(nets_.front(), held_out_, gain_);
    for (std::size_t i = 0; i < state_.figures.size(); ++i) {
      const HeadFigures& head = state_.figures[i];
      if (state_.has_alignment) recorder.add(head_records_[i].alignment, head.alignment);
      recorder.add(head_records_[i].entropy, head.entropy);
      recorder.add(head_records_[i].without, head.without);
    }
    if (state_.has_alignment && !state_.formed_at &&
        state_.figures[state_.best()].alignment >= kFormed)
      state_.formed_at = state_.step;
    state_.accuracy_long = accuracyOn(nets_.front(), held_out_.twice_as_long, gain_);
    state_.without_all = accuracyOn(nets_.front(), held_out_.batch, torch::zeros_like(gain_));
    recorder.add("accuracy_long", state_.accuracy_long);
    recorder.add("without_all", state_.without_all);
    for (const Transformer& net : nets_) {
      const auto figures = netFigures(net, held_out_, gain_);
      for (std::size_t copy = 0; copy < figures.size(); ++copy) {
        const bool is_own = &net == &nets_.front() && copy == 0;
        const std::string prefix = is_own ? "" : rival_name_ + "/";
        recorder.add(prefix + "order_effect", figures[copy].order_effect);
        recorder.add(prefix + "mean_entropy", figures[copy].entropy);
        (is_own ? state_.own : *state_.rival).figures = figures[copy];
      }
    }
  }

  std::string preset_;
  torch::Device device_;
  AttentionTask task_;
  std::int64_t length_, warmup_, evaluate_every_;
  LabRival rival_;
  std::string rival_name_;
  at::Generator sequences_;
  torch::Tensor drawn_;
  HeldOut held_out_;
  std::vector<Transformer> nets_;  ///< the net, with its rival as a copy; or the rival behind it
  TokenBatch probe_;
  torch::Tensor gain_;  ///< [layers, heads]
  LabPicks picked_;
  double learning_rate_ = 0;
  std::int64_t batch_size_ = 1;
  bool is_ablated_ = false;
  std::vector<HeadRecords> head_records_;  ///< layer by layer
  LabState state_;
};

}  // namespace

std::optional<Message> problemWithProbeTokens(const Parameters& p) {
  if (p[kLabTask] == AttentionTaskKind::Shift && p[kLabLength] <= kShifted)
    return Message{"error.attention.short", {{"length", p[kLabLength]}, {"least", kShifted + 1}}};
  const std::string& typed = p[kLabProbe].text;
  if (typed.empty()) return std::nullopt;
  const AttentionTask task(p[kLabTask]);
  const std::int64_t length = p[kLabLength];
  const auto read = readTokens(task, typed, length, task.tokensOf(2 * length));
  if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  return std::nullopt;
}

std::unique_ptr<Experiment> makeAttentionLab(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<AttentionLab>(parameters, context);
}

}  // namespace viva

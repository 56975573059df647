// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/induction_heads.h"

#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "lessons/data/dataset.h"
#include "lessons/gpt/gpt_streams.h"
#include "lessons/gpt/induction_heads_views.h"
#include "lessons/gpt/repeated_strings.h"
#include "lessons/nn/attention_views.h"
#include "lessons/nn/head_list.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::int64_t kEvaluateEvery = 10, kFreshStrings = 64, kWidth = 64, kHidden = 128;
/// ALiBi's slopes, the first layer's so steep that a head there looks at its neighbour from the
/// start, the second's so flat that it may look anywhere. With 0.25 in both the circuit forms too,
/// and less sharply.
constexpr double kSteep = 1, kFlat = 0.02;

Manner mannerOf(const Parameters& p, std::int64_t layers) {
  Manner manner;
  manner.positions = p[kInductionPositions];
  manner.is_causal = true;
  const auto heads = static_cast<std::size_t>(p[kInductionHeads]);
  if (manner.positions == PositionKind::Alibi)
    for (std::int64_t layer = 0; layer < layers; ++layer)
      manner.slopes.emplace_back(heads, layer == 0 ? kSteep : kFlat);
  return manner;
}

Transformer netOf(const Parameters& p, std::int64_t layers, const RunContext& context) {
  TransformerShape shape;
  shape.vocabulary = p[kStringVocabulary];
  shape.context = p[kStringLength];
  shape.width = kWidth;
  shape.hidden = kHidden;
  shape.heads = p[kInductionHeads];
  shape.layers = layers;
  return Transformer(shape, {mannerOf(p, layers)}, generatorFor(context.seed, kGptWeightStream),
                     context.device);
}

class InductionHeads : public Experiment {
 public:
  InductionHeads(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        length_(parameters[kStringLength]),
        strings_(generatorFor(context.seed, kStringStream)),
        net_(netOf(parameters, kInductionLayers, context)),
        fresh_(drawStrings(kFreshStrings, length_, parameters[kStringVocabulary],
                           generatorFor(context.seed, kFreshStringStream))
                   .to(context.device)) {
    if (parameters[kOneLayer]) one_layer_.emplace(netOf(parameters, 1, context));
    state_.vocabulary = parameters[kStringVocabulary];
    apply(parameters);
    state_.reports = {evaluated()};
  }

  void apply(const Parameters& p) override {
    rate_ = p[kInductionRate];
    warmup_ = p[kInductionWarmup];
    batch_size_ = p[kInductionBatch];
    ablated_ = p[kInductionAblate].text;
    layer_ = p[kInductionLayer];
    head_ = std::min(p[kInductionHead], p[kInductionHeads] - 1);
    gain_ = ablated_.empty() ? torch::Tensor() : gainWithout(ablated_);
  }

  bool step(Recorder& recorder) override {
    const auto strings =
        drawStrings(batch_size_, length_, state_.vocabulary, strings_).to(fresh_.tokens.device());
    state_.step += 1;
    recorder.add("loss", learnFrom(strings, net_, gain_));
    if (one_layer_) learnFrom(strings, *one_layer_, {});
    if (state_.step % kEvaluateEvery == 0) {
      state_.reports.push_back(evaluated());
      record(recorder);
    }
    return true;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    const RepeatedStrings one{fresh_.tokens.narrow(0, 0, 1), fresh_.periods.narrow(0, 0, 1)};
    showString(frame, net_, one, gain_, layer_, head_);
    frame.at<VerdictData>("verdict") = inductionVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    net_.save(sink);
    const auto tokens = fresh_.tokens[0];
    saveProbe(sink, tokens, net_.forward(tokens.unsqueeze(0))[0][0]);
  }

  /// The attention of every layer, from the queries and keys that it was made from, in float64.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    std::vector<BlockTrace> traces;
    Reading how;
    how.traces = &traces;
    net_.forward(fresh_.tokens.narrow(0, 0, 4), how);
    double off = 0;
    for (std::int64_t layer = 0; layer < kInductionLayers; ++layer) {
      const Attended& self = traces[layer].self;
      const auto q = self.q.to(torch::kDouble), k = self.k.to(torch::kDouble);
      auto scores = q.matmul(k.transpose(-1, -2)) / std::sqrt(static_cast<double>(q.size(-1)));
      const auto places = torch::arange(length_, scores.options());
      const auto behind = places.unsqueeze(1) - places;  // query minus key
      if (net_.manner(0).positions == PositionKind::Alibi)
        scores = scores - net_.manner(0).slopes[layer][0] * behind;
      const auto weights = scores.masked_fill(behind < 0, -INFINITY).softmax(-1);
      off = std::max(off, (weights - self.weights).abs().max().item<double>());
    }
    sink.compare("attention-rows", off, 1e-5);
  }

 private:
  /// One update of `net`; the loss before it.
  double learnFrom(const RepeatedStrings& strings, Transformer& net, const torch::Tensor& gain) {
    Reading how;
    how.gain = gain;
    const auto logits = net.forward(strings.tokens.narrow(1, 0, length_ - 1), how);
    const auto loss = tokenLoss(logits, strings.second());
    net.weights().differentiate(loss);
    net.weights().update(Adam{rate_ * warmUpShare(state_.step, warmup_)});
    return loss.item<double>();
  }

  torch::Tensor gainWithout(const std::string& heads) const {
    return headGain(kInductionLayers, net_.shape().heads, heads, fresh_.tokens);
  }

  double accuracyWith(const Transformer& net, const torch::Tensor& gain) const {
    Reading how;
    how.gain = gain;
    const auto logits = net.forward(fresh_.tokens.narrow(1, 0, length_ - 1), how);
    return tokenAccuracy(logits, fresh_.second()).item<double>();
  }

  InductionReport evaluated() const {
    const torch::NoGradGuard no_grad;
    InductionReport report;
    report.step = state_.step;
    std::vector<BlockTrace> traces;
    Reading how;
    how.gain = gain_;
    how.traces = &traces;
    const auto logits = net_.forward(fresh_.tokens.narrow(1, 0, length_ - 1), how);
    report.accuracy = tokenAccuracy(logits, fresh_.second()).item<double>();
    report.first_half = tokenLoss(logits, fresh_.first()).item<double>();
    report.second_half = tokenLoss(logits, fresh_.second()).item<double>();
    const std::string besides = ablated_.empty() ? "" : ablated_ + ",";
    for (std::int64_t layer = 0; layer < kInductionLayers; ++layer) {
      const HeadScores scores = headScores(traces[layer].self.weights[0], fresh_);
      for (std::int64_t head = 0; head < net_.shape().heads; ++head) {
        const std::string name = headName(layer, head);
        report.heads.push_back({name, scores.prefix_matching[head].item<double>(),
                                scores.previous_token[head].item<double>(),
                                accuracyWith(net_, gainWithout(besides + name))});
      }
    }
    if (one_layer_) report.one_layer = accuracyWith(*one_layer_, {});
    return report;
  }

  void record(Recorder& recorder) const {
    const InductionReport& now = state_.reports.back();
    recorder.add("accuracy", now.accuracy);
    recorder.add("first_half_loss", now.first_half);
    recorder.add("second_half_loss", now.second_half);
    for (const HeadReport& head : now.heads) {
      recorder.add("prefix_matching/" + head.head, head.prefix_matching);
      recorder.add("previous_token/" + head.head, head.previous_token);
      recorder.add("without/" + head.head, head.without);
    }
    if (now.one_layer) recorder.add("one-layer/accuracy", *now.one_layer);
  }

  std::string preset_, ablated_;
  std::int64_t length_;
  at::Generator strings_;
  Transformer net_;
  std::optional<Transformer> one_layer_;
  RepeatedStrings fresh_;
  double rate_ = 0;
  std::int64_t warmup_ = 0, batch_size_ = 1, layer_ = 1, head_ = 0;
  torch::Tensor gain_;  ///< undefined: no head is taken away
  InductionState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeInductionHeads(const Parameters& parameters,
                                               const RunContext& context) {
  return std::make_unique<InductionHeads>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/position_race.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/warm_up.h"
#include "lessons/transformer/attention_streams.h"
#include "lessons/transformer/attention_task.h"
#include "lessons/transformer/written_attention.h"

namespace viva {
namespace {

constexpr std::int64_t kTestSequences = 64;
constexpr double kLateShare = 0.2;  // of the rate, once it is cut

std::vector<Manner> mannersFor(const AttentionTask& task) {
  std::vector<Manner> manners;
  for (const Encoding& encoding : kEncodings) manners.push_back({encoding.kind, task.isCausal()});
  return manners;
}

TransformerShape shapeOfNet(const Parameters& p, const AttentionTask& task) {
  TransformerShape shape;
  shape.vocabulary = task.vocabulary();
  shape.context = std::max<std::int64_t>(p[kTestedLength], p[kEncodingLength]);
  shape.width = p[kEncodingWidth];
  shape.heads = p[kEncodingHeads];
  return shape;
}

class PositionRace : public Experiment {
 public:
  PositionRace(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        task_(parameters[kEncodingTask]),
        warmup_(parameters[kEncodingWarmup]),
        drop_after_(parameters[kDropAfter]),
        evaluate_every_(parameters[kEncodingEvaluateEvery]),
        sequences_(generatorFor(context.seed, kTokenStream)),
        net_(shapeOfNet(parameters, task_), mannersFor(task_),
             generatorFor(context.seed, kNetStream), context.device),
        long_(task_
                  .draw(kTestSequences, parameters[kTestedLength],
                        generatorFor(context.seed, kHeldOutStream))
                  .to(device_)) {
    state_.length = parameters[kEncodingLength];
    state_.tested = parameters[kTestedLength];
    for (std::size_t i = 0; i < kEncodings.size(); ++i)
      state_.standings.push_back(
          {kEncodings[i], net_.parameters(static_cast<std::int64_t>(i)), {}, 0, {}});
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    learning_rate_ = parameters[kEncodingRate];
    batch_size_ = parameters[kEncodingBatchSize];
  }

  /// One update of all five, from the same sequences, of a length that is drawn.
  bool step(Recorder& recorder) override {
    // Of a shorter sequence Shift asks nothing.
    const std::int64_t shortest = std::max((state_.length + 1) / 2, kShifted + 1);
    const std::int64_t length =
        torch::randint(shortest, state_.length + 1, {1}, sequences_, torch::kLong)
            .item<std::int64_t>();
    const auto batch = task_.draw(batch_size_, length, sequences_).to(device_);
    state_.step += 1;
    const auto logits = net_.forward(batch.tokens);        // [encodings, batch, length, V]
    const auto losses = tokenLoss(logits, batch.targets);  // [encodings]
    net_.weights().differentiate(losses);
    net_.weights().update(rule());
    record(recorder, numbersOf(losses), numbersOf(tokenAccuracy(logits.detach(), batch.targets)));
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    showByPosition(frame.at<SeriesData>("by_position"));
    frame.at<ImagesData>("attention") = attentionImages();
    frame.at<TableData>("standings") = standingsTable();
    frame.at<VerdictData>("verdict") = positionRaceVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    for (std::size_t i = 0; i < kEncodings.size(); ++i)
      net_.save(sink, static_cast<std::int64_t>(i), std::string(kEncodings[i].id) + ".");
  }

  void check(CheckSink& sink) const override {
    checkWrittenOut(net_, long_.tokens.narrow(0, 0, 1), sink, state_.step % net_.copies());
  }

 private:
  Adam rule() const {
    Adam rule;
    rule.learning_rate = learning_rate_ * warmUpShare(state_.step, warmup_);
    if (state_.step > drop_after_) rule.learning_rate *= kLateShare;
    return rule;
  }

  void record(Recorder& recorder, const std::vector<double>& losses,
              const std::vector<double>& accuracies) {
    for (std::size_t i = 0; i < kEncodings.size(); ++i) {
      const std::string prefix = std::string(kEncodings[i].id) + "/";
      recorder.add(prefix + "loss", losses[i]);
      recorder.add(prefix + "accuracy", accuracies[i]);
      state_.standings[i].progress.observe(state_.step, losses[i], accuracies[i]);
    }
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto logits = net_.forward(long_.tokens);
    const auto accuracies = numbersOf(tokenAccuracy(logits, long_.targets));
    const auto asked = long_.targets != kIgnored;
    const auto right = (logits.argmax(-1) == long_.targets).logical_and(asked);  // [5, batch, n]
    const auto shares = right.sum(1) / asked.sum(0).clamp_min(1);                // [5, n]
    for (std::size_t i = 0; i < kEncodings.size(); ++i) {
      recorder.add(std::string(kEncodings[i].id) + "/accuracy_long", accuracies[i]);
      state_.standings[i].accuracy_long = accuracies[i];
      state_.standings[i].by_position = numbersOf(shares[static_cast<std::int64_t>(i)]);
    }
  }

  void showByPosition(SeriesData& series) const {
    const auto is_asked = (long_.targets != kIgnored).any(0).to(torch::kCPU);
    for (const EncodingStanding& standing : state_.standings) {
      Curve curve{standing.encoding.id, {}, {}, {}, false};
      for (std::size_t i = 0; i < standing.by_position.size(); ++i) {
        if (!is_asked[static_cast<std::int64_t>(i)].item<bool>()) continue;
        curve.x.push_back(static_cast<double>(i));
        curve.y.push_back(standing.by_position[i]);
      }
      series.curves.push_back(std::move(curve));
    }
    const auto last = static_cast<double>(state_.length) - 0.5;
    series.curves.push_back({"longest", {}, {last, last}, {0, 1}, true});
  }

  /// The heads of each encoding, a row each, on one long sequence.
  ImagesData attentionImages() const {
    const torch::NoGradGuard no_grad;
    std::vector<BlockTrace> traces;
    Reading reading;
    reading.traces = &traces;
    net_.hidden(net_.embedded(long_.tokens.narrow(0, 0, 1)), reading);
    const auto weights = traces[0].self.weights.select(1, 0);  // [5, heads, n, n]
    ImagesData images;
    images.height = images.width = static_cast<int>(weights.size(2));
    images.columns = static_cast<int>(weights.size(1));
    std::vector<float> values;
    for (const double weight : numbersOf(weights)) values.push_back(static_cast<float>(weight));
    images.values = shareFloats(std::move(values));
    images.maximum = 0.5;
    for (const Encoding& encoding : kEncodings)
      for (std::int64_t head = 0; head < weights.size(1); ++head)
        images.images.push_back(
            {Word{std::string("position-race.curve.").append(encoding.id)}, {}});
    return images;
  }

  TableData standingsTable() const {
    TableData table;
    table.columns = {{"encoding"},
                     {"accuracy", TableData::Best::Largest},
                     {"accuracy_long", TableData::Best::Largest},
                     {"loss", TableData::Best::Smallest},
                     {"parameters"}};
    const auto cell = [](const std::optional<double>& value) {
      return value ? TableData::Cell(*value) : TableData::Cell();
    };
    for (const EncodingStanding& standing : state_.standings)
      table.rows.push_back(
          {standing.encoding.id,
           {Word{std::string("position-race.curve.").append(standing.encoding.id)},
            cell(standing.progress.accuracy()), standing.accuracy_long,
            cell(standing.progress.loss()), static_cast<double>(standing.parameters)}});
    return table;
  }

  std::string preset_;
  torch::Device device_;
  AttentionTask task_;
  std::int64_t warmup_, drop_after_, evaluate_every_;
  at::Generator sequences_;
  Transformer net_;  ///< a copy an encoding
  TokenBatch long_;
  double learning_rate_ = 0;
  std::int64_t batch_size_ = 1;
  PositionRaceState state_;
};

}  // namespace

std::unique_ptr<Experiment> makePositionRace(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<PositionRace>(parameters, context);
}

}  // namespace viva

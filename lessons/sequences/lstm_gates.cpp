// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/lstm_gates.h"

#include <torch/utils.h>

#include "lessons/data/dataset.h"
#include "lessons/sequences/cell_diagram.h"
#include "lessons/sequences/probe_checks.h"
#include "lessons/sequences/probe_views.h"
#include "lessons/sequences/sequence_streams.h"

namespace viva {
namespace {

constexpr std::int64_t kFreshSequences = 64;

/// The gate that the probe's pass holds, if any.
std::optional<HeldGate> heldGate(const Parameters& p) {
  switch (p[kClamp]) {
    case Clamp::Forget:
      return HeldGate{HeldGate::Gate::Forget, p[kClampValue]};
    case Clamp::Input:
      return HeldGate{HeldGate::Gate::Input, p[kClampValue]};
    case Clamp::Output:
      return HeldGate{HeldGate::Gate::Output, p[kClampValue]};
    case Clamp::None:
      break;
  }
  return std::nullopt;
}

class LstmGates : public Experiment {
 public:
  LstmGates(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        source_(sourceOf(parameters)),
        sequences_(generatorFor(context.seed, kSequenceStream)),
        drawn_(drawNamed(source_, generatorFor(context.seed, kProbeStream))),
        fresh_(source_.draw(kFreshSequences, generatorFor(context.seed, kFreshStream))
                   .to(context.device)) {
    addLearner(parameters[kCell], "", parameters, context);
    if (parameters[kCompare] && parameters[kCell] != CellKind::Rnn)
      addLearner(CellKind::Rnn, "rnn/", parameters, context);
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    learning_rate_ = parameters[kLearningRate];
    batch_size_ = parameters[kBatchSize];
    max_norm_ = parameters[kMaxNorm];
    held_ = parameters[kCell] == CellKind::Rnn ? std::nullopt : heldGate(parameters);
    unit_ = parameters[kUnit];
    time_ = parameters[kTime];
    const std::string& typed = parameters[kProbe].text;
    // validate() has read it without complaint.
    probe_ = typed.empty() ? drawn_ : std::get<NamedSequence>(readTyped(source_, typed));
    probe_.batch = probe_.batch.to(device_);
  }

  bool step(Recorder& recorder) override {
    const auto batch = source_.draw(batch_size_, sequences_).to(device_);
    step_ += 1;
    for (Learner& learner : learners_) {
      const auto outputs = learner.net.forward(batch.inputs);   // [time, batch, answers]
      const auto loss = sequenceLoss(source_, outputs, batch);  // one number
      const double norm = learner.net.gradient(loss, max_norm_);
      learner.net.adam(learning_rate_);
      record(recorder, learner, loss, sequenceAccuracy(source_, outputs.detach(), batch), norm);
    }
    recorder.add("baseline", source_.baseline());
    return true;
  }

  void initial(Recorder& recorder) override { recorder.add("baseline", source_.baseline()); }

  void snapshot(Frame& frame) const override {
    const RecurrentNet& net = learners_.front().net;
    ProbePasses passes{passOf(net, source_, probe_, held_), std::nullopt, std::nullopt};
    if (held_) passes.free = passOf(net, source_, probe_, std::nullopt);
    if (learners_.size() > 1)
      passes.rnn = passOf(learners_.back().net, source_, probe_, std::nullopt);
    showInput(frame, source_, probe_);
    showGates(frame, passes.shown, probe_);
    showAnswers(frame, source_, probe_, passes);
    showGradients(frame, passes);
    frame.at<GraphData>("cell") = cellDiagram(passes.shown, probe_, unit_, time_, held_);
    frame.at<VerdictData>("verdict") = verdictNow();
  }

  void save(WeightSink& sink) const override { learners_.front().net.save(sink); }

  void check(CheckSink& sink) const override {
    checkProbe(learners_.front().net, source_, probe_, step_, sink);
  }

 private:
  /// A net, the name of its records and how far it is.
  struct Learner {
    RecurrentNet net;
    std::string prefix;
    SequenceProgress progress;
  };

  void addLearner(CellKind kind, const std::string& prefix, const Parameters& parameters,
                  const RunContext& context) {
    const RecurrentNet::Size size{source_.features(), parameters[kHidden],
                                  static_cast<std::int64_t>(source_.answers().size())};
    learners_.push_back({RecurrentNet(kind, size, parameters[kForgetBias],
                                      generatorFor(context.seed, kWeightStream), device_),
                         prefix, SequenceProgress(solvedLoss(source_))});
  }

  void record(Recorder& recorder, Learner& learner, const torch::Tensor& loss,
              const torch::Tensor& accuracy, double norm) {
    const double loss_now = loss.item<double>(), accuracy_now = accuracy.item<double>();
    recorder.add(learner.prefix + "loss", loss_now);
    recorder.add(learner.prefix + "accuracy", accuracy_now);
    if (learner.prefix.empty()) recorder.add("gradient_norm", norm);
    learner.progress.observe(step_, loss_now, accuracy_now);
    // The plain RNN comes last: what it was at when the cell had solved the task.
    if (!learner.prefix.empty() && learners_.front().progress.solvedAt() == step_)
      rnn_then_ = learner.progress.loss();
  }

  VerdictData verdictNow() const {
    const SequenceProgress* rnn = learners_.size() > 1 ? &learners_.back().progress : nullptr;
    GatesState state{step_, source_.baseline(), learners_.front().progress,
                     rnn,   rnn_then_,          std::nullopt};
    if (held_) state.held = HeldLosses{lossOnFresh(std::nullopt), lossOnFresh(held_)};
    return gatesVerdict(preset_, state);
  }

  double lossOnFresh(const std::optional<HeldGate>& held) const {
    const torch::NoGradGuard no_grad;
    const RecurrentNet& net = learners_.front().net;
    std::vector<torch::Tensor> hidden;
    for (const CellStep& step : unrollCell(net.kind(), net.cell(), fresh_.inputs, held))
      hidden.push_back(step.state.hidden);
    return sequenceLoss(source_, net.readOut(torch::stack(hidden)), fresh_).item<double>();
  }

  std::string preset_, device_;
  SequenceSource source_;
  at::Generator sequences_;
  NamedSequence drawn_, probe_;
  SequenceBatch fresh_;
  std::vector<Learner> learners_;  ///< the chosen cell, and a plain RNN beside it
  double learning_rate_ = 0, max_norm_ = 0;
  std::int64_t batch_size_ = 1, unit_ = 0, time_ = 0, step_ = 0;
  std::optional<HeldGate> held_;
  std::optional<double> rnn_then_;
};

}  // namespace

std::optional<Message> problemWithProbe(const Parameters& p) {
  if (p[kProbe].text.empty()) return std::nullopt;
  const auto read = readTyped(sourceOf(p), p[kProbe].text);
  if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  return std::nullopt;
}

std::unique_ptr<Experiment> makeLstmGates(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<LstmGates>(parameters, context);
}

}  // namespace viva

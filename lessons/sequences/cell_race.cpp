// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/cell_race.h"

#include <torch/types.h>

#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/sequences/probe_checks.h"
#include "lessons/sequences/sequence_streams.h"

namespace viva {
namespace {

/// The factor by which a gradient changes for each step back: the geometric mean of its ratios.
double keptPerStep(const std::vector<double>& gradients) {
  if (gradients.size() < 2 || !(gradients.front() > 0)) return 0;
  return std::pow(gradients.front() / gradients.back(),
                  1 / static_cast<double>(gradients.size() - 1));
}

void showGradient(Frame& frame, const char* view, const CellStanding& standing,
                  const std::vector<double>& norms) {
  const std::string& id = standing.entrant.id;
  Curve curve{id, {}, {}, norms, false};
  for (std::size_t t = 0; t < norms.size(); ++t) curve.x.push_back(static_cast<double>(t));
  frame.at<SeriesData>(view).curves.push_back(std::move(curve));
}

TableData cellStandings(const std::vector<CellStanding>& standings) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"cell"},
                   {"parameters", Best::Smallest},
                   {"mean_loss", Best::Smallest},
                   {"mean_accuracy", Best::Largest},
                   {"solved_at", Best::Smallest}};
  for (const CellStanding& standing : standings) {
    const auto cell = [](const auto& number) -> TableData::Cell {
      if (!number) return std::monostate{};
      return static_cast<double>(*number);
    };
    table.rows.push_back({standing.entrant.id,
                          {wordFor(standing), static_cast<double>(standing.parameters),
                           cell(standing.progress.loss()), cell(standing.progress.accuracy()),
                           cell(standing.progress.solvedAt())}});
  }
  return table;
}

class CellRace : public Experiment {
 public:
  CellRace(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        source_(sourceOf(parameters)),
        forget_bias_(parameters[kRaceForgetBias]),
        sequences_(generatorFor(context.seed, kSequenceStream)),
        probe_(drawNamed(source_, generatorFor(context.seed, kProbeStream))) {
    probe_.batch = probe_.batch.to(device_);
    const RecurrentNet::Size size{source_.features(), parameters[kHidden],
                                  static_cast<std::int64_t>(source_.answers().size())};
    for (const Entrant& entrant : entrantsIn(parameters)) {
      nets_.emplace_back(entrant.kind, size, entrant.without_forget_bias ? 0 : forget_bias_,
                         generatorFor(context.seed, kWeightStream), device_);
      const auto before = passOf(nets_.back(), source_, probe_, std::nullopt).state_gradients;
      standings_.push_back({entrant, nets_.back().parameters(),
                            SequenceProgress(solvedLoss(source_)), before, keptPerStep(before)});
    }
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    learning_rate_ = parameters[kLearningRate];
    batch_size_ = parameters[kBatchSize];
    max_norm_ = parameters[kMaxNorm];
  }

  bool step(Recorder& recorder) override {
    const auto batch = source_.draw(batch_size_, sequences_).to(device_);
    step_ += 1;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const auto outputs = nets_[i].forward(batch.inputs);      // [time, batch, answers]
      const auto loss = sequenceLoss(source_, outputs, batch);  // one number
      nets_[i].gradient(loss, max_norm_);
      nets_[i].adam(learning_rate_);
      record(recorder, standings_[i], loss, sequenceAccuracy(source_, outputs.detach(), batch));
    }
    recorder.add("baseline", source_.baseline());
    return true;
  }

  void initial(Recorder& recorder) override { recorder.add("baseline", source_.baseline()); }

  void snapshot(Frame& frame) const override {
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const CellStanding& standing = standings_[i];
      showGradient(frame, "gradient_at_start", standing, standing.gradient_at_start);
      showGradient(frame, "gradient_in_time", standing,
                   passOf(nets_[i], source_, probe_, std::nullopt).state_gradients);
    }
    // The line that a net without a memory cannot cross.
    frame.at<SeriesData>("loss").curves.push_back(
        {"baseline",
         {},
         {0, static_cast<double>(std::max<std::int64_t>(1, step_))},
         {source_.baseline(), source_.baseline()},
         true});
    frame.at<TableData>("standings") = cellStandings(standings_);
    frame.at<VerdictData>("verdict") = cellRaceVerdict(
        preset_, {step_, source_.time(), source_.baseline(), forget_bias_, standings_});
  }

  void save(WeightSink& sink) const override {
    for (std::size_t i = 0; i < nets_.size(); ++i)
      nets_[i].save(sink, standings_[i].entrant.id + ".");
  }

  void check(CheckSink& sink) const override {
    const auto chosen = static_cast<std::size_t>(step_) % nets_.size();
    checkProbe(nets_[chosen], source_, probe_, step_, sink);
  }

 private:
  void record(Recorder& recorder, CellStanding& standing, const torch::Tensor& loss,
              const torch::Tensor& accuracy) const {
    const double loss_now = loss.item<double>(), accuracy_now = accuracy.item<double>();
    recorder.add(standing.entrant.id + "/loss", loss_now);
    recorder.add(standing.entrant.id + "/accuracy", accuracy_now);
    standing.progress.observe(step_, loss_now, accuracy_now);
  }

  std::string preset_, device_;
  SequenceSource source_;
  double forget_bias_;
  at::Generator sequences_;
  NamedSequence probe_;
  std::vector<RecurrentNet> nets_;
  std::vector<CellStanding> standings_;  ///< of the same nets
  double learning_rate_ = 0, max_norm_ = 0;
  std::int64_t batch_size_ = 1, step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeCellRace(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<CellRace>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/memory_over_time.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/data/sequence_tasks.h"
#include "lessons/gradients/deep_net.h"
#include "lessons/gradients/elman_net.h"
#include "lessons/gradients/gradient_streams.h"
#include "lessons/gradients/layer_history.h"
#include "lessons/gradients/memory_models.h"
#include "lessons/nn/row_updates.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

SeriesData stateGradients(const std::vector<MemoryReport>& memories) {
  SeriesData data;
  for (const MemoryReport& memory : memories) {
    Curve curve{nameOf(memory.kind), {}, {}, memory.state_norms, false};
    for (std::size_t i = 0; i < memory.state_norms.size(); ++i)
      curve.x.push_back(static_cast<double>(i));
    data.curves.push_back(std::move(curve));
  }
  return data;
}

/// The loss of always guessing the mean, from row 0 to `step`.
SeriesData baselineCurve(double baseline, std::int64_t step) {
  const double end = static_cast<double>(std::max<std::int64_t>(1, step));
  return {{{"baseline", {}, {0, end}, {baseline, baseline}, true}}};
}

TableData memoriesTable(const std::vector<MemoryReport>& memories) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {
      {"memory", Best::None}, {"loss", Best::Smallest}, {"far_to_near", Best::Largest}};
  for (const MemoryReport& memory : memories) {
    const auto ratio = memory.farToNear();
    table.rows.push_back(
        {nameOf(memory.kind),
         {Word{"memory-over-time.curve." + nameOf(memory.kind)},
          memory.updates > 0 ? TableData::Cell{memory.loss} : TableData::Cell{std::monostate{}},
          ratio ? TableData::Cell{*ratio} : TableData::Cell{std::monostate{}}}});
  }
  return table;
}

class MemoryOverTime : public Experiment {
 public:
  MemoryOverTime(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        source_(SequenceTask::Adding, parameters[kMemoryLength]),
        batch_size_(parameters[kMemoryBatchSize]),
        draws_(generatorFor(context.seed, kDataStream)) {
    for (MemoryKind kind : memoriesIn(parameters))
      memories_.emplace_back(kind, source_.features(), parameters, context);
    apply(parameters);
    // Drawn from elsewhere, so that looking at it takes nothing from the run.
    batch_ = source_.draw(batch_size_, generatorFor(context.seed, kDataStream + 10)).to(device_);
    for (Memory& memory : memories_) {
      const auto pass = memory.model.forward(batch_.inputs);
      const auto norms = memory.model.backward(pass, lossOf(pass));
      memory.report.state_norms = numbersOf(norms.flip(0));  // the last step first
    }
  }

  void apply(const Parameters& parameters) override {
    max_norm_ = parameters[kMemoryClip] ? parameters[kMemoryMaxNorm] : 0;
    for (Memory& memory : memories_) memory.rule.learning_rate = parameters[kMemoryRate];
  }

  bool step(Recorder& recorder) override {
    batch_ = source_.draw(batch_size_, draws_).to(device_);  // one for all
    step_ += 1;
    for (Memory& memory : memories_) {
      const auto pass = memory.model.forward(batch_.inputs);
      const auto loss = lossOf(pass);
      const auto norms = memory.model.backward(pass, loss);  // gradients into memory.row.g

      const torch::NoGradGuard no_grad;
      const double total = max_norm_ > 0 ? clipByNorm(memory.row.g, max_norm_)
                                         : exactNorms(memory.row.g.unsqueeze(0)).item<double>();
      update(memory.rule, memory.row);
      memory.record(recorder, step_, loss.item<double>(), total, numbersOf(norms.flip(0)));
    }
    return true;
  }

  void snapshot(Frame& frame) const override {
    std::vector<MemoryReport> reports;
    for (const Memory& memory : memories_) reports.push_back(memory.report);
    frame.at<SeriesData>("state_gradient") = stateGradients(reports);
    frame.at<SeriesData>("loss") = baselineCurve(source_.baseline(), step_);
    frame.at<MatrixData>("history") =
        memories_.front().history.picture(static_cast<std::size_t>(source_.time()));
    frame.at<TableData>("memories") = memoriesTable(reports);
    frame.at<VerdictData>("verdict") =
        memoryVerdict(preset_, step_, {reports, source_.time(), source_.baseline()});
  }

  void save(WeightSink& sink) const override {
    for (const Memory& memory : memories_)
      for (std::size_t i = 0; i < memory.model.shapes().size(); ++i) {
        sink.add(namedArray(nameOf(memory.model.kind()) + "." + memory.model.shapes()[i].name,
                            memory.model.leaves()[i]));
      }
  }

  /// `library`: the weights' gradients against those through torch::rnn_tanh, gru and lstm, and
  /// for attention through the library's attention module's formula written as one einsum.
  void check(CheckSink& sink) const override {
    for (const Memory& memory : memories_) {
      const MemoryModel& model = memory.model;
      const auto pass = model.forward(batch_.inputs);
      const auto loss = lossOf(pass);
      if (!std::isfinite(loss.item<double>())) continue;
      const auto ours = torch::autograd::grad({loss}, model.leaves());
      const auto& leaves = model.leaves();
      torch::Tensor read;
      if (model.kind() == MemoryKind::Attention) {
        const auto states =
            torch::tanh(torch::einsum("tbi,hi->tbh", {batch_.inputs, leaves[0]}) + leaves[1]);
        const auto scores =
            torch::einsum("tbh,h->tb", {states, leaves[2]}) / std::sqrt(leaves[2].size(0));
        read = torch::einsum("tb,tbh->bh", {scores.softmax(0), states});
      } else {
        read = hiddenStates(model.cell(), cellWeights(model.cell(), leaves), batch_.inputs)[-1];
      }
      const auto outputs = torch::linear(read, leaves[leaves.size() - 2], leaves.back()).squeeze(1);
      const auto theirs = torch::autograd::grad({lossOf({{}, outputs})}, leaves);
      double apart = 0, scale = 1e-6;
      for (std::size_t i = 0; i < ours.size(); ++i) {
        apart = std::max(apart, (ours[i] - theirs[i]).abs().max().item<double>());
        scale = std::max(scale, theirs[i].abs().max().item<double>());
      }
      sink.compare("library", apart / scale, 1e-3);
    }
  }

 private:
  struct Memory {
    MemoryModel model;
    Row row;
    Adam rule;
    MemoryReport report;
    LayerHistory history;  ///< rows: steps back

    Memory(MemoryKind kind, std::int64_t inputs, const Parameters& parameters,
           const RunContext& context)
        : model(kind, inputs, parameters[kMemoryHidden], parameters[kMemoryForgetBias],
                generatorFor(context.seed, kInitialisationStream), context.device),
          row(freshRow(model.weights(), model.gradients())),
          report{kind} {}

    void record(Recorder& recorder, std::int64_t step, double loss, double total,
                std::vector<double> norms) {
      const std::string& name = nameOf(report.kind);
      report.observe(loss, std::move(norms));
      history.add(step, report.state_norms);
      recorder.add(name + "/loss", loss);
      recorder.add(name + "/grad_norm", total);
      if (const auto ratio = report.farToNear()) recorder.add(name + "/far_to_near", *ratio);
    }
  };

  torch::Tensor lossOf(const MemoryModel::Pass& pass) const {
    return torch::mse_loss(pass.outputs, batch_.targets);
  }

  std::string preset_;
  torch::Device device_;
  SequenceSource source_;
  std::int64_t batch_size_, step_ = 0;
  double max_norm_ = 0;
  at::Generator draws_;
  SequenceBatch batch_;
  std::vector<Memory> memories_;
};

}  // namespace

void MemoryReport::observe(double batch_loss, std::vector<double> norms) {
  constexpr double kMemory = 20;
  updates += 1;
  const double weight = 1 / std::min(kMemory, static_cast<double>(updates));
  loss += (batch_loss - loss) * weight;
  state_norms = std::move(norms);
  // Below the smallest float32 there is only zero.
  constexpr double kUnderflow = 1e-50;
  if (const auto ratio = farToNear())
    log_ratio += (std::log(std::max(*ratio, kUnderflow)) - log_ratio) * weight;
}

double MemoryReport::typicalRatio() const { return std::exp(log_ratio); }

std::optional<double> MemoryReport::farToNear() const {
  if (state_norms.empty() || (state_norms.front() == 0 && state_norms.back() == 0))
    return std::nullopt;
  return state_norms.back() / state_norms.front();
}

std::unique_ptr<Experiment> makeMemoryOverTime(const Parameters& parameters,
                                               const RunContext& context) {
  return std::make_unique<MemoryOverTime>(parameters, context);
}

}  // namespace viva

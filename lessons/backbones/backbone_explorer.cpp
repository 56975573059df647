// SPDX-License-Identifier: GPL-3.0-or-later
// Carries a net out operation by operation, and adds up what it costs.
#include "lessons/backbones/backbone_explorer.h"

#include <torch/types.h>

#include <cmath>

#include "lessons/backbones/live_network.h"
#include "lessons/data/dataset.h"

namespace viva {
namespace {

constexpr std::uint64_t kModelStream = 0, kOtherStream = 1;

class BackboneExplorer : public Experiment {
 public:
  BackboneExplorer(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        stop_(context.stop),
        device_(context.device),
        title_(titleOf(modelIn(parameters))),
        model_(networkOf(modelIn(parameters)), parameters[kBatch],
               generatorFor(context.seed, kModelStream), context.device) {
    if (const auto compared = comparedIn(parameters)) {
      other_title_ = titleOf(*compared);
      other_.emplace(networkOf(*compared), parameters[kBatch],
                     generatorFor(context.seed, kOtherStream), context.device);
    }
  }

  bool prepare() override {
    roof_ = measuredRoof(device_, stop_);
    return false;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    if (!model_.isFinished()) model_.carryOut(stop_);
    if (other_ && !other_->isFinished()) other_->carryOut(stop_);
    roof_.raise(model_);
    if (other_) roof_.raise(*other_);
    step_ += 1;
    record(recorder);
    return !model_.isFinished() || (other_ && !other_->isFinished());
  }

  void snapshot(Frame& frame) const override {
    const Explored model = explored(title_, model_);
    const auto other = other_ ? std::optional(explored(other_title_, *other_)) : std::nullopt;
    showExplored(frame, model, other ? &*other : nullptr, roof_);
    frame.at<VerdictData>("verdict") =
        explorerVerdict(preset_, step_, model, other ? &*other : nullptr);
  }

  /// What was counted against the tensors that were made.
  void check(CheckSink& sink) const override {
    std::int64_t parameters = 0, macs = 0, shapes = 0;
    for (const LiveNetwork* live : {&model_, other_ ? &*other_ : nullptr}) {
      if (!live) continue;
      for (std::size_t i = 0; i < live->carried().size(); ++i) {
        const Operation& operation = live->net().at(static_cast<int>(i) + 1);
        const Carried& carried = live->carried()[i];
        parameters += std::abs(carried.held - operation.parameters);
        macs += std::abs(carried.used - operation.macs);
        shapes += carried.has_its_shape ? 0 : 1;
      }
    }
    sink.compare("parameters", static_cast<double>(parameters), 0);
    sink.compare("macs", static_cast<double>(macs), 0);
    sink.compare("shapes", static_cast<double>(shapes), 0);
  }

 private:
  static Explored explored(const std::string& title, const LiveNetwork& live) {
    return {title, live.net(), live.carried(), live.batch()};
  }

  void record(Recorder& recorder) const {
    recordOne(recorder, model_, "");
    if (other_) recordOne(recorder, *other_, "compare/");
  }

  static void recordOne(Recorder& recorder, const LiveNetwork& live, const std::string& prefix) {
    const Totals totals = live.net().totals(live.carried().size());
    recorder.add(prefix + "parameters", static_cast<double>(totals.parameters));
    recorder.add(prefix + "macs", static_cast<double>(totals.macs));
    recorder.add(prefix + "activation_bytes",
                 static_cast<double>(4 * live.batch() * totals.elements));
  }

  std::string preset_;
  std::stop_token stop_;
  std::string device_, title_, other_title_;
  LiveNetwork model_;
  std::optional<LiveNetwork> other_;
  MachineRoof roof_{1, 1};
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeBackboneExplorer(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<BackboneExplorer>(parameters, context);
}

}  // namespace viva

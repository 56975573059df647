// SPDX-License-Identifier: GPL-3.0-or-later
// A pre-trained net is given a new task, and ways of fine-tuning learn it on the same batches.
#include "lessons/fine_tuning/peft_race.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/fine_tuning/fine_tuning_streams.h"
#include "lessons/fine_tuning/peft_race_views.h"
#include "lessons/fine_tuning/pretrained_base.h"
#include "lessons/fine_tuning/tuning_team.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::int64_t kTuningWarmUp = 20, kTested = 128;
constexpr double kLateRate = 0.3;

class PeftRace : public Experiment {
 public:
  PeftRace(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        stop_(context.stop),
        contenders_(contendersIn(p)),
        base_(context.seed, p[kBaseUpdates], context.device),
        batches_(generatorFor(context.seed, kTuningBatchStream)),
        replays_(generatorFor(context.seed, kReplayBatchStream)),
        lower_after_(p[kPeftLowerAfter]),
        evaluate_every_(p[kPeftEvaluateEvery]) {
    state_.shift = p[kTaskShift];
    task_ = state_.shift == TaskShift::Known ? DigitTask::Copy : DigitTask::RotateTwo;
    setting_ = {context.seed, context.device, lower_after_ / 3, lower_after_};
    const auto tested = generatorFor(context.seed, kTestedStream);
    new_ = drawNewTask(task_, kTested, 0, tested);
    old_ = drawOldTasks(kTested, tested);
    for (TaskBatch* batch : {&new_, &old_}) {
      batch->tokens = batch->tokens.to(device_);
      batch->targets = batch->targets.to(device_);
    }
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kPeftRate];
    batch_size_ = p[kPeftBatch];
    probe_ = p[kPeftProbe];
  }

  bool prepare() override {
    if (base_.learn(stop_)) return true;
    start();
    return false;
  }
  void keep(WeightSink& sink) const override { base_.keep(sink); }
  void resume(const std::vector<NamedArray>& kept) override {
    base_.resume(kept);
    start();
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    std::map<std::int64_t, TaskBatch> drawn;  // by how much of it is replayed
    const auto batchOf = [&](const Contender& contender) -> const TaskBatch& {
      const std::int64_t replayed = replayedRows(contender, batch_size_);
      const auto known = drawn.find(replayed);
      if (known != drawn.end()) return known->second;
      return drawn[replayed] =
                 drawNewTask(task_, batch_size_, replayed, replayed > 0 ? replays_ : batches_);
    };
    for (const auto& team : teams_) {
      std::vector<torch::Tensor> tokens, targets;
      for (const Contender& member : team->members()) {
        tokens.push_back(batchOf(member).tokens);
        targets.push_back(batchOf(member).targets);
      }
      const auto losses = numbersOf(team->update(torch::stack(tokens).to(device_),
                                                 torch::stack(targets).to(device_), rateNow()));
      for (std::size_t i = 0; i < losses.size(); ++i)
        recorder.add(team->members()[i].id + "/loss", standing(*team, i).loss = losses[i]);
    }
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    showPeftLevels(frame, state_);
    showPeftStandings(frame, state_);
    showPeftTrade(frame, state_);
    showPeftAnswers(frame, teams_, new_, probe_);
    showRanksLeft(frame, teams_);
    frame.at<VerdictData>("verdict") = peftVerdict(preset_, state_);
  }

  /// What each has trained; the base, and its logits of eight new sequences.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    base_.net().save(sink, 0, "base.");
    for (const auto& team : teams_) team->save(sink);
    const auto tokens = new_.tokens.narrow(0, 0, 8);
    sink.add(namedArray("probe.tokens", tokens));
    sink.add(namedArray("probe.base_logits", base_.net().forward(tokens)[0]));
    for (const auto& team : teams_) {
      const auto logits = team->logits(tokens);
      for (std::size_t i = 0; i < team->members().size(); ++i)
        sink.add(namedArray(team->members()[i].id + ".probe.logits",
                            logits[static_cast<std::int64_t>(i)]));
    }
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    checkPeft(teams_, base_, old_.tokens.narrow(0, 0, 8), sink);
  }

 private:
  double rateNow() const {
    return rate_ * warmUpShare(state_.step, kTuningWarmUp) *
           (state_.step > lower_after_ ? kLateRate : 1);
  }

  void start() {
    teams_ = teamsOf(contenders_, base_, setting_);
    state_.standings.clear();
    for (const Contender& contender : contenders_) state_.standings.push_back({contender});
    for (const auto& team : teams_)
      for (std::size_t i = 0; i < team->members().size(); ++i) {
        PeftStanding& mine = standing(*team, i);
        mine.trained = team->trained(i);
        mine.kept = team->kept(i);
        mine.bytes = team->bytes(i);
      }
  }

  PeftStanding& standing(const TuningTeam& team, std::size_t member) {
    const std::string& id = team.members()[member].id;
    return *std::ranges::find_if(state_.standings,
                                 [&](const auto& one) { return one.contender.id == id; });
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    if (state_.step == 0) {
      state_.base_old =
          tokenAccuracy(base_.net().forward(old_.tokens), old_.targets).item<double>();
      state_.base_new =
          tokenAccuracy(base_.net().forward(new_.tokens), new_.targets).item<double>();
    }
    for (const auto& team : teams_) {
      const auto fresh = numbersOf(tokenAccuracy(team->logits(new_.tokens), new_.targets));
      const auto before = numbersOf(tokenAccuracy(team->logits(old_.tokens), old_.targets));
      for (std::size_t i = 0; i < fresh.size(); ++i) {
        PeftStanding& mine = standing(*team, i);
        mine.accuracy = fresh[i];
        mine.old_accuracy = before[i];
        if (!mine.reached_at && mine.accuracy >= kTaskKnown) mine.reached_at = state_.step;
      }
    }
    state_.off_difference = differenceWithout(teams_, base_, old_.tokens.narrow(0, 0, 8));
    for (const PeftStanding& mine : state_.standings) {
      const std::string& id = mine.contender.id;
      recorder.add(id + "/accuracy", mine.accuracy);
      recorder.add(id + "/old_accuracy", mine.old_accuracy);
      recorder.add(id + "/trainable", static_cast<double>(mine.trained));
      recorder.add(id + "/bytes", static_cast<double>(mine.bytes));
    }
    recorder.add("base_old_accuracy", state_.base_old);
  }

  std::string preset_, device_;
  std::stop_token stop_;
  std::vector<Contender> contenders_;
  PretrainedBase base_;
  at::Generator batches_, replays_;
  std::int64_t lower_after_, evaluate_every_;
  DigitTask task_ = DigitTask::RotateTwo;
  TuningSetting setting_;
  TaskBatch new_, old_;  ///< that nobody learns from
  PeftState state_;
  std::vector<std::unique_ptr<TuningTeam>> teams_;
  double rate_ = 0;
  std::int64_t batch_size_ = 1, probe_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makePeftRace(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<PeftRace>(parameters, context);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/speculative_decoding.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "lessons/data/dataset.h"
#include "lessons/inference/inference_streams.h"
#include "lessons/inference/served_gpt.h"
#include "lessons/inference/speculative_writer.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kRuleDraws = 100, kShortestRule = 8, kLongestRule = 40;

ServedRecipe targetRecipe() { return {3, 4, 64, 240, 8, kServedWeightStream, kServedBatchStream}; }
ServedRecipe draftRecipe(std::int64_t updates) {
  return {1, 2, 32, updates, 8, kDraftWeightStream, kDraftBatchStream};
}

class SpeculativeDecoding : public Experiment {
 public:
  SpeculativeDecoding(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        seed_(context.seed),
        temperature_(p[kSpeculationTemperature]),
        target_(text_, targetRecipe(), context.seed, context.device),
        draft_(text_, draftRecipe(p[kDraftUpdates]), context.seed, context.device),
        rule_(generatorFor(context.seed, kRuleStream)) {
    state_.k = p[kDraftLength];
    state_.cost_ratio = static_cast<double>(draft_.net().parameters()) /
                        static_cast<double>(target_.net().parameters());
    if (p[kOtherLengths])
      for (const std::int64_t k : kRivalDrafts) state_.rivals.push_back({k});
  }

  bool prepare() override {
    const bool target_goes_on = target_.learn();
    const bool draft_goes_on = draft_.learn();
    return target_goes_on || draft_goes_on;
  }
  void keep(WeightSink& sink) const override {
    target_.keep(sink, "target.weights");
    draft_.keep(sink, "draft.weights");
  }
  void resume(const std::vector<NamedArray>& kept) override {
    target_.resume(kept, "target.weights");
    draft_.resume(kept, "draft.weights");
  }

  void initial(Recorder& recorder) override {
    writer_.emplace(writerOf(state_.k, kSpeculationStream));
    for (std::size_t i = 0; i < state_.rivals.size(); ++i)
      others_.push_back(writerOf(state_.rivals[i].k, kRivalStream + i));
    choosePrompt();
    counts_.assign(p_.size(), 0);
    state_.draft_distance = 1 - acceptance(p_, q_);
    recorder.add("draft_distance", state_.draft_distance);
    recorder.add("tokens_per_pass", 0);
  }

  /// One pass of the target: k drafted tokens are accepted or corrected.
  bool step(Recorder& recorder) override {
    const SpeculativeRound round = writer_->round(&times_);
    state_.step += 1;
    state_.accepted += round.accepted;
    state_.judged += round.judged;
    state_.tokens += round.tokens;
    state_.alpha_sum += round.alpha;
    for (std::size_t i = 0; i < others_.size(); ++i) {
      RivalDraft& rival = state_.rivals[i];
      rival.tokens += others_[i].round().tokens;
      rival.passes += 1;
      rival.speed_up =
          speedUp(static_cast<double>(rival.tokens) / static_cast<double>(rival.passes), rival.k,
                  state_.cost_ratio);
    }
    drawByTheRule();
    record(recorder, round);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<TokensData>("written") = written();
    frame.at<BarsData>("shares") = shares();
    frame.at<TableData>("times") = timeTable();
    frame.at<VerdictData>("verdict") = speculationVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    target_.net().save(sink, 0, "target.");
    draft_.net().save(sink, 0, "draft.");
    if (p_.empty()) return;
    sink.add(namedArray("probe.p", torch::tensor(p_, torch::kDouble)));
    sink.add(namedArray("probe.q", torch::tensor(q_, torch::kDouble)));
    sink.add(namedArray("probe.prompt", torch::tensor(rule_prompt_, torch::kLong)));
  }

  /// What is drawn by the rule is, summed over all that can be drafted, p itself.
  void check(CheckSink& sink) const override {
    if (p_.empty()) return;
    const TokenShares rest = residual(p_, q_);
    double off = 0;
    for (std::size_t i = 0; i < p_.size(); ++i)
      off = std::max(off,
                     std::abs(std::min(p_[i], q_[i]) + (1 - acceptance(p_, q_)) * rest[i] - p_[i]));
    sink.compare("marginal", off, 1e-12);
  }

 private:
  SpeculativeWriter writerOf(std::int64_t k, std::uint64_t stream) const {
    return SpeculativeWriter(target_.net(), draft_.net(), text_.held_out, k, temperature_,
                             generatorFor(seed_, stream));
  }

  /// Of the beginnings of the held-out text the one after which the two nets disagree most.
  void choosePrompt() {
    for (std::int64_t length = kShortestRule; length <= kLongestRule; ++length) {
      const std::vector<std::int64_t> prompt(text_.held_out.begin(),
                                             text_.held_out.begin() + length);
      const TokenShares p = nextShares(target_.net(), prompt, temperature_);
      const TokenShares q = nextShares(draft_.net(), prompt, temperature_);
      if (!p_.empty() && acceptance(p, q) >= acceptance(p_, q_)) continue;
      p_ = p;
      q_ = q;
      rule_prompt_ = prompt;
    }
  }

  /// After one prompt, again and again: a token of the draft, judged.
  void drawByTheRule() {
    const auto uniform = numbersOf(torch::rand({kRuleDraws, 3}, rule_, torch::kDouble));
    for (std::int64_t i = 0; i < kRuleDraws; ++i) {
      const std::size_t drafted = drawnToken(q_, uniform[3 * i]);
      counts_[judgedToken(p_, q_, drafted, uniform[3 * i + 1], uniform[3 * i + 2]).token] += 1;
    }
    state_.draws += kRuleDraws;
    const auto draws = static_cast<double>(state_.draws);
    state_.distance = state_.noise = 0;
    for (std::size_t i = 0; i < p_.size(); ++i) {
      state_.distance += std::abs(counts_[i] / draws - p_[i]) / 2;
      // Half the mean size of a normal deviation.
      state_.noise += std::sqrt(2 / M_PI * p_[i] * (1 - p_[i]) / draws) / 2;
    }
  }

  void record(Recorder& recorder, const SpeculativeRound& round) const {
    recorder.add("accepted", static_cast<double>(round.accepted));
    recorder.add("alpha", state_.alpha());
    recorder.add("accepted_share", state_.share());
    recorder.add("tokens_per_pass", state_.perPass());
    recorder.add("predicted", tokensPerPass(state_.alpha(), state_.k));
    recorder.add("speed_up", speedUp(state_.perPass(), state_.k, state_.cost_ratio));
    recorder.add("distance", state_.distance);
    recorder.add("draft_distance", state_.draft_distance);
    for (const RivalDraft& rival : state_.rivals)
      recorder.add("k-" + std::to_string(rival.k) + "/speed_up", rival.speed_up);
  }

  TokensData written() const {
    TokensData tokens;
    tokens.minimum = 0;
    tokens.maximum = 3;
    TokensData::Row kept{"written", Word{"speculative-decoding.curve.written"}, {}};
    TokensData::Row refused{"refused", Word{"speculative-decoding.curve.refused"}, {}};
    if (writer_)
      for (const SpeculatedToken& one : writer_->passage()) {
        static constexpr std::array kOrigins{"prompt", "accepted", "corrected", "extra"};
        const auto origin = static_cast<std::size_t>(one.origin);
        kept.pieces.push_back(
            {text_.characters.alphabet[one.token],
             static_cast<double>(origin),
             {std::string("speculative-decoding.origin.") + kOrigins[origin], {}}});
        refused.pieces.push_back(
            {one.rejected >= 0 ? text_.characters.alphabet[one.rejected] : "·", std::nullopt, {}});
      }
    tokens.rows = {std::move(kept), std::move(refused)};
    return tokens;
  }

  BarsData shares() const {
    BarsData bars;
    BarsData::Group target{"target", {}, {}}, draft{"draft", {}, {}}, drawn{"drawn", {}, {}};
    for (std::size_t i = 0; i < p_.size(); ++i) {
      const std::string& character = text_.characters.alphabet[i];
      bars.categories.push_back(character == "\n" ? "↵" : character == " " ? "␣" : character);
      target.values.push_back(p_[i]);
      draft.values.push_back(q_[i]);
      drawn.values.push_back(state_.draws > 0 ? counts_[i] / static_cast<double>(state_.draws)
                                              : std::nan(""));
    }
    bars.groups = {std::move(target), std::move(draft), std::move(drawn)};
    return bars;
  }

  /// Of this machine, and the speed-up that follows from the medians.
  TableData timeTable() const {
    TableData table;
    for (const char* id : {"pass", "early", "median", "late", "measured"})
      table.columns.push_back({id});
    const auto add = [&](const char* id, const MeasuredTimes& times, TableData::Cell last) {
      TableData::Row row{"", {Word{std::string("speculative-decoding.pass.") + id}}};
      for (auto& cell : times.cells()) row.cells.push_back(std::move(cell));
      row.cells.push_back(std::move(last));
      table.rows.push_back(std::move(row));
    };
    TableData::Cell faster = std::monostate{};
    if (state_.step > 0)
      faster = state_.perPass() * times_.alone.median() /
               (static_cast<double>(state_.k) * times_.draft.median() + times_.target.median());
    add("draft", times_.draft, std::monostate{});
    add("alone", times_.alone, std::monostate{});
    add("target", times_.target, faster);
    return table;
  }

  std::string preset_;
  std::uint64_t seed_;
  double temperature_;
  ServedText text_;
  ServedGpt target_, draft_;
  at::Generator rule_;
  std::optional<SpeculativeWriter> writer_;
  std::vector<SpeculativeWriter> others_;
  SpeculationTimes times_;
  TokenShares p_, q_;  ///< after one prompt: of the target, of the draft
  std::vector<std::int64_t> rule_prompt_;
  std::vector<double> counts_;  ///< what the rule drew there
  SpeculationState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeSpeculativeDecoding(const Parameters& parameters,
                                                    const RunContext& context) {
  return std::make_unique<SpeculativeDecoding>(parameters, context);
}

}  // namespace viva

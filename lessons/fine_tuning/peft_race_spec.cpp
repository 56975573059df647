// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/count_text.h"
#include "lessons/core/number_text.h"
#include "lessons/fine_tuning/lessons.h"
#include "lessons/fine_tuning/peft_race.h"

namespace viva {
namespace {

const std::string kId = "peft-race";
const std::string kProgram = "resources/lessons/fine-tuning/peft_race.py";
constexpr std::int64_t kRaceLength = 500;
/// The race is between these ranks of LoRA.
constexpr std::array<std::int64_t, 4> kComparedRanks{1, 2, 4, 8};
constexpr std::int64_t kMatrices = 12, kNarrowestSide = 64, kSequence = 8;
/// A guess at one of ten digits, with what is left over for a lucky repeat.
constexpr double kNearChance = 0.25;
/// LoRA may stay a while where seven of the eight places are right.
constexpr double kNearlyKnown = 0.85, kOldKept = 0.9;

double newOf(const PeftState& s, std::string_view id) { return s.find(id)->accuracy; }
double oldOf(const PeftState& s, std::string_view id) { return s.find(id)->old_accuracy; }

std::function<bool(const PeftState&)> hasAll(std::vector<std::string> ids, TaskShift shift) {
  return [ids = std::move(ids), shift](const PeftState& s) {
    return s.shift == shift &&
           std::ranges::all_of(ids, [&](const auto& id) { return s.find(id) != nullptr; });
  };
}

std::optional<bool> raceIsWonByLowRank(const PeftState& s) {
  return newOf(s, "full") >= kTaskKnown && newOf(s, "adalora") >= kTaskKnown &&
         newOf(s, "lora") >= kNearlyKnown && newOf(s, "qlora") >= kNearlyKnown &&
         newOf(s, "prompt") <= kNearChance &&
         s.find("lora")->trained * 8 <= s.find("full")->trained &&
         s.find("qlora")->bytes * 2 < s.find("lora")->bytes;
}

std::optional<bool> promptsSelect(const PeftState& s) {
  return newOf(s, "prompt") >= kTaskKnown && newOf(s, "lora") >= kTaskKnown &&
         newOf(s, "full") >= kTaskKnown && s.base_new <= 0.6;
}

std::optional<bool> adaptersAdd(const PeftState& s) {
  return newOf(s, "lora") >= kNearlyKnown && newOf(s, "prompt") <= kNearChance &&
         newOf(s, "p-tuning-v2") <= kNearChance;
}

/// One direction a matrix gets there too, later than the first of those that have more. (Which of
/// them that is depends on the seed.)
std::optional<bool> thinIsSlower(const PeftState& s) {
  const PeftStanding& thin = *s.find("lora-r1");
  if (thin.accuracy < kNearlyKnown) return false;
  return std::ranges::any_of(s.standings, [&](const PeftStanding& other) {
    return other.contender.rank > 1 && other.reached_at &&
           (!thin.reached_at || *other.reached_at < *thin.reached_at);
  });
}

std::optional<bool> loraForgets(const PeftState& s) {
  return newOf(s, "lora") >= kNearlyKnown && oldOf(s, "lora") <= s.base_old - 0.5 &&
         oldOf(s, "full") <= s.base_old - 0.5 && s.off_difference == 0.0;
}

std::optional<bool> replayKeeps(const PeftState& s) {
  return newOf(s, "lora-replay") >= kNearlyKnown && oldOf(s, "lora-replay") >= kOldKept &&
         newOf(s, "full-replay") >= kNearlyKnown && oldOf(s, "full-replay") >= kOldKept &&
         oldOf(s, "lora") <= oldOf(s, "lora-replay") - 0.3;
}

const Claims<PeftState> kClaims{
    {"the-race", kRaceLength, raceIsWonByLowRank, When::From, nullptr,
     hasAll({"full", "lora", "adalora", "qlora", "prompt"}, TaskShift::NewRouting)},
    {"prompts-select", kRaceLength, promptsSelect, When::From, nullptr,
     hasAll({"full", "lora", "prompt"}, TaskShift::Known)},
    {"adapters-add", kRaceLength, adaptersAdd, When::From, nullptr,
     hasAll({"lora", "prompt", "p-tuning-v2"}, TaskShift::NewRouting)},
    {"rank", kRaceLength, thinIsSlower, When::From, nullptr,
     hasAll({"lora-r1", "lora-r8"}, TaskShift::NewRouting)},
    {"lora-forgets-too", kRaceLength, loraForgets, When::From, nullptr,
     hasAll({"full", "lora"}, TaskShift::NewRouting)},
    {"replay-prevents-forgetting", kRaceLength, replayKeeps, When::From, nullptr,
     hasAll({"full", "lora", "full-replay", "lora-replay"}, TaskShift::NewRouting)},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const Contender& contender : contendersIn(p)) {
    records.push_back({contender.id + "/loss", "unit.nats"});
    for (const char* name : {"/accuracy", "/old_accuracy", "/trainable"})
      records.push_back({contender.id + name, ""});
    records.push_back({contender.id + "/bytes", "unit.bytes"});
  }
  records.push_back({"base_old_accuracy", ""});
  return records;
}

std::vector<ViewSpec> views() {
  return {
      series("accuracies", {"*/accuracy"}).yAxis("axis.new_task_accuracy").large(),
      series("old_accuracies", {"*/old_accuracy"}).yAxis("axis.old_task_accuracy").large(),
      bars("both_tasks").yAxis("axis.peft_accuracy"),
      plane("trade").xAxis("axis.log_trained").yAxis("axis.new_task_accuracy"),
      table("standings"),
      tokens("answers"),
      series("losses", {"*/loss"}).yAxis("axis.peft_loss", "unit.nats").logarithmicY().small(),
      matrix("ranks_left").xAxis("axis.adapted_matrix").yAxis("axis.adapted_layer").small(),
      verdict("verdict"),
  };
}

/// With these methods only.
Preset among(const std::string& name, const std::vector<std::string>& methods,
             std::vector<std::pair<std::string, std::string>> settings = {}) {
  for (const NamedMethod& method : kPeftMethods)
    if (std::ranges::find(methods, method.id) == methods.end())
      settings.emplace_back(std::string(method.id) + ".on", "false");
  return preset(name).with(std::move(settings)).lasting(kRaceLength).heavy();
}

std::vector<Preset> presets() {
  return {
      preset("the-race").lasting(kRaceLength).heavy().showing("accuracies", {"standings", "trade"}),
      among("prompts-select", {"full", "prompt", "p-tuning-v2", "lora"}, {{"shift", "known"}})
          .showing("accuracies", {"answers", "standings"}),
      among("adapters-add", {"prompt", "prefix", "p-tuning-v2", "lora"})
          .showing("accuracies", {"answers", "standings"}),
      among("rank", {"lora"}, {{"compare", "rank"}}).showing("accuracies", {"standings", "losses"}),
      among("lora-forgets-too", {"full", "lora"})
          .showing("old_accuracies", {"accuracies", "both_tasks"}),
      among("replay-prevents-forgetting", {"full", "lora"},
            {{"compare", "replay"}, {"replay", "0.5"}})
          .showing("old_accuracies", {"accuracies", "both_tasks"}),
  };
}

}  // namespace

Parameter<bool> peftSwitch(const NamedMethod& method) {
  return toggle(std::string(method.id) + ".on", true).grouped("methods");
}

std::vector<Contender> contendersIn(const Parameters& p) {
  std::vector<Contender> all;
  for (const NamedMethod& named : kPeftMethods) {
    if (!p[peftSwitch(named)]) continue;
    Contender one;
    one.id = named.id;
    one.method = named.method;
    one.rate = named.rate;
    one.rank = p[kPeftRank];
    one.scale = p[kPeftAlpha] / static_cast<double>(one.rank);
    // More to choose from, for those who leave ranks out.
    if (named.method == PeftMethod::DyLora) one.rank *= 2;
    if (named.method == PeftMethod::AdaLora) one.rank += (one.rank + 1) / 2;
    if (named.method == PeftMethod::Vera) one.rank *= 4;
    one.prompt_length = p[kPromptLength];
    one.budget = p[kRankBudget];
    if (p[kPeftCompare] != PeftRival::Replay) one.replay = p[kReplay];
    if (p[kPeftCompare] == PeftRival::Rank && named.method == PeftMethod::Lora) {
      for (const std::int64_t rank : kComparedRanks) {
        Contender& variant = all.emplace_back(one);
        variant.rank = rank;
        variant.id += "-r" + std::to_string(rank);
      }
      continue;
    }
    all.push_back(one);
    if (p[kPeftCompare] != PeftRival::Replay) continue;
    Contender& twin = all.emplace_back(one);
    twin.id += kReplayEnding;
    twin.replay = p[kReplay];
  }
  return all;
}

std::int64_t replayedRows(const Contender& contender, std::int64_t batch) {
  return std::llround(contender.replay * static_cast<double>(batch));
}

const PeftStanding* PeftState::find(std::string_view id) const {
  const auto found =
      std::ranges::find_if(standings, [&](const auto& one) { return one.contender.id == id; });
  return found == standings.end() ? nullptr : &*found;
}

std::optional<Message> problemWithPeft(const Parameters& p) {
  const auto contenders = contendersIn(p);
  if (contenders.empty()) return Message{"error.peft.nobody", {}};
  const auto takesPart = [&](PeftMethod method) {
    return std::ranges::any_of(contenders, [&](const auto& c) { return c.method == method; });
  };
  for (const Contender& contender : contenders)
    if (isLowRank(contender.method) && contender.method != PeftMethod::Vera &&
        contender.rank > kNarrowestSide)
      return Message{"error.peft.rank",
                     {{"method", Word{kId + ".curve." + contender.id}},
                      {"rank", contender.rank},
                      {"width", kNarrowestSide}}};
  for (const Contender& contender : contenders)
    if (contender.method == PeftMethod::AdaLora && contender.budget > kMatrices * contender.rank)
      return Message{"error.peft.budget",
                     {{"budget", contender.budget}, {"ranks", kMatrices * contender.rank}}};
  const bool has_prompt = takesPart(PeftMethod::Prompt) || takesPart(PeftMethod::Prefix) ||
                          takesPart(PeftMethod::PTuningV2);
  if (has_prompt && p[kPromptLength] > kSequence)
    return Message{"error.peft.prompt", {{"prompt", p[kPromptLength]}, {"length", kSequence}}};
  if (p[kPeftCompare] == PeftRival::Replay && p[kReplay] == 0)
    return Message{"error.peft.replay", {}};
  if (p[kPeftCompare] == PeftRival::Rank && !takesPart(PeftMethod::Lora))
    return Message{"error.peft.no_lora", {}};
  return std::nullopt;
}

VerdictData peftVerdict(const std::string& preset, const PeftState& s) {
  const auto best = std::ranges::max_element(s.standings, {}, &PeftStanding::accuracy);
  Arguments numbers{{"base_old", percent(s.base_old)},
                    {"base_new", percent(s.base_new)},
                    {"best", Word{kId + ".curve." + best->contender.id}},
                    {"best_new", percent(best->accuracy)},
                    {"best_old", percent(best->old_accuracy)}};
  if (s.off_difference) numbers.emplace_back("off", *s.off_difference);
  for (const PeftStanding& standing : s.standings) {
    std::string name = standing.contender.id;
    std::ranges::replace(name, '-', '_');
    numbers.emplace_back(name + "_new", percent(standing.accuracy));
    numbers.emplace_back(name + "_old", percent(standing.old_accuracy));
    numbers.emplace_back(name + "_trained", grouped(standing.trained));
    numbers.emplace_back(name + "_at", standing.reached_at ? Argument(*standing.reached_at)
                                                           : Argument(Word{"word.not_yet"}));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& peftRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTaskShift,    kBaseUpdates, kPeftCompare,      kPeftRank, kPeftAlpha,
                       kPromptLength, kRankBudget,  kPeftRate,         kReplay,   kPeftLowerAfter,
                       kPeftBatch,    kPeftProbe,   kPeftEvaluateEvery};
    for (const NamedMethod& method : kPeftMethods) made.parameters.push_back(peftSwitch(method));
    made.records = records;
    made.validate = problemWithPeft;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"adapter-off", "trained-numbers", "merged"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters&) -> std::optional<Phase> {
      return Phase{"fine-tuning-base/1", 0, {kBaseUpdates.name}};
    };
    made.default_steps = kRaceLength;
    made.sources = {"lessons/fine_tuning/peft_race.cpp",    "lessons/fine_tuning/lora.cpp",
                    "lessons/fine_tuning/adalora.cpp",      "lessons/fine_tuning/vera.cpp",
                    "lessons/fine_tuning/soft_prompts.cpp", "lessons/fine_tuning/low_rank.cpp",
                    "lessons/fine_tuning/tuning_team.cpp"};
    made.equivalent = kProgram;
    made.make = makePeftRace;
    return made;
  }();
  return spec;
}

}  // namespace viva

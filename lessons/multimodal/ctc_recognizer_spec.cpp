// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/multimodal/ctc_recognizer.h"
#include "lessons/multimodal/lessons.h"

namespace viva {
namespace {

const std::string kId = "ctc-recognizer";
const std::string kProgram = "resources/lessons/multimodal-inputs/ctc_recognizer.py";

/// Nothing but blanks, no word right; later most words.
std::optional<bool> isSilentFirst(const CtcState& s) {
  return s.silent_at && s.spoke_at && *s.spoke_at > *s.silent_at && s.now.greedy >= 0.6;
}

std::optional<bool> searchFindsMore(const CtcState& s) { return s.largest_lead >= 0.1; }

/// With the wrong order no word with a repeat can be written; all others are read the same.
std::optional<bool> needsBlanks(const CtcState& s) {
  return s.now.repeats_right >= 0.5 && s.now.repeats_wrong == 0 && s.now.others_right >= 0.5;
}

const Claims<CtcState> kClaims{
    {"all-blank-first", 400, isSilentFirst, When::Until},
    {"greedy-is-not-best", 350, searchFindsMore, When::Until},
    {"repeats-need-a-blank", 500, needsBlanks},
};

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records{{"loss", "unit.nats"}};
  for (const char* name :
       {"blank_share", "greedy_accuracy", "beam_accuracy", "differing", "collapse-first/repeats",
        "blanks-first/repeats", "collapse-first/others", "blanks-first/others"})
    records.push_back({name, ""});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const std::string& probe = p[kToneProbe].text;
  const bool spells =
      std::ranges::all_of(probe, [](char letter) { return letter >= 'a' && letter <= 'h'; });
  if (!spells || probe.empty() || static_cast<std::int64_t>(probe.size()) > kLongestToneWord)
    return Message{"error.ctc.probe", {{"text", probe}, {"limit", kLongestToneWord}}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      matrix("symbols").xAxis("axis.ctc_frame").yAxis("axis.ctc_symbol").large(),
      matrix("lattice").xAxis("axis.ctc_frame").yAxis("axis.ctc_state"),
      series("accuracy", {"greedy_accuracy", "beam_accuracy"}).yAxis("axis.ctc_words"),
      series("blanks", {"blank_share", "greedy_accuracy"}).yAxis("axis.ctc_share"),
      tokens("readings"),
      bars("labels").xAxis("axis.ctc_label").yAxis("axis.ctc_probability"),
      series("repeats", {"*/repeats"}).yAxis("axis.ctc_words"),
      series("others", {"*/others"}).yAxis("axis.ctc_words").small(),
      table("orders").small(),
      matrix("sound").xAxis("axis.ctc_frame").yAxis("axis.ctc_band"),
      series("loss", {"loss"}).yAxis("axis.ctc_loss", "unit.nats").small(),
      series("differing", {"differing"}).yAxis("axis.ctc_words").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("all-blank-first").lasting(400).showing("symbols", {"blanks", "sound"}),
      preset("greedy-is-not-best")
          .with({{"noise", "0.5"}})
          .lasting(350)
          .showing("accuracy", {"labels", "readings"}),
      preset("repeats-need-a-blank")
          .with({{"repeats", "0.5"}, {"probe", "abba"}})
          .lasting(500)
          .showing("repeats", {"readings", "lattice"}),
  };
}

}  // namespace

VerdictData ctcVerdict(const std::string& preset, const CtcState& s) {
  const auto whenOf = [](const std::optional<std::int64_t>& step) -> Argument {
    if (!step) return Word{"word.not_yet"};
    return *step;
  };
  return judged(kId, kClaims, preset, s.step, s,
                {{"blanks", percent(s.now.blank_share)},
                 {"greedy", percent(s.now.greedy)},
                 {"beam", percent(s.now.beam)},
                 {"silent_at", whenOf(s.silent_at)},
                 {"spoke_at", whenOf(s.spoke_at)},
                 {"lead_at", s.lead_at},
                 {"lead_greedy", percent(s.lead_greedy)},
                 {"lead_beam", percent(s.lead_beam)},
                 {"repeats_right", percent(s.now.repeats_right)},
                 {"repeats_wrong", percent(s.now.repeats_wrong)},
                 {"others_right", percent(s.now.others_right)},
                 {"others_wrong", percent(s.now.others_wrong)}});
}

const ExperimentSpec& ctcRecognizer() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kToneNoise, kRepeatShare, kToneBatch,        kToneRate,
                       kBeamWidth, kToneProbe,   kToneEvaluateEvery};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"loss", "posterior"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 400;
    made.sources = {"lessons/multimodal/ctc_recognizer.cpp", "lessons/multimodal/ctc_lattice.cpp",
                    "lessons/multimodal/tone_net.cpp", "lessons/multimodal/tone_words.cpp"};
    made.equivalent = kProgram;
    made.make = makeCtcRecognizer;
    return made;
  }();
  return spec;
}

}  // namespace viva

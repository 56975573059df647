// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/gpt/lessons.h"
#include "lessons/gpt/tiny_gpt.h"

namespace viva {
namespace {

const std::string kId = "tiny-gpt", kProgram = "resources/lessons/gpt/tiny_gpt.py";

using Mood = VerdictData::Mood;

bool isBelowTrigram(const GptState& s) { return s.below_since.has_value(); }
std::string aboveOrBelow(const GptState& s, Mood) {
  if (isBelowTrigram(s)) return "";
  return s.below_pairs_since ? "between" : "above";
}

/// Every block makes the guess better than it was before it.
bool getsBetterBlockByBlock(const GptState& s) {
  for (std::size_t k = 0; k < s.lens.size(); ++k) {
    const double after = k + 1 < s.lens.size() ? s.lens[k + 1] : s.held_out;
    if (!(after < s.lens[k])) return false;
  }
  return true;
}

bool hasTurnedUp(const GptState& s) {
  return s.held_out - s.lowest >= 0.2 && s.loss < s.held_out / 2;
}

const Claims<GptState> kClaims{
    {"below-the-trigram", 400, isBelowTrigram, When::Until, aboveOrBelow},
    // Where all characters surprised alike, a tenth of them would carry a tenth.
    {"surprise", 400, [](const GptState& s) { return s.concentration >= 0.5; }},
    {"logit-lens", 300, getsBetterBlockByBlock},
    {"overfits-a-small-text", 250, hasTurnedUp},
    {"chinese-text", 300, isBelowTrigram, When::Until, aboveOrBelow},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const char* name : {"loss", "validation_loss", "unigram", "bigram", "trigram"})
    records.push_back({name, "unit.nats"});
  records.push_back({"concentration", ""});
  for (std::int64_t k = 0; k < p[kGptLayers]; ++k)
    records.push_back({"lens/" + std::to_string(k), "unit.nats"});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kGptText] == GptText::File && p[kGptFile].path.empty())
    return Message{"error.gpt.no_file", {}};
  if (p[kGptWidth] % p[kGptHeads] != 0)
    return Message{"error.gpt.heads", {{"width", p[kGptWidth]}, {"heads", p[kGptHeads]}}};
  return problemWithText(p);
}

std::vector<ViewSpec> views() {
  return {
      series("loss", {"loss", "validation_loss", "unigram", "bigram", "trigram"})
          .yAxis("axis.gpt_loss", "unit.nats"),
      tokens("text").large(),
      tokens("sample"),
      matrix("logit_lens").xAxis("axis.gpt_right_character").yAxis("axis.gpt_blocks"),
      tokens("lens_guesses"),
      series("lens", {"lens/*", "validation_loss"}).yAxis("axis.gpt_loss", "unit.nats").small(),
      matrix("attention").xAxis("axis.gpt_key").yAxis("axis.gpt_query").small(),
      bars("next_character").xAxis("axis.gpt_next").yAxis("axis.gpt_probability").small(),
      series("concentration", {"concentration"}).yAxis("axis.gpt_share").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("below-the-trigram").lasting(400).heavy().showing("loss", {"text", "sample"}),
      preset("surprise").lasting(400).heavy().showing("text", {"concentration", "loss"}),
      preset("logit-lens")
          .with({{"layers", "3"}, {"decay_steps", "300"}})
          .lasting(300)
          .heavy()
          .showing("lens_guesses", {"logit_lens", "lens"}),
      preset("overfits-a-small-text")
          .with({{"learned_from", "600"}, {"decay_steps", "100000"}})
          .lasting(250)
          .heavy()
          .showing("loss", {"sample", "text"}),
      preset("chinese-text")
          .with({{"text", "chinese"}, {"decay_steps", "300"}})
          .lasting(300)
          .quick(150)
          .showing("loss", {"text", "sample"}),
  };
}

}  // namespace

VerdictData gptVerdict(const std::string& preset, const GptState& s) {
  Arguments numbers{{"loss", s.loss},
                    {"held_out", s.held_out},
                    {"lowest", s.lowest},
                    {"lowest_at", s.lowest_at},
                    {"unigram", s.lines.unigram},
                    {"bigram", s.lines.bigram},
                    {"trigram", s.lines.trigram},
                    {"share", s.concentration}};
  if (!s.lens.empty()) {
    numbers.emplace_back("embedded", s.lens.front());
    numbers.emplace_back("before_last", s.lens.back());
  }
  if (s.below_since) numbers.emplace_back("since", *s.below_since);
  if (const auto since = s.below_pairs_since ? s.below_pairs_since : s.below_since)
    numbers.emplace_back("pairs_since", *since);
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& tinyGpt() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kGptText,    kGptFile,   kLearnedFrom,    kGptLayers, kGptHeads, kGptWidth,
                       kGptContext, kGptRate,   kGptWarmup,      kGptDecay,  kGptBatch, kPrompt,
                       kShownLayer, kShownHead, kGptTemperature, kGptTopK,   kGptTopP};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"n-grams", "cached-logits"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 400;
    made.sources = {"lessons/gpt/tiny_gpt.cpp",         "lessons/nn/transformer.cpp",
                    "lessons/nn/transformer_block.cpp", "lessons/gpt/generation.cpp",
                    "lessons/gpt/held_out.cpp",         "lessons/data/characters.cpp"};
    made.equivalent = kProgram;
    made.make = makeTinyGpt;
    return made;
  }();
  return spec;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/multimodal/bpe_trainer.h"
#include "lessons/multimodal/lessons.h"

namespace viva {
namespace {

const std::string kId = "bpe-trainer";
constexpr std::int64_t kSteps = 150;

/// A word that the text has not is two pieces, both of them learned from other words.
std::optional<bool> spellsTheUnseen(const BpeState& s) {
  return s.probe_words == 1 && s.own().probe_pieces == 2;
}

std::optional<bool> tiesDecide(const BpeState& s) {
  const BpeStanding *first = s.find(kFirstTie), *last = s.find(kLastTie);
  const double ratio = static_cast<double>(first->tokens) / static_cast<double>(last->tokens);
  return s.ties >= 5 && s.only_here >= 5 && ratio > 0.95 && ratio < 1.05;
}

std::optional<bool> chineseCosts(const BpeState& s) {
  const BpeStanding *little = s.find(kMostlyEnglish), *half = s.find(kHalfAndHalf);
  return *little->chinese >= 1.5 * *half->chinese && *little->chinese >= 1.5 * *little->english &&
         *half->chinese <= 1.1 * *half->english;
}

/// With equally many pieces.
std::optional<bool> cutsDifferently(const BpeState& s) {
  const BpeStanding *bpe = s.find(kBpe), *wordpiece = s.find(kWordPiece),
                    *unigram = s.find(kUnigram);
  return bpe->vocabulary == wordpiece->vocabulary && bpe->vocabulary == unigram->vocabulary &&
         wordpiece->tokens > bpe->tokens && unigram->tokens < bpe->tokens;
}

std::function<bool(const BpeState&)> hasTokenizer(const std::string& id) {
  return [id](const BpeState& s) { return s.find(id) != nullptr; };
}

const Claims<BpeState> kClaims{
    {"merge-by-merge", 10, spellsTheUnseen},
    {"chinese-costs-more", kSteps, chineseCosts, When::From, nullptr, hasTokenizer(kHalfAndHalf)},
    {"ties-matter", kSteps, tiesDecide, When::From, nullptr, hasTokenizer(kLastTie)},
    {"bpe-wordpiece-unigram", kSteps, cutsDifferently, When::From, nullptr, hasTokenizer(kUnigram)},
};

bool usesRandomness(const Parameters& p) {
  return p[kBpeText] != BpeText::Example && p[kBpeText] != BpeText::File;
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  const auto add = [&](const std::string& prefix) {
    for (const char* name : {"tokens", "vocabulary", "bytes_per_token", "probe_pieces"})
      records.push_back({prefix + name, ""});
    if (measuresSentences(p))
      for (const char* name : {"english", "chinese"}) records.push_back({prefix + name, ""});
  };
  add("");
  records.push_back({"piece_at", "unit.bytes"});
  records.push_back({"tied", ""});
  if (p[kBpeCompare] == BpeRival::None) return records;
  records.push_back({"differing", ""});
  for (const std::string& id : tokenizersOf(p)) add(id + "/");
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kBpeText] == BpeText::File && p[kBpeFile].path.empty())
    return Message{"error.bpe.no_file", {}};
  if (p[kBpeCompare] == BpeRival::Mix && p[kBpeText] != BpeText::Mixed)
    return Message{"error.bpe.mix", {}};
  if (p[kBpeProbe].text.empty()) return Message{"error.bpe.no_probe", {}};
  if (p[kBpeProbe].text.size() > 2000)
    return Message{"error.bpe.long_probe",
                   {{"found", static_cast<std::int64_t>(p[kBpeProbe].text.size())},
                    {"limit", std::int64_t{2000}}}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      tokens("pieces").large().picking("", "piece"),
      bars("pairs").xAxis("axis.bpe_pair").yAxis("axis.bpe_count"),
      graph("tree"),
      series("tokens", {"tokens"}).yAxis("axis.bpe_tokens"),
      series("token_race", {"*/tokens"}).yAxis("axis.bpe_tokens"),
      series("chinese", {"*/chinese"}).yAxis("axis.bpe_sentence"),
      series("english", {"*/english"}).yAxis("axis.bpe_sentence"),
      series("differing", {"differing", "tied"}).yAxis("axis.bpe_pieces"),
      table("merges").small(),
      tokens("words").small(),
      series("bytes_per_token", {"bytes_per_token"}).yAxis("axis.bpe_bytes").small(),
      table("standings"),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("merge-by-merge")
          .with({{"text", "example"},
                 {"unit", "characters"},
                 {"merges", "10"},
                 {"compare", "none"},
                 {"probe", "lowest"}})
          .lasting(10)
          .showing("pieces", {"pairs", "tree"}),
      preset("chinese-costs-more")
          .with({{"probe", "the old fox finds the red apple. 老狐狸找到红色的苹果。"}})
          .lasting(kSteps)
          .showing("chinese", {"english", "pieces"}),
      preset("ties-matter")
          .with({{"text", "english"},
                 {"unit", "characters"},
                 {"compare", "ties"},
                 {"probe", "the hungry goat borrows a lantern"}})
          .lasting(kSteps)
          .showing("differing", {"pieces", "token_race"}),
      preset("bpe-wordpiece-unigram")
          .with({{"text", "english"},
                 {"unit", "characters"},
                 {"compare", "method"},
                 {"probe", "unbroken strangers"}})
          .lasting(kSteps)
          .showing("token_race", {"pieces", "standings"}),
  };
}

}  // namespace

bool measuresSentences(const Parameters& p) { return p[kBpeText] == BpeText::Mixed; }

std::vector<std::string> tokenizersOf(const Parameters& p) {
  switch (p[kBpeCompare]) {
    case BpeRival::Ties:
      return {kFirstTie, kLastTie};
    case BpeRival::Method:
      return {kBpe, kWordPiece, kUnigram};
    case BpeRival::Mix:
      return {kMostlyEnglish, kHalfAndHalf};
    case BpeRival::None:
      break;
  }
  return {""};
}

const BpeStanding* BpeState::find(std::string_view id) const {
  const auto found = std::ranges::find_if(standings, [&](const auto& s) { return s.id == id; });
  return found == standings.end() ? nullptr : &*found;
}

VerdictData bpeVerdict(const std::string& preset, const BpeState& s) {
  Arguments numbers{{"merges", s.merges},
                    {"merged", s.merged},
                    {"count", s.count},
                    {"tied", s.tied},
                    {"ties", s.ties},
                    {"differing", s.only_here},
                    {"tokens", s.own().tokens},
                    {"first_tokens", s.first_tokens},
                    {"vocabulary", s.own().vocabulary},
                    {"pieces", s.own().probe_pieces},
                    {"words", s.probe_words}};
  for (const BpeStanding& other : s.standings) {
    std::string name = other.id;
    std::ranges::replace(name, '-', '_');
    numbers.emplace_back(name + "_tokens_now", other.tokens);
    numbers.emplace_back(name + "_english", withDecimals(other.english.value_or(0), 1));
    numbers.emplace_back(name + "_chinese", withDecimals(other.chinese.value_or(0), 1));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& bpeTrainer() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kBpeText, kBpeFile,    kChineseShare, kBpeUnit, kTies,
                       kMerges,  kBpeCompare, kBpeProbe,     kBpePiece};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = usesRandomness;
    made.views = views();
    made.checks = {"anew", "lossless"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kSteps;
    made.sources = {"lessons/multimodal/bpe_trainer.cpp",
                    "lessons/multimodal/byte_pair_encoding.cpp",
                    "lessons/multimodal/unigram_pieces.cpp"};
    made.make = makeBpeTrainer;
    return made;
  }();
  return spec;
}

}  // namespace viva

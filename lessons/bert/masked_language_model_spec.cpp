// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/bert/lessons.h"
#include "lessons/bert/masked_language_model.h"
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "masked-language-model";
const std::string kProgram = "resources/lessons/bert/masked_language_model.py";

using Mood = VerdictData::Mood;

/// 0 where the run has no such net, or does not ask it that.
double rightOf(const MaskedState& s, std::string_view id) {
  const NetStanding* net = s.net(id);
  return net ? net->right_accuracy.value_or(0) : 0;
}
double leftOf(const MaskedState& s, std::string_view id) {
  const NetStanding* net = s.net(id);
  return net ? net->left_accuracy.value_or(0) : 0;
}
double seenOf(const MaskedState& s, std::string_view id) {
  const NetStanding* net = s.net(id);
  return net ? net->seen_accuracy : 0;
}
double writtenBy(const MaskedState& s, std::string_view id) {
  const WritingStanding* writer = s.writer(id);
  return writer ? writer->grammatical : 0;
}

bool hasDecided(const MaskedState& s, std::initializer_list<std::string> ids) {
  return std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
    const NetStanding* net = s.net(id);
    return net && net->right_accuracy;
  });
}

/// What stands on the right is needed by nobody but the net that may look there.
std::optional<bool> needsTheRight(const MaskedState& s) {
  return rightOf(s, kBidirectional) >= kKnown && leftOf(s, kBidirectional) >= kKnown &&
         leftOf(s, kCausal) >= kKnown && rightOf(s, kCausal) <= 0.6;
}

/// Blanks are filled alike; what is not hidden is read by one of them only.
std::optional<bool> readsWhatItSees(const MaskedState& s) {
  return seenOf(s, kEightyTenTen) >= 0.9 && seenOf(s, kMaskOnly) <= 0.5 &&
         rightOf(s, kEightyTenTen) >= kKnown && rightOf(s, kMaskOnly) >= kKnown;
}

/// Neither few blanks nor many: the net between them was the first to know all kinds.
std::optional<bool> isFirstInTheMiddle(const MaskedState& s) {
  const auto known_at = s.nets[1].known_at;
  if (!known_at) return false;
  return s.nets[0].known_at.value_or(s.step + 1) > *known_at &&
         s.nets[2].known_at.value_or(s.step + 1) > *known_at;
}

std::optional<bool> cannotWrite(const MaskedState& s) {
  return writtenBy(s, kCausal) >= 0.6 &&
         writtenBy(s, kBidirectional) <= 0.5 * writtenBy(s, kCausal);
}

std::optional<bool> helpsWithFewLabels(const MaskedState& s) {
  if (s.labelled_steps < 60) return std::nullopt;
  const LabelStanding *with = s.learner(kPretrained), *without = s.learner(kScratch);
  return with->accuracy >= kKnown && without->accuracy <= 0.93 && without->train_accuracy >= 0.95;
}

const Claims<MaskedState> kClaims{
    {"needs-the-right-context", 550, needsTheRight, When::Until, nullptr,
     [](const MaskedState& s) {
       return hasDecided(s, {kCausal, kBidirectional});
     }},
    {"eighty-ten-ten", 550, readsWhatItSees, When::Until, nullptr,
     [](const MaskedState& s) {
       return hasDecided(s, {kMaskOnly, kEightyTenTen});
     }},
    {"mask-rate", 300, isFirstInTheMiddle, When::Until,
     [](const MaskedState& s, Mood) { return std::string(s.nets[1].known_at ? "" : "open"); },
     [](const MaskedState& s) { return s.nets.size() == kComparedRates.size(); }},
    {"bert-cannot-write", 550, cannotWrite, When::Until, nullptr,
     [](const MaskedState& s) { return !s.writing.empty(); }},
    {"few-labels", 650, helpsWithFewLabels, When::Until,
     [](const MaskedState& s, Mood) { return std::string(s.labelled_steps > 0 ? "" : "learning"); },
     [](const MaskedState& s) { return !s.labelled.empty(); }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  const bool is_grammar = p[kText] == MaskedTextKind::Grammar;
  for (const std::string& id : netsIn(p)) {
    records.push_back({id + "/loss", "unit.nats"});
    records.push_back({id + "/validation_loss", "unit.nats"});
    records.push_back({id + "/accuracy", ""});
    records.push_back({id + "/seen_accuracy", ""});
    if (!is_grammar) continue;
    records.push_back({id + "/right_accuracy", ""});
    records.push_back({id + "/left_accuracy", ""});
  }
  if (is_grammar && p[kWrite] && p[kCompare] == Compared::Attention)
    for (const std::string& id : {kCausal, kBidirectional, kLaidOut, kGibbs})
      records.push_back({id + "/grammatical", ""});
  if (p[kCompare] == Compared::FewLabels)
    for (const std::string& id : {kPretrained, kScratch}) {
      records.push_back({id + "/loss", "unit.nats"});
      records.push_back({id + "/train_accuracy", ""});
      records.push_back({id + "/accuracy", ""});
    }
  return records;
}

std::vector<ViewSpec> views() {
  return {
      series("right_decided", {"*/right_accuracy"}).yAxis("axis.right_answers").large(),
      tokens("probe").picking("", "masked").large(),
      bars("blank").xAxis("axis.word_there").yAxis("axis.word_probability"),
      bars("flips").xAxis("axis.changed_word").yAxis("axis.moved_probability"),
      series("left_decided", {"*/left_accuracy"}).yAxis("axis.right_answers"),
      series("loss", {"*/loss"}).yAxis("axis.blank_loss", "unit.nats"),
      series("validation", {"*/validation_loss"}).yAxis("axis.blank_loss", "unit.nats").small(),
      series("seen", {"*/seen_accuracy"}).yAxis("axis.share_named").small(),
      series("accuracy", {"*/accuracy"}).yAxis("axis.right_answers").small(),
      matrix("attention").xAxis("axis.attended").yAxis("axis.attending").small(),
      table("decided"),
      tokens("samples").small(),
      table("writing").small(),
      series("labelled", {}).xAxis("axis.label_updates").yAxis("axis.right_answers").small(),
      table("learners").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("needs-the-right-context")
          .lasting(550)
          .heavy()
          .showing("right_decided", {"probe", "blank"}),
      preset("eighty-ten-ten")
          .with({{"compare", "replacement"}})
          .lasting(550)
          .heavy()
          .showing("seen", {"right_decided", "decided"}),
      preset("mask-rate")
          .with({{"compare", "mask-rate"}})
          .lasting(300)
          .heavy()
          .showing("validation", {"right_decided", "left_decided"}),
      preset("bert-cannot-write")
          .with({{"write", "true"}})
          .lasting(550)
          .heavy()
          .showing("samples", {"writing", "loss"}),
      preset("few-labels")
          .with({{"compare", "few-labels"}, {"replacement", "80-10-10"}})
          .lasting(650)
          .heavy()
          .showing("labelled", {"learners", "right_decided"}),
  };
}

std::optional<Phase> phase(const Parameters& p) {
  if (p[kCompare] != Compared::FewLabels) return std::nullopt;
  return Phase{"blanks/1",
               p[kPretraining],
               {"text", "data_file", "compare", "mask_rate", "replacement", "labels", "pretraining",
                "layers", "heads", "width", "lr", "lower_after", "batch_size", "evaluate_every"}};
}

}  // namespace

std::vector<std::string> netsIn(const Parameters& p) {
  switch (p[kCompare]) {
    case Compared::Attention:
      return {kCausal, kBidirectional};
    case Compared::Replacement:
      return {kMaskOnly, kEightyTenTen};
    case Compared::FewLabels:
      return {kBidirectional};
    case Compared::MaskRate:
      break;
  }
  std::vector<std::string> ids;
  for (const double rate : kComparedRates)
    ids.push_back("rate-" + std::to_string(static_cast<int>(100 * rate + 0.5)));
  return ids;
}

const NetStanding* MaskedState::net(std::string_view id) const {
  const auto found =
      std::find_if(nets.begin(), nets.end(), [&](const auto& some) { return some.id == id; });
  return found == nets.end() ? nullptr : &*found;
}

const WritingStanding* MaskedState::writer(std::string_view id) const {
  const auto found =
      std::find_if(writing.begin(), writing.end(), [&](const auto& some) { return some.id == id; });
  return found == writing.end() ? nullptr : &*found;
}

const LabelStanding* MaskedState::learner(std::string_view id) const {
  const auto found = std::find_if(labelled.begin(), labelled.end(),
                                  [&](const auto& some) { return some.id == id; });
  return found == labelled.end() ? nullptr : &*found;
}

VerdictData maskedVerdict(const std::string& preset, const MaskedState& s) {
  const NetStanding& best = *std::min_element(
      s.nets.begin(), s.nets.end(),
      [](const auto& a, const auto& b) { return a.validation_loss < b.validation_loss; });
  Arguments numbers{{"best", Word{kId + ".curve." + best.id}},
                    {"loss", best.validation_loss},
                    {"accuracy", percent(best.accuracy)},
                    {"causal_right", percent(rightOf(s, kCausal))},
                    {"causal_left", percent(leftOf(s, kCausal))},
                    {"both_right", percent(rightOf(s, kBidirectional))},
                    {"both_left", percent(leftOf(s, kBidirectional))},
                    {"chance", percent(kChanceOnTheRight)},
                    {"mask_seen", percent(seenOf(s, kMaskOnly))},
                    {"mask_right", percent(rightOf(s, kMaskOnly))},
                    {"mixed_seen", percent(seenOf(s, kEightyTenTen))},
                    {"mixed_right", percent(rightOf(s, kEightyTenTen))},
                    {"causal_written", percent(writtenBy(s, kCausal))},
                    {"both_written", percent(writtenBy(s, kBidirectional))},
                    {"laid_out_written", percent(writtenBy(s, kLaidOut))},
                    {"swept_written", percent(writtenBy(s, kGibbs))},
                    {"labels", s.labels}};
  if (s.nets.size() == kComparedRates.size()) {
    const auto whenOf = [](const NetStanding& net) -> Argument {
      if (!net.known_at) return Word{"word.not_yet"};
      return *net.known_at;
    };
    numbers.emplace_back("few_at", whenOf(s.nets[0]));
    numbers.emplace_back("middle_at", whenOf(s.nets[1]));
    numbers.emplace_back("many_at", whenOf(s.nets[2]));
    numbers.emplace_back("few_loss", s.nets[0].validation_loss);
    numbers.emplace_back("middle_loss", s.nets[1].validation_loss);
    numbers.emplace_back("many_loss", s.nets[2].validation_loss);
  }
  if (const WritingStanding* gibbs = s.writer(kGibbs))
    numbers.emplace_back("readings", gibbs->readings);
  for (const LabelStanding& learner : s.labelled) {
    numbers.emplace_back(learner.id, percent(learner.accuracy));
    numbers.emplace_back(learner.id + "_train", percent(learner.train_accuracy));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& maskedLanguageModel() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "masked-language-model";
    made.parameters = {kText,          kDataFile, kCompare, kMaskRate, kReplacement, kLabels,
                       kPretraining,   kLayers,   kHeads,   kWidth,    kRate,        kLowerAfter,
                       kBatchSize,     kProbe,    kMasked,  kNet,      kLayer,       kHead,
                       kEvaluateEvery, kWrite,    kSweeps};
    made.records = records;
    made.validate = problemWithMasking;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"no-look-ahead", "attention"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = phase;
    made.default_steps = 550;
    made.sources = {"lessons/bert/masked_language_model.cpp", "lessons/bert/masked_text.cpp",
                    "lessons/bert/masked_judge.cpp", "lessons/nn/transformer.cpp"};
    made.equivalent = kProgram;
    made.make = makeMaskedLanguageModel;
    return made;
  }();
  return spec;
}

}  // namespace viva

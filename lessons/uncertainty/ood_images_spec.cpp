// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/uncertainty/lessons.h"
#include "lessons/uncertainty/ood_images.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {
namespace {

const std::string kId = "ood-images";
const std::string kProgram = "resources/lessons/ood-detection/ood_scores.py";

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> parameters = detectingParameters(0.01);
  parameters.insert(parameters.end(), {kOtherImages, kOodHidden, kOodDropout, kOodRate});
  return parameters;
}

/// What the claims look at: every score of both kinds of images is there.
struct JudgedImages {
  const Parameters& parameters;
  const AllScores& scores;

  const ScoredSamples& mine() const { return chosen(parameters, scores); }
  double areaOf(OodScore score) const { return scored(scores, score).auroc(); }
};

bool lettersPass(const JudgedImages& images) {
  return images.areaOf(OodScore::Mahalanobis) > images.areaOf(OodScore::MaxSoftmax) &&
         images.mine().fpr95() > 0.2;
}
bool noisePasses(const JudgedImages& images) {
  return acceptedShare(images.mine().out, images.parameters[kOodThreshold]) > 0.1;
}

const Claims<JudgedImages> kClaims{
    {"letters", 600, lettersPass},
    {"noise", 600, noisePasses},
};

}  // namespace

VerdictData imagesVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const ImagesState& state) {
  if (step < 20 || !state.scores[0].complete())
    return {VerdictData::Mood::Open, {kId + ".verdict.early", {}}};
  const JudgedImages images{parameters, state.scores};
  Arguments numbers = scoreNumbers(parameters, state.scores);
  numbers.insert(numbers.end(), {{"accuracy", percent(state.accuracy)},
                                 {"distance", readable(images.areaOf(OodScore::Mahalanobis))}});
  return judged(kId, kClaims, preset, step, images, std::move(numbers));
}

const ExperimentSpec& oodImages() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = parameters();
    made.records = scoreRecords;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        images("fooled"),
        histogram("scores").xAxis("axis.ood_score").yAxis("axis.sample_count"),
        plane("roc").xAxis("axis.false_rate").yAxis("axis.true_rate"),
        table("metrics"),
        images("examples").small(),
        series("auroc", {"*/auroc"}).yAxis("axis.auroc"),
        table("alarms").small(),
        series("training", {"train_loss"}).yAxis("axis.batch_loss").logarithmicY().small(),
        verdict("verdict"),
    };
    made.checks = {"area"};
    made.presets = {preset("letters").lasting(800).showing("fooled", {"scores", "metrics"}),
                    preset("noise")
                        .with({{"ood", "noise"}})
                        .lasting(800)
                        .showing("fooled", {"scores", "metrics"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 800;
    made.sources = {"lessons/uncertainty/ood_images.cpp", "lessons/uncertainty/ood_classifier.cpp",
                    "lessons/uncertainty/ood_scores.cpp", "lessons/uncertainty/ood_metrics.cpp"};
    made.equivalent = kProgram;
    made.make = makeOodImages;
    return made;
  }();
  return spec;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/diffusion/diffusion_digits.h"
#include "lessons/diffusion/lessons.h"

namespace viva {
namespace {

const std::string kDigitsId = "diffusion-digits";
const std::string kDigitsProgram = "resources/lessons/diffusion/diffusion_digits.py";

bool digitsAreReadable(const DigitsProgress& p) {
  return p.judged[1].agreement >= 0.85 * p.judge_accuracy && p.distance >= 0.7;
}

bool guidanceClears(const DigitsProgress& p) {
  return p.judged[2].agreement >= p.judged[0].agreement &&
         p.judged[2].spread < 0.85 * p.judged[0].spread;
}

const Claims<DigitsProgress> kClaims{
    {"digits-out-of-noise", 1000, digitsAreReadable, When::Until},
    {"guidance-on-digits", 1000, guidanceClears, When::From},
};

std::optional<Message> validate(const Parameters& p) {
  if (p[kDigitStrides] > p[kDigitTimesteps])
    return Message{"error.diffusion.too_many_strides",
                   {{"strides", p[kDigitStrides]}, {"steps", p[kDigitTimesteps]}}};
  return std::nullopt;
}

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records{{"loss", ""}};
  for (const int weight : kJudgedWeights)
    for (const char* what : {"/agreement", "/spread"})
      records.push_back({"w" + std::to_string(weight) + what, ""});
  records.push_back({"nearest", ""});
  return records;
}

}  // namespace

VerdictData diffusionDigitsVerdict(const std::string& preset, const DigitsProgress& p) {
  return judged(kDigitsId, kClaims, preset, p.step, p,
                {{"one", percent(p.judged[0].agreement)},
                 {"two", percent(p.judged[1].agreement)},
                 {"four", percent(p.judged[2].agreement)},
                 {"spread1", readable(p.judged[0].spread)},
                 {"spread4", readable(p.judged[2].spread)},
                 {"real", percent(p.judge_accuracy)},
                 {"distance", readable(p.distance)}});
}

const ExperimentSpec& diffusionDigits() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kDigitsId;
    made.parameters = {kDigitSamples,      kDigitObjective, kDigitSchedule, kDigitTimesteps,
                       kDigitSampler,      kDigitStrides,   kDigitGuidance, kDigitWidth,
                       kDigitRate,         kDigitRateSteps, kDigitBatch,    kDigitLabelDrop,
                       kDigitEvaluateEvery};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        images("denoising").large(),
        images("samples"),
        images("by_weight"),
        images("real").small(),
        series("losses", {"loss"}).yAxis("axis.denoising_loss").small(),
        series("agreement", {"*/agreement"}).yAxis("axis.judge_agreement"),
        series("spread", {"*/spread"}).yAxis("axis.digit_spread").small(),
        series("copies", {"nearest"}).yAxis("axis.nearest_digit").small(),
        verdict("verdict"),
    };
    made.checks = {"modules", "parts"};
    made.presets = {
        preset("digits-out-of-noise")
            .lasting(1000)
            .heavy()
            .showing("denoising", {"samples", "agreement", "verdict"}),
        preset("guidance-on-digits")
            .lasting(1000)
            .heavy()
            .showing("by_weight", {"agreement", "spread", "verdict"}),
    };
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters&) -> std::optional<Phase> {
      return Phase{"digit-judge/1", 0, {"samples"}};
    };
    made.default_steps = 1000;
    made.stops_on_divergence = true;
    made.sources = {"lessons/diffusion/diffusion_digits.cpp",
                    "lessons/diffusion/digit_denoiser.cpp", "lessons/diffusion/denoising.cpp",
                    "lessons/data/image_judge.cpp"};
    made.equivalent = kDigitsProgram;
    made.make = makeDiffusionDigits;
    return made;
  }();
  return spec;
}

}  // namespace viva

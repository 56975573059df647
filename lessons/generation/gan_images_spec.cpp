// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/generation/gan_images.h"
#include "lessons/generation/lessons.h"

namespace viva {
namespace {

const std::string kId = "gan-images";
const std::string kProgram = "resources/lessons/gan/gan_images.py";

using Mood = VerdictData::Mood;

std::optional<bool> makesAllClasses(const GanImagesProgress& p) {
  if (p.classes < 2) return std::nullopt;
  return p.step >= 300 && p.classes_made == p.classes && p.kl <= 0.3 &&
         p.distance < p.start_distance / 3;
}

const Claims<GanImagesProgress> kClaims{
    {"digits", 1500, makesAllClasses, When::Until,
     [](const GanImagesProgress& p, Mood) {
       return std::string(p.classes < 2 ? ".no_classes" : "");
     }},
    {"conditional", 1500, [](const GanImagesProgress& p) { return p.agreement >= 0.7; },
     When::Until},
    {"latent-walk", 1000,
     [](const GanImagesProgress& p) { return p.step >= 500 && p.roughness <= 0.4; }, When::Until},
    {"fid", 600,
     [](const GanImagesProgress& p) {
       return p.step >= 300 && p.fid > p.fid_floor && p.fid < p.start_fid / 10;
     },
     When::Until},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const char* name : {"d_loss", "g_loss", "d_real", "d_fake", "distance"})
    records.push_back({name, ""});
  const bool labelled = ganImagesAreLabelled(p);
  if (labelled) records.push_back({"kl_to_uniform", "unit.nats"});
  if (labelled && p[kConditional]) records.push_back({"agreement", ""});
  if (p[kMeasureFid]) {
    records.push_back({"fid", ""});
    records.push_back({"fid_floor", ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kImagesData] != GanImagesData::File) return std::nullopt;
  if (p[kImageFile].path.empty()) return Message{"error.images.no_file", {}};
  return std::nullopt;
}

}  // namespace

VerdictData ganImagesVerdict(const std::string& preset, const GanImagesProgress& p) {
  VerdictData verdict = judged(kId, kClaims, preset, p.step, p,
                               {{"agreement", percent(p.agreement)},
                                {"real", percent(p.judge_accuracy)},
                                {"share", percent(p.roughness)},
                                {"made", p.classes_made},
                                {"classes", p.classes},
                                {"kl", p.kl},
                                {"fid", p.fid},
                                {"start_fid", p.start_fid},
                                {"fid_floor", p.fid_floor},
                                {"start", p.start_distance},
                                {"distance", p.distance}});
  if (p.classes < 2 && verdict.sentence.key == kId + ".verdict.standing")
    verdict.sentence.key = kId + ".verdict.no_classes";
  return verdict;
}

const ExperimentSpec& ganImages() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.version = 2;  // parts of files are drawn by class
    made.version_of = [](const Parameters& p) {
      return p[kImagesData] == GanImagesData::File ? 2 : 1;
    };
    made.parameters = {kImagesData,         kImageFile,  kLabelFile,  kImageSamples, kConditional,
                       kImageNoise,         kImageWidth, kImageBatch, kImageDRate,   kImageGRate,
                       kImageEvaluateEvery, kMeasureFid, kWalk,       kShownClass};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        images("samples").large(),
        images("through_time"),
        plane("latent")
            .xAxis("axis.latent_1")
            .yAxis("axis.latent_2")
            .equalScale()
            .dragging({"walk"})
            .small(),
        images("walk_image").small(),
        images("latent_grid").small(),
        images("real"),
        series("losses", {"d_loss", "g_loss"}).yAxis("axis.gan_loss"),
        series("opinions", {"d_real", "d_fake"}).yAxis("axis.discriminator_output").small(),
        series("distance", {"distance"}).yAxis("axis.pixel_distance").small(),
        series("agreement", {"agreement"}).yAxis("axis.agreement").small(),
        series("fid", {}).xAxis("axis.step").yAxis("axis.fid").logarithmicY().small(),
        verdict("verdict"),
    };
    made.checks = {"loss-forms", "adjoint"};
    made.presets = {
        preset("digits")
            .with({{"conditional", "false"}})
            .lasting(1500)
            .heavy()
            .showing("samples", {"through_time", "losses", "verdict"}),
        preset("conditional")
            .lasting(1500)
            .heavy()
            .showing("samples", {"agreement", "losses", "verdict"}),
        preset("latent-walk")
            .with({{"conditional", "false"}, {"data", "shapes"}, {"noise_dim", "8"}})
            .lasting(1000)
            .heavy()
            .showing("latent_grid", {"latent", "walk_image", "verdict"}),
        preset("fid")
            .with({{"conditional", "false"}, {"data", "shapes"}, {"fid", "true"}})
            .lasting(600)
            .heavy()
            .showing("fid", {"losses", "samples"}),
    };
    made.claims = claimsOf(kClaims);
    made.default_steps = 1500;
    made.phase = [](const Parameters&) -> std::optional<Phase> {
      return Phase{"image-judge/1", 0, {"data", "samples", "image_file", "label_file"}};
    };
    made.stops_on_divergence = true;
    made.sources = {"lessons/generation/gan_images.cpp", "lessons/generation/dcgan.cpp",
                    "lessons/data/image_judge.cpp"};
    made.equivalent = kProgram;
    made.make = makeGanImages;
    return made;
  }();
  return spec;
}

}  // namespace viva

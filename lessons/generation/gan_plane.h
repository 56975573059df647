// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `gan-plane` share: its parameters, and what is known about the two nets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/mode_coverage.h"
#include "lessons/data/plane_target_kind.h"
#include "lessons/generation/gan_losses.h"

namespace viva {

class PlaneTarget;

enum class Trained { Both, DiscriminatorOnly, GeneratorOnly };
enum class GanSettingsFrom { Own, Published };
enum class GanOptimizer { Adam, RmsProp, Sgd };

/// A heart of 48 points, for those who have not drawn anything yet.
Points heart();

const auto kTarget = choice<PlaneTargetKind>("target", {{PlaneTargetKind::Ring, "ring"},
                                                        {PlaneTargetKind::Grid, "grid"},
                                                        {PlaneTargetKind::Moons, "moons"},
                                                        {PlaneTargetKind::SwissRoll, "swiss-roll"},
                                                        {PlaneTargetKind::Line, "line"},
                                                        {PlaneTargetKind::Drawn, "drawn"}})
                         .live()
                         .grouped("target");
const auto kDrawn = points("drawn", heart())
                        .range(-1.5, 1.5)
                        .live()
                        .grouped("target")
                        .draggedOn("plane")
                        .onlyWhen(kTarget, {PlaneTargetKind::Drawn});
const auto kSigma = real("sigma", 0.01).range(0.001, 0.3).logarithmic().live().grouped("target");
const auto kLoss = choice<GanLoss>("loss",
                                   {{GanLoss::Minimax, "minimax"},
                                    {GanLoss::NonSaturating, "non-saturating"},
                                    {GanLoss::LeastSquares, "least-squares"},
                                    {GanLoss::WassersteinClip, "wasserstein-clip"},
                                    {GanLoss::WassersteinGp, "wasserstein-gp"},
                                    {GanLoss::HingeSn, "hinge-sn"}},
                                   GanLoss::NonSaturating)
                       .live()
                       .grouped("updates");
const auto kTrain = choice<Trained>("train", {{Trained::Both, "both"},
                                              {Trained::DiscriminatorOnly, "d-only"},
                                              {Trained::GeneratorOnly, "g-only"}})
                        .live()
                        .grouped("updates");
const auto kSettings =
    choice<GanSettingsFrom>(
        "settings", {{GanSettingsFrom::Own, "own"}, {GanSettingsFrom::Published, "published"}})
        .live()
        .grouped("updates");
/// One of the settings of one's own. Of each source for itself, as the handle that it looks at:
/// shared between libraries it would look at one that is not there yet.
template <typename T>
static Parameter<T> own(Parameter<T> parameter) {
  return std::move(parameter).live().grouped("updates").onlyWhen(kSettings, {GanSettingsFrom::Own});
}
const auto kDSteps = own(integer("d_steps", 1).range(1, 20));
const auto kGSteps = own(integer("g_steps", 1).range(1, 20));
const auto kDRate = own(real("d.lr", 1e-3).range(1e-6, 1).logarithmic());
const auto kGRate = own(real("g.lr", 1e-3).range(1e-6, 1).logarithmic());
const auto kGanOptimizer =
    own(choice<GanOptimizer>("optimizer", {{GanOptimizer::Adam, "adam"},
                                           {GanOptimizer::RmsProp, "rmsprop"},
                                           {GanOptimizer::Sgd, "sgd"}}));
const auto kGanBeta1 = own(real("beta1", 0.5).range(0, 0.99));
const auto kGanBeta2 = own(real("beta2", 0.999).range(0, 0.9999));
const auto kRateEnd = own(real("lr_end", 0.02).range(0.001, 1).logarithmic());
const auto kRateSteps = own(integer("lr_steps", 16000).range(100, 1000000).logarithmic());
const auto kGanClip = real("clip", 0.01)
                          .range(0.001, 1)
                          .logarithmic()
                          .live()
                          .grouped("updates")
                          .onlyWhen(kLoss, {GanLoss::WassersteinClip});
const auto kPenalty = real("penalty", 0.1)
                          .range(0, 100)
                          .stepping(0.1)
                          .live()
                          .grouped("updates")
                          .onlyWhen(kLoss, {GanLoss::WassersteinGp});
const auto kWarmup = integer("d_warmup", 0).range(0, 5000).grouped("updates");
const auto kGanBatchSize = integer("batch_size", 256).range(8, 1024).logarithmic().grouped("nets");
const auto kNoiseDim = integer("noise_dim", 2).range(1, 64).logarithmic().grouped("nets");
const auto kGeneratorHidden = integer("hidden", 64).range(4, 256).logarithmic().grouped("nets");
const auto kGanEvaluateEvery =
    integer("evaluate_every", 100).range(1, 2000).logarithmic().grouped("display");
const auto kSlowMotion = toggle("slow_motion", false).live().grouped("display");

/// How both nets are trained: the panel's own numbers, or those that a paper used.
struct GanSettings {
  std::int64_t d_steps = 1, g_steps = 1;
  double d_rate = 1e-3, g_rate = 1e-3;
  GanOptimizer optimizer = GanOptimizer::Adam;  ///< of both nets
  double beta1 = 0.5, beta2 = 0.999;            ///< of Adam
  double rate_end = 1;  ///< of the rates, as a share, after rate_steps; linearly
  std::int64_t rate_steps = 1;
  double clip = 0.01;    ///< WassersteinClip only
  double penalty = 0.1;  ///< WassersteinGp only: the weight of the penalty

  /// The share of the rates that is left after `turns`.
  double rateShare(std::int64_t turns) const;
};
GanSettings ganSettingsOf(const Parameters& parameters);

PlaneTarget targetOf(const Parameters& parameters);

/// The parts that one turn is shown in, in slow motion.
enum class TurnPart {
  Discriminator,  ///< the discriminator learns, the generator waits
  Arrows,         ///< nothing moves; the generator's gradient is shown
  Generator,      ///< the generator learns
};

struct GanEvaluation {
  std::int64_t turn = 0;
  std::optional<Coverage> coverage;  ///< none without modes
  double wasserstein = 0;            ///< sliced, of 2,500 samples and as many of the target
  double d_real = 0, d_fake = 0;     ///< mean output; a probability for the two losses of 2014
  /// Mean length of the gradient of a sample's generator loss with respect to that sample.
  double sample_gradient = 0;
  /// The same for -log D, whatever the loss; equal for the non-saturating loss.
  double non_saturating_gradient = 0;
  double slope = 0;     ///< mean |grad D(x)| of the raw output, at real and generated points
  double steepest = 0;  ///< the largest of them
  double moved = 0;     ///< how far a generated point is from where it was at the start, on average
  double clipped = 0;   ///< share of the discriminator's weights at the clipping bound
};

/// The generator's last update in slow motion.
struct GanMove {
  double length = 0;  ///< how far it moved a generated point, on average
  double cosine = 0;  ///< of the angle between that move and the push on the point, on average
};

/// All that the verdicts and the table need.
struct GanHistory {
  std::vector<GanEvaluation> evaluations;  ///< the first one is of the start
  std::int64_t turn = 0, warmup = 0;
  std::optional<double> d_loss, g_loss;  ///< averages of about the last 100
  /// Of two independent sets of 2,500 real samples: what a perfect generator would have.
  double wasserstein_floor = 0;
  std::optional<GanMove> move;

  const GanEvaluation& last() const { return evaluations.back(); }
};

/// Averages over the last tenth of the run so far, at least one evaluation.
struct LastTenth {
  double modes_covered = 0, high_quality = 0, kl_to_uniform = 0, top3_share = 0;
  double d_real = 0, d_fake = 0, sample_gradient = 0, slope = 0, clipped = 0;
  double steepest = 0;  ///< the largest, not an average
  bool has_modes = false;
};
LastTenth lastTenthOf(const GanHistory& history);

/// Whether at least 90 % of the samples lie nearest to three modes, and some of them really on a
/// mode: a generator that hits nothing has not collapsed, it has not learned.
bool isCollapsed(const GanHistory& history);

VerdictData collapseAlarm(const GanHistory& history);
/// What slow motion shows now.
VerdictData partVerdict(bool slow_motion, TurnPart part, std::int64_t steps);
/// Judges the claim of `preset`, or says how good the generator is.
VerdictData ganPlaneVerdict(const std::string& preset, const GanHistory& history);

std::unique_ptr<Experiment> makeGanPlane(const Parameters& parameters, const RunContext& context);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Every lesson, in teaching order; the same order as resources/lessons.json.
#include "lessons/core/catalog.h"

#include "lessons/architecture/layer_calculator.h"
#include "lessons/fitting/capacity_lab.h"
#include "lessons/fitting/double_descent.h"
#include "lessons/generation/lessons.h"
#include "lessons/gradients/lessons.h"
#include "lessons/information/distillation.h"
#include "lessons/information/distribution_match.h"
#include "lessons/information/kl_policy.h"
#include "lessons/information/lessons.h"
#include "lessons/losses/loss_race.h"
#include "lessons/losses/loss_shapes.h"
#include "lessons/nn/torch_runtime.h"
#include "lessons/optimization/optimizer_anatomy.h"
#include "lessons/optimization/optimizer_race.h"
#include "lessons/optimization/optimizer_training.h"
#include "lessons/sequences/lessons.h"
#include "lessons/step_size/lr_schedules.h"
#include "lessons/step_size/lr_valley.h"
#include "lessons/uncertainty/ood_images.h"
#include "lessons/uncertainty/ood_maps.h"

extern "C" const viva::Catalog* viva_catalog() {
  using namespace viva;
  static const Catalog catalog(
      {
          {"cross-entropy-kl",
           {
               &distributionMatch(),
               &modeSeeking(),
               &distillation(),
               &klConstrainedPolicy(),
           }},
          {"loss-functions",
           {
               &lossRace(),
               &lossShapes(),
           }},
          {"overfitting",
           {
               &capacityLab(),
               &doubleDescent(),
           }},
          {"learning-rate",
           {
               &lrValley(),
               &lrSchedules(),
           }},
          {"ood-detection",
           {
               &oodMaps(),
               &oodImages(),
           }},
          {"parameter-counting",
           {
               &layerCalculator(),
           }},
          {"optimizers",
           {
               &optimizerRace(),
               &optimizerAnatomy(),
               &optimizerTraining(),
           }},
          {"vanishing-gradients",
           {
               &gradientFlow(),
               &memoryOverTime(),
           }},
          {"exploding-gradients",
           {
               &recurrentExplosion(),
               &lossScaling(),
           }},
          {"lstm",
           {
               &lstmGates(),
               &cellRace(),
           }},
          {"gan",
           {
               &ganPlane(),
               &ganImages(),
           }},
      },
      torchRuntime());
  return &catalog;
}

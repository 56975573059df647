// SPDX-License-Identifier: GPL-3.0-or-later
// Every experiment; resources/lessons.json says which lesson has it, and in which order.
#include "lessons/core/catalog.h"

#include "lessons/architecture/lessons.h"
#include "lessons/backbones/lessons.h"
#include "lessons/bert/lessons.h"
#include "lessons/blip/lessons.h"
#include "lessons/clip/lessons.h"
#include "lessons/convolution/lessons.h"
#include "lessons/detection/lessons.h"
#include "lessons/diffusion/lessons.h"
#include "lessons/fine_tuning/lessons.h"
#include "lessons/fitting/lessons.h"
#include "lessons/generation/lessons.h"
#include "lessons/gpt/lessons.h"
#include "lessons/gradients/lessons.h"
#include "lessons/inference/lessons.h"
#include "lessons/information/lessons.h"
#include "lessons/losses/lessons.h"
#include "lessons/multimodal/lessons.h"
#include "lessons/nn/torch_runtime.h"
#include "lessons/optimization/lessons.h"
#include "lessons/programs/lessons.h"
#include "lessons/protocols/lessons.h"
#include "lessons/sequences/lessons.h"
#include "lessons/step_size/lessons.h"
#include "lessons/tool_use/lessons.h"
#include "lessons/transformer/lessons.h"
#include "lessons/uncertainty/lessons.h"
#include "lessons/vit/lessons.h"

extern "C" const viva::Catalog* viva_catalog() {
  using namespace viva;
  // A line an experiment, so that two that are added at a time do not meet.
  // clang-format off
  static const std::vector<const ExperimentSpec*> experiments{
      &agentLoop(),
      &alexnetTricks(),
      &attentionLab(),
      &attentionNumbers(),
      &averagePrecision(),
      &backboneExplorer(),
      &backboneRace(),
      &batchingFrontier(),
      &boxLosses(),
      &bpeTrainer(),
      &capacityLab(),
      &captionAndMatch(),
      &cellRace(),
      &contrastivePairs(),
      &convolutionKinds(),
      &ctcRecognizer(),
      &degradation(),
      &diffusionDigits(),
      &diffusionPlane(),
      &digitReader(),
      &distillation(),
      &distributionMatch(),
      &doubleDescent(),
      &functionCalling(),
      &ganImages(),
      &ganPlane(),
      &gradientFlow(),
      &graphOptimization(),
      &inductionHeads(),
      &interviewPrograms(),
      &klConstrainedPolicy(),
      &kvCache(),
      &layerCalculator(),
      &lossRace(),
      &lossScaling(),
      &lossShapes(),
      &lrSchedules(),
      &lrValley(),
      &lstmGates(),
      &maskedLanguageModel(),
      &memoryOverTime(),
      &modeSeeking(),
      &nmsSteps(),
      &detectorTraining(),
      &oodImages(),
      &oodMaps(),
      &optimizerAnatomy(),
      &optimizerRace(),
      &optimizerTraining(),
      &patchAndTubelet(),
      &peftRace(),
      &pagedMemory(),
      &positionRace(),
      &quantization(),
      &protocolTrace(),
      &recurrentExplosion(),
      &samplerRace(),
      &samplingBench(),
      &spectrogramLab(),
      &speculativeDecoding(),
      &tinyGpt(),
      &toolPolicy(),
      &vggWarmStart(),
      &vitVsCnn(),
  };
  // clang-format on
  static const Catalog catalog(lessonList(), experiments, torchRuntime());
  return &catalog;
}

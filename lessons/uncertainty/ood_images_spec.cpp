// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/images_report.h"

#include <torch/torch.h>

#include <algorithm>
#include <numeric>

#include "lessons/core/number_text.h"
#include "lessons/data/digits.h"
#include "lessons/nn/plane_map.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;
constexpr int kColumns = 6, kShown = 12;

/// Ink dark on white as on paper.
ImagesData onPaper(const torch::Tensor& images) {
  ImagesData data;
  data.height = data.width = static_cast<int>(kDigitSize);
  data.columns = kColumns;
  data.values = shareFloats(floatsOf(1 - images));
  data.images.resize(static_cast<std::size_t>(images.size(0)));
  for (auto& image : data.images) image.caption = std::string();
  return data;
}

}  // namespace

std::vector<ParameterSpec> imagesParameters() {
  std::vector<ParameterSpec> parameters = detectingParameters(0.01);
  parameters.push_back(
      choice("ood", {"letters", "noise", "inverted"}, "letters").live().grouped("data"));
  for (ParameterSpec& parameter : oodTrainingParameters())
    parameters.push_back(std::move(parameter));
  return parameters;
}

std::vector<RecordSpec> imagesRecords(const Parameters&) { return scoreRecords(); }

std::vector<ViewSpec> imagesViews() {
  std::vector<ViewSpec> views{
      images("fooled"),
      histogram("scores", {"axis.ood_score", "", false}, {"axis.sample_count", "", false}),
      plane("roc", {"axis.false_rate", "", false}, {"axis.true_rate", "", false}),
      table("metrics"),
      images("examples"),
      series("auroc", {"*/auroc"}, {"axis.auroc", "", false}),
      table("alarms"),
      series("training", {"train_loss"}, {"axis.batch_loss", "", true}),
      verdict("verdict"),
  };
  for (const std::size_t small : {4, 6, 7}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> imagesPresets() {
  const std::vector<std::string> shown{"fooled", "scores", "auroc", "metrics"};
  return {{"letters", {}, 800, shown}, {"noise", {{"ood", "noise"}}, 800, shown}};
}

ImagesData fooled(const torch::Tensor& others, const Parameters& parameters,
                  const ImagesState& state) {
  const auto& scores = chosen(parameters, state.scores).out;
  std::vector<std::int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
  });
  order.resize(std::min<std::size_t>(order.size(), kShown));
  ImagesData data =
      onPaper(others.index_select(0, torch::tensor(order, torch::kLong).to(others.device())));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto at = static_cast<std::size_t>(order[i]);
    data.images[i].caption = std::to_string(state.guesses[at]) + " · " + readable(scores[at]);
  }
  return data;
}

ImagesData examples(const torch::Tensor& held_out, const torch::Tensor& others) {
  return onPaper(torch::cat({held_out.slice(0, 0, kShown), others.slice(0, 0, kShown)}));
}

VerdictData imagesVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const ImagesState& state) {
  if (step < 20 || !state.scores[0].complete()) return {Mood::Open, {"verdict.ood.early", {}}};
  VerdictArguments arguments = scoreArguments(parameters, state.scores);
  const double soft = scored(state.scores, OodScore::MaxSoftmax).auroc();
  const double distance = scored(state.scores, OodScore::Mahalanobis).auroc();
  const auto& mine = chosen(parameters, state.scores);
  arguments.insert(arguments.end(),
                   {{"accuracy", percent(state.accuracy)}, {"distance", readable(distance)}});
  const auto judged = [&](bool holds) {
    return VerdictData{step < 600 ? Mood::Open
                       : holds    ? Mood::Holds
                                  : Mood::Fails,
                       {"verdict.ood-images." + preset, arguments}};
  };
  if (preset == "letters") return judged(distance > soft && mine.fpr95() > 0.2);
  if (preset == "noise") return judged(acceptedShare(mine.out, parameters[kOodThreshold]) > 0.1);
  return {Mood::Open, {"verdict.ood.standing", arguments}};
}

}  // namespace viva

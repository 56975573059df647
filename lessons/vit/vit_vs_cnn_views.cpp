// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/vit_vs_cnn_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/nn/plane_map.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/vit/attention_reach.h"

namespace viva {
namespace {

const std::string kId = "vit-vs-cnn.";
constexpr std::int64_t kShownImages = 6, kLookedAt = 32;

Word curveWord(const std::string& id) { return {kId + "curve." + id}; }

/// The ViT whose inside is shown: the last one that has learned positions.
const ContestNet& shownVit(const ContestPicture& p) {
  const ContestNet* shown = &p.nets.front();
  for (const ContestNet& net : p.nets)
    if (net.vit() && net.about().has_positions && !net.about().id.ends_with("scratch"))
      shown = &net;
  return *shown;
}

/// A class as a caption, in every language.
std::string className(const ContestPicture& p, std::int64_t label) {
  static const std::vector<std::string> shapes{"●", "■", "▲", "✚"}, relation{"≠", "="};
  const auto index = static_cast<std::size_t>(label);
  switch (p.state.data) {
    case ContestData::Shapes:
      return shapes.at(index);
    case ContestData::Relation:
      return relation.at(index);
    case ContestData::File:
      return p.class_names.at(index);
    default:
      return std::to_string(label);
  }
}

/// `3 ✓`, `8 ✕`: what a net says of each image.
std::vector<std::string> answersOf(const ContestPicture& p, const ContestNet& net,
                                   const torch::Tensor& images, const torch::Tensor& labels) {
  const auto said = numbersOf(net.logits(images).argmax(1)), right = numbersOf(labels);
  std::vector<std::string> captions;
  for (std::size_t i = 0; i < said.size(); ++i)
    captions.push_back(className(p, static_cast<std::int64_t>(said[i])) +
                       (said[i] == right[i] ? " ✓" : " ✕"));
  return captions;
}

/// Darkest and lightest pixel of what is shown.
void spanOf(ImagesData& shown, const torch::Tensor& images) {
  shown.minimum = std::min(0.0f, images.min().item<float>());
  shown.maximum = std::max(1.0f, images.max().item<float>());
}

ImagesData frameOf(const torch::Tensor& images) {
  ImagesData shown;
  shown.channels = static_cast<int>(images.size(1));
  shown.height = static_cast<int>(images.size(2));
  shown.width = static_cast<int>(images.size(3));
  shown.columns = static_cast<int>(images.size(0));
  return shown;
}

/// Test images as they are, moved and with their patches shuffled, and what the first net says.
ImagesData changedImages(const ContestPicture& p) {
  const auto count = std::min<std::int64_t>(kShownImages, p.tests.plain.samples());
  const auto first = [&](const Dataset& data) { return data.inputs.narrow(0, 0, count); };
  const auto labels = p.tests.plain.labels.narrow(0, 0, count);
  const std::vector<torch::Tensor> rows{
      first(p.tests.plain), first(p.tests.moved.at(static_cast<std::size_t>(p.state.shift))),
      first(p.tests.shuffled)};
  ImagesData shown = frameOf(rows.front());
  spanOf(shown, rows.front());
  for (const auto& row : rows)
    for (const std::string& said : answersOf(p, p.nets.front(), row, labels))
      shown.images.push_back({said, {}});
  shown.values = shareFloats(floatsOf(torch::cat(rows)));
  return shown;
}

/// Test images, and below each where the answer of the ViT comes from.
ImagesData rolloutImages(const ContestPicture& p) {
  const ContestNet& net = shownVit(p);
  const auto count = std::min<std::int64_t>(kShownImages, p.tests.plain.samples());
  const auto images = p.tests.plain.inputs.narrow(0, 0, count);
  const std::int64_t across = net.vit()->plan().across(), patch = net.vit()->plan().patch;
  const auto share = attentionRollout(*net.vit(), images);  // [n, tokens]
  // White is twice as much as every patch would have.
  const auto scaled = share * static_cast<double>(across * across) / 2;
  const auto maps = scaled.view({count, 1, across, across})
                        .repeat_interleave(patch, 2)
                        .repeat_interleave(patch, 3)
                        .expand({-1, images.size(1), -1, -1});
  ImagesData shown = frameOf(images);
  // Marks are -1 and 1, ink is 0 to 1.
  const bool is_signed = p.state.data == ContestData::Relation;
  const auto above = is_signed ? (images + 1) / 2 : images;
  shown.values = shareFloats(floatsOf(torch::cat({above, maps}).clamp(0, 1)));
  for (const std::string& said :
       answersOf(p, net, images, p.tests.plain.labels.narrow(0, 0, count)))
    shown.images.push_back({said, {}});
  for (const double largest : numbersOf(share.amax(1)))
    shown.images.push_back(
        {std::to_string(static_cast<int>(std::lround(100 * largest))) + " %", {}});
  return shown;
}

/// Each learned position as a small map: how alike are the others? In the place that it stands for.
void showPositions(Frame& frame, const ContestPicture& p) {
  const ContestNet& net = shownVit(p);
  const auto cosines = positionCosines(*net.vit());
  const int across = static_cast<int>(net.vit()->plan().across()), tokens = across * across;
  ImagesData& grid = frame.at<ImagesData>("position_grid");
  grid.height = grid.width = grid.columns = across;
  grid.minimum = -1, grid.maximum = 1;
  grid.values = shareFloats(floatsOf(cosines));
  for (int token = 0; token < tokens; ++token) grid.images.push_back({std::to_string(token), {}});
  MatrixData& matrix = frame.at<MatrixData>("position_similarity");
  matrix.rows = matrix.columns = tokens;
  matrix.values = grid.values;
  matrix.minimum = -1, matrix.maximum = 1;
  matrix.diverging = true;
}

/// How far each head of the ViT looks.
BarsData distanceBars(const ContestPicture& p) {
  const ContestNet& net = shownVit(p);
  const auto images =
      p.tests.plain.inputs.narrow(0, 0, std::min(kLookedAt, p.tests.plain.samples()));
  const auto distances = attentionDistances(*net.vit(), images);  // [layers, heads]
  BarsData bars;
  BarsData::Group group{net.about().id, {}, numbersOf(distances)};
  Curve uniform{"uniform", curveWord("uniform"), {}, {}, true};
  const double everywhere = uniformDistance(net.vit()->plan());
  for (std::int64_t layer = 0; layer < distances.size(0); ++layer)
    for (std::int64_t head = 0; head < distances.size(1); ++head) {
      bars.categories.emplace_back(std::to_string(layer) + "." + std::to_string(head));
      uniform.x.push_back(static_cast<double>(uniform.x.size()));
      uniform.y.push_back(everywhere);
    }
  bars.groups.push_back(std::move(group));
  bars.overlays.push_back(std::move(uniform));
  return bars;
}

TableData standings(const ContestState& state) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"net", Best::None},         {"train_accuracy", Best::Largest},
                   {"accuracy", Best::Largest}, {"shifted", Best::Largest},
                   {"shuffled", Best::Largest}, {"images", Best::None},
                   {"parameters", Best::None},  {"tokens", Best::None},
                   {"macs", Best::None}};
  for (const VitStanding& net : state.nets) {
    const auto tokens = net.tokens > 0 ? TableData::Cell{static_cast<double>(net.tokens)}
                                       : TableData::Cell{std::monostate{}};
    table.rows.push_back({net.net.id,
                          {curveWord(net.net.id), net.train_accuracy, net.accuracy,
                           net.shifted.at(static_cast<std::size_t>(state.shift)), net.shuffled,
                           static_cast<double>(net.net.images), static_cast<double>(net.parameters),
                           tokens, static_cast<double>(net.macs)}});
  }
  return table;
}

/// What an image costs: on an axis that is logarithmic.
BarsData costBars(const ContestState& state) {
  BarsData bars;
  bars.logarithmic = true;
  for (const char* cost : {"tokens", "attention_macs", "macs", "parameters"})
    bars.categories.emplace_back(Word{kId + "cost." + cost});
  for (const VitStanding& net : state.nets) {
    const auto number = [](std::int64_t count) {
      return count > 0 ? static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
    };
    bars.groups.push_back({net.net.id,
                           {},
                           {number(net.tokens), number(net.attention_macs), number(net.macs),
                            number(net.parameters)}});
  }
  return bars;
}

/// Accuracy over the number of training images: a curve each kind, and of their own training
/// images.
SeriesData dial(const ContestState& state) {
  SeriesData data;
  const auto add = [&](bool is_vit, bool is_training) {
    std::vector<std::pair<double, double>> points;
    for (const VitStanding& net : state.nets)
      if (net.net.is_vit == is_vit && net.net.is_tuned && net.net.has_positions)
        points.emplace_back(static_cast<double>(net.net.images),
                            is_training ? net.train_accuracy : net.accuracy);
    std::sort(points.begin(), points.end());
    const std::string id = is_vit ? kVit : kCnn;
    Curve curve{is_training ? id + "_train" : id, {}, {}, {}, is_training};
    curve.label = curveWord(curve.id);
    for (const auto& [x, y] : points) curve.x.push_back(x), curve.y.push_back(y);
    data.curves.push_back(std::move(curve));
  };
  for (const bool is_training : {false, true})
    for (const bool is_vit : {true, false}) add(is_vit, is_training);
  return data;
}

/// Accuracy over the pixels by which test images are moved.
SeriesData shifts(const ContestState& state) {
  SeriesData data;
  for (const VitStanding& net : state.nets) {
    Curve curve{net.net.id, curveWord(net.net.id), {}, {}};
    for (std::size_t pixels = 0; pixels < net.shifted.size(); ++pixels) {
      curve.x.push_back(static_cast<double>(pixels));
      curve.y.push_back(net.shifted[pixels]);
    }
    data.curves.push_back(std::move(curve));
  }
  return data;
}

/// Accuracy over the updates on the images themselves.
SeriesData transfer(const ContestState& state) {
  SeriesData data;
  for (std::size_t i = 0; i < state.nets.size(); ++i) {
    const std::string& id = state.nets[i].net.id;
    Curve curve{id, curveWord(id), {}, {}};
    for (const auto& [updates, accuracies] : state.so_far) {
      curve.x.push_back(static_cast<double>(updates));
      curve.y.push_back(accuracies[i]);
    }
    data.curves.push_back(std::move(curve));
  }
  return data;
}

}  // namespace

void showContest(Frame& frame, const ContestPicture& p) {
  const torch::NoGradGuard no_grad;
  frame.at<SeriesData>("dial") = dial(p.state);
  frame.at<SeriesData>("shifts") = shifts(p.state);
  frame.at<SeriesData>("transfer") = transfer(p.state);
  frame.at<TableData>("standings") = standings(p.state);
  frame.at<BarsData>("costs") = costBars(p.state);
  frame.at<ImagesData>("changed") = changedImages(p);
  frame.at<ImagesData>("rollout") = rolloutImages(p);
  frame.at<BarsData>("attention_distance") = distanceBars(p);
  showPositions(frame, p);
}

}  // namespace viva

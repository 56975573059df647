// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/detector_views.h"

#include <algorithm>
#include <array>

#include "lessons/core/number_text.h"
#include "lessons/detection/box_plane.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kOf = "detector-training.";
constexpr std::array<const char*, kSceneShapes> kSigns{"●", "■", "▲"};
constexpr std::array<const char*, kSceneShapes> kNames{"disc", "square", "triangle"};

std::string idOf(const DetectorReading& reading) {
  return reading.id.empty() ? "detector" : reading.id;
}
Word nameOf(const DetectorReading& reading) { return Word{kOf + "curve." + idOf(reading)}; }

/// What became of a box.
std::string fateOf(const Matched& match, const std::vector<PlacedBox>& truths,
                   double least_overlap) {
  if (match.is_true) return "right";
  const bool is_late = std::ranges::any_of(truths, [&](const PlacedBox& truth) {
    return truth.image == match.detection.image &&
           overlap(truth.box, match.detection.box) >= least_overlap;
  });
  return is_late ? "duplicate" : "wrong";
}

/// Only what is drawn counts.
DetectionsOfShapes drawnOf(DetectionsOfShapes found, double shown_from) {
  for (auto& of_shape : found)
    std::erase_if(of_shape, [&](const Detection& d) { return d.score < shown_from; });
  return found;
}

void drawTruths(std::vector<ImagesData::Image>& images, const TruthsOfShapes& truths,
                std::size_t first) {
  for (const auto& of_shape : truths)
    for (const PlacedBox& truth : of_shape)
      images[first + truth.image].boxes.push_back(drawnBox(truth.box, "truth", {}));
}

TableData::Row rowOf(const Matched& match, std::size_t shape, const std::string& fate) {
  TableData::Cell iou;
  if (match.truth) iou = match.overlap;
  return {match.is_true ? "right" : "wrong",
          {match.detection.score, static_cast<double>(match.detection.image + 1),
           Word{kOf + "shape." + kNames[shape]}, iou, Word{kOf + "found." + fate}}};
}

void addMissed(TableData& table, const std::vector<PlacedBox>& truths,
               const std::vector<Matched>& matches, std::size_t shape) {
  for (std::size_t i = 0; i < truths.size(); ++i)
    if (std::ranges::none_of(matches, [&](const Matched& match) {
          return match.is_true && match.truth == static_cast<std::int64_t>(i);
        }))
      table.rows.push_back(
          {"truth",
           {TableData::Cell(), static_cast<double>(truths[i].image + 1),
            Word{kOf + "shape." + kNames[shape]}, TableData::Cell(), Word{kOf + "found.missed"}}});
}

void showMatches(TableData& table, const TruthsOfShapes& truths,
                 const std::vector<std::vector<Matched>>& matches, double least_overlap) {
  table.columns = {{"score"}, {"picture"}, {"shape"}, {"overlap"}, {"verdict"}};
  for (std::size_t shape = 0; shape < matches.size(); ++shape)
    for (const Matched& match : matches[shape])
      table.rows.push_back(rowOf(match, shape, fateOf(match, truths[shape], least_overlap)));
  std::ranges::stable_sort(table.rows, std::ranges::greater{}, [](const TableData::Row& row) {
    return std::get<double>(row.cells[0]);
  });
  for (std::size_t shape = 0; shape < matches.size(); ++shape)
    addMissed(table, truths[shape], matches[shape], shape);
}

}  // namespace

void showPictures(Frame& frame, const DetectorState& state, const Scenes& pictures,
                  const std::vector<DetectionsOfShapes>& found, const PictureRule& rule) {
  ImagesData& data = frame.at<ImagesData>("examples");
  const auto pixels = numbersOf(pictures.images);
  std::vector<float> values;
  for (std::size_t i = 0; i < found.size(); ++i)
    values.insert(values.end(), pixels.begin(), pixels.end());
  data.height = data.width = kSceneSide;
  data.channels = 3;
  data.columns = 4;
  data.values = shareFloats(std::move(values));
  const TruthsOfShapes truths = pictures.truths();
  for (std::size_t reading = 0; reading < found.size(); ++reading) {
    const std::size_t first = data.images.size();
    data.images.resize(first + kPictures);
    for (std::size_t i = first; i < data.images.size(); ++i)
      if (found.size() > 1) data.images[i].caption = nameOf(state.standings[reading].reading);
    drawTruths(data.images, truths, first);
    const auto drawn = drawnOf(found[reading], rule.shown_from);
    const auto matches = matchedOf(truths, drawn, rule.least_overlap);
    for (std::size_t shape = 0; shape < matches.size(); ++shape)
      for (const Matched& match : matches[shape]) {
        Label label = std::string(kSigns[shape]);
        if (found.size() == 1)
          label = std::string(kSigns[shape]) + " " + withDecimals(match.detection.score, 2);
        data.images[first + match.detection.image].boxes.push_back(
            drawnBox(match.detection.box, match.is_true ? "right" : "wrong", std::move(label)));
      }
    if (reading == 0)
      showMatches(frame.at<TableData>("matches"), truths, matches, rule.least_overlap);
  }
}

void showPrecision(Frame& frame, const DetectorState& state, const TruthsOfShapes& truths,
                   const std::vector<DetectionsOfShapes>& found, double least_overlap) {
  SeriesData& data = frame.at<SeriesData>("precision_recall");
  for (std::size_t i = 0; i < found.size(); ++i) {
    const DetectorReading& reading = state.standings[i].reading;
    Curve curve{
        idOf(reading), nameOf(reading), {}, precisionCurve(truths, found[i], least_overlap)};
    for (std::size_t k = 0; k < curve.y.size(); ++k)
      curve.x.push_back(static_cast<double>(k) / 100);
    data.curves.push_back(std::move(curve));
  }
}

void showOrigin(Frame& frame, const DetectorState& state) {
  BarsData& bars = frame.at<BarsData>("where_the_loss_is");
  bars.stacked = true;
  const std::pair<const char*, LossOrigin::Part LossOrigin::*> parts[] = {
      {"easy", &LossOrigin::easy},
      {"hard", &LossOrigin::hard},
      {"positive", &LossOrigin::positive}};
  bars.categories.emplace_back(Word{kOf + "bar.answers"});
  for (const DetectorStanding& s : state.standings)
    if (s.reading.is_suppressed) bars.categories.emplace_back(nameOf(s.reading));
  for (const auto& [id, part] : parts) {
    BarsData::Group group{id, Word{kOf + "curve." + id}, {}};
    group.values.push_back((state.own().origin.*part).of_answers);
    for (const DetectorStanding& s : state.standings)
      if (s.reading.is_suppressed) group.values.push_back((s.origin.*part).of_loss);
    bars.groups.push_back(std::move(group));
  }
}

void showStandings(Frame& frame, const DetectorState& state) {
  using Best = TableData::Best;
  TableData& table = frame.at<TableData>("standings");
  table.columns = {{"reading"},
                   {"train_map50"},
                   {"map50", Best::Largest},
                   {"map75", Best::Largest},
                   {"map", Best::Largest},
                   {"detections"}};
  for (const DetectorStanding& s : state.standings)
    table.rows.push_back({idOf(s.reading),
                          {nameOf(s.reading), s.train_map50, s.test.map50, s.test.map75, s.test.map,
                           static_cast<double>(s.test.detections)}});
}

}  // namespace viva

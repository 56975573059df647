// SPDX-License-Identifier: GPL-3.0-or-later
// Detections against truths, the best first, one a step.
#include "lessons/detection/average_precision.h"

#include <algorithm>
#include <cmath>

#include "lessons/detection/box_measures.h"
#include "lessons/detection/box_plane.h"

namespace viva {
namespace {

class AveragePrecision : public Experiment {
 public:
  AveragePrecision(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        least_overlap_(p[kLeastOverlap]),
        truths_(truthsIn(p[kTruths].text)),
        matches_(matched(truths_, detectionsIn(p[kDetections].text), p[kMatching], least_overlap_,
                         p[kScoreCut])) {
    const auto uncut =
        matched(truths_, detectionsIn(p[kDetections].text), p[kMatching], least_overlap_, -1e300);
    uncut_area_ = averagesOf(uncut, uncut.size()).area;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    done_ = std::min(done_ + 1, matches_.size());
    step_ += 1;
    record(recorder);
    return done_ < matches_.size();
  }

  void snapshot(Frame& frame) const override {
    showPlane(frame.at<PlaneData>("plane"));
    showCurve(frame.at<SeriesData>("precision_recall"));
    showMatches(frame.at<TableData>("matches"));
    showAverages(frame.at<TableData>("averages"));
    frame.at<VerdictData>("verdict") = precisionVerdict(preset_, step_, state());
  }

  /// The exact area once more: each true detection adds 1/truths times the largest precision from
  /// there on.
  void check(CheckSink& sink) const override {
    double area = 0;
    for (std::size_t i = 0; i < done_; ++i) {
      if (!matches_[i].is_true) continue;
      double best = 0;
      for (std::size_t j = i; j < done_; ++j) best = std::max(best, matches_[j].precision);
      area += best / static_cast<double>(truths_.size());
    }
    sink.compare("area", std::abs(area - averagesOf(matches_, done_).area), 1e-12);
  }

 private:
  PrecisionState state() const {
    PrecisionState state{matches_, done_, averagesOf(matches_, done_), uncut_area_, 0};
    for (std::size_t i = 0; i < done_; ++i) state.duplicates += isDuplicate(i) ? 1 : 0;
    return state;
  }

  /// Whether some truth that it overlaps enough was taken by a better detection.
  bool isDuplicate(std::size_t index) const {
    const Matched& match = matches_[index];
    if (match.is_true) return false;
    return std::any_of(
        matches_.begin(), matches_.begin() + std::ptrdiff_t(index), [&](const Matched& better) {
          return better.is_true && truths_[*better.truth].image == match.detection.image &&
                 overlap(match.detection.box, truths_[*better.truth].box) >= least_overlap_;
        });
  }

  void record(Recorder& recorder) const {
    const AveragePrecisions averages = averagesOf(matches_, done_);
    recorder.add("ap_11", averages.at_11);
    recorder.add("ap_all", averages.area);
    recorder.add("ap_101", averages.at_101);
    recorder.add("precision", done_ ? matches_[done_ - 1].precision : 0);
    recorder.add("recall", done_ ? matches_[done_ - 1].recall : 0);
  }

  /// The image of the detection that was matched last.
  void showPlane(PlaneData& plane) const {
    const std::int64_t image = done_ ? matches_[done_ - 1].detection.image : truths_.front().image;
    std::vector<Box> seen;
    BoxesLayer truths{"truths", {}}, right{"right", {}}, wrong{"wrong", {}};
    const auto add = [&](BoxesLayer& layer, const Box& b, const std::string& id) {
      seen.push_back(b);
      layer.boxes.push_back(drawnBox(b, id, Word{"average-precision.curve." + id}));
    };
    for (const PlacedBox& truth : truths_)
      if (truth.image == image) add(truths, truth.box, "truth");
    for (std::size_t i = 0; i < done_; ++i) {
      const Detection& detection = matches_[i].detection;
      if (detection.image != image) continue;
      if (matches_[i].is_true)
        add(right, detection.box, "right");
      else
        add(wrong, detection.box, "wrong");
    }
    showAround(plane, seen);
    for (BoxesLayer* layer : {&truths, &wrong, &right})
      if (!layer->boxes.empty()) plane.layers.emplace_back(std::move(*layer));
  }

  void showCurve(SeriesData& series) const {
    Curve measured{"measured", Word{"average-precision.curve.measured"}, {}, {}};
    Curve falling{"falling", Word{"average-precision.curve.falling"}, {}, {}};
    for (std::size_t i = 0; i < done_; ++i) {
      measured.x.push_back(matches_[i].recall);
      measured.y.push_back(matches_[i].precision);
    }
    double reached = 0;
    for (std::size_t i = 0; i < done_; ++i) {
      if (matches_[i].recall <= reached) continue;
      const double precision = precisionFrom(matches_, done_, matches_[i].recall);
      falling.x.insert(falling.x.end(), {reached, matches_[i].recall});
      falling.y.insert(falling.y.end(), {precision, precision});
      reached = matches_[i].recall;
    }
    if (done_ > 0) {
      falling.x.insert(falling.x.end(), {reached, 1.0});
      falling.y.insert(falling.y.end(), {0.0, 0.0});
    }
    falling.reference = true;
    series.curves = {measured, falling};
  }

  void showMatches(TableData& table) const {
    table.columns = {{"rank"},  {"image"},   {"score"},     {"verdict"},
                     {"truth"}, {"overlap"}, {"precision"}, {"recall"}};
    for (std::size_t i = 0; i < matches_.size(); ++i) {
      const Matched& match = matches_[i];
      TableData::Row row{"",
                         {static_cast<double>(i + 1), static_cast<double>(match.detection.image),
                          match.detection.score}};
      if (i < done_)
        fillIn(row, i);
      else
        row.cells.resize(table.columns.size());
      table.rows.push_back(std::move(row));
    }
  }

  /// What became of a detection.
  void fillIn(TableData::Row& row, std::size_t index) const {
    const Matched& match = matches_[index];
    const std::string found = match.is_true ? "right" : isDuplicate(index) ? "duplicate" : "wrong";
    TableData::Cell truth, iou;
    if (match.truth) {
      truth = "t" + std::to_string(*match.truth + 1);
      iou = match.overlap;
    }
    row.id = match.is_true ? "right" : "wrong";
    row.cells.insert(row.cells.end(), {Word{"average-precision.found." + found}, truth, iou,
                                       match.precision, match.recall});
  }

  void showAverages(TableData& table) const {
    const AveragePrecisions averages = averagesOf(matches_, done_);
    table.columns = {{"rule"}, {"average"}};
    table.rows = {{"", {Word{"average-precision.record.ap_11"}, averages.at_11}},
                  {"", {Word{"average-precision.record.ap_all"}, averages.area}},
                  {"", {Word{"average-precision.record.ap_101"}, averages.at_101}}};
  }

  std::string preset_;
  double least_overlap_;
  std::vector<PlacedBox> truths_;
  std::vector<Matched> matches_;
  double uncut_area_ = 0;
  std::size_t done_ = 0;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeAveragePrecision(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<AveragePrecision>(parameters, context);
}

}  // namespace viva

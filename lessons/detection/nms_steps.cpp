// SPDX-License-Identifier: GPL-3.0-or-later
// Non-maximum suppression, a box a step.
#include "lessons/detection/nms_steps.h"

#include <algorithm>
#include <map>

#include "lessons/detection/box_measures.h"
#include "lessons/detection/box_plane.h"

namespace viva {
namespace {

class NmsSteps : public Experiment {
 public:
  NmsSteps(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        rule_(ruleIn(parameters)),
        objects_(boxesIn(parameters[kObjects].text)),
        suppression_(scoredBoxesIn(parameters[kScoredBoxes].text), rule_) {}

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    suppression_.decide();
    step_ += 1;
    record(recorder);
    return !isFinished();
  }

  void snapshot(Frame& frame) const override {
    showPlane(frame.at<PlaneData>("plane"));
    showDecisions(frame.at<TableData>("decisions"));
    showScores(frame.at<BarsData>("scores"));
    frame.at<VerdictData>("verdict") =
        nmsVerdict(preset_, step_, {suppression_, objects_, rule_.method, isFinished()});
  }

  /// The suppressed are those that a plain double loop over all pairs suppresses.
  void check(CheckSink& sink) const override {
    const auto kept = suppressed(suppression_.boxes(), rule_).kept();
    const auto direct = rule_.method == Suppressing::Greedy ? keptByPairs() : kept;
    sink.compare("pairs", kept == direct ? 0 : 1, 0);
  }

 private:
  bool isFinished() const { return suppression_.decided().size() == suppression_.boxes().size(); }

  /// Greedy, by another way: from the best to the worst, each removes what overlaps it too much.
  std::vector<std::int64_t> keptByPairs() const {
    const auto& boxes = suppression_.boxes();
    std::vector<std::int64_t> order(boxes.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
    std::ranges::stable_sort(
        order, [&](std::int64_t a, std::int64_t b) { return boxes[a].score > boxes[b].score; });
    std::vector<bool> is_removed(boxes.size());
    std::vector<std::int64_t> kept;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (is_removed[order[i]]) continue;
      kept.push_back(order[i]);
      for (std::size_t j = i + 1; j < order.size(); ++j)
        if (overlap(boxes[order[i]].box, boxes[order[j]].box) > rule_.threshold)
          is_removed[order[j]] = true;
    }
    return kept;
  }

  void record(Recorder& recorder) const {
    const auto kept = static_cast<double>(suppression_.kept().size());
    recorder.add("kept", kept);
    recorder.add("suppressed", static_cast<double>(suppression_.decided().size()) - kept);
    recorder.add("found", static_cast<double>(foundBy(suppression_, objects_)));
  }

  /// `kept`, `suppressed`, `undecided`, and `now` for the one that was decided last.
  std::vector<std::string> states() const {
    std::vector<std::string> states(suppression_.boxes().size(), "undecided");
    for (const BoxDecision& decided : suppression_.decided())
      states[decided.box] = decided.is_kept ? "kept" : "suppressed";
    return states;
  }

  void showPlane(PlaneData& plane) const {
    const auto& boxes = suppression_.boxes();
    std::vector<Box> seen;
    for (const ScoredBox& scored : boxes) seen.push_back(scored.box);
    showAround(plane, seen);
    BoxesLayer truths{"objects", {}};
    for (const Box& b : objects_)
      truths.boxes.push_back(drawnBox(b, "object", Word{"nms-steps.curve.object"}));
    if (!objects_.empty()) plane.layers.emplace_back(std::move(truths));
    // What is suppressed lies below, what is kept on top.
    const auto of_boxes = states();
    const std::map<std::string, std::string> marks{
        {"suppressed", " ✕"}, {"undecided", " ?"}, {"kept", " ✓"}};
    for (const std::string state : {"suppressed", "undecided", "kept"}) {
      BoxesLayer layer{state, {}};
      for (std::size_t i = 0; i < boxes.size(); ++i)
        if (of_boxes[i] == state)
          layer.boxes.push_back(
              drawnBox(boxes[i].box, state, "b" + std::to_string(i) + marks.at(state)));
      if (!layer.boxes.empty()) plane.layers.emplace_back(std::move(layer));
    }
  }

  /// What was decided, in that order; behind it what is left, with its score as it is now.
  void showDecisions(TableData& table) const {
    table.columns = {{"box"}, {"decision"}, {"score"}, {"score_now"}, {"over"}, {"overlap"}};
    for (const BoxDecision& decided : suppression_.decided()) {
      TableData::Cell over, iou;
      if (decided.over) {
        over = "b" + std::to_string(*decided.over);
        iou = decided.overlap;
      }
      addRow(table, decided.box, decided.score, over, iou, decided.is_kept ? "kept" : "suppressed");
    }
    const auto of_boxes = states();
    for (std::size_t i = 0; i < of_boxes.size(); ++i)
      if (of_boxes[i] == "undecided")
        addRow(table, static_cast<std::int64_t>(i), suppression_.scores()[i], {}, {}, of_boxes[i]);
  }

  void addRow(TableData& table, std::int64_t box, double score, TableData::Cell over,
              TableData::Cell iou, const std::string& state) const {
    table.rows.push_back(
        {state,
         {"b" + std::to_string(box), Word{"nms-steps.curve." + state},
          suppression_.boxes()[box].score, score, std::move(over), std::move(iou)}});
  }

  void showScores(BarsData& bars) const {
    BarsData::Group given{"given", Word{"nms-steps.curve.given"}, {}};
    BarsData::Group left{"left", Word{"nms-steps.curve.left"}, {}};
    for (std::size_t i = 0; i < suppression_.boxes().size(); ++i) {
      bars.categories.emplace_back("b" + std::to_string(i));
      given.values.push_back(suppression_.boxes()[i].score);
      left.values.push_back(suppression_.scores()[i]);
    }
    for (const BoxDecision& decided : suppression_.decided())
      if (!decided.is_kept) left.values[decided.box] = 0;
    bars.groups = {given, left};
  }

  std::string preset_;
  SuppressionRule rule_;
  std::vector<Box> objects_;
  Suppression suppression_;
  std::int64_t step_ = 0;
};

}  // namespace

SuppressionRule ruleIn(const Parameters& p) {
  SuppressionRule rule;
  rule.method = p[kMethod];
  rule.threshold = p[kThreshold];
  rule.sigma = p[kSigma];
  return rule;
}

std::unique_ptr<Experiment> makeNmsSteps(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<NmsSteps>(parameters, context);
}

}  // namespace viva

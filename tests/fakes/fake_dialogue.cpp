// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/fake_dialogue.h"

#include <numeric>

#include "lessons/core/drawing.h"
#include "tests/fakes/fake_text_views.h"

namespace viva::fakes {
namespace {

const auto kRow = integer("row", 0).range(0, 2).live().grouped("picked");
const auto kPiece = integer("piece", 1).range(0, 8).live().grouped("picked");
const auto kChosen = text("chosen", "").live().grouped("picked");
const auto kRows = text("rows", "").range(0, 5).live().grouped("picked");
const auto kNode = integer("node", 0).range(0, 3).live().grouped("picked");
const auto kRegion = box("region", {-1, -0.5, 1, 0.5}).range(-2, 2).live().draggedOn("plane");
const auto kSketch = drawing("sketch").live().seenAs(12);

class Dialogue : public Experiment {
 public:
  Dialogue(const Parameters& parameters, const RunContext&) : parameters_(parameters) {}

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { record(recorder); }
  bool step(Recorder& recorder) override {
    ++step_;
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<TokensData>("attention") = attentionTokens();
    auto& wire = frame.at<SequenceData>("wire");
    wire = toolCallSequence();
    for (std::int64_t i = 0; i < step_; ++i)
      wire.arrows.push_back({SequenceData::Kind::Request, 0, 1, "step " + std::to_string(i + 1)});
    auto& table = frame.at<TableData>("standings");
    table.columns = {{"name"}, {"value", TableData::Best::Largest}};
    for (int i = 0; i < 8; ++i)
      table.rows.push_back({"", {"run " + std::to_string(i), double((i * 5) % 8)}});
    auto& graph = frame.at<GraphData>("layers");
    for (int i = 0; i < 4; ++i)
      graph.nodes.push_back({"l" + std::to_string(i),
                             "layer " + std::to_string(i),
                             {i / 3.0, 0.5},
                             GraphData::Shape::Box,
                             0.25 * i});
    for (int i = 1; i < 4; ++i)
      graph.edges.push_back({"l" + std::to_string(i - 1), "l" + std::to_string(i)});
    frame.at<PlaneData>("plane") = {-2, 2, -2, 2, {}};
    showSketch(frame);
  }

  /// What is sketched now is seen at all steps.
  bool snapshotOf(std::int64_t step, Frame& frame) const override {
    frame.step = step;
    showSketch(frame);
    return true;
  }

 private:
  void showSketch(Frame& frame) const {
    auto& seen = frame.at<ImagesData>("seen");
    seen.height = seen.width = kSketch.side;
    seen.values = shareFloats(rasterised(parameters_[kSketch], kSketch.side));
    seen.images = {{std::string("sketch"), {}}};
  }

  void record(Recorder& recorder) const {
    const Box region = parameters_[kRegion];
    recorder.add("area", (region.x1 - region.x0) * (region.y1 - region.y0));
    const auto pixels = rasterised(parameters_[kSketch], kSketch.side);
    recorder.add("ink", std::accumulate(pixels.begin(), pixels.end(), 0.0) /
                            static_cast<double>(pixels.size()));
  }

  Parameters parameters_;
  std::int64_t step_ = 0;
};

}  // namespace

const ExperimentSpec& dialogueSpec() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "fake-dialogue";
    made.parameters = {kRow, kPiece, kChosen, kRows, kNode, kRegion, kSketch};
    made.records = [](const Parameters&) {
      return std::vector<RecordSpec>{{"area", "", false}, {"ink", "", false}};
    };
    made.views = {tokens("attention").picking("row", "piece"), sequence("wire").picking("chosen"),
                  table("standings").picking("rows"),          graph("layers").picking("node"),
                  plane("plane").dragging({"region"}),         images("seen")};
    made.presets = {preset("first")};
    made.default_steps = 10;
    made.make = makes<Dialogue>;
    return made;
  }();
  return spec;
}

Catalog dialogueCatalog(FakeRuntime& runtime) {
  return Catalog({{"fakes", "", {dialogueSpec().id}}}, {&dialogueSpec()}, runtime);
}

}  // namespace viva::fakes

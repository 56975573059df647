// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/views/fake_race.h"

#include <cmath>
#include <limits>

namespace viva::fakes {
namespace {

constexpr double kKappa = 25;

double height(double x, double y) { return 0.5 * (x * x + kKappa * y * y); }

std::vector<RecordSpec> recordSpecs() {
  std::vector<RecordSpec> specs;
  for (const std::string& id : FakeRace::ids())
    for (const char* quantity : {"x", "y", "f"}) specs.push_back({id + "/" + quantity, "", false});
  return specs;
}

SharedFloats ravine() {
  static const SharedFloats field = [] {
    std::vector<float> values;
    for (int row = 0; row < 100; ++row)
      for (int column = 0; column < 100; ++column)
        values.push_back(
            static_cast<float>(height(-5 + (column + 0.5) * 0.1, -2.5 + (row + 0.5) * 0.05)));
    return shareFloats(std::move(values));
  }();
  return field;
}

}  // namespace

Records recordsOf(const std::vector<std::string>& names, std::int64_t rows,
                  const std::function<double(std::int64_t, std::size_t)>& value) {
  std::vector<RecordSpec> specs;
  for (const std::string& name : names) specs.push_back({name, "", false});
  RecordTable table(std::move(specs), 256u << 20);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < names.size(); ++column)
      table.set(column, value(row, column));
    table.endRow();
  }
  return table.records();
}

const std::vector<std::string>& FakeRace::ids() {
  static const std::vector<std::string> names{"sgd",  "momentum", "adagrad",  "rmsprop",
                                              "adam", "adamw",    "adabelief"};
  return names;
}

std::vector<ViewSpec> FakeRace::views() {
  ViewSpec surface = plane("plane", {"axis.x", "", false}, {"axis.y", "", false});
  surface.path = ViewSpec::Path{"*/x", "*/y"};
  surface.drags = {"start"};
  surface.room = Room::Large;
  ViewSpec drawing = plane("points", {"axis.x", "", false}, {"axis.y", "", false});
  drawing.drags = {"drawn"};
  ViewSpec picked = matrix("zeros", {"axis.time", "", false}, {"axis.unit", "", false});
  picked.picks = ViewSpec::Picks{"unit", "unit"};
  return {surface,
          series("loss", {"*/f"}, {"axis.value", "", true}),
          series("position", {"*/x"}, {"axis.x", "", false}),
          series("theory", {}, {"axis.value", "", false}),
          table("standings"),
          bars("gradients", {"axis.layer", "", false}, {"axis.norm", "", false}),
          matrix("gates", {"axis.time", "", false}, {"axis.unit", "", false}),
          verdict("verdict"),
          drawing,
          histogram("weights", {"axis.value", "", false}, {"axis.norm", "", false}),
          histogram("magnitudes", {"axis.value", "", true}, {"axis.norm", "", false}),
          histogram("history", {"axis.value", "", false}, {"axis.norm", "", false}),
          images("digits"),
          images("scenes"),
          graph("cell"),
          tokens("attention"),
          tokens("translation"),
          sequence("wire"),
          picked,
          bars("many", {"axis.layer", "", false}, {"axis.norm", "", false})};
}

ViewSpec FakeRace::view(const std::string& id) {
  for (ViewSpec& spec : views())
    if (spec.id == id) return spec;
  return {};
}

const std::vector<ParameterSpec>& FakeRace::parameters() {
  static const std::vector<ParameterSpec> specs = [] {
    std::vector<ParameterSpec> list;
    list.push_back(point("start", {-4, 1.6}).range(-5, 5).draggedOn("plane"));
    list.push_back(points("drawn").range(-1.5, 1.5).draggedOn("points"));
    list.push_back(integer("unit", 5).range(0, 100));
    return list;
  }();
  return specs;
}

FakeRace::FakeRace() : table_(recordSpecs(), 256u << 20), balls_(ids().size(), {-4, 1.6}) {
  record();
}

void FakeRace::record() {
  for (std::size_t i = 0; i < balls_.size(); ++i) {
    table_.set(3 * i, balls_[i].x);
    table_.set(3 * i + 1, balls_[i].y);
    table_.set(3 * i + 2, height(balls_[i].x, balls_[i].y));
  }
  table_.endRow();
}

void FakeRace::advance(std::int64_t step) {
  static constexpr double kRates[] = {0.0779, 0.012, 0.02, 0.004, 0.008, 0.0018, 0.03};
  static constexpr double kInertia[] = {0, 0.93, 0.3, 0, 0.9, 0.97, 0.6};
  for (; step_ < step; ++step_) {
    for (std::size_t i = 0; i < balls_.size(); ++i) {
      Ball& ball = balls_[i];
      const double wobble = i == 3 ? 0.6 * std::sin(0.9 * static_cast<double>(step_)) : 0;
      ball.speed_x = kInertia[i] * ball.speed_x - kRates[i] * (ball.x + wobble);
      ball.speed_y = kInertia[i] * ball.speed_y - kRates[i] * kKappa * (ball.y + wobble);
      ball.x += ball.speed_x;
      ball.y += ball.speed_y;
    }
    record();
  }
}

std::shared_ptr<const Frame> FakeRace::frame() const {
  auto frame = std::make_shared<Frame>();
  frame->step = step_;
  auto& plane = frame->at<PlaneData>("plane");
  plane = {-5, 5, -2.5, 2.5, {}};
  plane.layers.push_back(
      FieldLayer{"surface", -5, 5, -2.5, 2.5, 100, 100, ravine(), true, false, 12});
  plane.layers.push_back(
      PointsLayer{"minimum", std::string("minimum"), {{0, 0}}, {}, "minimum", 12});

  auto& table = frame->at<TableData>("standings");
  table.columns = {{"optimizer", TableData::Best::None},
                   {"value", TableData::Best::Smallest},
                   {"steps_to_threshold", TableData::Best::Smallest},
                   {"escaped", TableData::Best::None}};
  for (std::size_t i = 0; i < balls_.size(); ++i) {
    TableData::Row row{ids()[i], {}};
    row.cells.emplace_back(ids()[i]);
    row.cells.emplace_back(height(balls_[i].x, balls_[i].y));
    if (i == 5)
      row.cells.emplace_back();
    else
      row.cells.emplace_back(static_cast<double>(100 + (i * 37) % 90));
    row.cells.emplace_back(std::string(i % 2 ? "yes" : "no"));
    table.rows.push_back(std::move(row));
  }

  auto& bars = frame->at<BarsData>("gradients");
  bars.logarithmic = true;
  for (int layer = 0; layer < 8; ++layer)
    bars.categories.emplace_back("layer " + std::to_string(layer));
  for (const char* id : {"plain", "residual"}) {
    BarsData::Group group{id, std::string(id), {}};
    for (int layer = 0; layer < 8; ++layer)
      group.values.push_back(layer == 0 && group.id == "plain"
                                 ? 0.0
                                 : std::pow(group.id == "plain" ? 0.12 : 0.75, 8 - layer));
    bars.groups.push_back(std::move(group));
  }
  Curve theory{"theory", std::string("theory"), {}, {}, true};
  for (int layer = 0; layer < 8; ++layer) {
    theory.x.push_back(layer);
    theory.y.push_back(std::pow(0.7, 8 - layer));
  }
  bars.overlays.push_back(theory);

  auto& matrix = frame->at<MatrixData>("gates");
  matrix.rows = 16;
  matrix.columns = 24;
  std::vector<float> gates;
  for (int r = 0; r < 16; ++r)
    for (int c = 0; c < 24; ++c)
      gates.push_back(static_cast<float>(1 / (1 + std::exp(-3 * std::sin(0.3 * r + 0.4 * c)))));
  matrix.values = shareFloats(std::move(gates));

  auto& series = frame->at<SeriesData>("theory");
  Curve measured{"measured", std::string("measured"), {}, {}, false};
  Curve expected{"expected", std::string("expected"), {}, {}, true};
  for (int i = 0; i <= 60; ++i) {
    measured.x.push_back(i * 0.1);
    measured.y.push_back(std::sin(i * 0.1) + 0.1 * std::sin(i * 2.1));
    expected.x.push_back(i * 0.1);
    expected.y.push_back(std::sin(i * 0.1));
  }
  series.curves = {measured, expected};

  auto& points = frame->at<PlaneData>("points");
  points = {-1.5, 1.5, -1.5, 1.5, {}};
  FieldLayer boundary{"boundary", -1.5, 1.5, -1.5, 1.5, 60, 60, nullptr, false, true, 1};
  std::vector<float> field;
  for (int r = 0; r < 60; ++r)
    for (int c = 0; c < 60; ++c) {
      const double x = -1.5 + (c + 0.5) * 0.05, y = -1.5 + (r + 0.5) * 0.05;
      field.push_back(static_cast<float>(std::tanh(3 * (1 - x * x - y * y))));
    }
  boundary.values = shareFloats(std::move(field));
  points.layers.push_back(boundary);
  PointsLayer dots{"train", std::string("train"), {}, {}, "", 8};
  for (int i = 0; i < 240; ++i) {
    const double angle = i * 0.61,
                 radius = i % 2 ? 0.5 + 0.3 * std::sin(i * 1.7) : 1.15 + 0.2 * std::sin(i * 2.3);
    dots.points.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    dots.classes.push_back(i % 2);
  }
  points.layers.push_back(dots);
  ArrowsLayer arrows{"gradient", std::string("gradient"), "gradient", {}, {}};
  for (int i = 0; i < 12; ++i) {
    const double angle = i * 0.5236;
    arrows.from.push_back({0.9 * std::cos(angle), 0.9 * std::sin(angle)});
    arrows.to.push_back({1.25 * std::cos(angle + 0.2), 1.25 * std::sin(angle + 0.2)});
  }
  points.layers.push_back(arrows);

  addLiveViews(*frame);

  frame->at<VerdictData>("verdict") = {
      step_ < 100 ? VerdictData::Mood::Open : VerdictData::Mood::Holds,
      {"views.summary_best",
       {{"column", "loss"}, {"row", "momentum"}, {"value", height(balls_[1].x, balls_[1].y)}}}};
  return frame;
}

}  // namespace viva::fakes

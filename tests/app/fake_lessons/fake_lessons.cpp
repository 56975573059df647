// SPDX-License-Identifier: GPL-3.0-or-later
// A lessons' library without LibTorch, which the tests put in the place of the real one with
// VIVA_LESSONS_LIBRARY: gradient descent on 0.5 x^2, which can be told to misbehave in every way.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <thread>

#include "lessons/core/catalog.h"
#include "lessons/core/error.h"
#include "tests/fakes/fake_runtime.h"

namespace viva {
namespace {

constexpr ParameterName<double> kRate{"rate"};
constexpr ParameterName<Point> kStart{"start"};

std::vector<RecordSpec> recordsOf(const Parameters& parameters) {
  std::vector<RecordSpec> records{{"a/x", "", false},
                                  {"a/y", "", false},
                                  {"a/gradient", "", false},
                                  {"sparse", "", false},
                                  {"divergence", "unit.fake", true}};
  for (std::int64_t i = 0; i < parameters.integer("extra"); ++i)
    records.push_back({"extra/" + std::to_string(i), "", false});
  return records;
}

/// Positions without noise are start * (1 - rate)^k.
class FakeDescent : public Experiment {
 public:
  FakeDescent(const Parameters& parameters, const RunContext&)
      : parameters_(parameters), x_(parameters[kStart].x), y_(parameters[kStart].y) {
    if (parameters.integer("fail_at") == 0) throw std::runtime_error("no start\nsecond line");
    const std::string& file = std::get<File>(parameters.value("data_file")).path;
    if (!file.empty() && !std::ifstream(file)) throw FileError({"fake.bad_file", {}});
    // Stands for another machine that gives other numbers.
    if (const char* shift = std::getenv("VIVA_FAKE_SHIFT")) shift_ = std::atof(shift);
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { recordState(recorder); }

  bool step(Recorder& recorder) override {
    ++step_;
    if (step_ == 1) announce();
    std::this_thread::sleep_for(
        std::chrono::duration<double, std::milli>(parameters_.real("pause")));
    if (step_ == parameters_.integer("fail_at")) throw std::runtime_error("broken\nsecond line");
    double gradient = x_;
    if (parameters_.toggle("noisy")) {
      std::normal_distribution<double> noise;
      gradient += noise(fakes::FakeRuntime::generator());
    }
    x_ -= parameters_[kRate] * gradient;
    y_ -= parameters_[kRate] * (y_ + shift_);
    recordState(recorder);
    recorder.add("a/gradient", gradient);
    if (step_ == parameters_.integer("nan_at")) recorder.add("a/x", std::nan(""));
    for (std::int64_t i = 0; i < parameters_.integer("extra"); ++i)
      recorder.add("extra/" + std::to_string(i), x_ / static_cast<double>(i + 3));
    return step_ != parameters_.integer("finish_at");
  }

  void snapshot(Frame& frame) const override {
    if (parameters_.toggle("snapshot_fails")) throw std::runtime_error("no picture");
    PlaneData& plane = frame.at<PlaneData>("plane");
    plane.x0 = plane.y0 = -5;
    plane.x1 = plane.y1 = 5;
    plane.layers.push_back(
        FieldLayer{"field", -5, 5, -5, 5, 2, 3, shareFloats({0.1f, 1, 2, 3, 4, 5})});
    plane.layers.push_back(PointsLayer{"real", Word{"curve.a"}, {{1, 2}, {3, 0.1}}, {0, 1}, "a"});
    plane.layers.push_back(ArrowsLayer{"arrows", "arrow", "a", {{0, 0}}, {{1, 1}}});
    plane.layers.push_back(MeshLayer{"mesh", 1, 2, {{0, 0}, {1, 0}}});
    plane.layers.push_back(BoxesLayer{"boxes", {{0, 1, 2, 3, "b", "box"}}});
    frame.at<SeriesData>("curves").curves.push_back({"theory", "Theory", {0, 1}, {4, 2}, true});
    TableData& table = frame.at<TableData>("table");
    table.columns = {{"name"}, {"value", TableData::Best::Smallest}, {"never"}, {"word"}};
    table.rows = {{"a", {std::string("A"), x_, std::monostate{}, Word{"language.name"}}},
                  {"b", {std::string("B_1"), 2e7, std::monostate{}, std::string("100 %")}}};
    BarsData& bars = frame.at<BarsData>("bars");
    bars.categories = {std::string("one"), std::string("two")};
    bars.groups = {{"p", "p", {0.25, std::nan("")}}};
    frame.at<MatrixData>("matrix") = {2, 2, shareFloats({1, 2, 3, 4}), {"up", "down"}, {}, 0.0, {}};
    HistogramData& sizes = frame.at<HistogramData>("sizes");
    sizes.edges = {0, 1, 2, 4};
    sizes.groups = {{"p", "p", {1, 2, 4}, 1, 2}};
    sizes.moments = {{0, {1, 1, 1}}};
    frame.at<VerdictData>("verdict") = {VerdictData::Mood::Holds, {"fake.verdict", {{"x", x_}}}};
  }

  void save(WeightSink& sink) const override {
    std::vector<std::byte> bytes(sizeof x_);
    std::memcpy(bytes.data(), &x_, sizeof x_);
    sink.add({"x", NamedArray::Type::Float64, {1}, std::move(bytes)});
  }

  void check(CheckSink& sink) const override {
    sink.compare("closed-form", parameters_.toggle("check_fails") ? 1 : 0, 1e-9);
  }

 private:
  void recordState(Recorder& recorder) const {
    recorder.add("a/x", x_);
    recorder.add("a/y", y_);
    if (step_ % 5 == 0) recorder.add("sparse", 0.1 * static_cast<double>(step_));
    recorder.add("divergence", step_ % 2 == 1 ? std::numeric_limits<double>::infinity() : 0);
  }
  /// Tells a test that steps are being made, through a file that it names.
  static void announce() {
    if (const char* path = std::getenv("VIVA_FAKE_STARTED"))
      if (std::FILE* file = std::fopen(path, "w")) std::fclose(file);
  }

  Parameters parameters_;
  double x_, y_, shift_ = 0;
  std::int64_t step_ = 0;
};

ExperimentSpec specNamed(const char* id, bool stops) {
  ExperimentSpec spec;
  spec.id = id;
  spec.parameters = {
      real("rate", 0.1).range(1e-6, 2).logarithmic().live(),
      real("pause", 0).range(0, 60000).live(),
      integer("extra", 0).range(0, 1000),
      integer("fail_at", -1).range(-1, 1000000),
      integer("finish_at", 0).range(0, 1000000),
      integer("nan_at", 0).range(0, 1000000),
      toggle("noisy", false),
      toggle("snapshot_fails", false),
      toggle("check_fails", false),
      choice("shape", {"bowl", "saddle", "plateau"}, "bowl").live(),
      point("start", {4, 1}).range(-10, 10).draggedOn("plane"),
      distribution("weights", {0.2, 0.3, 0.5}).live(),
      text("note", "").live(),
      file("data_file"),
      points("drawn").range(-10, 10).live(),
  };
  spec.records = recordsOf;
  spec.validate = [](const Parameters& parameters) -> std::optional<Message> {
    if (std::get<Text>(parameters.value("note")).text == "invalid")
      return Message{"fake.invalid", {}};
    return {};
  };
  spec.uses_randomness = [](const Parameters& parameters) { return parameters.toggle("noisy"); };
  ViewSpec plane_view = plane("plane", {"axis.x", "", false}, {"axis.y", "", false});
  plane_view.path = ViewSpec::Path{"*/x", "*/y"};
  plane_view.drags = {"start"};
  spec.views = {plane_view,
                series("curves", {"*/x", "sparse"}, {"axis.value", "unit.fake", true}),
                table("table"),
                bars("bars", {}, {}),
                matrix("matrix", {}, {}),
                histogram("sizes", {}, {}),
                verdict("verdict")};
  spec.checks = {"closed-form"};
  spec.presets = {{"half", {{"rate", "0.5"}, {"start", "2,-2"}}, 20}, {"as-it-is", {}, 0}};
  spec.default_steps = 50;
  spec.stops_on_divergence = stops;
  spec.make = [](const Parameters& parameters,
                 const RunContext& context) -> std::unique_ptr<Experiment> {
    return std::make_unique<FakeDescent>(parameters, context);
  };
  return spec;
}

}  // namespace
}  // namespace viva

extern "C" const viva::Catalog* viva_catalog() {
  static viva::fakes::FakeRuntime runtime;
  static const viva::ExperimentSpec descent = viva::specNamed("fake-descent", false);
  static const viva::ExperimentSpec stopper = viva::specNamed("fake-stopper", true);
  static const viva::Catalog catalog({{"fakes", "", {descent.id, stopper.id}}},
                                     {&descent, &stopper}, runtime);
  return &catalog;
}

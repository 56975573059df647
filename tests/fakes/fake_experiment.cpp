// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/fake_experiment.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace viva::fakes {
namespace {

enum class Shape { Bowl, Saddle, Plateau };

constexpr ParameterName<double> kRate{"rate"};
constexpr ParameterName<double> kNoise{"noise"};
constexpr ParameterName<std::int64_t> kFinishAt{"finish_at"};
constexpr ParameterName<std::int64_t> kFailAt{"fail_at"};
constexpr ParameterName<std::int64_t> kInfiniteAt{"infinite_at"};
constexpr ParameterName<std::int64_t> kBurden{"burden"};
constexpr ParameterName<bool> kSecond{"second"};
constexpr ParameterName<Shape> kShape{"shape"};
constexpr ParameterName<Point> kStart{"start"};
constexpr ParameterName<Distribution> kWeights{"weights"};
constexpr ParameterName<Points> kDrawn{"drawn"};

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> list;
  list.push_back(real("rate", 0.1).range(1e-6, 2).logarithmic().live().grouped("descent"));
  list.push_back(real("noise", 0).range(0, 10).live().grouped("descent"));
  list.push_back(integer("finish_at", 0).range(0, 1e6));
  list.push_back(integer("fail_at", -1).range(-1, 1e6));
  list.push_back(integer("infinite_at", 0).range(0, 1e6));
  list.push_back(integer("burden", 0).range(0, 1e9).live());
  list.push_back(toggle("second", false));
  list.push_back(choice("shape", {"bowl", "saddle", "plateau"}, "bowl").live());
  list.push_back(point("start", {4, 1}).range(-10, 10).draggedOn("plane"));
  list.push_back(distribution("weights", {0.2, 0.3, 0.5}).live().draggedOn("bars"));
  list.push_back(text("title", "").live());
  list.push_back(file("data_file"));
  list.push_back(points("drawn").range(-10, 10).live().draggedOn("plane"));
  return list;
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> list;
  const auto declare = [&](std::string name) { list.push_back({std::move(name), "", false}); };
  for (const char* name : {"a/x", "a/gradient", "noise_drawn"}) declare(name);
  if (p[kSecond])
    for (const char* name : {"b/x", "b/gradient"}) declare(name);
  return list;
}

std::optional<Message> validate(const Parameters& p) {
  if (std::get<Text>(p.value("title")).text == "invalid")
    return Message{
        "error.unreadable_value",
        {{"name", "title"}, {"value", "invalid"}, {"expected", Word{"expected.number"}}}};
  return {};
}

bool usesRandomness(const Parameters& p) { return p[kNoise] > 0; }

class Descent : public Experiment {
 public:
  Descent(const Parameters& parameters, const RunContext&)
      : parameters_(parameters), a_(parameters[kStart].x), b_(a_), exact_(a_) {
    ++probe().made;
    if (parameters_[kFailAt] == 0) throw std::runtime_error("failed while it was made\nat frame 0");
  }

  void apply(const Parameters& parameters) override {
    parameters_ = parameters;
    ++probe().applied;
    probe().last_applied_rate = parameters[kRate];
  }

  void initial(Recorder& recorder) override { recordState(recorder); }

  bool step(Recorder& recorder) override {
    ++step_;
    if (step_ == parameters_[kFailAt]) throw std::runtime_error("failed on purpose\nat frame 0");
    carryBurden();
    std::normal_distribution<double> normal;
    const double noise =
        parameters_[kNoise] > 0 ? parameters_[kNoise] * normal(FakeRuntime::generator()) : 0;
    const double rate = parameters_[kRate];
    recorder.add("a/gradient", a_ + noise);
    recorder.add("noise_drawn", noise);
    a_ -= rate * (a_ + noise);
    exact_ *= 1 - rate;
    if (parameters_[kSecond]) {
      recorder.add("b/gradient", b_ + noise);
      b_ -= rate / 2 * (b_ + noise);
    }
    recordState(recorder);
    return step_ != parameters_[kFinishAt];
  }

  void snapshot(Frame& frame) const override {
    ++probe().snapshots;
    using Clock = std::chrono::steady_clock;
    const auto begun = Clock::now();
    const auto spent = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
    while (spent() < probe().seconds_of_a_snapshot) {
    }
    if (probe().seconds_of_a_snapshot > 0) probe().seconds_of_snapshots += spent();
    if (probe().throw_in_snapshot) throw std::runtime_error("no picture today");
    if (probe().snapshot_draws_random_numbers) FakeRuntime::generator()();
    auto& plane = frame.at<PlaneData>("plane");
    plane = {-10, 10, -10, 10, {}};
    FieldLayer field{"field", -10, 10, -10, 10, 20, 20, bowl(), false, false, 8};
    plane.layers.push_back(std::move(field));
    plane.layers.push_back(PointsLayer{"now", std::string("a"), {{a_, 0}}, {}, "a"});
    frame.at<BarsData>("bars") = {{std::string("1"), std::string("2"), std::string("3")},
                                  {{"a", std::string("a"), parameters_[kWeights].weights}},
                                  {}};
    frame.at<MatrixData>("matrix") = {2,
                                      3,
                                      shareFloats({1, 2, 3, 4, 5, float(step_)}),
                                      {"first", "second"},
                                      {"one", "two", "three"},
                                      {},
                                      {}};
    frame.at<TableData>("table") = {{{"name"}, {"x", TableData::Best::Smallest}},
                                    {{"a", {std::string("a"), a_}}, {"b", {std::string("b"), b_}}}};
    frame.at<SeriesData>("theory").curves = {
        {"exact", std::string("exact"), {0, double(step_)}, {parameters_[kStart].x, exact_}, true}};
    frame.at<VerdictData>("verdict") = {
        std::abs(a_) < 0.01 ? VerdictData::Mood::Holds : VerdictData::Mood::Open,
        {"run.diverged", {{"record", "a/x"}, {"step", step_}}}};
  }

  std::optional<Message> filesRead() const override {
    const std::string& path = std::get<File>(parameters_.value("data_file")).path;
    if (path.empty()) return std::nullopt;
    return Message{"data.csv_read",
                   {{"file", path},
                    {"column", "kind"},
                    {"classes", std::int64_t{3}},
                    {"features", std::int64_t{2}},
                    {"training", std::int64_t{80}},
                    {"validation", std::int64_t{20}}}};
  }

  void save(WeightSink& sink) const override {
    NamedArray array{"x", NamedArray::Type::Float64, {1}, std::vector<std::byte>(sizeof a_)};
    std::memcpy(array.bytes.data(), &a_, sizeof a_);
    sink.add(std::move(array));
  }

  /// `closed-form` fails when there is noise.
  void check(CheckSink& sink) const override {
    ++probe().checks;
    sink.compare("closed-form", std::abs(a_ - exact_), 1e-9);
  }

 private:
  void recordState(Recorder& recorder) const {
    const bool infinite = step_ > 0 && step_ == parameters_[kInfiniteAt];
    recorder.add("a/x", infinite ? std::numeric_limits<double>::infinity() : a_);
    if (parameters_[kSecond]) recorder.add("b/x", b_);
  }

  void carryBurden() const {
    [[maybe_unused]] volatile double done = 0;
    for (std::int64_t turn = 0; turn < parameters_[kBurden]; ++turn)
      done = static_cast<double>(turn);
  }

  static SharedFloats bowl() {
    static const SharedFloats values = [] {
      std::vector<float> field;
      for (int row = 0; row < 20; ++row)
        for (int column = 0; column < 20; ++column)
          field.push_back(0.5f * static_cast<float>((column - 10) * (column - 10)));
      return shareFloats(std::move(field));
    }();
    return values;
  }

  Parameters parameters_;
  std::int64_t step_ = 0;
  double a_, b_, exact_;
};

ExperimentSpec makeSpec(std::string id, bool stops) {
  ExperimentSpec spec;
  spec.id = std::move(id);
  spec.parameters = parameters();
  spec.records = records;
  spec.validate = validate;
  spec.uses_randomness = usesRandomness;
  ViewSpec place = plane("plane", {"axis.x", "", false}, {"axis.y", "", false});
  place.drags = {"start", "drawn"};
  place.room = Room::Large;
  ViewSpec weights = bars("bars", {}, {"axis.probability", "", false});
  weights.drags = {"weights"};
  ViewSpec cells = matrix("matrix", {}, {});
  cells.picks = ViewSpec::Picks{"finish_at", "burden"};
  spec.views = {std::move(place),
                series("x", {"*/x"}, {"axis.x", "", false}),
                series("gradient", {"*/gradient"}, {"axis.gradient", "", true}),
                series("theory", {"a/x"}, {"axis.x", "", false}),
                std::move(weights),
                std::move(cells),
                table("table"),
                verdict("verdict")};
  spec.checks = {"closed-form"};
  spec.presets = {{"calm", {{"rate", "0.05"}}, 50}, {"wild", {{"rate", "1.5"}, {"noise", "2"}}}};
  spec.default_steps = 100;
  spec.stops_on_divergence = stops;
  spec.make = [](const Parameters& p, const RunContext& context) -> std::unique_ptr<Experiment> {
    return std::make_unique<Descent>(p, context);
  };
  return spec;
}

}  // namespace

Probe& probe() {
  static Probe instance;
  return instance;
}

const ExperimentSpec& fakeSpec() {
  static const ExperimentSpec spec = makeSpec("fake-descent", false);
  return spec;
}

const ExperimentSpec& stoppingSpec() {
  static const ExperimentSpec spec = makeSpec("fake-stopping", true);
  return spec;
}

Catalog fakeCatalog(FakeRuntime& runtime) {
  return Catalog({{"fakes", "", {fakeSpec().id, stoppingSpec().id}}},
                 {&fakeSpec(), &stoppingSpec()}, runtime);
}

Parameters fakeParameters(const std::vector<std::pair<std::string, std::string>>& settings) {
  Parameters p(fakeSpec().parameters);
  for (const auto& [name, text] : settings) p.setFromText(name, text);
  return p;
}

}  // namespace viva::fakes

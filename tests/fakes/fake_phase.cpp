// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/fake_phase.h"

#include <chrono>
#include <cstring>
#include <stdexcept>

namespace viva::fakes {
namespace {

constexpr ParameterName<double> kRate{"rate"};
constexpr ParameterName<std::int64_t> kPhase{"phase"};
constexpr ParameterName<std::int64_t> kSlices{"slices"};
constexpr ParameterName<std::int64_t> kWaitsAt{"waits_at"};

NamedArray arrayOf(const char* name, double value) {
  NamedArray array{name, NamedArray::Type::Float64, {1}, std::vector<std::byte>(sizeof value)};
  std::memcpy(array.bytes.data(), &value, sizeof value);
  return array;
}

class Walk : public Experiment {
 public:
  Walk(const Parameters& parameters, const RunContext& context)
      : parameters_(parameters), stop_(context.stop) {
    ++probe().made;
    waitAt(0);
  }

  bool prepare() override {
    if (parameters_[kSlices] == 0) return false;
    ++probe().prepared;
    offset_ += draw();
    return ++slices_ < parameters_[kSlices];
  }

  void keep(WeightSink& sink) const override {
    sink.add(arrayOf("x", x_));
    sink.add(arrayOf("offset", offset_));
  }

  void resume(const std::vector<NamedArray>& kept) override {
    x_ = valueOf(kept, "x");
    offset_ = valueOf(kept, "offset");
    step_ = parameters_[kSlices] > 0 ? 0 : parameters_[kPhase];
    ++probe().resumed;
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    ++step_;
    ++probe().stepped;
    waitAt(step_);
    x_ += parameters_[kRate] + draw();
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<VerdictData>("verdict") = {VerdictData::Mood::Open,
                                        {"run.diverged", {{"record", "x"}, {"step", step_}}}};
  }

  void check(CheckSink& sink) const override { sink.compare("walk", x_ > 3 ? 0.25 : 0, 1); }

 private:
  static double draw() { return std::normal_distribution<double>()(FakeRuntime::generator()); }

  /// Not for ever: a test that is wrong fails.
  void waitAt(std::int64_t step) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (parameters_[kWaitsAt] == step && std::chrono::steady_clock::now() < end)
      stopIfAsked(stop_);
  }

  void record(Recorder& recorder) const {
    recorder.add("x", x_);
    if (step_ % 2 == 0) recorder.add("offset", offset_);
  }

  static double valueOf(const std::vector<NamedArray>& kept, const char* name) {
    for (const NamedArray& array : kept)
      if (array.name == name && array.bytes.size() == sizeof(double)) {
        double value;
        std::memcpy(&value, array.bytes.data(), sizeof value);
        return value;
      }
    throw std::runtime_error("nothing of that name was kept");
  }

  Parameters parameters_;
  std::stop_token stop_;
  double x_ = 0, offset_ = 0;
  std::int64_t step_ = 0, slices_ = 0;
};

}  // namespace

const ExperimentSpec& phasedSpec() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "fake-phased";
    made.parameters = {real("rate", 0.5).range(-10, 10).live(), integer("phase", 20).range(0, 1e6),
                       integer("slices", 0).range(0, 1e9), integer("waits_at", -1).range(-1, 1e6)};
    made.records = [](const Parameters&) {
      return std::vector<RecordSpec>{{"x", "", false}, {"offset", "", false}};
    };
    made.views = {series("x", {"x"}, {"axis.x", "", false}), verdict("verdict")};
    made.checks = {"walk"};
    made.phase = [](const Parameters& p) -> std::optional<Phase> {
      if (p[kSlices] > 0) return Phase{"prepared/1", 0, {"slices"}};
      if (p[kPhase] > 0) return Phase{"walk/1", p[kPhase], {"rate", "phase"}};
      return {};
    };
    made.make = makes<Walk>;
    return made;
  }();
  return spec;
}

RunSettings phasedSettings(std::int64_t steps,
                           const std::vector<std::pair<std::string, std::string>>& set) {
  RunSettings made{Parameters(phasedSpec().parameters)};
  for (const auto& [name, text] : set) made.parameters.setFromText(name, text);
  made.steps = steps;
  return made;
}

}  // namespace viva::fakes

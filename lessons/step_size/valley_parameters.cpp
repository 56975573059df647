// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/valley_parameters.h"

namespace viva {

std::string ballName(std::size_t ball) { return "ball-" + std::to_string(ball + 1); }

double ballRate(const Parameters& parameters, std::size_t ball) {
  return parameters.real("lr." + std::to_string(ball + 1));
}

Valley valleyOf(const Parameters& parameters) {
  return {parameters[kValleyFunction], parameters[kCurvature]};
}

double momentumOf(const Parameters& parameters) {
  return parameters[kValleyMethod] == ValleyMethod::GradientDescent ? 0
                                                                    : parameters[kValleyMomentum];
}

std::vector<ParameterSpec> valleyParameters() {
  std::vector<ParameterSpec> specs{
      choice("function", {"quadratic", "two-valleys", "noisy"}, "quadratic").grouped("valley"),
      real("L", 10).range(0.01, 100).logarithmic().grouped("valley").onlyWhen(
          "function", {"quadratic", "noisy"}),
      real("start", 1).range(-3, 3).stepping(0.01).grouped("valley"),
      real("noise", 1)
          .range(0, 10)
          .stepping(0.01)
          .live()
          .grouped("valley")
          .onlyWhen("function", {"noisy"}),
      choice("method", {"gradient-descent", "heavy-ball", "nesterov"}, "gradient-descent")
          .grouped("rates"),
      real("momentum", 0.9)
          .range(0, 0.99)
          .stepping(0.01)
          .live()
          .grouped("rates")
          .onlyWhen("method", {"heavy-ball", "nesterov"}),
  };
  const std::array<double, kBalls> rates{0.05, 0.1, 0.19, 0.2, 0.21};
  for (std::size_t i = 0; i < kBalls; ++i)
    specs.push_back(real("lr." + std::to_string(i + 1), rates[i])
                        .range(1e-4, 10)
                        .logarithmic()
                        .live()
                        .grouped("rates"));
  return specs;
}

std::vector<RecordSpec> valleyRecords(const Parameters&) {
  std::vector<RecordSpec> records;
  for (std::size_t i = 0; i < kBalls; ++i)
    for (const char* quantity : {"x", "f", "distance"})
      records.push_back({ballName(i) + "/" + quantity, "", true});
  return records;
}

std::vector<ViewSpec> valleyViews() {
  std::vector<ViewSpec> views{
      plane("valley", {"axis.valley_x", "", false}, {"axis.valley_f", "", false}),
      series("distance", {"*/distance"}, {"axis.valley_distance", "", true}),
      series("limit", {}, {"axis.shrinkage", "", false}),
      table("balls"),
      series("path", {"*/x"}, {"axis.valley_x", "", false}),
      table("floor"),
      verdict("verdict"),
  };
  views[0].room = Room::Large;
  views[2].x = {"axis.rate", "", false};
  for (const std::size_t small : {4, 5}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> valleyPresets() {
  const auto rates = [](const char* one, const char* two, const char* three, const char* four,
                        const char* five) {
    return std::vector<std::pair<std::string, std::string>>{
        {"lr.1", one}, {"lr.2", two}, {"lr.3", three}, {"lr.4", four}, {"lr.5", five}};
  };
  const auto with = [](std::vector<std::pair<std::string, std::string>> settings,
                       std::vector<std::pair<std::string, std::string>> more) {
    settings.insert(settings.begin(), more.begin(), more.end());
    return settings;
  };
  const std::vector<std::string> usual{"valley", "distance", "limit", "balls"};
  return {
      {"exactly-at-the-limit", rates("0.05", "0.1", "0.19", "0.2", "0.21"), 60, usual},
      {"too-small-is-slow", rates("0.001", "0.003", "0.01", "0.03", "0.1"), 1000, usual},
      {"two-valleys",
       with(rates("0.003", "0.03", "0.1", "0.18", "0.25"),
            {{"function", "two-valleys"}, {"start", "1.6"}}),
       400,
       {"valley", "path", "balls"}},
      {"noise-floor",
       with(rates("0.01", "0.03", "0.1", "0.3", "1"),
            {{"function", "noisy"}, {"L", "1"}, {"noise", "1"}, {"start", "3"}}),
       20000,
       {"valley", "floor"}},
      {"momentum-limit",
       with(rates("0.1", "0.21", "0.37", "0.38", "0.39"), {{"method", "heavy-ball"}}), 600, usual},
      {"nesterov-limit",
       with(rates("0.05", "0.1", "0.13", "0.14", "0.19"), {{"method", "nesterov"}}), 300, usual},
  };
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/match_parameters.h"

namespace viva {

Probabilities probabilitiesOf(const Distribution& distribution) {
  double sum = 0;
  for (const double weight : distribution.weights) sum += weight;
  Probabilities p = distribution.weights;
  for (double& share : p) share /= sum;
  return p;
}

std::vector<ParameterSpec> matchParameters() {
  return {
      distribution("p", {0.7, 0.2, 0.1}).live().draggedOn("distributions").grouped("distributions"),
      distribution("q", {0.1, 0.6, 0.3}).live().draggedOn("distributions").grouped("distributions"),
      distribution("via", {0.4, 0.4, 0.2}).live().grouped("distributions"),
      choice("objective", {"cross-entropy", "forward-kl", "reverse-kl", "js"}, "cross-entropy")
          .live()
          .grouped("descent"),
      real("optimizer.lr", 0.5).range(1e-4, 100).logarithmic().live().grouped("descent"),
      choice("base", {"nats", "bits"}, "nats").live().grouped("descent"),
  };
}

std::vector<RecordSpec> matchRecords(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const char* name : {"entropy", "cross_entropy", "kl_forward", "kl_reverse", "js"})
    records.push_back({name, "", true});
  records.push_back({"gradient_gap", ""});
  return records;
}

std::optional<Message> matchProblem(const Parameters& parameters) {
  const std::size_t classes = parameters[kTargetP].weights.size();
  const std::size_t other = parameters[kModelQ].weights.size();
  if (other != classes)
    return Message{"error.match.length",
                   {{"name", std::string(kModelQ.name)},
                    {"classes", static_cast<std::int64_t>(other)},
                    {"wanted", static_cast<std::int64_t>(classes)}}};
  if (classes < 2 || classes > 20) return Message{"error.match.classes", {}};
  return {};
}

std::vector<ViewSpec> matchViews() {
  std::vector<ViewSpec> views{
      bars("distributions", {"axis.class", "", false}, {"axis.probability", "", false}),
      bars("lengths", {}, {"axis.information", "", false}),
      series("divergences", {"entropy", "cross_entropy", "kl_forward", "kl_reverse", "js"},
             {"axis.information", "", false}),
      bars("integrand", {"axis.class", "", false}, {"axis.integrand", "", false}),
      bars("gradient", {"axis.class", "", false}, {"axis.logit_gradient", "", false}),
      series("to_zero", {"cross_entropy"}, {"axis.information", "", true}),
      table("targets"),
      table("triangle"),
      series("gap", {"gradient_gap"}, {"axis.gradient_gap", "", false}),
      verdict("verdict"),
  };
  views[0].drags = {"p", "q"};
  for (const std::size_t small : {5, 6, 7, 8}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> matchPresets() {
  return {
      {"asymmetry",
       {{"p", "0.7,0.2,0.1"}, {"q", "0.1,0.6,0.3"}, {"optimizer.lr", "0.02"}},
       100,
       {"distributions", "lengths", "divergences", "integrand"}},
      {"cross-entropy-can-be-zero",
       {{"p", "1,0,0"}, {"q", "0.5,0.3,0.2"}, {"optimizer.lr", "1"}},
       2000,
       {"distributions", "to_zero", "lengths", "gradient"}},
      {"depends-on-entropy",
       {{"p", "0.34,0.33,0.33"}, {"q", "0.5,0.3,0.2"}},
       100,
       {"targets", "distributions", "lengths"}},
      {"same-gradient",
       {{"p", "0.7,0.2,0.1"}, {"q", "0.1,0.6,0.3"}},
       200,
       {"gradient", "divergences", "distributions", "gap"}},
      {"triangle-fails",
       {{"p", "0.5,0.5"}, {"via", "0.25,0.75"}, {"q", "0.1,0.9"}},
       100,
       {"triangle", "distributions", "divergences"}},
  };
}

}  // namespace viva

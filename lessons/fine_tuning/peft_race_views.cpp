// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/peft_race_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "lessons/fine_tuning/lora.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kId = "peft-race.";

Word curveWord(const std::string& id) { return {kId + "curve." + id}; }

Curve level(const std::string& id, double height, std::int64_t step) {
  return {id,
          curveWord(id),
          {0, static_cast<double>(std::max<std::int64_t>(1, step))},
          {height, height},
          true};
}

/// What this method trains, counted from its definition.
std::int64_t trainedByDefinition(const Contender& contender, const Transformer& net) {
  const std::int64_t r = contender.rank, d = kBaseWidth, p = contender.prompt_length;
  std::int64_t in = 0, out = 0, matrices = 0;
  for (const AdaptedMatrix& matrix : adaptedMatrices(net.shape())) {
    in += matrix.in;
    out += matrix.out;
    matrices += 1;
  }
  switch (contender.method) {
    case PeftMethod::Full:
      return net.parameters();
    case PeftMethod::Prompt:
      return p * d;
    case PeftMethod::PTuningV2:
      return 2 * kBaseLayers * p * d;
    case PeftMethod::Prefix:  // embedding, and two layers of a net
      return p * d + (d + 1) * contender.prefix_hidden +
             2 * kBaseLayers * d * (contender.prefix_hidden + 1);
    case PeftMethod::AdaLora:
      return r * (in + out) + matrices * r;
    case PeftMethod::QaLora:
      return r * (in / kQaGroup + out);
    case PeftMethod::Vera:
      return out + matrices * r;
    default:
      return r * (in + out);
  }
}

bool isStoredAsItIs(const Contender& contender) {
  return contender.method != PeftMethod::QLora && contender.method != PeftMethod::QaLora;
}

}  // namespace

void showPeftLevels(Frame& frame, const PeftState& state) {
  frame.at<SeriesData>("old_accuracies")
      .curves.push_back(level("base", state.base_old, state.step));
  frame.at<SeriesData>("accuracies").curves.push_back(level("base", state.base_new, state.step));
}

void showPeftStandings(Frame& frame, const PeftState& state) {
  using Best = TableData::Best;
  TableData& table = frame.at<TableData>("standings");
  table.columns = {{"method"},
                   {"accuracy", Best::Largest},
                   {"old_accuracy", Best::Largest},
                   {"loss", Best::Smallest},
                   {"trained", Best::Smallest},
                   {"kept", Best::Smallest},
                   {"kilobytes", Best::Smallest}};
  for (const PeftStanding& s : state.standings)
    table.rows.push_back({s.contender.id,
                          {curveWord(s.contender.id), s.accuracy, s.old_accuracy, s.loss,
                           static_cast<double>(s.trained), static_cast<double>(s.kept),
                           std::round(static_cast<double>(s.bytes) / 1024)}});
}

void showPeftTrade(Frame& frame, const PeftState& state) {
  BarsData& bars = frame.at<BarsData>("both_tasks");
  BarsData::Group fresh{"new_task", curveWord("new_task"), {}},
      old{"old_tasks", curveWord("old_tasks"), {}};
  PlaneData& plane = frame.at<PlaneData>("trade");
  plane.x0 = 2.5;
  plane.x1 = 5;
  plane.y0 = -0.05;
  plane.y1 = 1.05;
  for (const PeftStanding& s : state.standings) {
    bars.categories.emplace_back(curveWord(s.contender.id));
    fresh.values.push_back(s.accuracy);
    old.values.push_back(s.old_accuracy);
    PointsLayer point;
    point.name = point.id = s.contender.id;
    point.label = curveWord(s.contender.id);
    point.points = {{std::log10(static_cast<double>(s.trained)), s.accuracy}};
    point.size = 10;
    plane.layers.emplace_back(std::move(point));
  }
  bars.groups = {std::move(fresh), std::move(old)};
}

void showPeftAnswers(Frame& frame, const TuningTeams& teams, const TaskBatch& fresh,
                     std::int64_t sequence) {
  const auto tokens = fresh.tokens.narrow(0, sequence, 1);
  const auto inputs = numbersOf(tokens), targets = numbersOf(fresh.targets[sequence]);
  TokensData& data = frame.at<TokensData>("answers");
  data.minimum = 0;
  data.maximum = 1;
  const auto row = [&](const std::string& id) -> TokensData::Row& {
    data.rows.push_back({id, curveWord(id), {}});
    return data.rows.back();
  };
  auto& input = row("input").pieces;
  for (const double token : inputs)
    input.push_back({digitTaskTokenName(static_cast<std::int64_t>(token)), std::nullopt});
  auto& asked = row("asked").pieces;
  asked.push_back({" ", std::nullopt});
  for (std::size_t i = 1; i < targets.size(); ++i)
    asked.push_back({digitTaskTokenName(static_cast<std::int64_t>(targets[i])), std::nullopt});
  for (const auto& team : teams) {
    const auto logits = team->logits(tokens);  // [members, 1, length, V]
    for (std::size_t member = 0; member < team->members().size(); ++member) {
      const auto mine = logits[static_cast<std::int64_t>(member)][0];
      const auto named = numbersOf(mine.argmax(-1));
      const auto right = numbersOf(
          torch::softmax(mine, -1).gather(1, fresh.targets[sequence].clamp_min(0).unsqueeze(1)));
      auto& pieces = row(team->members()[member].id).pieces;
      pieces.push_back({" ", std::nullopt});
      for (std::size_t i = 1; i < targets.size(); ++i)
        pieces.push_back({digitTaskTokenName(static_cast<std::int64_t>(named[i])), right[i]});
    }
  }
}

void showRanksLeft(Frame& frame, const TuningTeams& teams) {
  MatrixData& matrix = frame.at<MatrixData>("ranks_left");
  matrix.rows = static_cast<int>(kBaseLayers);
  const auto matrices = adaptedMatrices(baseShape());
  matrix.columns = static_cast<int>(std::ssize(matrices) / kBaseLayers);
  std::vector<float> values(matrices.size(), 0);
  matrix.is_pending = true;
  for (const auto& team : teams)
    for (std::size_t member = 0; member < team->members().size(); ++member) {
      const auto ranks = team->ranks(member);
      if (ranks.empty()) continue;
      matrix.is_pending = false;
      for (std::size_t i = 0; i < ranks.size(); ++i) values[i] = static_cast<float>(ranks[i]);
      matrix.maximum = static_cast<double>(team->members()[member].rank);
    }
  matrix.minimum = 0;
  matrix.values = shareFloats(std::move(values));
  for (std::int64_t i = 0; i < matrix.columns; ++i)
    matrix.column_labels.push_back(matrices[i].name);
}

std::optional<double> differenceWithout(const TuningTeams& teams, const PretrainedBase& base,
                                        const torch::Tensor& tokens) {
  std::optional<double> largest;
  for (const auto& team : teams) {
    // A copy of its own, one at a time: a stack of products may round otherwise than one.
    for (std::size_t i = 0; i < team->members().size(); ++i) {
      if (!isStoredAsItIs(team->members()[i])) continue;
      const auto frozen = team->frozen(i);
      if (!frozen.defined()) continue;
      Transformer net = copiesOf(base, 1);
      net.weights().flat()[0].copy_(frozen);
      const double difference =
          (net.forward(tokens) - base.net().forward(tokens)).abs().max().item<double>();
      largest = std::max(largest.value_or(0), difference);
    }
  }
  return largest;
}

void checkPeft(const TuningTeams& teams, const PretrainedBase& base, const torch::Tensor& tokens,
               CheckSink& sink) {
  if (const auto off = differenceWithout(teams, base, tokens)) sink.compare("adapter-off", *off, 0);
  double merged = -1;
  std::int64_t miscounted = 0;
  for (const auto& team : teams) {
    const auto beside = team->logits(tokens);
    for (std::size_t i = 0; i < team->members().size(); ++i) {
      miscounted +=
          std::abs(team->trained(i) - trainedByDefinition(team->members()[i], base.net()));
      if (const auto net = team->merged(i))
        merged = std::max(merged, (net->forward(tokens)[0] - beside[static_cast<std::int64_t>(i)])
                                      .abs()
                                      .max()
                                      .item<double>());
    }
  }
  sink.compare("trained-numbers", static_cast<double>(miscounted), 0);
  if (merged >= 0) sink.compare("merged", merged, 1e-3);
}

}  // namespace viva

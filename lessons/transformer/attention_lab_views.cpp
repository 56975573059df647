// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/attention_lab_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/nn/attention_views.h"
#include "lessons/nn/head_list.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/transformer/one_score.h"

namespace viva {
namespace {

/// Arcs are drawn from a weight of twice the uniform one on, and from a twentieth.
constexpr double kLeastArc = 0.05;

std::vector<std::string> namesOf(const AttentionTask& task, const torch::Tensor& tokens) {
  const auto host = tokens.to(torch::kCPU).contiguous();
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < host.size(0); ++i)
    names.push_back(task.symbols()[static_cast<std::size_t>(host[i].item<std::int64_t>())]);
  return names;
}

/// What a net makes of one sequence.
struct Answers {
  std::vector<BlockTrace> traces;
  torch::Tensor tokens;         ///< [length]: the most likely ones
  torch::Tensor probabilities;  ///< [length]: of the right ones
};

Answers answersOf(const Transformer& net, std::int64_t copy, const TokenBatch& probe,
                  const torch::Tensor& gain) {
  Answers made;
  Reading reading;
  reading.gain = gain;
  reading.traces = &made.traces;
  const auto logits = net.forward(probe.tokens, reading)[copy][0];  // [length, V]
  made.tokens = logits.argmax(1);
  made.probabilities =
      logits.softmax(1).gather(1, probe.targets[0].clamp_min(0).unsqueeze(1)).squeeze(1);
  return made;
}

TokensData::Row plainRow(const std::string& id, const std::string& label,
                         const std::vector<std::string>& names) {
  TokensData::Row row{id, Word{label}, {}};
  for (const std::string& name : names) row.pieces.push_back({name, std::nullopt, {}});
  return row;
}

/// The answers, coloured by the probability of the right one; a dot where nothing is asked.
TokensData::Row answerRow(const std::string& id, const std::string& label,
                          const AttentionTask& task, const TokenBatch& probe,
                          const Answers& answers) {
  TokensData::Row row{id, Word{label}, {}};
  const auto names = namesOf(task, answers.tokens);
  const auto asked = (probe.targets[0] != kIgnored).to(torch::kCPU);
  const auto right = numbersOf(answers.probabilities);
  const auto targets = namesOf(task, probe.targets[0].clamp_min(0));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_asked = asked[static_cast<std::int64_t>(i)].item<bool>();
    TokensData::Piece piece{is_asked ? names[i] : "·", std::nullopt, {}};
    if (is_asked) {
      piece.value = right[i];
      piece.detail = {"attention-lab.answer", {{"target", targets[i]}, {"probability", right[i]}}};
    }
    row.pieces.push_back(std::move(piece));
  }
  return row;
}

/// Arcs from each answer to what it looks at, of the heads of the layer that is shown.
TokensData arcsOf(const LabPicture& p, const Answers& answers, std::int64_t layer) {
  TokensData tokens;
  tokens.rows.push_back(
      plainRow("input", "attention-lab.row.input", namesOf(p.task, p.probe.tokens[0])));
  tokens.rows.push_back(answerRow("answer", "attention-lab.row.answer", p.task, p.probe, answers));
  tokens.minimum = 0, tokens.maximum = 1;
  const double uniform = 1 / static_cast<double>(p.probe.tokens.size(1));
  for (std::int64_t head = 0; head < p.net.shape().heads; ++head)
    if (p.gain[layer][head].item<double>() > 0)
      addArcs(tokens, answers.traces[layer].self.weights[0][0][head], 1, 0, -1,
              headName(layer, head), std::max(kLeastArc, 2 * uniform));
  return tokens;
}

/// The same tokens in another order, and what the net and its rival make of both.
TokensData permutedTokens(const LabPicture& p) {
  TokensData tokens;
  tokens.minimum = 0, tokens.maximum = 1;
  // A probe of another length than the order's is shown backwards.
  const auto order = p.order.size(0) == p.probe.tokens.size(1)
                         ? p.order
                         : torch::arange(p.probe.tokens.size(1), p.order.options()).flip({0});
  const auto in_order = [&](const torch::Tensor& tensor) { return tensor.index_select(1, order); };
  const TokenBatch& probe = p.probe;
  // Each token keeps its answer, so that it can be compared with the one that it had.
  const TokenBatch moved{in_order(probe.tokens), in_order(probe.targets), {}};
  const auto add = [&](const Transformer& net, std::int64_t copy, const std::string& name,
                       const std::string& label) {
    const Answers before = answersOf(net, copy, probe, p.gain);
    const Answers after = answersOf(net, copy, moved, p.gain);
    tokens.rows.push_back(answerRow(name, label, p.task, probe, before));
    tokens.rows.push_back(
        answerRow(name + "_moved", "attention-lab.row.same_moved", p.task, moved, after));
  };
  tokens.rows.push_back(
      plainRow("input", "attention-lab.row.input", namesOf(p.task, probe.tokens[0])));
  tokens.rows.push_back(
      plainRow("moved", "attention-lab.row.moved", namesOf(p.task, moved.tokens[0])));
  add(p.net, 0, "answer", "attention-lab.row.answer");
  if (!p.rival_name.empty())
    add(p.rival, p.rival.copies() - 1, "rival",
        std::string("attention-lab.curve.").append(p.rival_name));
  return tokens;
}

ImagesData everyHead(const LabPicture& p, const std::vector<BlockTrace>& traces) {
  ImagesData images;
  const std::int64_t length = p.probe.tokens.size(1);
  images.height = images.width = static_cast<int>(length);
  images.columns = static_cast<int>(p.net.shape().heads);
  std::vector<float> values;
  std::size_t place = 0;
  for (std::int64_t layer = 0; layer < p.net.shape().layers; ++layer)
    for (std::int64_t head = 0; head < p.net.shape().heads; ++head) {
      for (const double weight : numbersOf(traces[layer].self.weights[0][0][head]))
        values.push_back(static_cast<float>(weight));
      std::string caption = headName(layer, head);
      if (place < p.state.figures.size() && p.state.has_alignment)
        caption += ": " + withDecimals(p.state.figures[place].alignment, 2);
      if (p.gain[layer][head].item<double>() == 0) caption += " ✕";
      images.images.push_back({caption, {}});
      ++place;
    }
  images.values = shareFloats(std::move(values));
  return images;
}

/// The accuracy that is left without each head: layers down, heads across.
MatrixData headsMatrix(const LabPicture& p) {
  MatrixData matrix;
  matrix.rows = static_cast<int>(p.net.shape().layers);
  matrix.columns = static_cast<int>(p.net.shape().heads);
  std::vector<float> values;
  for (const HeadFigures& head : p.state.figures)
    values.push_back(static_cast<float>(head.without));
  values.resize(static_cast<std::size_t>(matrix.rows) * matrix.columns);
  matrix.values = shareFloats(std::move(values));
  matrix.minimum = 0, matrix.maximum = 1;
  return matrix;
}

BarsData knockoutBars(const LabPicture& p) {
  BarsData bars;
  BarsData::Group group{"without", Word{"attention-lab.curve.without"}, {}};
  const double whole = p.state.own.progress.accuracy().value_or(std::nan(""));
  Curve with{"accuracy", Word{"attention-lab.curve.with_all"}, {}, {}, true};
  for (std::size_t i = 0; i < p.state.figures.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    bars.categories.emplace_back(headName(place / p.state.heads, place % p.state.heads));
    group.values.push_back(p.state.figures[i].without);
    with.x.push_back(static_cast<double>(i));
    with.y.push_back(whole);
  }
  bars.categories.emplace_back(Word{"attention-lab.bar.all"});
  group.values.push_back(p.state.without_all);
  with.x.push_back(static_cast<double>(p.state.figures.size()));
  with.y.push_back(whole);
  bars.groups.push_back(std::move(group));
  if (std::isfinite(whole)) bars.overlays.push_back(std::move(with));
  return bars;
}

/// What `of_keys` is for attention that is the same on all keys that a query sees, on average.
template <typename OfKeys>
Curve uniformCurve(const LabPicture& p, const OfKeys& of_keys) {
  double value = 0;
  for (std::int64_t query = 0; query < p.state.length; ++query)
    value += of_keys(static_cast<double>(p.net.manner(0).is_causal ? query + 1 : p.state.length)) /
             static_cast<double>(p.state.length);
  return {"uniform",
          Word{"attention-lab.curve.uniform"},
          {0, static_cast<double>(std::max<std::int64_t>(1, p.state.step))},
          {value, value},
          true};
}

}  // namespace

void showLab(Frame& frame, const LabPicture& p) {
  const torch::NoGradGuard no_grad;
  const TransformerShape& shape = p.net.shape();
  const std::int64_t length = p.probe.tokens.size(1);
  const auto clamped = [](std::int64_t index, std::int64_t size) {
    return std::clamp<std::int64_t>(index, 0, size - 1);
  };
  const std::int64_t shown = clamped(p.picks.head, shape.layers * shape.heads);
  const std::int64_t layer = shown / shape.heads, head = shown % shape.heads;
  const ScorePlace place{layer, head, clamped(p.picks.query, length), clamped(p.picks.key, length),
                         clamped(p.picks.component, shape.width / shape.heads)};
  const Answers answers = answersOf(p.net, 0, p.probe, p.gain);
  const auto names = namesOf(p.task, p.probe.tokens[0]);

  frame.at<TokensData>("arcs") = arcsOf(p, answers, layer);
  frame.at<TokensData>("permuted") = permutedTokens(p);
  frame.at<MatrixData>("attention") =
      attentionMatrix(answers.traces[layer].self.weights[0][0][head], names, names);
  frame.at<ImagesData>("every_head") = everyHead(p, answers.traces);
  frame.at<MatrixData>("heads") = headsMatrix(p);
  frame.at<BarsData>("knockout") = knockoutBars(p);
  const OneScore score = scoreOf(answers.traces[layer].self, p.net.manner(0), place, names);
  frame.at<GraphData>("numbers") = scoreGraph(score);
  frame.at<TableData>("products") = productTable(score);
  frame.at<TableData>("softmax_row") = softmaxTable(score);
  frame.at<SeriesData>("alignment").curves.push_back(uniformCurve(p, [](double keys) {
    return 1 / keys;
  }));
  frame.at<SeriesData>("entropy").curves.push_back(
      uniformCurve(p, [](double keys) { return std::log(keys); }));
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/bert/masked_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lessons/nn/attention_views.h"
#include "lessons/nn/positions.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kId = "masked-language-model.";
constexpr std::size_t kMostBars = 8, kShownSentences = 2;
/// What the read-out of a blank calls its three best words.
constexpr std::array<std::pair<const char*, const char*>, 3> kGuesses{
    {{"word1", "p1"}, {"word2", "p2"}, {"word3", "p3"}}};
constexpr double kLeastBar = 0.01;

Word curveWord(const std::string& id) { return {kId + "curve." + id}; }

std::vector<std::string> namesOf(const MaskedText& text, const std::vector<std::int64_t>& tokens) {
  std::vector<std::string> names;
  for (const std::int64_t token : tokens) names.push_back(text.names()[token]);
  return names;
}

/// The same sentence with another word at `place`: its counterpart, of a text [MASK].
std::vector<std::int64_t> changedAt(const MaskedText& text, std::vector<std::int64_t> inputs,
                                    std::size_t place) {
  if (inputs[place] != text.mask())
    inputs[place] = text.isGrammar() ? agreement::counterpart(inputs[place]) : text.mask();
  return inputs;
}

/// What the nets make of the probe and of all that it becomes by the change of one word.
struct ProbeReading {
  torch::Tensor at_blanks;  ///< [nets, length, V]: probabilities, of the probe as it is
  torch::Tensor changed;    ///< [nets, length, V]: of the first blank, by the word that is changed
  std::vector<BlockTrace> traces;  ///< of the probe and its variants
};

ProbeReading readProbe(const Transformer& nets, const MaskedText& text, const MaskedProbe& probe) {
  const torch::NoGradGuard no_grad;
  const auto length = static_cast<std::int64_t>(probe.inputs.size());
  std::vector<std::int64_t> rows = probe.inputs;
  for (std::size_t place = 0; place < probe.inputs.size(); ++place) {
    const auto variant = changedAt(text, probe.inputs, place);
    rows.insert(rows.end(), variant.begin(), variant.end());
  }
  const auto tokens = torch::tensor(rows, torch::kLong).view({-1, length});
  ProbeReading read;
  Reading reading;
  reading.traces = &read.traces;
  const auto logits = nets.forward(tokens.to(nets.weights().flat().device()), reading);
  // [MASK] is never what a blank was.
  const auto probabilities =
      torch::softmax(logits.narrow(-1, 0, text.mask()).to(torch::kCPU, torch::kDouble), -1);
  read.at_blanks = probabilities.select(1, 0);
  read.changed = probabilities.narrow(1, 1, length).select(2, probe.first_blank);
  return read;
}

/// Token numbers, the most probable first.
std::vector<std::int64_t> ranked(const std::vector<double>& probabilities) {
  std::vector<std::int64_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return probabilities[a] > probabilities[b]; });
  return order;
}

/// The guess at a blank, with the next ones for those who ask.
TokensData::Piece guess(const MaskedText& text, const torch::Tensor& probabilities) {
  const auto values = numbersOf(probabilities);
  const auto order = ranked(values);
  TokensData::Piece piece{text.names()[order[0]], values[order[0]]};
  if (order.size() < kGuesses.size()) return piece;
  piece.detail = {kId + "piece.guess", {}};
  for (std::size_t i = 0; i < kGuesses.size(); ++i) {
    piece.detail.arguments.emplace_back(kGuesses[i].first, text.names()[order[i]]);
    piece.detail.arguments.emplace_back(kGuesses[i].second, values[order[i]]);
  }
  return piece;
}

/// A row a net: the sentence, and at its blanks what the net puts there.
void showTokens(Frame& frame, const ProbeReading& read, const MaskedState& state,
                const MaskedText& text, const MaskedProbe& probe, std::int64_t layer,
                std::int64_t head) {
  TokensData& data = frame.at<TokensData>("probe");
  const auto inputs = namesOf(text, probe.inputs);
  for (std::size_t net = 0; net < state.nets.size(); ++net) {
    const std::string& id = state.nets[net].id;
    TokensData::Row row{id, curveWord(id), {}};
    const auto index = static_cast<std::int64_t>(net);
    for (std::size_t place = 0; place < inputs.size(); ++place)
      row.pieces.push_back(
          probe.isBlank(place)
              ? guess(text, read.at_blanks[index][static_cast<std::int64_t>(place)])
              : TokensData::Piece{inputs[place], std::nullopt});
    data.rows.push_back(std::move(row));
    const int own = static_cast<int>(net);
    addArcs(data, read.traces[layer].self.weights[index][0][head], own, own, probe.first_blank, id);
  }
  data.minimum = 0;
  data.maximum = 1;
}

/// What a reader that knows the grammar says of the first blank; empty where there is none.
std::vector<double> exactAnswer(const MaskedText& text, const MaskedProbe& probe) {
  if (!text.isGrammar()) return {};
  std::vector<std::int64_t> seen(agreement::kLength, agreement::kUnseen);
  for (std::size_t place = 0; place < probe.inputs.size(); ++place)
    if (probe.inputs[place] != text.mask()) seen[place] = probe.inputs[place];
  return agreement::answer(seen, probe.first_blank);
}

void showBlank(Frame& frame, const ProbeReading& read, const MaskedState& state,
               const MaskedText& text, const MaskedProbe& probe) {
  BarsData& bars = frame.at<BarsData>("blank");
  std::vector<BarsData::Group> groups;
  for (std::size_t net = 0; net < state.nets.size(); ++net)
    groups.push_back(
        {state.nets[net].id,
         {},
         numbersOf(read.at_blanks[static_cast<std::int64_t>(net)][probe.first_blank])});
  if (auto exact = exactAnswer(text, probe); !exact.empty())
    groups.push_back({"exact", {}, std::move(exact)});
  std::vector<double> largest(groups[0].values.size(), 0);
  for (const auto& group : groups)
    for (std::size_t word = 0; word < largest.size(); ++word)
      largest[word] = std::max(largest[word], group.values[word]);
  auto shown = ranked(largest);
  shown.resize(std::min(shown.size(), kMostBars));
  while (shown.size() > 1 && largest[shown.back()] < kLeastBar) shown.pop_back();
  // In the order of their numbers, so that they stay where they are while the nets learn.
  std::sort(shown.begin(), shown.end());
  for (const std::int64_t word : shown) bars.categories.emplace_back(text.names()[word]);
  for (const auto& group : groups) {
    bars.groups.push_back({group.id, {}, {}});
    for (const std::int64_t word : shown) bars.groups.back().values.push_back(group.values[word]);
  }
}

void showFlips(Frame& frame, const ProbeReading& read, const MaskedState& state,
               const MaskedText& text, const MaskedProbe& probe) {
  BarsData& bars = frame.at<BarsData>("flips");
  for (const std::string& name : namesOf(text, probe.inputs)) bars.categories.emplace_back(name);
  for (std::size_t net = 0; net < state.nets.size(); ++net) {
    const auto index = static_cast<std::int64_t>(net);
    const auto before = read.at_blanks[index][probe.first_blank];
    auto moved = numbersOf((read.changed[index] - before).abs().sum(-1) / 2);
    for (std::size_t place = 0; place < moved.size(); ++place)
      if (probe.isBlank(place)) moved[place] = std::numeric_limits<double>::quiet_NaN();
    bars.groups.push_back({state.nets[net].id, {}, std::move(moved)});
  }
}

Curve level(const std::string& id, double height, std::int64_t step) {
  return {
      id, {}, {0, static_cast<double>(std::max<std::int64_t>(1, step))}, {height, height}, true};
}

TableData::Cell cellOf(const std::optional<double>& value) {
  if (!value) return std::monostate{};
  return *value;
}

}  // namespace

MaskedProbe::MaskedProbe(const MaskedText& text, std::vector<std::int64_t> typed,
                         const std::vector<std::int64_t>& picked)
    : tokens(std::move(typed)), inputs(tokens), is_blank_(tokens.size(), false) {
  for (const std::int64_t place : picked)
    if (place < std::ssize(inputs)) inputs[place] = text.mask();
  if (std::find(inputs.begin(), inputs.end(), text.mask()) == inputs.end())
    inputs.front() = text.mask();
  for (std::size_t place = 0; place < inputs.size(); ++place)
    is_blank_[place] = inputs[place] == text.mask();
  first_blank = std::find(is_blank_.begin(), is_blank_.end(), true) - is_blank_.begin();
}

void showLosses(Frame& frame, const MaskedState& state) {
  // The loss below which nobody gets who sees as much.
  auto& losses = frame.at<SeriesData>("loss").curves;
  auto& right = frame.at<SeriesData>("right_decided").curves;
  for (const NetStanding& net : state.nets) {
    if (!net.best_loss) return;
    const std::string id = net.id == kCausal ? "best_left" : "best_both";
    const bool is_there = std::any_of(losses.begin(), losses.end(),
                                      [&](const Curve& curve) { return curve.id == id; });
    if (!is_there) losses.push_back(level(id, *net.best_loss, state.step));
  }
  right.push_back(level("chance", kChanceOnTheRight, state.step));
}

void showProbe(Frame& frame, const Transformer& nets, const MaskedState& state,
               const MaskedText& text, const MaskedProbe& probe, const MaskedHead& shown) {
  const ProbeReading read = readProbe(nets, text, probe);
  const auto last = [](std::int64_t wanted, std::int64_t count) {
    return std::min(wanted, count - 1);
  };
  const std::int64_t layer = last(shown.layer, nets.shape().layers);
  const std::int64_t head = last(shown.head, nets.shape().heads);
  showTokens(frame, read, state, text, probe, layer, head);
  showBlank(frame, read, state, text, probe);
  showFlips(frame, read, state, text, probe);
  const auto names = namesOf(text, probe.inputs);
  frame.at<MatrixData>("attention") = attentionMatrix(
      read.traces[layer].self.weights[last(shown.net, nets.copies())][0][head], names, names);
}

void showDecided(Frame& frame, const MaskedState& state,
                 const std::vector<MaskedJudge::Finding>& findings, bool is_grammar) {
  TableData& table = frame.at<TableData>("decided");
  table.columns = {{"blank"}, {"decided_by"}, {"guessing"}};
  for (const NetStanding& net : state.nets) table.columns.push_back({net.id});
  const auto addRow = [&](const std::string& id, const TableData::Cell& side,
                          const TableData::Cell& guessing, auto accuracyOf) {
    TableData::Row row{"", {Word{kId + "blank." + id}, side, guessing}};
    for (std::size_t net = 0; net < state.nets.size(); ++net)
      row.cells.emplace_back(cellOf(accuracyOf(net)));
    table.rows.push_back(std::move(row));
  };
  constexpr std::array kNames{"opening", "noun", "closing", "verb"};
  if (is_grammar)
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      const auto kind = agreement::kDecided[i];
      addRow(kNames[i], Word{kId + (agreement::isOnTheRight(kind) ? "side.right" : "side.left")},
             1 / static_cast<double>(agreement::formsOf(kind)),
             [&](std::size_t net) { return findings[net].decided[i]; });
    }
  addRow("any", std::monostate{}, std::monostate{},
         [&](std::size_t net) { return state.nets[net].accuracy; });
  addRow("seen", std::monostate{}, std::monostate{},
         [&](std::size_t net) { return state.nets[net].seen_accuracy; });
}

void showWriting(Frame& frame, const MaskedState& state, const MaskedText& text,
                 const std::vector<MaskedWriting>& writings) {
  TokensData& samples = frame.at<TokensData>("samples");
  samples.minimum = 0;
  samples.maximum = 1;
  for (const MaskedWriting& writing : writings) {
    const auto host = writing.sentences.to(torch::kCPU).contiguous();
    const std::int64_t count = std::min<std::int64_t>(host.size(0), kShownSentences);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto* first = host[i].data_ptr<std::int64_t>();
      const std::vector<std::int64_t> words(first, first + host.size(1));
      const auto faults =
          text.isGrammar() ? agreement::faults(words) : std::vector<bool>(words.size(), false);
      TokensData::Row row{writing.id, curveWord(writing.id), {}};
      for (std::size_t place = 0; place < words.size(); ++place) {
        row.pieces.push_back({text.names()[words[place]], std::nullopt});
        if (!faults[place]) continue;
        row.pieces.back().value = 1;
        row.pieces.back().detail = {kId + "piece.fault", {}};
      }
      samples.rows.push_back(std::move(row));
    }
  }
  TableData& table = frame.at<TableData>("writing");
  table.columns = {{"writer"}, {"readings"}, {"grammatical", TableData::Best::Largest}};
  for (const MaskedWriting& writing : writings) {
    const WritingStanding* standing = state.writer(writing.id);
    TableData::Row row{writing.id, {curveWord(writing.id), std::monostate{}, std::monostate{}}};
    if (standing) {
      row.cells[1] = static_cast<double>(standing->readings);
      row.cells[2] = standing->grammatical;
    }
    table.rows.push_back(std::move(row));
  }
}

void showLabels(Frame& frame, const MaskedState& state) {
  using Best = TableData::Best;
  TableData& table = frame.at<TableData>("learners");
  table.columns = {{"net"}, {"train_accuracy"}, {"test_accuracy", Best::Largest}};
  for (const LabelStanding& learner : state.labelled)
    table.rows.push_back(
        {learner.id, {curveWord(learner.id), learner.train_accuracy, learner.accuracy}});
  auto& curves = frame.at<SeriesData>("labelled").curves;
  for (std::size_t i = 0; i < state.labelled.size(); ++i) {
    Curve curve{state.labelled[i].id, {}, {}, {}, false};
    for (const auto& [updates, standings] : state.labelled_so_far) {
      curve.x.push_back(static_cast<double>(updates));
      curve.y.push_back(standings[i].accuracy);
    }
    curves.push_back(std::move(curve));
  }
  curves.push_back(level("chance", 0.5, state.labelled_steps));
  if (!table.rows.empty()) return;
  for (const NetStanding& net : state.nets)
    table.rows.push_back({net.id, {curveWord(net.id), std::monostate{}, net.accuracy}});
}

void checkProbe(const Transformer& nets, const MaskedText& text, const MaskedProbe& probe,
                CheckSink& sink) {
  const ProbeReading read = readProbe(nets, text, probe);
  const double scale = 1 / std::sqrt(static_cast<double>(nets.shape().width / nets.shape().heads));
  double apart = 0;
  for (std::int64_t net = 0; net < nets.copies(); ++net) {
    const auto length = static_cast<std::int64_t>(probe.inputs.size());
    if (nets.manner(net).is_causal) {
      const auto behind = read.changed[net].slice(0, probe.first_blank, length);
      const auto moved = (behind - read.at_blanks[net][probe.first_blank]).abs().max();
      sink.compare("no-look-ahead", moved.item<double>(), 1e-6);
    }
    for (const BlockTrace& trace : read.traces) {
      const Attended& self = trace.self;
      auto scores = torch::matmul(self.q[net].to(torch::kCPU, torch::kDouble),
                                  self.k[net].to(torch::kCPU, torch::kDouble).transpose(-2, -1)) *
                    scale;
      if (nets.manner(net).is_causal) scores = scores + causalMask(length, length);
      const auto weights = torch::softmax(scores, -1);
      apart =
          std::max(apart, (weights - self.weights[net].to(torch::kCPU)).abs().max().item<double>());
    }
  }
  sink.compare("attention", apart, 1e-5);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/bpe_views.h"

#include <algorithm>
#include <map>

namespace viva {
namespace {

constexpr std::size_t kMostPairs = 12, kMostRows = 14, kMostPieces = 300;

Label nameOfTokenizer(const std::string& id) {
  return Word{"bpe-trainer.curve." + (id.empty() ? "own" : id)};
}

/// What has no ink gets some: spaces, line ends, the end of a word.
std::string inked(const std::string& piece) {
  const bool ends = piece.ends_with(kWordEnd);
  std::string shown;
  for (const char byte : ends ? piece.substr(0, piece.size() - kWordEnd.size()) : piece)
    if (byte == ' ')
      shown.append("␣");
    else if (byte == '\n')
      shown.append("↵");
    else
      shown.push_back(byte);
  if (ends) shown.append("·");
  return shownPiece(shown);
}

/// The pieces that `piece` was merged from, in a binary tree; a symbol has no parts.
class MergeTree {
 public:
  MergeTree(const PairMerger& merger, SymbolUnit unit) : unit_(unit) {
    for (std::size_t i = 0; i < merger.merges().size(); ++i)
      made_by_.emplace(merger.merges()[i].pair.both(), std::pair(i, merger.merges()[i].pair));
  }

  void drawInto(GraphData& graph, const std::string& piece) {
    if (piece.empty()) return;
    leaves_ = static_cast<double>(symbolsOf(piece, unit_).size());
    depth_ = depthOf(piece);
    add(graph, piece, 0);
  }

 private:
  int depthOf(const std::string& piece) const {
    const auto made = made_by_.find(piece);
    if (made == made_by_.end()) return 0;
    const RankedPair& pair = made->second.second;
    return 1 + std::max(depthOf(pair.left), depthOf(pair.right));
  }

  /// Answers the id and the place of the node of `piece`, whose leaves follow those drawn so far.
  std::pair<std::string, double> add(GraphData& graph, const std::string& piece, int level) {
    GraphData::Node node;
    node.id = std::to_string(nodes_++);
    const auto made = made_by_.find(piece);
    const std::size_t place = graph.nodes.size();
    graph.nodes.push_back(node);
    double x = 0;
    if (made == made_by_.end()) {
      x = (static_cast<double>(drawn_++) + 0.5) / leaves_;
      level = depth_;
      node.label = inked(piece);
    } else {
      const auto& [rank, pair] = made->second;
      const auto left = add(graph, pair.left, level + 1), right = add(graph, pair.right, level + 1);
      x = (left.second + right.second) / 2;
      node.label = inked(piece) + "  #" + std::to_string(rank + 1);
      for (const auto& part : {left, right})
        graph.edges.push_back({node.id, part.first, {}, {}, {}, false});
    }
    node.at = {x, (level + 0.5) / (depth_ + 1)};
    graph.nodes[place] = node;
    return {node.id, x};
  }

  SymbolUnit unit_;
  std::map<std::string, std::pair<std::size_t, RankedPair>> made_by_;
  double leaves_ = 1;
  int depth_ = 0, drawn_ = 0, nodes_ = 0;
};

TokensData::Row rowOf(const std::string& id, Label label, const std::vector<std::string>& pieces) {
  TokensData::Row row{id, std::move(label), {}};
  for (std::size_t i = 0; i < std::min(pieces.size(), kMostPieces); ++i)
    row.pieces.push_back({inked(pieces[i]), static_cast<double>(i % 2)});
  return row;
}

}  // namespace

void showPieces(Frame& frame, const std::vector<EncodedProbe>& probes) {
  auto& tokens = frame.at<TokensData>("pieces");
  tokens.minimum = -0.5, tokens.maximum = 1.5;
  for (const EncodedProbe& probe : probes)
    tokens.rows.push_back(rowOf(probe.id, nameOfTokenizer(probe.id), probe.pieces));
}

void showPairs(Frame& frame, const PairMerger& merger) {
  auto& bars = frame.at<BarsData>("pairs");
  BarsData::Group best{"best", Word{"bpe-trainer.curve.best"}, {}};
  BarsData::Group others{"others", Word{"bpe-trainer.curve.others"}, {}};
  const auto& pairs = merger.pairs();
  for (std::size_t i = 0; i < std::min(pairs.size(), kMostPairs); ++i) {
    const bool is_tied = pairs[i].score == pairs.front().score;
    bars.categories.emplace_back(inked(pairs[i].left) + " " + inked(pairs[i].right));
    const auto count = static_cast<double>(pairs[i].count);
    best.values.push_back(is_tied ? count : 0);
    others.values.push_back(is_tied ? 0 : count);
  }
  bars.groups = {std::move(best), std::move(others)};
  bars.stacked = true;
}

void showMergeTree(Frame& frame, const PairMerger& merger, const std::string& piece,
                   SymbolUnit unit) {
  MergeTree(merger, unit).drawInto(frame.at<GraphData>("tree"), piece);
}

void showMerges(Frame& frame, const PairMerger& merger) {
  auto& table = frame.at<TableData>("merges");
  table.columns = {{"rank"}, {"left"}, {"right"}, {"count"}, {"tied"}};
  const auto& merges = merger.merges();
  if (!merger.pairs().empty()) {
    const RankedPair& next = merger.pairs().front();
    table.rows.push_back(
        {"next",
         {static_cast<double>(merges.size() + 1), inked(next.left), inked(next.right),
          static_cast<double>(next.count), static_cast<double>(merger.tied())}});
  }
  for (std::size_t i = merges.size(); i > 0 && merges.size() - i < kMostRows; --i) {
    const Merge& merge = merges[i - 1];
    table.rows.push_back(
        {"",
         {static_cast<double>(i), inked(merge.pair.left), inked(merge.pair.right),
          static_cast<double>(merge.pair.count), static_cast<double>(merge.tied)}});
  }
}

void showWords(Frame& frame, const PairMerger& merger) {
  auto& tokens = frame.at<TokensData>("words");
  tokens.minimum = -0.5, tokens.maximum = 1.5;
  const auto segments = merger.segmented();
  std::vector<std::size_t> order(segments.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return merger.words()[a].count > merger.words()[b].count;
  });
  for (std::size_t i = 0; i < std::min(order.size(), kMostRows); ++i)
    tokens.rows.push_back(rowOf(std::to_string(order[i]),
                                std::to_string(merger.words()[order[i]].count) + " ×",
                                segments[order[i]]));
}

void showBpeStandings(Frame& frame, const BpeState& state) {
  auto& table = frame.at<TableData>("standings");
  table.columns = {
      {"tokenizer"}, {"vocabulary"}, {"tokens"}, {"bytes_per_token"}, {"probe_pieces"}};
  const bool has_sentences = state.own().english.has_value();
  if (has_sentences) table.columns.insert(table.columns.end(), {{"english"}, {"chinese"}});
  for (const BpeStanding& standing : state.standings) {
    TableData::Row row{
        standing.id,
        {std::get<Word>(nameOfTokenizer(standing.id)), static_cast<double>(standing.vocabulary),
         static_cast<double>(standing.tokens), standing.bytes_per_token,
         static_cast<double>(standing.probe_pieces)}};
    if (has_sentences) row.cells.insert(row.cells.end(), {*standing.english, *standing.chinese});
    table.rows.push_back(std::move(row));
  }
}

}  // namespace viva

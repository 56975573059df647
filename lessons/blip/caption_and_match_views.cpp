// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/blip/caption_and_match_views.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/blip/blip_losses.h"
#include "lessons/blip/word_looks.h"
#include "lessons/core/number_text.h"
#include "lessons/data/captioned_shapes.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kOfCaptions = "caption-and-match.";
constexpr std::int64_t kShownPictures = 6, kShownPairs = 6, kColumns = 3, kCheckedCaptions = 8,
                       kDraws = 1000;
constexpr double kDarkest = 0.15, kLowestLoss = 0.05;

Word spoken(const std::string& key) { return {kOfCaptions + key}; }
Word curveWord(const std::string& id) { return spoken("curve." + id); }

/// As much of a caption as there is room for below a small picture.
constexpr std::int64_t kWordsBeforePlace = 3;

std::string textOf(const torch::Tensor& words) {
  std::string text;
  for (std::int64_t i = 0; i < words.size(0); ++i)
    text.append(i == 0 ? "" : " ").append(kCaptionWords[words[i].item<std::int64_t>()]);
  return text;
}

std::string marked(bool is_right, const std::string& text) {
  return (is_right ? "✓ " : "✗ ") + text;
}

ImagesData imagesOf(const torch::Tensor& pictures, std::int64_t columns) {
  ImagesData data;
  data.height = data.width = kCaptionedSide;
  data.channels = 3;
  data.columns = static_cast<int>(columns);
  data.values = shareFloats(floatsOf(pictures.clamp(0, 1)));
  data.images.resize(static_cast<std::size_t>(pictures.size(0)));
  return data;
}

/// Whose weights an objective reads, by BlipNet::parts.
struct ObjectiveParts {
  std::string id, name;
  std::vector<std::string> parts;
};
const std::vector<ObjectiveParts>& objectiveParts() {
  static const std::vector<ObjectiveParts> parts{
      {"itc", "ITC", {"image", "contrast", "words", "self_attention", "feed_forward"}},
      {"itm",
       "ITM",
       {"image", "words", "self_attention", "cross_attention", "feed_forward", "match_head"}},
      {"lm",
       "LM",
       {"image", "words", "captioner_attention", "cross_attention", "feed_forward", "word_head"}}};
  return parts;
}

/// The probability of each of `words` [5] behind those before it.
std::vector<double> confidence(const BlipNet& net, const torch::Tensor& cells,
                               const torch::Tensor& words) {
  const auto shares = net.nextWords(cells, words.unsqueeze(0)).softmax(2)[0];
  return numbersOf(shares.narrow(0, 0, words.size(0)).gather(1, words.unsqueeze(1)).squeeze(1));
}

TokensData::Row captionRow(const std::string& id, const torch::Tensor& words,
                           const std::vector<double>& sure, const torch::Tensor& truth) {
  TokensData::Row row{id, spoken("row." + id), {}};
  for (std::size_t i = 0; i < sure.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    const auto word = words[at].item<std::int64_t>();
    const bool is_right = word == truth[at].item<std::int64_t>();
    row.pieces.push_back({kCaptionWords[word],
                          sure[i],
                          {kOfCaptions + (is_right ? "piece.right" : "piece.wrong"),
                           {{"share", percent(sure[i])}}}});
  }
  return row;
}

void showAnswers(Frame& frame, const BlipNet& net, const SeenPictures& seen,
                 const CaptionJudge& judge, std::int64_t picture, const torch::Tensor& written,
                 const CaptionProbe& probe) {
  using Best = TableData::Best;
  TableData& table = frame.at<TableData>("answers");
  table.columns = {{"asked"}, {"caption"}, {"cosine", Best::Largest}, {"match", Best::Largest}};
  const auto add = [&](const std::string& id, const torch::Tensor& words) {
    const auto alone = words.unsqueeze(0);
    const double cosine = (seen.vector * net.vectors(alone)).sum().item<double>();
    const double match = matchProbability(net, seen.cells, alone).item<double>();
    table.rows.push_back({id, {curveWord(id), textOf(words.cpu()), cosine, match}});
  };
  add("true", judge.words()[picture]);
  for (std::size_t place = 0; place < kWordPlaces; ++place)
    add(kPlaceIds[place], judge.changed(place)[picture]);
  add("random", judge.others()[picture]);
  add("written", written);
  if (!probe.query.empty()) add("query", torch::tensor(probe.query, torch::kLong).to(net.device()));
}

double shareOf(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void showObjectives(Frame& frame, const BlipNet& net, const Objectives& learned) {
  const auto parts = net.parts();
  GraphData& graph = frame.at<GraphData>("objectives");
  const auto node = [&](const std::string& id, Label label, double x, double y,
                        GraphData::Shape shape) {
    GraphData::Node made;
    made.id = id;
    made.label = std::move(label);
    made.at = {x, y};
    made.shape = shape;
    made.coloured = false;
    graph.nodes.push_back(std::move(made));
  };
  const auto weightsOf = [&](const std::vector<std::string>& names) {
    double count = 0;
    for (const std::string& name : names)
      for (const torch::Tensor& weight : parts.at(name))
        count += static_cast<double>(weight.numel());
    return count;
  };
  // What two objectives share stands between them, what one has for itself below or above it.
  const std::vector<std::pair<std::string, Point>> places{
      {"self_attention", {0.25, 0.5}}, {"cross_attention", {0.75, 0.5}},
      {"captioner_attention", {1, 0}}, {"contrast", {0, 1}},
      {"match_head", {0.5, 1}},        {"word_head", {1, 1}}};
  node("shared", spoken("node.shared"), 0.4, 0, GraphData::Shape::Box);
  graph.nodes.back().value = weightsOf({"image", "words", "feed_forward"});
  for (const auto& [part, at] : places) {
    node(part, spoken("node." + part), at.x, at.y, GraphData::Shape::Box);
    graph.nodes.back().value = weightsOf({part});
  }
  double x = 0;
  for (const ObjectiveParts& objective : objectiveParts()) {
    node(objective.id, objective.name, x, 0.5, GraphData::Shape::Circle);
    x += 0.5;
    const bool is_learned = (objective.id == "itc" && learned.itc) ||
                            (objective.id == "itm" && learned.itm) ||
                            (objective.id == "lm" && learned.lm);
    const auto edge = [&](const std::string& part) {
      GraphData::Edge made;
      made.from = part;
      made.to = objective.id;
      made.dashed = !is_learned;
      graph.edges.push_back(std::move(made));
    };
    edge("shared");
    for (const auto& [part, at] : places)
      if (std::ranges::find(objective.parts, part) != objective.parts.end()) edge(part);
  }
}

void showChangedWords(Frame& frame, const CaptionStanding& net) {
  BarsData& data = frame.at<BarsData>("changes");
  data.categories.emplace_back(curveWord("true"));
  std::vector<double> cosines{1}, matches{net.match};
  for (std::size_t place = 0; place < kWordPlaces; ++place) {
    data.categories.emplace_back(curveWord(kPlaceIds[place]));
    cosines.push_back(net.words[place].cosine);
    matches.push_back(net.words[place].match);
  }
  data.categories.emplace_back(curveWord("random"));
  cosines.push_back(net.random_cosine);
  matches.push_back(net.random_match);
  data.groups.push_back({"cosine", curveWord("cosine"), cosines});
  data.groups.push_back({"match", curveWord("match"), matches});
}

void showPictures(Frame& frame, const BlipNet& net, const CaptionJudge& judge,
                  const CaptionProbe& probe) {
  const auto pictures = judge.pictures().narrow(0, 0, kShownPictures);
  const SeenPictures seen = net.look(pictures);
  const auto written = net.written(seen.cells);
  ImagesData data = imagesOf(pictures, kColumns);
  for (std::int64_t i = 0; i < kShownPictures; ++i)
    data.images[i].caption = marked(written[i].equal(judge.words()[i]),
                                    textOf(written[i].narrow(0, 0, kWordsBeforePlace).cpu()));
  frame.at<ImagesData>("pictures") = std::move(data);

  const std::int64_t at = probe.picture;
  const SeenPictures chosen{seen.cells.narrow(0, at, 1), seen.vector.narrow(0, at, 1)};
  const auto truth = judge.words()[at];
  TokensData& captions = frame.at<TokensData>("captions");
  captions.rows.push_back(captionRow("true", truth, confidence(net, chosen.cells, truth), truth));
  captions.rows.push_back(
      captionRow("written", written[at], confidence(net, chosen.cells, written[at]), truth));
  captions.minimum = 0;
  captions.maximum = 1;
  showAnswers(frame, net, chosen, judge, at, written[at], probe);
}

void showWordLooks(Frame& frame, const BlipNet& net, const CaptionState& state, std::size_t shown,
                   const CaptionJudge& judge, const CaptionProbe& probe) {
  const auto picture = judge.pictures().narrow(0, probe.picture, 1);
  const auto words = judge.words().narrow(0, probe.picture, 1);
  const auto inside = judge.inside().narrow(0, probe.picture, 1);
  const auto relevance = wordLooks(net, net.look(picture).cells, words).relevance;  // [1, 5, 16]
  const auto most = relevance.amax({2}, /*keepdim=*/true).clamp_min(1e-12);
  const auto light = (kDarkest + (1 - kDarkest) * relevance / most)
                         .view({kCaptionLength, 1, kPictureCells, kPictureCells})
                         .repeat_interleave(kCaptionedSide / kPictureCells, 2)
                         .repeat_interleave(kCaptionedSide / kPictureCells, 3);
  ImagesData maps = imagesOf(torch::cat({picture, picture * light}), 3);
  maps.images[0].caption = spoken("image.whole");
  const auto on_shape = numbersOf(shareInside(relevance, inside));
  for (std::size_t place = 0; place < kWordPlaces; ++place)
    maps.images[place + 1].caption =
        std::string(kCaptionWords[words[0][static_cast<std::int64_t>(place)].item<int>()]) + ": " +
        percent(on_shape[place]);
  frame.at<ImagesData>("word_maps") = std::move(maps);

  BarsData& data = frame.at<BarsData>("looks");
  std::vector<double> before, relevances, writing, matching;
  for (std::size_t place = 0; place < kWordPlaces; ++place) {
    const ChangedWord& word = state.nets[shown].words[place];
    data.categories.emplace_back(spoken("bar." + kPlaceIds[place]));
    before.push_back(state.first_relevance[place]);
    relevances.push_back(word.relevance);
    writing.push_back(word.writing);
    matching.push_back(word.matching);
  }
  data.groups.push_back({"before", curveWord("before"), before});
  data.groups.push_back({"relevance", curveWord("relevance"), relevances});
  data.groups.push_back({"writing", curveWord("writing"), writing});
  data.groups.push_back({"matching", curveWord("matching"), matching});
  const double last = static_cast<double>(kWordPlaces) - 1;
  data.overlays.push_back({"area", curveWord("area"), {0, last}, {state.area, state.area}, true});
}

void showWeb(Frame& frame, const WebPairs& web, const Filtered& filtered) {
  const std::int64_t pairs = std::min(kShownPairs, web.given.size());
  ImagesData data = imagesOf(web.given.pictures.narrow(0, 0, pairs), kColumns);
  const auto is_right = web.is_right();
  for (std::int64_t i = 0; i < pairs; ++i) {
    const std::string text = marked(
        is_right[i].item<bool>(), textOf(web.given.words[i].narrow(0, 0, kWordsBeforePlace).cpu()));
    const bool is_dropped = !filtered.keeps[i].item<bool>();
    data.images[i].caption = is_dropped ? std::string("(").append(text).append(")") : text;
  }
  frame.at<ImagesData>("web") = std::move(data);

  TableData& table = frame.at<TableData>("filter");
  table.columns = {{"origin"}, {"pairs"}, {"kept"}, {"kept_share"}};
  const auto add = [&](const std::string& id, std::int64_t all, std::int64_t kept) {
    table.rows.push_back({id,
                          {spoken("origin." + id), static_cast<double>(all),
                           static_cast<double>(kept), shareOf(kept, all)}});
  };
  add("web_right", filtered.web.right, filtered.web.kept_right);
  add("web_wrong", filtered.web.wrong(), filtered.web.keptWrong());
  add("written_right", filtered.written.right, filtered.written.kept_right);
  add("written_one_wrong", filtered.written.one_wrong, filtered.written.kept_one_wrong);
  add("written_more_wrong", filtered.written.more_wrong, filtered.written.kept_more_wrong);
}

void showCaptionStandings(Frame& frame, const CaptionState& state) {
  using Best = TableData::Best;
  TableData& table = frame.at<TableData>("standings");
  table.columns = {{"net"},
                   {"lm_loss"},
                   {"caption_exact", Best::Largest},
                   {"recall_at_1", Best::Largest},
                   {"itm_accuracy", Best::Largest}};
  for (const CaptionStanding& net : state.nets) {
    table.rows.push_back(
        {net.id,
         {curveWord(net.id), net.lm_loss, net.caption_exact, net.recall_at_1, net.itmAccuracy()}});
  }
}

void showCaptionLines(Frame& frame, const CaptionState& state, std::int64_t pairs,
                      std::int64_t hard_after) {
  const double now = static_cast<double>(std::max<std::int64_t>(1, state.step));
  auto& losses = frame.at<SeriesData>("losses").curves;
  const double chance = std::log(static_cast<double>(pairs));
  losses.push_back({"chance", "ln " + std::to_string(pairs), {0, now}, {chance, chance}, true});
  losses.push_back({"prior", curveWord("prior"), {0, now}, {kMatchPrior, kMatchPrior}, true});
  if (state.step > hard_after) {
    const double at = static_cast<double>(hard_after);
    losses.push_back({"hard", curveWord("hard"), {at, at}, {kLowestLoss, chance}, true});
  }
}

FilterStanding standingOf(const Filtered& filtered) {
  FilterStanding standing;
  const FilterCounts &web = filtered.web, &written = filtered.written;
  standing.precision = web.precision();
  standing.recall = web.recall();
  standing.base = shareOf(web.right, web.right + web.wrong());
  standing.synthetic_right = shareOf(written.right, written.right + written.wrong());
  standing.wrong_web_kept = shareOf(web.keptWrong(), web.wrong());
  standing.one_wrong_kept = shareOf(written.kept_one_wrong, written.one_wrong);
  return standing;
}

void checkReadings(const BlipNet& net, const CaptionJudge& judge, CheckSink& sink) {
  const auto words = judge.words().narrow(0, 0, kCheckedCaptions);
  const auto others = judge.others().narrow(0, 0, kCheckedCaptions);
  const auto pictures = judge.pictures().narrow(0, 0, kCheckedCaptions);
  {
    const torch::NoGradGuard no_grad;
    const auto cells = net.look(pictures).cells;
    // The first three words are the same, so what is predicted up to behind them is.
    const auto other_end = torch::cat({words.narrow(1, 0, 3), others.narrow(1, 3, 2)}, 1);
    const auto apart = (net.nextWords(cells, words) - net.nextWords(cells, other_end)).abs();
    sink.compare("causal", apart.narrow(1, 0, 4).max().item<double>(), 1e-5);
    const auto written = net.written(cells);
    const auto at_once =
        net.nextWords(cells, written).narrow(1, 0, kCaptionLength).narrow(2, 0, kContrastToken);
    const auto lead = at_once.amax({2}) - at_once.gather(2, written.unsqueeze(2)).squeeze(2);
    sink.compare("written", lead.max().item<double>(), 1e-5);
  }
  const auto seen = net.look(pictures);
  const std::vector<torch::Tensor> outputs{
      seen.vector.matmul(net.vectors(words).t()).sum() * net.scale(),
      net.matching(seen.cells, words).select(1, 1).sum(),
      net.nextWords(seen.cells, words).square().sum()};
  const auto parts = net.parts();
  double foreign = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& own = objectiveParts()[i].parts;
    for (const auto& [part, weights] : parts) {
      const auto slopes = torch::autograd::grad({outputs[i]}, weights, {}, /*retain_graph=*/true,
                                                /*create_graph=*/false, /*allow_unused=*/true);
      double largest = 0;
      for (const auto& slope : slopes)
        if (slope.defined()) largest = std::max(largest, slope.abs().max().item<double>());
      const bool is_own = std::ranges::find(own, part) != own.end();
      foreign = std::max(foreign, is_own ? (largest > 0 ? 0.0 : 1.0) : largest);
    }
  }
  sink.compare("own-weights", foreign, 0);

  const torch::NoGradGuard no_grad;
  const std::int64_t rows = words.size(0);
  const auto logits = 3 * seen.vector.matmul(net.vectors(words).t()).cpu();
  const auto captions = torch::arange(rows, torch::kLong);
  auto counts = torch::zeros({rows, rows});
  const auto chances = torch::rand({kDraws, rows}, generatorFor(1, 0));
  for (std::int64_t draw = 0; draw < kDraws; ++draw)
    counts.scatter_add_(1, drawnNegatives(logits, captions, chances[draw], true).unsqueeze(1),
                        torch::ones({rows, 1}));
  const auto shares =
      logits.exp() * (1 - torch::eye(rows));  // what the softmax without the diagonal is made of
  const auto apart = (counts / kDraws - shares / shares.sum(1, true)).abs();
  sink.compare("negatives", apart.max().item<double>(), 0.1);
}

}  // namespace viva

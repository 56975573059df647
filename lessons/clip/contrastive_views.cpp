// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/clip/contrastive_views.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/nn/contrastive_loss.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/principal_plane.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kOfPairs = "contrastive-pairs.";
constexpr std::int64_t kShownPairs = 16, kShownSeen = 8, kShownHeldOut = 4, kFoundPictures = 6,
                       kShownAnswers = 6, kCheckedPairs = 32;
constexpr int kCosineBins = 40;
constexpr double kPlaneEdge = 1.25, kLeastFloor = 0.05;

Word pairWord(const std::string& key) { return {kOfPairs + key}; }
Word pairCurve(const std::string& id) { return pairWord("curve." + id); }

Curve levelLine(const std::string& id, Label label, double height, std::int64_t step) {
  return {id,
          std::move(label),
          {0, static_cast<double>(std::max<std::int64_t>(1, step))},
          {height, height},
          true};
}

/// Pictures that are shown, by their places among those of the judge.
std::vector<std::int64_t> shownPictures(const ContrastiveJudge& judge) {
  std::vector<std::int64_t> shown;
  const std::int64_t all = judge.captions().size(0);
  for (std::int64_t i = 0; i < std::min(kShownSeen, judge.seen()); ++i) shown.push_back(i);
  for (std::int64_t i = 0; i < std::min(kShownHeldOut, all - judge.seen()); ++i)
    shown.push_back(judge.seen() + i);
  return shown;
}

std::int64_t chosenPicture(const ContrastiveJudge& judge, const PairProbe& probe) {
  const auto shown = shownPictures(judge);
  return shown[std::min(probe.picture, static_cast<std::int64_t>(shown.size()) - 1)];
}

bool sayTheSame(const CaptionedShapes& shapes, std::int64_t a, std::int64_t b) {
  return shapes.meanings()[a].item<std::int64_t>() == shapes.meanings()[b].item<std::int64_t>();
}

ImagesData imagesOf(const torch::Tensor& pictures) {
  ImagesData data;
  data.height = data.width = kCaptionedSide;
  data.channels = 3;
  data.values = shareFloats(floatsOf(pictures.clamp(0, 1)));
  data.images.resize(static_cast<std::size_t>(pictures.size(0)));
  return data;
}

void showNames(Frame& frame, const EmbeddedPairs& embedded, const CaptionedShapes& shapes,
               const ContrastiveJudge& judge) {
  const auto shown = torch::tensor(shownPictures(judge), torch::kLong);
  ImagesData data = imagesOf(judge.pictures().index_select(0, shown.to(judge.pictures().device())));
  data.columns = 4;
  const auto named = embedded.images.index_select(0, shown).matmul(embedded.texts.t()).argmax(1);
  for (std::int64_t i = 0; i < shown.size(0); ++i) {
    const std::int64_t caption = named[i].item<std::int64_t>();
    const std::int64_t truth = judge.captions()[shown[i].item<std::int64_t>()].item<std::int64_t>();
    data.images[i].caption =
        (sayTheSame(shapes, caption, truth) ? "✓ " : "✗ ") + shapes.textOf(caption);
  }
  frame.at<ImagesData>("pictures") = std::move(data);
}

void showAnswers(Frame& frame, const ContrastiveNet& net, const EmbeddedPairs& embedded,
                 const CaptionedShapes& shapes, const ContrastiveJudge& judge,
                 std::int64_t picture) {
  using Best = TableData::Best;
  const auto cosines = embedded.texts.matmul(embedded.images[picture]);
  const auto probabilities =
      torch::softmax(cosines.to(torch::kDouble) * net.scale().item<double>(), 0);
  const auto order = cosines.argsort(/*dim=*/0, /*descending=*/true);
  const std::int64_t truth = judge.captions()[picture].item<std::int64_t>();
  TableData& table = frame.at<TableData>("answers");
  table.columns = {{"caption"}, {"cosine", Best::Largest}, {"probability"}, {"says"}};
  for (std::int64_t i = 0; i < std::min(kShownAnswers, order.size(0)); ++i) {
    const std::int64_t caption = order[i].item<std::int64_t>();
    const bool is_right = sayTheSame(shapes, caption, truth);
    table.rows.push_back({is_right ? "right" : "wrong",
                          {shapes.textOf(caption), cosines[caption].item<double>(),
                           probabilities[caption].item<double>(),
                           pairWord(is_right ? "says.right" : "says.wrong")}});
  }
}

/// The pictures of all that are nearest to the words.
void showFound(Frame& frame, const torch::Tensor& text, const EmbeddedPairs& embedded,
               const ContrastiveJudge& judge) {
  const auto cosines = embedded.images.matmul(text);
  const auto order = cosines.argsort(/*dim=*/0, /*descending=*/true).narrow(0, 0, kFoundPictures);
  ImagesData data = imagesOf(judge.pictures().index_select(0, order.to(judge.pictures().device())));
  data.columns = 3;
  for (std::int64_t i = 0; i < kFoundPictures; ++i)
    data.images[i].caption = withDecimals(cosines[order[i].item<std::int64_t>()].item<double>(), 2);
  frame.at<ImagesData>("found") = std::move(data);
}

/// How much of the cosine with the picture goes, on average, when a word is exchanged for another
/// of its kind.
void showQuery(Frame& frame, const ContrastiveNet& net, const std::vector<std::int64_t>& query,
               const torch::Tensor& image) {
  std::vector<std::int64_t> rows = query;
  std::vector<std::int64_t> alternatives;  // a word each
  for (std::size_t place = 0; place < query.size(); ++place) {
    const auto* const end = std::ranges::upper_bound(kWordKinds, query[place]);
    alternatives.push_back(*end - *(end - 1) - 1);
    for (std::int64_t word = *(end - 1); word < *end; ++word) {
      if (word == query[place]) continue;
      auto changed = query;
      changed[place] = word;
      rows.insert(rows.end(), changed.begin(), changed.end());
    }
  }
  const auto words =
      torch::tensor(rows, torch::kLong).view({-1, static_cast<std::int64_t>(query.size())});
  const auto cosines =
      numbersOf(net.texts(words.to(net.device())).cpu().matmul(image).to(torch::kDouble));
  TokensData& data = frame.at<TokensData>("query");
  TokensData::Row row{"query", pairWord("row.query"), {}};
  std::size_t next = 1;
  for (std::size_t place = 0; place < query.size(); ++place) {
    double mean = 0;
    for (std::int64_t i = 0; i < alternatives[place]; ++i)
      mean += cosines[next++] / static_cast<double>(alternatives[place]);
    row.pieces.push_back(
        {kCaptionWords[query[place]],
         cosines[0] - mean,
         {kOfPairs + "piece.lost",
          {{"before", withDecimals(cosines[0], 2)}, {"after", withDecimals(mean, 2)}}}});
  }
  data.rows.push_back(std::move(row));
  data.diverging = true;
  data.minimum = -1;
  data.maximum = 1;
}

std::vector<Point> pointsOf(const torch::Tensor& places) {
  const auto numbers = numbersOf(places);
  std::vector<Point> points;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
    points.push_back({numbers[i], numbers[i + 1]});
  return points;
}

PointsLayer cloud(const std::string& id, const torch::Tensor& places, double size) {
  PointsLayer layer;
  layer.name = layer.id = id;
  layer.label = pairCurve(id);
  layer.points = pointsOf(places);
  layer.size = size;
  return layer;
}

TableData::Cell perhaps(const std::optional<double>& value) {
  if (!value) return std::monostate{};
  return *value;
}

/// The loss by its definition, one exponential at a time.
double lossInDoubles(const torch::Tensor& logits) {
  const auto of = logits.to(torch::kDouble).contiguous();
  const std::int64_t pairs = of.size(0);
  const double* at = of.data_ptr<double>();
  double sum = 0;
  for (std::int64_t i = 0; i < pairs; ++i) {
    double row = 0, column = 0;
    for (std::int64_t j = 0; j < pairs; ++j) {
      row += std::exp(at[i * pairs + j] - at[i * pairs + i]);
      column += std::exp(at[j * pairs + i] - at[i * pairs + i]);
    }
    sum += std::log(row) + std::log(column);
  }
  return sum / static_cast<double>(2 * pairs);
}

/// Two pictures a caption: the largest difference of what the pictures and, summed over equal
/// ones, the captions are told by the two losses.
double softTargetsDiffer(const torch::Tensor& images, const torch::Tensor& texts, double scale) {
  const auto pictures = images.to(torch::kDouble);
  const auto captions = texts.to(torch::kDouble);
  const std::int64_t half = captions.size(0);
  const auto numbers = torch::arange(half, torch::kLong).repeat({2});
  const auto gradients = [&](bool is_soft) {
    auto i = pictures.detach().clone().requires_grad_();
    auto t = captions.detach().clone().requires_grad_();
    const auto logits =
        contrastiveLogits(i, t.repeat({2, 1}), torch::full({}, scale, torch::kDouble));
    const auto loss = is_soft ? softContrastiveLoss(logits, numbers) : contrastiveLoss(logits);
    const auto parts = torch::autograd::grad({loss}, {i, t});
    return torch::cat({parts[0].flatten(), parts[1].flatten()});
  };
  return (gradients(true) - gradients(false)).abs().max().item<double>();
}

}  // namespace

void showPairLosses(Frame& frame, const PairState& state) {
  auto& own = frame.at<SeriesData>("loss").curves;
  auto& all = frame.at<SeriesData>("losses").curves;
  const PairStanding& hero = state.own();
  if (hero.floor > kLeastFloor)
    own.push_back(levelLine("floor", pairCurve("floor"), hero.floor, state.step));
  std::vector<double> drawn;
  const auto add = [&](const std::string& id, const Label& label, double height) {
    if (height < kLeastFloor || std::ranges::find(drawn, height) != drawn.end()) return;
    drawn.push_back(height);
    all.push_back(levelLine(id, label, height, state.step));
  };
  for (const PairStanding& standing : state.standings) {
    const std::string& id = standing.setting.id;
    add("chance-" + id, "ln " + std::to_string(standing.setting.pairs), standing.chance);
    add("floor-" + id, pairCurve("floor"), standing.floor);
  }
  auto& order = frame.at<SeriesData>("word_order").curves;
  order.push_back(levelLine("coin", pairCurve("coin"), 0.5, state.step));
}

void showBatch(Frame& frame, const CaptionedShapes& shapes, const MatchedBatch& batch) {
  MatrixData& matrix = frame.at<MatrixData>("similarity");
  const std::int64_t pairs = std::min(kShownPairs, batch.cosines.size(0));
  matrix.rows = matrix.columns = static_cast<int>(pairs);
  matrix.values = shareFloats(floatsOf(batch.cosines.narrow(0, 0, pairs).narrow(1, 0, pairs)));
  matrix.minimum = -1;
  matrix.maximum = 1;
  matrix.diverging = true;
  for (std::int64_t i = 0; i < pairs; ++i) {
    const std::int64_t caption = batch.captions[i].item<std::int64_t>();
    matrix.row_labels.push_back(shapes.shortTextOf(caption));
    matrix.column_labels.push_back(shapes.textOf(caption));
  }
}

void showClouds(Frame& frame, const EmbeddedPairs& embedded, const ContrastiveJudge& judge) {
  const auto texts = embedded.texts.index_select(0, judge.captions());
  const auto plane = principalPlane(torch::cat({embedded.images, texts}));
  PlaneData& data = frame.at<PlaneData>("clouds");
  data.x0 = data.y0 = -kPlaneEdge;
  data.x1 = data.y1 = kPlaneEdge;
  data.layers.emplace_back(cloud("captions", plane.project(embedded.texts), 6));
  data.layers.emplace_back(cloud("pictures", plane.project(embedded.images), 3));
  PathLayer gap;
  gap.name = gap.id = "gap";
  gap.label = pairCurve("gap");
  gap.points =
      pointsOf(plane.project(torch::stack({embedded.images.mean(0), embedded.texts.mean(0)})));
  data.layers.emplace_back(std::move(gap));
}

void showCosines(Frame& frame, const EmbeddedPairs& embedded, const CaptionedShapes& shapes,
                 const ContrastiveJudge& judge) {
  const auto cosines = embedded.images.matmul(embedded.texts.t());
  const auto meant = shapes.meanings().index_select(0, judge.captions()).unsqueeze(1);
  const auto is_true = meant == shapes.meanings().unsqueeze(0);
  HistogramData& data = frame.at<HistogramData>("cosines");
  for (int i = 0; i <= kCosineBins; ++i) data.edges.push_back(-1 + 2.0 * i / kCosineBins);
  const auto add = [&](const std::string& id, const torch::Tensor& values) {
    const auto counts = torch::histc(values.clamp(-1, 1), kCosineBins, -1, 1);
    // Shares, for of every pair that belongs together there are many that do not.
    data.groups.push_back({id, pairCurve(id), numbersOf(counts / counts.sum())});
  };
  add("matching", cosines.masked_select(is_true));
  add("others", cosines.masked_select(is_true.logical_not()));
}

void showNaming(Frame& frame, const ContrastiveNet& net, const EmbeddedPairs& embedded,
                const CaptionedShapes& shapes, const ContrastiveJudge& judge,
                const PairProbe& probe) {
  const std::int64_t picture = chosenPicture(judge, probe);
  showNames(frame, embedded, shapes, judge);
  showAnswers(frame, net, embedded, shapes, judge, picture);
  auto query = probe.query;
  if (query.empty()) {
    const auto words = shapes.captions()[judge.captions()[picture].item<std::int64_t>()];
    query.assign(words.data_ptr<std::int64_t>(), words.data_ptr<std::int64_t>() + kCaptionLength);
  }
  const auto words = torch::tensor(query, torch::kLong).unsqueeze(0);
  showFound(frame, net.texts(words.to(net.device()))[0].cpu(), embedded, judge);
  showQuery(frame, net, query, embedded.images[picture]);
}

void showPairStandings(Frame& frame, const PairState& state, PairScene scene) {
  using Best = TableData::Best;
  const bool is_one = scene == PairScene::OneShape;
  TableData& table = frame.at<TableData>("standings");
  table.columns = {{"net"}, {"pairs"}, {"loss"}, {"batch_recall"}, {"zero_shot", Best::Largest}};
  if (is_one) {
    table.columns.push_back({"held_out", Best::Largest});
    table.columns.push_back({"gap"});
  } else {
    table.columns.push_back({"colour_accuracy", Best::Largest});
    table.columns.push_back({"order_accuracy", Best::Largest});
  }
  table.columns.push_back({"scale"});
  BarsData& prompts = frame.at<BarsData>("prompts");
  if (is_one)
    prompts.categories = {pairWord("bar.colour"), pairWord("bar.shape")};
  else
    prompts.categories = {pairWord("bar.wrong_colour"), pairWord("bar.exchanged")};
  for (const PairStanding& s : state.standings) {
    const std::string id = s.setting.id.empty() ? "net" : s.setting.id;
    TableData::Row row{
        id,
        {pairCurve(id), static_cast<double>(s.setting.pairs), s.loss, s.batch_recall, s.zero_shot}};
    row.cells.push_back(is_one ? perhaps(s.held_out) : perhaps(s.colour_accuracy));
    row.cells.push_back(is_one ? TableData::Cell(s.gap) : perhaps(s.order_accuracy));
    row.cells.emplace_back(s.scale);
    table.rows.push_back(std::move(row));
  }
  const PairStanding& own = state.own();
  const auto group = [&](const std::string& id, const std::optional<double>& colour,
                         const std::optional<double>& shape) {
    if (colour && shape) prompts.groups.push_back({id, pairCurve(id), {*colour, *shape}});
  };
  group("by_word", own.colour_by_word, own.shape_by_word);
  group("by_mean", own.colour_by_mean, own.shape_by_mean);
  group("net", own.colour_accuracy, own.order_accuracy);
  prompts.groups.push_back({"guessing", pairCurve("guessing"),
                            is_one ? std::vector<double>{1.0 / kColours, 1.0 / kCaptionShapes}
                                   : std::vector<double>{0.5, 0.5}});
}

void checkPairs(const ContrastiveNet& net, const EmbeddedPairs& embedded,
                const CaptionedShapes& shapes, const ContrastiveJudge& judge, CheckSink& sink) {
  const std::int64_t pairs = std::min(kCheckedPairs, judge.seen());
  const auto captions = judge.captions().narrow(0, 0, pairs);
  const auto images = embedded.images.narrow(0, 0, pairs);
  const auto texts = embedded.texts.index_select(0, captions);
  {
    const torch::NoGradGuard no_grad;
    const auto logits = contrastiveLogits(images, texts, net.scale().cpu());
    sink.compare("loss", std::abs(contrastiveLoss(logits).item<double>() - lossInDoubles(logits)),
                 1e-4);
    const auto lengths = torch::cat({embedded.images, embedded.texts}).norm(2, 1);
    sink.compare("unit-length", (lengths - 1).abs().max().item<double>(), 1e-5);
    if (!net.knowsOrder()) {
      const auto words = shapes.captions().index_select(0, captions).to(net.device());
      const auto apart = net.texts(words) - net.texts(words.flip(1));
      sink.compare("order-blind", apart.abs().max().item<double>(), kEqualCosines);
    }
  }
  const double scale = net.scale().item<double>();
  sink.compare("soft-targets", softTargetsDiffer(images, texts.narrow(0, 0, pairs / 2), scale),
               1e-9);
}

}  // namespace viva

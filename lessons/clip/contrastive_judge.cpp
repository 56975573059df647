// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/clip/contrastive_judge.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

namespace viva {
namespace {

/// One shape: new pictures a caption; two shapes: pictures in all. Held-out captions are fewer.
constexpr std::int64_t kSeenPictures = 2, kHeldOutPictures = 4, kSeenScenes = 320,
                       kHeldOutScenes = 128, kRetrieved = 64;

/// For new pictures, in any order: of one shape every caption `each` times, of two `scenes`
/// captions.
torch::Tensor testCaptions(const CaptionedShapes& shapes, const torch::Tensor& captions,
                           std::int64_t each, std::int64_t scenes, at::Generator generator) {
  const auto order = torch::randperm(captions.size(0), generator, torch::kLong);
  const auto mixed = captions.index_select(0, order);
  if (shapes.scene() == CaptionedScene::OneShape) return mixed.repeat({each});
  return mixed.narrow(0, 0, std::min(scenes, mixed.size(0)));
}

double share(const torch::Tensor& right) { return right.to(torch::kDouble).mean().item<double>(); }

/// How often the first of two cosines is the larger one; a tie counts half.
double winsOf(const torch::Tensor& difference) {
  const auto wins = (difference > kEqualCosines).to(torch::kDouble);
  const auto ties = (difference.abs() <= kEqualCosines).to(torch::kDouble);
  return (wins + 0.5 * ties).mean().item<double>();
}

torch::Tensor nearest(const torch::Tensor& rows, const torch::Tensor& columns) {
  return rows.matmul(columns.t()).argmax(1);
}

}  // namespace

ContrastiveJudge::ContrastiveJudge(const CaptionedShapes& shapes, at::Generator generator,
                                   const std::string& device)
    : shapes_(shapes) {
  const auto seen = testCaptions(shapes, shapes.seen(), kSeenPictures, kSeenScenes, generator);
  const auto held_out =
      testCaptions(shapes, shapes.heldOut(), kHeldOutPictures, kHeldOutScenes, generator);
  seen_ = seen.size(0);
  captions_ = torch::cat({seen, held_out});
  pictures_ = shapes.draw(captions_, generator).images.to(device);
  words_ = shapes.captions().to(device);
  if (shapes.scene() == CaptionedScene::OneShape) return;
  swapped_ = shapes.swapped(seen);
  recoloured_ = shapes.recoloured(seen, generator);
}

EmbeddedPairs ContrastiveJudge::embed(const ContrastiveNet& net) const {
  const torch::NoGradGuard no_grad;
  return {net.images(pictures_).cpu(), net.texts(words_).cpu()};
}

void ContrastiveJudge::judge(const ContrastiveNet& net, PairStanding& standing) const {
  const torch::NoGradGuard no_grad;
  const EmbeddedPairs embedded = embed(net);
  const auto said = shapes_.meanings().index_select(0, nearest(embedded.images, embedded.texts));
  const auto right = said == shapes_.meanings().index_select(0, captions_);
  const std::int64_t held_out = captions_.size(0) - seen_;
  standing.zero_shot = share(right.narrow(0, 0, seen_));
  if (held_out > 0) standing.held_out = share(right.narrow(0, seen_, held_out));

  const std::int64_t pairs = std::min(kRetrieved, seen_);  // the first are all different
  const auto images = embedded.images.narrow(0, 0, pairs);
  const auto texts = embedded.texts.index_select(0, captions_.narrow(0, 0, pairs));
  const auto own = torch::arange(pairs, torch::kLong);
  standing.recall_at_1 =
      (share(nearest(images, texts) == own) + share(nearest(texts, images) == own)) / 2;

  const auto between = embedded.images.mean(0) - embedded.texts.mean(0);
  standing.gap = between.norm().item<double>();
  standing.scale = net.scale().item<double>();
  if (shapes_.scene() == CaptionedScene::OneShape)
    judgeWords(net, embedded, standing);
  else
    judgeOrder(embedded, standing);
}

void ContrastiveJudge::judgeWords(const ContrastiveNet& net, const EmbeddedPairs& embedded,
                                  PairStanding& standing) const {
  const auto images = embedded.images.narrow(0, 0, seen_);
  const auto words = shapes_.captions().index_select(0, captions_.narrow(0, 0, seen_));
  const auto learned = shapes_.captions().index_select(0, shapes_.seen());
  const auto learned_texts = embedded.texts.index_select(0, shapes_.seen());
  // The word at `place` of a caption is one of `count` from `first` on.
  const auto ask = [&](std::int64_t place, std::int64_t first, std::int64_t count) {
    const auto alone = torch::arange(first, first + count, torch::kLong).unsqueeze(1);
    const auto by_word = net.texts(alone.to(words_.device())).cpu();
    std::vector<torch::Tensor> means;
    for (std::int64_t word = first; word < first + count; ++word) {
      const auto with_it = (learned.select(1, place) == word).nonzero().squeeze(1);
      const auto mean = learned_texts.index_select(0, with_it).mean(0);
      means.push_back(mean / mean.norm().clamp_min(1e-12));
    }
    const auto truth = words.select(1, place) - first;
    return std::pair{share(nearest(images, by_word) == truth),
                     share(nearest(images, torch::stack(means)) == truth)};
  };
  std::tie(standing.colour_by_word, standing.colour_by_mean) = ask(1, kFirstColour, kColours);
  std::tie(standing.shape_by_word, standing.shape_by_mean) = ask(2, kFirstShape, kCaptionShapes);
}

void ContrastiveJudge::judgeOrder(const EmbeddedPairs& embedded, PairStanding& standing) const {
  const auto images = embedded.images.narrow(0, 0, seen_);
  const auto cosine = [&](const torch::Tensor& captions) {
    return (images * embedded.texts.index_select(0, captions)).sum(1);
  };
  const auto truth = cosine(captions_.narrow(0, 0, seen_));
  standing.colour_accuracy = winsOf(truth - cosine(recoloured_));
  standing.order_accuracy = winsOf(truth - cosine(swapped_));
}

}  // namespace viva

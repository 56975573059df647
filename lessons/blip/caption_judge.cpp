// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/blip/caption_judge.h"

#include <torch/types.h>
#include <torch/utils.h>

#include "lessons/blip/word_looks.h"

namespace viva {
namespace {

constexpr std::int64_t kMixed = 48;

double meanOf(const torch::Tensor& values) {
  return values.to(torch::kDouble).mean().item<double>();
}

/// Another word of the same kind at `place`.
torch::Tensor withAnotherWord(const torch::Tensor& words, std::int64_t place,
                              at::Generator generator) {
  const std::int64_t first = kWordKinds[place], kinds = kWordKinds[place + 1] - first;
  const auto shifts = torch::randint(1, kinds, {words.size(0)}, generator, torch::kLong);
  auto changed = words.clone();
  changed.select(1, place).copy_((words.select(1, place) - first + shifts).remainder(kinds) +
                                 first);
  return changed;
}

}  // namespace

torch::Tensor matchProbability(const BlipNet& net, const torch::Tensor& cells,
                               const torch::Tensor& words) {
  return net.matching(cells, words).softmax(1).select(1, 1);
}

CaptionJudge::CaptionJudge(const CaptionedShapes& shapes, at::Generator generator,
                           const std::string& device) {
  const auto captions = torch::randperm(shapes.count(), generator, torch::kLong);
  const auto words = shapes.captions().index_select(0, captions);
  const CaptionedPictures drawn = shapes.draw(captions, generator);
  pictures_ = drawn.images.to(device);
  inside_ = shapeCells(drawn.masks).to(device);
  words_ = words.to(device);
  others_ = words_.roll({1}, {0});  // the captions are all different
  for (std::size_t place = 0; place < kWordPlaces; ++place)
    changed_[place] =
        withAnotherWord(words, static_cast<std::int64_t>(place), generator).to(device);
}

WebPairs CaptionJudge::mixed() const {
  const auto truths = words_.narrow(0, 0, kMixed);
  auto words = truths.clone();
  words.slice(0, 1, kMixed, 2).copy_(others_.narrow(0, 0, kMixed).slice(0, 1, kMixed, 2));
  return {{pictures_.narrow(0, 0, kMixed), words}, truths};
}

void CaptionJudge::judge(const BlipNet& net, CaptionStanding& standing) const {
  const torch::NoGradGuard no_grad;
  const SeenPictures seen = net.look(pictures_);
  const auto texts = net.vectors(words_);
  const auto nearest = seen.vector.matmul(texts.t()).argmax(1);
  standing.recall_at_1 = meanOf(nearest == torch::arange(words_.size(0), nearest.options()));
  const auto cosineOf = [&](const torch::Tensor& vectors) {
    return meanOf((seen.vector * vectors).sum(1));
  };
  standing.cosine = cosineOf(texts);
  standing.random_cosine = cosineOf(net.vectors(others_)) / standing.cosine;

  const auto match = matchProbability(net, seen.cells, words_);
  const auto random = matchProbability(net, seen.cells, others_);
  const auto is_accepted = match > 0.5;
  standing.match = meanOf(match);
  standing.random_match = meanOf(random);
  standing.accepted = meanOf(is_accepted);
  standing.random_accepted = meanOf(random > 0.5);

  const auto is_right = net.written(seen.cells) == words_;
  standing.caption_exact = meanOf(is_right.all(1));
  const WordLooks looks = wordLooks(net, seen.cells, words_);
  const auto relevance = shareInside(looks.relevance, inside_),
             writing = shareInside(looks.writing, inside_),
             matching = shareInside(looks.matching, inside_);
  for (std::size_t place = 0; place < kWordPlaces; ++place) {
    const auto at = static_cast<std::int64_t>(place);
    ChangedWord& word = standing.words[place];
    word.cosine = cosineOf(net.vectors(changed_[place])) / standing.cosine;
    const auto wrong = matchProbability(net, seen.cells, changed_[place]);
    word.match = meanOf(wrong);
    const double all = is_accepted.sum().item<double>();
    word.dropped = all == 0 ? 0 : is_accepted.logical_and(wrong <= 0.5).sum().item<double>() / all;
    word.right = meanOf(is_right.select(1, at));
    word.relevance = relevance[at].item<double>();
    word.writing = writing[at].item<double>();
    word.matching = matching[at].item<double>();
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/blip/web_pairs.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <vector>

namespace viva {
namespace {

constexpr std::int64_t kAtATime = 250;  // pictures that are looked at together

std::int64_t countOf(const torch::Tensor& mask) { return mask.sum().item<std::int64_t>(); }

FilterCounts counted(const torch::Tensor& words, const torch::Tensor& truths,
                     const torch::Tensor& keeps) {
  const auto errors = (words != truths).sum(1);
  const auto count = [&](const torch::Tensor& kind, std::int64_t& all, std::int64_t& kept) {
    all = countOf(kind);
    kept = countOf(kind.logical_and(keeps));
  };
  FilterCounts counts;
  count(errors == 0, counts.right, counts.kept_right);
  count(errors == 1, counts.one_wrong, counts.kept_one_wrong);
  count(errors > 1, counts.more_wrong, counts.kept_more_wrong);
  return counts;
}

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Whether matching says yes.
torch::Tensor believes(const BlipNet& net, const torch::Tensor& cells, const torch::Tensor& words) {
  const auto logits = net.matching(cells, words);
  return logits.select(1, 1) > logits.select(1, 0);
}

}  // namespace

PairPool PairPool::at(const torch::Tensor& chosen) const {
  const auto numbers = chosen.scalar_type() == torch::kBool ? chosen.nonzero().squeeze(1) : chosen;
  return {pictures.index_select(0, numbers), words.index_select(0, numbers)};
}

torch::Tensor captionCodes(const torch::Tensor& words) {
  auto codes = torch::zeros({words.size(0)}, words.options());
  for (std::int64_t place = 0; place < words.size(1); ++place)
    codes = codes * kBlipVocabulary + words.select(1, place);
  return codes;
}

WebPairs webPairs(const CaptionedShapes& shapes, std::int64_t pairs, double noise,
                  at::Generator generator, const std::string& device) {
  const auto captions = torch::randint(shapes.count(), {pairs}, generator, torch::kLong);
  const auto truths = shapes.captions().index_select(0, captions);
  const auto is_replaced = torch::rand({pairs}, generator) < noise;
  const auto others = truths.index_select(0, torch::randperm(pairs, generator, torch::kLong));
  const auto words = torch::where(is_replaced.unsqueeze(1), others, truths);
  return {{shapes.draw(captions, generator).images.to(device), words.to(device)},
          truths.to(device)};
}

double FilterCounts::precision() const { return ratio(kept_right, kept()); }
double FilterCounts::recall() const { return ratio(kept_right, right); }

Filtered filtered(const BlipNet& net, const WebPairs& web) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> keeps, written, keeps_written;
  for (std::int64_t first = 0; first < web.given.size(); first += kAtATime) {
    const std::int64_t pairs = std::min(kAtATime, web.given.size() - first);
    const auto cells = net.look(web.given.pictures.narrow(0, first, pairs)).cells;
    keeps.push_back(believes(net, cells, web.given.words.narrow(0, first, pairs)));
    written.push_back(net.written(cells));
    keeps_written.push_back(believes(net, cells, written.back()));
  }
  Filtered made;
  made.keeps = torch::cat(keeps);
  made.synthetic = {web.given.pictures, torch::cat(written)};
  made.keeps_synthetic = torch::cat(keeps_written);
  made.web = counted(web.given.words, web.truths, made.keeps);
  made.written = counted(made.synthetic.words, web.truths, made.keeps_synthetic);
  return made;
}

}  // namespace viva

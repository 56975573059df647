// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/blip/blip_losses.h"

#include <torch/nn/functional/loss.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <limits>

#include "lessons/nn/contrastive_loss.h"

namespace viva {
namespace {

using torch::nn::functional::cross_entropy;

torch::Tensor matchingLoss(const BlipNet& net, const CaptionedBatch& batch,
                           const torch::Tensor& cells, const torch::Tensor& logits,
                           bool are_negatives_hard) {
  // Of which caption, of which picture; what is drawn has no gradient.
  const auto known = logits.detach();
  const auto other_caption =
      drawnNegatives(known, batch.captions, batch.chances[0], are_negatives_hard);
  const auto other_picture =
      drawnNegatives(known.t(), batch.captions, batch.chances[1], are_negatives_hard);
  const auto words =
      torch::cat({batch.words, batch.words.index_select(0, other_caption), batch.words});
  const auto pictures = torch::cat({cells, cells, cells.index_select(0, other_picture)});
  const auto is_true =
      torch::cat({torch::ones_like(batch.captions),
                  batch.captions == batch.captions.index_select(0, other_caption),
                  batch.captions == batch.captions.index_select(0, other_picture)});
  return cross_entropy(net.matching(pictures, words), is_true);
}

torch::Tensor captionLoss(const BlipNet& net, const CaptionedBatch& batch,
                          const torch::Tensor& cells) {
  const auto end = torch::full({batch.words.size(0), 1}, kEndToken, batch.words.options());
  const auto next = torch::cat({batch.words, end}, 1);
  return cross_entropy(net.nextWords(cells, batch.words).flatten(0, 1), next.flatten());
}

}  // namespace

torch::Tensor drawnNegatives(const torch::Tensor& logits, const torch::Tensor& captions,
                             const torch::Tensor& chances, bool are_hard) {
  const auto is_same = captions.unsqueeze(0) == captions.unsqueeze(1);
  const auto preference = are_hard ? logits : torch::zeros_like(logits);
  const auto shares =
      preference.masked_fill(is_same, -std::numeric_limits<float>::infinity()).softmax(1);
  // The first column at which the sum of the shares passes the chance.
  const auto passed = (shares.cumsum(1) <= chances.unsqueeze(1)).sum(1);
  const std::int64_t last = logits.size(1) - 1;
  return passed.clamp_max(last);
}

BlipLosses blipLosses(const BlipNet& net, const CaptionedBatch& batch, bool are_negatives_hard) {
  const SeenPictures seen = net.look(batch.pictures);
  const auto logits = contrastiveLogits(seen.vector, net.vectors(batch.words), net.scale());
  return {softContrastiveLoss(logits, batch.captions),
          matchingLoss(net, batch, seen.cells, logits, are_negatives_hard),
          captionLoss(net, batch, seen.cells)};
}

}  // namespace viva

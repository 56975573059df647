// SPDX-License-Identifier: GPL-3.0-or-later
// How nets that match pictures with captions are judged: on pictures that none of them learns from.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/clip/contrastive_net.h"
#include "lessons/clip/contrastive_pairs.h"
#include "lessons/data/captioned_shapes.h"

namespace viva {

/// Both clouds: unit vectors.
struct EmbeddedPairs {
  torch::Tensor images;  ///< [pictures, 32]
  torch::Tensor texts;   ///< [captions, 32], of all captions
};

class ContrastiveJudge {
 public:
  ContrastiveJudge(const CaptionedShapes& shapes, at::Generator generator,
                   const std::string& device);

  EmbeddedPairs embed(const ContrastiveNet& net) const;
  /// Puts into `standing` all that new pictures say.
  void judge(const ContrastiveNet& net, PairStanding& standing) const;

  const torch::Tensor& pictures() const { return pictures_; }  ///< [pictures, 3, 32, 32]
  const torch::Tensor& captions() const { return captions_; }  ///< [pictures], int64
  std::int64_t seen() const { return seen_; }  ///< the first so many are of what is learned

 private:
  void judgeWords(const ContrastiveNet& net, const EmbeddedPairs& embedded,
                  PairStanding& standing) const;
  void judgeOrder(const EmbeddedPairs& embedded, PairStanding& standing) const;

  const CaptionedShapes& shapes_;
  std::int64_t seen_ = 0;
  torch::Tensor captions_, pictures_;
  torch::Tensor recoloured_, swapped_;  ///< of two shapes, [seen]
  torch::Tensor words_;                 ///< [captions, 5], on the device of the nets
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// How a net that matches and writes captions is judged: on one new picture of every caption.
#pragma once

#include <torch/types.h>

#include <array>

#include "lessons/blip/blip_net.h"
#include "lessons/blip/caption_and_match.h"
#include "lessons/blip/web_pairs.h"
#include "lessons/data/captioned_shapes.h"

namespace viva {

class CaptionJudge {
 public:
  CaptionJudge(const CaptionedShapes& shapes, at::Generator generator, const std::string& device);

  /// Puts into `standing` all that new pictures say.
  void judge(const BlipNet& net, CaptionStanding& standing) const;

  const torch::Tensor& pictures() const { return pictures_; }  ///< [160, 3, 32, 32]
  const torch::Tensor& words() const { return words_; }        ///< [160, 5]: what they show
  /// The same with another word of its kind at `place` (0 to 4), [160, 5].
  const torch::Tensor& changed(std::size_t place) const { return changed_.at(place); }
  const torch::Tensor& others() const { return others_; }  ///< [160, 5]: of another picture
  const torch::Tensor& inside() const { return inside_; }  ///< [160, 16]: cells with the shape
  /// Some of the pictures; every other one has the caption of another.
  WebPairs mixed() const;
  double area() const { return inside_.mean().item<double>(); }

 private:
  torch::Tensor pictures_, words_, others_, inside_;
  std::array<torch::Tensor, kWordPlaces> changed_;
};

/// The probability of yes, [captions], that matching gives words [captions, 5].
torch::Tensor matchProbability(const BlipNet& net, const torch::Tensor& cells,
                               const torch::Tensor& words);

}  // namespace viva

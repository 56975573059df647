// SPDX-License-Identifier: GPL-3.0-or-later
// BLIP (arXiv 2201.12086) for pictures of shapes: a convnet, and one text net that is read in three
// ways. What differs is the first word, the mask and whether it sees the picture.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/flat_weights.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/update_rules.h"

namespace viva {

/// Behind the words of captions: what each way of reading begins with, and what ends a caption.
inline constexpr std::int64_t kContrastToken = 19, kMatchToken = 20, kCaptionToken = 21,
                              kEndToken = 22, kBlipVocabulary = 23;
inline constexpr std::int64_t kPictureCells = 4;  ///< the text net sees 4 x 4 vectors a picture

/// What the convnet makes of pictures.
struct SeenPictures {
  torch::Tensor cells;   ///< [pictures, 16, 48]: what cross-attention looks at, row by row
  torch::Tensor vector;  ///< [pictures, 32], of length 1
};

/// Weights are named as in the program of the lesson: `image...` as NormedConvolutions has them,
/// the text net's behind `text.`, the self-attention of the captioner behind `captioner.`.
class BlipNet {
 public:
  BlipNet(at::Generator generator, const std::string& device);

  SeenPictures look(const torch::Tensor& pictures) const;  ///< of pictures [pictures, 3, 32, 32]

  /// Contrast: unit vectors [captions, 32] of words [captions, length]. Every word sees every
  /// other; none sees a picture.
  torch::Tensor vectors(const torch::Tensor& words) const;
  /// Matching: logits [captions, 2], no and yes, of words [captions, length] that all see each
  /// other and the `cells` of their picture. `weights`, if given, receives those of
  /// cross-attention, [captions, heads, 1 + length, 16].
  torch::Tensor matching(const torch::Tensor& cells, const torch::Tensor& words,
                         torch::Tensor* weights = nullptr) const;
  /// Captioning: logits of the next word, [captions, 1 + length, 23], behind the first token and
  /// behind each word, which sees what stands before it and the picture.
  torch::Tensor nextWords(const torch::Tensor& cells, const torch::Tensor& words,
                          torch::Tensor* weights = nullptr) const;
  /// The likeliest next word, five times: [pictures, 5].
  torch::Tensor written(const torch::Tensor& cells) const;
  torch::Tensor scale() const;  ///< what cosines are multiplied by: a number

  /// The gradient of a loss that was made from these.
  void differentiate(const torch::Tensor& loss);
  void update(const Adam& rule);

  /// The weights of each part: `image`, `contrast` (both projections and the scale), `words`,
  /// `self_attention`, `captioner_attention`, `cross_attention`, `feed_forward`, `match_head`,
  /// `word_head`.
  std::map<std::string, std::vector<torch::Tensor>> parts() const;
  std::int64_t parameters() const;
  torch::Device device() const { return rest_.flat().device(); }
  void save(WeightSink& sink, const std::string& prefix) const;
  torch::Tensor flat() const;            ///< all weights in a row, [weights]
  void take(const torch::Tensor& flat);  ///< such a row, of another net or of this one

 private:
  enum class Reading { Contrast, Match, Caption };
  /// What the block and the last norm make of the words behind their first token, [captions, 1 +
  /// length, 48].
  torch::Tensor read(Reading reading, const torch::Tensor& words, const torch::Tensor& cells,
                     torch::Tensor* weights = nullptr) const;

  Transformer text_;
  FlatWeights rest_;  ///< the convnet, projections, the head of matching, the captioner's attention
};

}  // namespace viva

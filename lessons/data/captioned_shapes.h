// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of one or two coloured shapes, and captions of five words that say what is there.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lessons/core/message.h"

namespace viva {

/// `small red disc upper left`, or `red disc left-of blue square`.
enum class CaptionedScene { OneShape, TwoShapes };

inline constexpr std::int64_t kCaptionedSide = 32;  ///< pixels
inline constexpr std::int64_t kCaptionLength = 5;   ///< words of every caption
/// Sizes, colours, shapes, places up and down, places left and right, relations.
inline constexpr std::array<const char*, 19> kCaptionWords{
    "small", "large",   "red",      "green", "blue",  "yellow", "purple",
    "disc",  "square",  "triangle", "cross", "upper", "lower",  "left",
    "right", "left-of", "right-of", "above", "below"};
/// Where each of those kinds begins, and the end: words of one kind can stand in one another's
/// place.
inline constexpr std::array<std::int64_t, 7> kWordKinds{0, 2, 7, 11, 13, 15, 19};
inline constexpr std::int64_t kFirstColour = kWordKinds[1], kColours = 5,
                              kFirstShape = kWordKinds[2], kCaptionShapes = 4;
/// Combinations of a colour and a shape that can be held out, a colour and a shape each:
/// red triangle, green cross, blue disc, yellow square.
inline constexpr std::int64_t kMostHeldOut = 4;

/// What is drawn: one picture a caption.
struct CaptionedPictures {
  torch::Tensor images;  ///< [pictures, 3, 32, 32], float32, 0 to 1 but for noise of 0.05
  torch::Tensor masks;   ///< [pictures, shapes, 32, 32], float32: how much of a pixel each covers
};

/// All captions that can be said of such scenes, by number. A place or relation is the picture's
/// own: `left-of` is to the left in the picture.
class CaptionedShapes {
 public:
  /// `held_out` (0 to 4) combinations of colour and shape are to be learned by nobody.
  CaptionedShapes(CaptionedScene scene, std::int64_t held_out);

  CaptionedScene scene() const { return scene_; }
  std::int64_t count() const { return captions_.size(0); }     ///< captions: 160 or 1,520
  const torch::Tensor& captions() const { return captions_; }  ///< [captions, 5], int64: words
  /// [captions], int64: the lowest number of a caption that says the same. Of two shapes there are
  /// two: what is left of a disc has the disc on its right.
  const torch::Tensor& meanings() const { return meanings_; }
  const torch::Tensor& seen() const { return seen_; }         ///< [..], int64: to be learned from
  const torch::Tensor& heldOut() const { return held_out_; }  ///< [..], int64: the others
  std::string textOf(std::int64_t caption) const;
  /// The same where there is little room: of `small red disc upper left` without the place.
  std::string shortTextOf(std::int64_t caption) const;

  /// `pairs` captions to learn from, [pairs], int64: all different, or each `repeats` times.
  torch::Tensor drawCaptions(std::int64_t pairs, std::int64_t repeats,
                             at::Generator generator) const;
  /// A picture for each of `captions` [pictures].
  CaptionedPictures draw(const torch::Tensor& captions, at::Generator generator) const;

  /// Two shapes: the same captions [..] with the two objects exchanged, which makes them wrong.
  torch::Tensor swapped(const torch::Tensor& captions) const;
  /// Two shapes: the same captions [..] with another colour for the first object, which makes them
  /// wrong.
  torch::Tensor recoloured(const torch::Tensor& captions, at::Generator generator) const;

 private:
  std::string firstWords(std::int64_t caption, std::int64_t count) const;
  CaptionedPictures drawOne(const torch::Tensor& words, at::Generator generator) const;
  CaptionedPictures drawTwo(const torch::Tensor& words, at::Generator generator) const;

  CaptionedScene scene_;
  torch::Tensor captions_, meanings_, seen_, held_out_;
};

/// Words with spaces between them as numbers, one to five. A message (`error.caption...`) says
/// what is not known, with the name of the `parameter` that was typed.
std::variant<std::vector<std::int64_t>, Message> readCaption(const std::string& typed,
                                                             const std::string& parameter);

}  // namespace viva

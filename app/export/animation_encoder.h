// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of one size that become an animation. All throw RunError when an encoder fails.
#pragma once

#include <cstdint>
#include <memory>

#include "app/export/export_request.h"
#include "app/export/file_writer.h"

namespace viva {

class AnimationEncoder {
 public:
  virtual ~AnimationEncoder() = default;
  /// `pixels`: rows of blue, green, red and a byte that is not looked at.
  virtual void add(const std::uint8_t* pixels, int width, int height, int bytes_per_row) = 0;
  /// Ends the animation; nothing can be added any more.
  virtual void write(FileWriter& file) = 0;
};

struct AnimationSettings {
  int frames_per_second = 20;
  bool loop = true;  ///< plays for ever; where not, once. An mp4 leaves that to its player
};

/// In this process, without loss.
std::unique_ptr<AnimationEncoder> webpEncoder(const AnimationSettings& settings);
/// Gif and mp4, by the program ffmpeg.
std::unique_ptr<AnimationEncoder> ffmpegEncoder(Export format, const AnimationSettings& settings);
/// That of `format`: webp, gif or mp4.
std::unique_ptr<AnimationEncoder> animationEncoder(Export format,
                                                   const AnimationSettings& settings);
bool hasFfmpeg();

}  // namespace viva

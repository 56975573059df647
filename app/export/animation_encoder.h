// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of one size that become an animation. All throw RunError when an encoder fails.
#pragma once

#include <cstdint>
#include <memory>

#include "app/commands/requests.h"
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

/// In this process, without loss, repeated for ever.
std::unique_ptr<AnimationEncoder> webpEncoder(int frames_per_second);
/// Gif (repeated for ever) and mp4, by the program ffmpeg.
std::unique_ptr<AnimationEncoder> ffmpegEncoder(Export format, int frames_per_second);
bool hasFfmpeg();

}  // namespace viva

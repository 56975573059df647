// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be written of a run, and how pictures look.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

/// What `--export` writes.
enum class Export {
  Csv,
  Json,
  Weights,
  Safetensors,
  Png,
  Svg,
  Pdf,
  Bundle,
  Tikz,
  Matplotlib,
  TensorBoard,
  Webp,
  Gif,
  Mp4
};

/// `--size`, `--scale`, `--theme`, `--views`, `--fps`, `--no-loop`, `--no-metadata`.
struct PictureRequest {
  int width = 960, height = 600;  ///< device-independent pixels
  double scale = 1;               ///< pixels of a PNG per device-independent pixel
  bool dark = false;
  bool metadata = true;            ///< the pictures carry their run file
  std::vector<std::string> views;  ///< of pictures and animations; empty: all
  int frames_per_second = 20;
  bool loop = true;  ///< animations play for ever
};

/// Where results go and which.
struct OutputRequest {
  std::string folder;           ///< empty: standard output
  std::vector<Export> exports;  ///< without repetitions; empty: none was asked for
  PictureRequest picture;
  std::int64_t every = 0;  ///< steps between two frames of an animation; 0: about a hundred frames
  bool force = false;      ///< an earlier run in the folder may be replaced
  bool quiet = false;      ///< no progress and no notes
};

}  // namespace viva

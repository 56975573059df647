// SPDX-License-Identifier: GPL-3.0-or-later
// What a command line asks for, once it is understood. Names of experiments, parameters and presets
// are checked by the command that meets the catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/commands/window_request.h"
#include "app/sweep/engine.h"
#include "app/sweep/results.h"
#include "lessons/core/words.h"

namespace viva {

/// What `--export` writes.
enum class Export {
  Csv,
  Json,
  Weights,
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

/// `--at STEP:NAME=VALUE`.
struct LiveChange {
  std::int64_t step = 0;
  std::string name, value;
};

struct RunRequest {
  std::string experiment, preset;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<LiveChange> changes;
  std::uint64_t seed = 1;
  std::optional<std::int64_t> steps;
  std::string device = "auto";
  int threads = 1;
  OutputRequest output;
};

struct ReplayRequest {
  std::string file;
  OutputRequest output;
};

struct SweepRequest {
  RunRequest run;                  ///< what all points share, and where the results go
  std::vector<std::string> grids;  ///< as written
  std::string metric;              ///< as written
  Goal goal = Goal::Lowest;
  int repeat = 1;
  EngineKind engine = EngineKind::Local;
  std::optional<int> jobs;
  SlurmSettings slurm;
};

struct SweepPointsRequest {
  std::string folder;
  bool from_input = false;
  std::size_t part = 0, parts = 1;
};

struct ListRequest {
  bool json = false;
};

struct DescribeRequest {
  std::string experiment;
  bool json = false;
};

/// Help and version: text for standard output, nothing else.
struct TextRequest {
  std::string text;
};

using Request = std::variant<WindowRequest, ListRequest, DescribeRequest, RunRequest, ReplayRequest,
                             SweepRequest, SweepPointsRequest, TextRequest>;

}  // namespace viva

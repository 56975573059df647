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
#include "app/export/export_request.h"
#include "app/sweep/engine.h"
#include "app/sweep/results.h"

namespace viva {

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

struct McpRequest {
  bool allow_files = false;  ///< clients may name files of this machine
};

struct A2aRequest {
  int port = 41241;  ///< 0: any that is free
};

/// Help and version: text for standard output, nothing else.
struct TextRequest {
  std::string text;
};

using Request = std::variant<WindowRequest, ListRequest, DescribeRequest, RunRequest, ReplayRequest,
                             SweepRequest, SweepPointsRequest, McpRequest, A2aRequest, TextRequest>;

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace viva {

/// How the window is to open. The names in it are checked by the window, once the catalog is there.
struct WindowRequest {
  std::string lesson, experiment, preset;  ///< empty: the window's own choice
  std::vector<std::pair<std::string, std::string>>
      settings;  ///< name and text, as `--set` has them
  std::optional<std::uint64_t> seed;
  bool play = false, presenter = false;
  std::vector<std::string> hidden_controls;
  std::string language;  ///< `en`, `zh_CN`; empty: as remembered
  std::string theme;     ///< `light`, `dark`, `system`; empty: as remembered
  std::string file;      ///< a run file, a lesson plan or a link to open; empty: none
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/viva_program.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "lessons/core/error.h"

namespace viva {
namespace {

/// Set in the processes that a run has started.
constexpr const char* kStartedByARun = "VIVA_STARTED_BY_A_RUN";

}  // namespace

std::string vivaProgram() {
  namespace fs = std::filesystem;
  if (std::getenv(kStartedByARun)) throw RunError({"protocol-trace.error.started_by_a_run", {}});
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  const fs::path folder = own.parent_path();
  for (const fs::path& path : {own.filename() == "viva" ? own : folder / "viva", folder / "viva",
                               folder.parent_path() / "bin" / "viva"})
    if (!error && ::access(path.c_str(), X_OK) == 0 && fs::is_regular_file(path, error))
      return path.string();
  throw RunError({"protocol-trace.error.no_program", {{"folder", folder.string()}}});
}

std::unique_ptr<ChildProcess> startedViva(std::vector<std::string> arguments) {
  const std::string program = vivaProgram();
  arguments.insert(arguments.begin(), program);
  arguments.insert(arguments.end(), {"--lang", "en"});
  try {
    return std::make_unique<ChildProcess>(arguments,
                                          std::vector{std::string(kStartedByARun) + "=1"});
  } catch (const std::system_error& failure) {
    throw RunError({"protocol-trace.error.cannot_start",
                    {{"program", program}, {"reason", failure.code().message()}}});
  }
}

}  // namespace viva

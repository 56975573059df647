// SPDX-License-Identifier: GPL-3.0-or-later
// The sources of the programs, from the files that were compiled.
#pragma once

#include <source_location>
#include <string>
#include <vector>

#include "lessons/programs/program_list.h"

namespace viva::programs {

/// `lessons/programs/beam_search_program.cpp`
std::string sourceFileOf(const ProgramEntry& program);

struct SourceLine {
  int number = 0;  ///< in its file
  std::string text;
};

/// The program without what is there for its being watched: `co_yield here()` and the lines that
/// name its variables.
const std::vector<SourceLine>& sourceLines(ProgramKind kind);
/// The line that closes the program, where it returns.
int lastLine(ProgramKind kind);

}  // namespace viva::programs

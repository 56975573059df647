// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `programs` share: its parameters, and what its claims and views look at.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/programs/program_list.h"

namespace viva {

const auto kProgram = choice<ProgramKind>("program",
                                          [] {
                                            std::vector<std::pair<ProgramKind, std::string>> names;
                                            for (const auto& program : programs::programList())
                                              names.emplace_back(program.kind, program.name);
                                            return names;
                                          }())
                          .grouped("program");
/// Empty: the program's own example.
const auto kProgramInput = text("input", "").grouped("program");
const auto kMistake = choice<Mistake>("bug", programs::mistakeNames()).grouped("program");

namespace programs {

struct MistakeShown;

/// What the step before now has written.
struct WrittenValue {
  std::string variable;
  std::optional<std::size_t> place;  ///< in the array, row by row; none for a number
  std::optional<double> number;      ///< none for a text
};

/// A program on its way: what the views and the claims look at.
struct ProgramProgress {
  ProgramKind kind = ProgramKind::Softmax;
  Mistake mistake = Mistake::None;
  std::int64_t step = 0;
  bool has_returned = false;
  int line = 0;                        ///< of its file, that has just run; 0: none yet
  std::map<int, std::int64_t> runs{};  ///< how often each line has run
  std::map<std::pair<int, int>, std::int64_t> followed{};  ///< and which line came after which
  std::vector<Held> variables{};
  std::vector<WrittenValue> written{};  ///< by the last step
  std::string main_array{};             ///< the matrix that is shown; empty: all vectors
  double difference = 0, tolerance = 0;

  bool isWrong() const { return !(difference <= tolerance); }
  const Held* find(std::string_view name) const;
};

/// What the claims look at.
struct ProgramStanding {
  const ProgramProgress& progress;
  const std::vector<MistakeShown>& mistakes;
};

VerdictData verdictOn(const ProgramStanding& standing);
void showProgram(Frame& frame, const ProgramProgress& progress,
                 const std::vector<MistakeShown>& mistakes);

std::unique_ptr<Experiment> makePrograms(const Parameters& parameters, const RunContext& context);

}  // namespace programs
}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"
#include "lessons/programs/lessons.h"
#include "lessons/programs/program_reference.h"
#include "lessons/programs/program_source.h"
#include "lessons/programs/programs.h"

namespace viva {
namespace {

using namespace programs;
using Mood = VerdictData::Mood;

const std::string kId = "programs";

/// The examples end before; a longer input may need more.
constexpr std::int64_t kLength = 5000;

std::int64_t caughtOf(const ProgramStanding& s) {
  return std::count_if(s.mistakes.begin(), s.mistakes.end(),
                       [](const MistakeShown& shown) { return shown.is_caught; });
}

/// The result is the reference's, and each classic mistake spoils it on its smallest input.
std::optional<bool> holds(const ProgramStanding& s) {
  if (!s.progress.has_returned) return std::nullopt;
  // A mistake that this input does not show says nothing.
  if (s.progress.mistake != Mistake::None && !s.progress.isWrong()) return std::nullopt;
  return !s.progress.isWrong() && caughtOf(s) == std::ssize(s.mistakes);
}

std::string ending(const ProgramStanding& s, Mood) {
  if (!s.progress.has_returned) return ".running";
  if (s.progress.isWrong()) return s.progress.mistake == Mistake::None ? ".differs" : ".caught";
  return s.progress.mistake == Mistake::None ? ".right" : ".not_seen";
}

/// One a program, judged after as many steps as its example takes.
const Claims<ProgramStanding>& claims() {
  static const auto all = [] {
    Claims<ProgramStanding> made;
    for (const ProgramEntry& program : programList())
      made.push_back({program.name, finished(program, givenIn(program.kind, "")).steps, holds,
                      When::Once, ending});
    return made;
  }();
  return all;
}

std::vector<RecordSpec> records(const Parameters&) {
  return {{"difference", "", true}, {"written", "", true}};
}

std::optional<Message> validate(const Parameters& p) {
  return problemFoundBy([&] {
    const ProgramEntry& program = programOf(p[kProgram]);
    givenIn(program.kind, p[kProgramInput].text);
    if (p[kMistake] == Mistake::None) return;
    std::string allowed = "none";
    for (const KnownMistake& known : program.mistakes) {
      if (known.mistake == p[kMistake]) return;
      allowed += ", " + kMistake.nameOf(known.mistake);
    }
    throw RequestError({"error.program.mistake",
                        {{"program", Word{"programs.choice.program." + program.name}},
                         {"bug", kMistake.nameOf(p[kMistake])},
                         {"allowed", allowed}}});
  });
}

/// What shows a program best, besides its lines.
std::vector<std::string> companionsOf(ProgramKind kind) {
  switch (kind) {
    case ProgramKind::Nms:
    case ProgramKind::KMeans:
    case ProgramKind::AveragePrecision:
    case ProgramKind::Auroc:
      return {"plane", "variables"};
    case ProgramKind::BeamSearch:
    case ProgramKind::Backpropagation:
      return {"graph", "variables"};
    case ProgramKind::Bpe:
      return {"variables", "arrays"};
    default:
      return {"arrays", "variables"};
  }
}

std::vector<Preset> presets() {
  std::vector<Preset> made;
  for (std::size_t i = 0; i < programList().size(); ++i) {
    const ProgramEntry& program = programList()[i];
    made.push_back(preset(program.name)
                       .with({{"program", program.name}})
                       .lasting(claims()[i].patience)
                       .showing("code", companionsOf(program.kind)));
  }
  return made;
}

std::vector<std::string> sources() {
  std::vector<std::string> made{"lessons/programs/programs.cpp", "lessons/programs/walk.h",
                                "lessons/programs/program_reference.cpp"};
  for (const ProgramEntry& program : programList()) made.push_back(sourceFileOf(program));
  return made;
}

}  // namespace

namespace programs {

VerdictData verdictOn(const ProgramStanding& s) {
  const ProgramProgress& progress = s.progress;
  // Each program has one claim, whichever way it was chosen.
  const std::string& program = programOf(progress.kind).name;
  std::string smallest;
  for (const MistakeShown& shown : s.mistakes)
    if (shown.mistake == progress.mistake) smallest = shown.input;
  return judged(kId, claims(), program, progress.step, s,
                {{"program", Word{kId + ".choice.program." + program}},
                 {"reference", Word{kId + ".reference." + program}},
                 {"bug", Word{kId + ".choice.bug." + kMistake.nameOf(progress.mistake)}},
                 {"line", static_cast<std::int64_t>(progress.line)},
                 {"steps", progress.step},
                 {"difference", readable(progress.difference)},
                 {"caught", caughtOf(s)},
                 {"mistakes", std::ssize(s.mistakes)},
                 {"smallest", smallest}});
}

}  // namespace programs

const ExperimentSpec& interviewPrograms() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kProgram, kProgramInput, kMistake};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters& p) {
      return p[kProgram] == ProgramKind::Reservoir;
    };
    made.views = {table("code").large(),
                  table("variables"),
                  matrix("arrays").xAxis("axis.program_place").yAxis("axis.program_array"),
                  plane("plane").xAxis("axis.program_across").yAxis("axis.program_up"),
                  graph("graph").small(),
                  table("mistakes").small(),
                  series("difference", {"difference"}).yAxis("axis.program_difference").small(),
                  verdict("verdict")};
    made.checks = {"reference"};
    made.presets = presets();
    made.claims = claimsOf(claims());
    made.default_steps = kLength;
    made.sources = sources();
    made.equivalent = "resources/lessons/coding-interview/programs.py";
    made.make = makePrograms;
    return made;
  }();
  return spec;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/programs/program_source.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

namespace viva {
/// Made by viva_embed: names relative to the project, and texts.
std::vector<std::pair<std::string_view, std::string_view>> embeddedPrograms();
}  // namespace viva

namespace viva::programs {
namespace {

const std::string kPause = ", co_yield here()";

std::vector<SourceLine> linesOf(std::string_view source) {
  std::vector<SourceLine> lines;
  std::istringstream stream{std::string(source)};
  bool is_program = false, is_watching = false;
  int number = 0;
  for (std::string text; std::getline(stream, text);) {
    ++number;
    if (text.starts_with("}  // namespace viva")) break;
    if (is_program) {
      is_watching |= text.starts_with("  watch") || text.starts_with("  co_yield watch");
      if (is_watching) {
        is_watching = !text.ends_with(";");
        continue;
      }
      for (std::size_t at; (at = text.find(kPause)) != std::string::npos;)
        text.erase(at, kPause.size());
      const bool is_between = text.empty() && (lines.empty() || lines.back().text.empty());
      if (!is_between && text != "namespace {" && text != "}  // namespace")
        lines.push_back({number, text});
    }
    is_program |= text.starts_with("namespace viva::programs {");
  }
  while (!lines.empty() && lines.back().text.empty()) lines.pop_back();
  return lines;
}

std::map<std::string, std::vector<SourceLine>> allLines() {
  std::map<std::string, std::vector<SourceLine>> all;
  for (const auto& [name, text] : embeddedPrograms()) all.emplace(name, linesOf(text));
  return all;
}

}  // namespace

std::string sourceFileOf(const ProgramEntry& program) {
  std::string name = program.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return "lessons/programs/" + name + "_program.cpp";
}

const std::vector<SourceLine>& sourceLines(ProgramKind kind) {
  static const auto all = allLines();
  return all.at(sourceFileOf(programOf(kind)));
}

int lastLine(ProgramKind kind) { return sourceLines(kind).back().number; }

}  // namespace viva::programs

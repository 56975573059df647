// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/help_text.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/commands/sentence.h"

namespace viva {
namespace {

constexpr std::size_t kWidth = 96;

struct Line {
  std::string name, meaning;
};

/// A heading and its lines in two aligned columns.
std::string section(const std::string& heading, const std::vector<Line>& lines) {
  if (lines.empty()) return {};
  std::size_t column = 0;
  for (const Line& line : lines) column = std::max(column, displayWidth(line.name));
  std::string text = "\n" + heading + "\n";
  for (const Line& line : lines) {
    std::string left = line.name;
    for (const std::string& piece : wrapped(line.meaning, kWidth - column - 4)) {
      text += "  " + padded(left, column) + "  " + piece + "\n";
      left.clear();
    }
  }
  return text;
}

std::string nameOf(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string name = "--" + option.get_lnames().front();
  if (!option.get_snames().empty()) name = "-" + option.get_snames().front() + ", " + name;
  if (option.get_items_expected_max() > 0) name += " " + option.get_type_name();
  return name;
}

}  // namespace

std::string helpText(const CLI::App& app, const Words& words) {
  const bool whole = app.get_parent() == nullptr;
  std::vector<Line> commands, arguments, options;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back({command->get_name(), command->get_description()});
  for (const CLI::Option* option : app.get_options())
    (option->get_positional() ? arguments : options)
        .push_back({nameOf(*option), option->get_description()});

  std::string usage = words("command.help.usage") + " viva";
  if (!whole) usage += " " + app.get_name();
  for (const Line& argument : arguments)
    usage += whole ? " [" + argument.name + "]" : " " + argument.name;
  if (!options.empty()) usage += " [" + words("command.help.options_here") + "]";
  std::string text = usage + "\n";
  if (whole)
    text += std::string(displayWidth(words("command.help.usage")), ' ') + " viva " +
            words("command.help.command_here") + "\n";
  text += "\n";
  for (const std::string& line : wrapped(app.get_description(), kWidth)) text += line + "\n";

  text += section(words("command.help.commands"), commands);
  text += section(words("command.help.arguments"), arguments);
  text += section(words(whole ? "command.help.window_options" : "command.help.options"), options);
  const std::string examples = "command.help.examples" + (whole ? "" : "." + app.get_name());
  if (words.has(examples))
    text += "\n" + words("command.help.examples_heading") + "\n" + words(examples);
  if (whole) {
    text += "\n";
    for (const std::string& line : wrapped(words("command.help.exit_status"), kWidth))
      text += line + "\n";
  }
  return text;
}

}  // namespace viva

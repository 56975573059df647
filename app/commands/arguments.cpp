// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/commands/argument_values.h"
#include "app/commands/help_text.h"
#include "app/commands/sentence.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

/// What CLI11 collects: texts, whose values are checked afterwards so that every error is a word.
struct Texts {
  std::string lesson, experiment, preset, port, seed, steps, device, threads, every, folder,
      exports, size, scale, theme, language, file, hidden, views, fps;
  std::vector<std::string> settings, changes;
  std::string metric, repeat, best, engine, jobs, partition, time, memory, part;
  std::vector<std::string> grids, slurm_options;
  bool json = false, force = false, quiet = false, play = false, presenter = false, version = false,
       no_metadata = false, no_loop = false, from_input = false, allow_files = false;
};

class CommandLine {
 public:
  explicit CommandLine(const Words& words) : words_(words), app_("", "viva") {
    addWindow();
    addList();
    addDescribe();
    addRun();
    addReplay();
    addSweep();
    addSweepPoints();
    addMcp();
    addA2a();
  }

  Request parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return TextRequest{helpText(given(), words_)};
    } catch (const CLI::ArgumentMismatch& error) {
      // "--seed: 1 required TEXT missing"
      const std::string what = error.what();
      throw RequestError(
          {"command.error.value_missing", {{"option", what.substr(0, what.find(':'))}}});
    } catch (const CLI::ParseError& error) {
      throw RequestError({"command.error.not_understood", {{"reason", std::string(error.what())}}});
    }
    if (texts_.version) return TextRequest{"viva " VIVA_VERSION "\n"};
    refuseUnknownOptions();
    refuseUnknownCommand();
    refuseFurtherArguments();
    refuseSwallowedOptions();
    if (!given().get_parent()) return windowRequest();
    refuseWindowOptions();
    if (list_->parsed()) return ListRequest{texts_.json};
    if (describe_->parsed()) return DescribeRequest{texts_.experiment, texts_.json};
    if (replay_->parsed()) return replayRequest();
    if (sweep_->parsed()) return sweepRequest();
    if (sweep_points_->parsed()) return sweepPointsRequest();
    if (mcp_->parsed()) return mcpRequest();
    if (a2a_->parsed()) return a2aRequest();
    return runRequest();
  }

 private:
  // --- What there is -----------------------------------------------------------------------

  CLI::App* command(const std::string& name) {
    CLI::App* command = app_.add_subcommand(name, words_("command.about." + name));
    prepare(*command);
    return command;
  }
  void prepare(CLI::App& app) {
    app.set_help_flag("-h,--help", words_("command.option.help"));
    app.allow_extras();
  }
  CLI::Option* option(CLI::App& app, const std::string& name, std::string& text,
                      const std::string& value, const std::string& key) {
    return app.add_option("--" + name, text, words_("command.option." + key))
        ->type_name(value)
        ->take_last();
  }
  CLI::Option* option(CLI::App& app, const std::string& name, std::string& text,
                      const std::string& value) {
    return option(app, name, text, value, name);
  }
  void repeated(CLI::App& app, const std::string& name, std::vector<std::string>& texts,
                const std::string& value) {
    app.add_option("--" + name, texts, words_("command.option." + name))
        ->type_name(value)
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  }
  void flag(CLI::App& app, const std::string& name, bool& on, const std::string& key) {
    app.add_flag("--" + name, on, words_("command.option." + key));
  }
  void positional(CLI::App& app, const std::string& name, std::string& text,
                  const std::string& key) {
    app.add_option(name, text, words_("command.option." + key))->take_last();
  }

  void addWindow() {
    prepare(app_);
    app_.description(words_("command.about"));
    positional(app_, "FILE.viva", texts_.file, "window_file");
    option(app_, "lesson", texts_.lesson, "ID");
    option(app_, "experiment", texts_.experiment, "ID");
    option(app_, "preset", texts_.preset, "NAME");
    repeated(app_, "set", texts_.settings, "NAME=VALUE");
    option(app_, "seed", texts_.seed, "N");
    flag(app_, "play", texts_.play, "play");
    flag(app_, "presenter", texts_.presenter, "presenter");
    option(app_, "hide-controls", texts_.hidden, "NAME,...");
    option(app_, "lang", texts_.language, "en|zh_CN");
    option(app_, "theme", texts_.theme, "light|dark|system", "window_theme");
    flag(app_, "version", texts_.version, "version");
  }
  void addList() {
    list_ = command("list");
    flag(*list_, "json", texts_.json, "json");
    option(*list_, "lang", texts_.language, "en|zh_CN");
  }
  void addDescribe() {
    describe_ = command("describe");
    positional(*describe_, "EXPERIMENT", texts_.experiment, "experiment_name");
    flag(*describe_, "json", texts_.json, "json");
    option(*describe_, "lang", texts_.language, "en|zh_CN");
  }
  void addRun() {
    run_ = command("run");
    addSettings(*run_);
    addOutput(*run_);
  }
  void addSettings(CLI::App& app) {
    positional(app, "EXPERIMENT", texts_.experiment, "experiment_name");
    option(app, "preset", texts_.preset, "NAME");
    repeated(app, "set", texts_.settings, "NAME=VALUE");
    repeated(app, "at", texts_.changes, "STEP:NAME=VALUE");
    option(app, "seed", texts_.seed, "N");
    option(app, "steps", texts_.steps, "N");
    option(app, "device", texts_.device, "auto|cpu|cuda|cuda:I");
    option(app, "threads", texts_.threads, "N");
  }
  void addSweep() {
    sweep_ = command("sweep");
    addSettings(*sweep_);
    repeated(*sweep_, "grid", texts_.grids, "NAME=VALUES");
    option(*sweep_, "metric", texts_.metric, "RECORD[:last|min|max|mean]");
    option(*sweep_, "best", texts_.best, "lowest|highest");
    option(*sweep_, "repeat", texts_.repeat, "SEEDS");
    option(*sweep_, "engine", texts_.engine, "local|slurm|command");
    option(*sweep_, "jobs", texts_.jobs, "N");
    option(*sweep_, "partition", texts_.partition, "NAME");
    option(*sweep_, "time", texts_.time, "TIME");
    option(*sweep_, "memory", texts_.memory, "SIZE");
    repeated(*sweep_, "slurm-option", texts_.slurm_options, "OPTION");
    addOutput(*sweep_);
  }
  void addSweepPoints() {
    sweep_points_ = command("sweep-points");
    positional(*sweep_points_, "DIR", texts_.folder, "sweep_folder");
    option(*sweep_points_, "part", texts_.part, "I/N");
    flag(*sweep_points_, "from-input", texts_.from_input, "from-input");
    option(*sweep_points_, "lang", texts_.language, "en|zh_CN");
  }
  void addMcp() {
    mcp_ = command("mcp");
    flag(*mcp_, "allow-files", texts_.allow_files, "allow-files");
    option(*mcp_, "lang", texts_.language, "en|zh_CN");
  }
  void addA2a() {
    a2a_ = command("a2a");
    option(*a2a_, "port", texts_.port, "N");
    option(*a2a_, "lang", texts_.language, "en|zh_CN");
  }
  void addReplay() {
    replay_ = command("replay");
    positional(*replay_, "FILE.viva", texts_.file, "replay_file");
    addOutput(*replay_);
  }
  void addOutput(CLI::App& app) {
    option(app, "out", texts_.folder, "DIR");
    option(app, "export", texts_.exports, "LIST");
    option(app, "size", texts_.size, "WxH");
    option(app, "scale", texts_.scale, "S");
    option(app, "theme", texts_.theme, "light|dark", "picture_theme");
    option(app, "views", texts_.views, "ID,...");
    option(app, "every", texts_.every, "N");
    option(app, "fps", texts_.fps, "N");
    option(app, "lang", texts_.language, "en|zh_CN");
    flag(app, "no-loop", texts_.no_loop, "no-loop");
    flag(app, "no-metadata", texts_.no_metadata, "no-metadata");
    flag(app, "force", texts_.force, "force");
    flag(app, "quiet", texts_.quiet, "quiet");
  }

  // --- What was given ----------------------------------------------------------------------

  const CLI::App& given() const {
    const auto parsed = app_.get_subcommands();
    return parsed.empty() ? app_ : *parsed.front();
  }
  static std::vector<std::string> optionNames(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
      if (!option->get_positional()) names.push_back("--" + option->get_lnames().front());
    return names;
  }

  /// A lone word is taken for a run file; where there is no such file, it was to be a command.
  void refuseUnknownCommand() const {
    std::error_code ignored;
    if (texts_.file.empty() || replay_->parsed() || texts_.file.ends_with(".viva") ||
        texts_.file.starts_with("viva:") || texts_.file.ends_with(".viva-plan") ||
        texts_.file.find('/') != std::string::npos || std::filesystem::exists(texts_.file, ignored))
      return;
    std::vector<std::string> names;
    for (const CLI::App* command : {list_, describe_, run_, replay_, sweep_, mcp_, a2a_})
      names.push_back(command->get_name());
    throw RequestError(
        {"command.error.unknown_command", {{"value", texts_.file}, {"allowed", joined(names)}}});
  }
  /// `--out --force` is an option without its value, not a folder of that name.
  void refuseSwallowedOptions() const {
    for (const CLI::App* app : {static_cast<const CLI::App*>(&app_), &given()})
      for (const CLI::Option* option : app->get_options())
        for (const std::string& value : option->results())
          if (value.starts_with("--"))
            throw RequestError({"command.error.value_missing", {{"option", option->get_name()}}});
  }
  void refuseUnknownOptions() const {
    for (const CLI::App* app : {static_cast<const CLI::App*>(&app_), &given()}) {
      for (const std::string& stranger : app->remaining())
        if (stranger.size() > 1 && stranger.front() == '-')
          throw RequestError({"command.error.unknown_option",
                              {{"value", stranger.substr(0, stranger.find('='))},
                               {"allowed", joined(optionNames(*app))}}});
    }
  }
  void refuseFurtherArguments() const {
    if (app_.get_subcommands().size() > 1) refuse(app_.get_subcommands().at(1)->get_name());
    for (const CLI::App* app : {static_cast<const CLI::App*>(&app_), &given()})
      if (!app->remaining().empty()) refuse(app->remaining().front());
  }
  [[noreturn]] static void refuse(const std::string& argument) {
    throw RequestError({"command.error.unexpected_argument", {{"value", argument}}});
  }
  /// Of what the window takes, only the language may stand before a subcommand.
  void refuseWindowOptions() const {
    for (const CLI::Option* option : app_.get_options())
      if (option->count() > 0 && !option->check_lname("lang"))
        throw RequestError({"command.error.option_before_command",
                            {{"option", option->get_name()}, {"command", given().get_name()}}});
  }

  bool has(const char* name) const { return given().get_option(name)->count() > 0; }

  // --- What it means -----------------------------------------------------------------------

  std::string language() const {
    const bool any = has("--lang") || app_.get_option("--lang")->count() > 0;
    return any ? oneOf("--lang", texts_.language, {"en", "zh_CN"}) : std::string();
  }

  WindowRequest windowRequest() const {
    WindowRequest request;
    request.lesson = texts_.lesson;
    request.experiment = texts_.experiment;
    request.preset = texts_.preset;
    for (const std::string& text : texts_.settings)
      request.settings.push_back(readSetting("--set", text));
    if (has("--seed")) request.seed = readSeed(texts_.seed);
    request.play = texts_.play;
    request.presenter = texts_.presenter;
    if (has("--hide-controls")) request.hidden_controls = readList(texts_.hidden);
    request.language = language();
    if (has("--theme")) request.theme = oneOf("--theme", texts_.theme, {"light", "dark", "system"});
    request.file = texts_.file;
    return request;
  }

  RunRequest runRequest() const {
    RunRequest request;
    request.experiment = texts_.experiment;
    request.preset = texts_.preset;
    if (has("--preset") && request.preset.empty())
      throw RequestError({"command.error.value_missing", {{"option", "--preset"}}});
    for (const std::string& text : texts_.settings)
      request.settings.push_back(readSetting("--set", text));
    for (const std::string& text : texts_.changes) request.changes.push_back(readChange(text));
    if (has("--seed")) request.seed = readSeed(texts_.seed);
    if (has("--steps")) request.steps = readCount("--steps", texts_.steps, 0, kMostSteps);
    if (has("--device")) request.device = texts_.device;
    if (has("--threads"))
      request.threads = static_cast<int>(readCount("--threads", texts_.threads, 1, 1024));
    request.output = outputRequest();
    return request;
  }

  SweepRequest sweepRequest() const {
    SweepRequest request;
    request.run = runRequest();
    request.grids = texts_.grids;
    if (request.grids.empty()) throw RequestError({"sweep.error.grid_missing", {}});
    request.metric = texts_.metric;
    if (has("--best"))
      request.goal = oneOf("--best", texts_.best, {"lowest", "highest"}) == "lowest"
                         ? Goal::Lowest
                         : Goal::Highest;
    if (has("--repeat"))
      request.repeat = static_cast<int>(readCount("--repeat", texts_.repeat, 1, 1000));
    if (has("--jobs")) request.jobs = static_cast<int>(readCount("--jobs", texts_.jobs, 1, 1024));
    const std::string engine = has("--engine")
                                   ? oneOf("--engine", texts_.engine, {"local", "slurm", "command"})
                                   : std::string("local");
    request.engine = engine == "slurm"     ? EngineKind::Slurm
                     : engine == "command" ? EngineKind::Command
                                           : EngineKind::Local;
    request.slurm.partition = texts_.partition;
    request.slurm.time = texts_.time;
    request.slurm.memory = texts_.memory;
    for (const std::string& text : texts_.slurm_options)
      request.slurm.options.push_back((text.starts_with("-") ? "" : "--") + text);
    for (const char* option : {"--partition", "--time", "--memory", "--slurm-option"})
      if (has(option) && request.engine != EngineKind::Slurm)
        throw RequestError({"sweep.error.only_slurm", {{"option", std::string(option)}}});
    return request;
  }

  SweepPointsRequest sweepPointsRequest() const {
    SweepPointsRequest request;
    request.folder = texts_.folder;
    if (request.folder.empty()) throw RequestError({"sweep.error.folder_missing", {}});
    request.from_input = texts_.from_input;
    if (has("--part")) {
      const std::size_t slash = std::min(texts_.part.find('/'), texts_.part.size());
      const std::int64_t most = kMostSweepPoints;
      request.parts = static_cast<std::size_t>(readCount(
          "--part", texts_.part.substr(std::min(slash + 1, texts_.part.size())), 1, most));
      request.part = static_cast<std::size_t>(readCount(
          "--part", texts_.part.substr(0, slash), 0, static_cast<std::int64_t>(request.parts) - 1));
    }
    language();
    return request;
  }

  McpRequest mcpRequest() const {
    language();
    return {texts_.allow_files};
  }

  A2aRequest a2aRequest() const {
    language();
    A2aRequest request;
    if (has("--port")) request.port = static_cast<int>(readCount("--port", texts_.port, 0, 65535));
    return request;
  }

  ReplayRequest replayRequest() const {
    if (texts_.file.empty()) throw RequestError({"command.error.file_missing", {}});
    return {texts_.file, outputRequest()};
  }

  OutputRequest outputRequest() const {
    language();
    OutputRequest output;
    output.folder = texts_.folder;
    output.force = texts_.force;
    output.quiet = texts_.quiet;
    output.picture.metadata = !texts_.no_metadata;
    output.picture.loop = !texts_.no_loop;
    if (has("--out") && output.folder.empty())
      throw RequestError({"command.error.value_missing", {{"option", "--out"}}});
    if (has("--export")) output.exports = readExports(texts_.exports);
    if (has("--size")) readSize(texts_.size, output.picture.width, output.picture.height);
    if (has("--scale")) output.picture.scale = readScale(texts_.scale);
    if (has("--theme"))
      output.picture.dark = oneOf("--theme", texts_.theme, {"light", "dark"}) == "dark";
    if (has("--views")) output.picture.views = readList(texts_.views);
    if (has("--every")) output.every = readCount("--every", texts_.every, 1, kMostSteps);
    if (has("--fps"))
      output.picture.frames_per_second = static_cast<int>(readCount("--fps", texts_.fps, 1, 60));
    for (const Export wanted : output.exports)
      if (output.folder.empty() && wanted != Export::Csv)
        throw RequestError({"command.error.export_needs_folder", {}});
    return output;
  }

  const Words& words_;
  CLI::App app_;
  Texts texts_;
  CLI::App *list_ = nullptr, *describe_ = nullptr, *run_ = nullptr, *replay_ = nullptr,
           *sweep_ = nullptr, *sweep_points_ = nullptr, *mcp_ = nullptr, *a2a_ = nullptr;
};

}  // namespace

Language languageOf(int argc, const char* const* argv) {
  for (int i = argc - 1; i > 0; --i) {
    std::string_view argument = argv[i];
    if (argument == "--lang" && i + 1 < argc)
      argument = argv[i + 1];
    else if (argument.starts_with("--lang="))
      argument.remove_prefix(7);
    else
      continue;
    if (argument == "en" || argument == "zh_CN") return languageFromCode(argument);
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value) return languageFromCode(value);
  return Language::English;
}

Request parseArguments(int argc, const char* const* argv, const Words& words) {
  return CommandLine(words).parse(argc, argv);
}

}  // namespace viva

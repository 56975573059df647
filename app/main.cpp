// SPDX-License-Identifier: GPL-3.0-or-later
// One program: a subcommand is a command, none is the window.
#include <cstdlib>
#include <exception>
#include <new>

#include "app/blas_kernels.h"
#include "app/catalog_loader.h"
#include "app/commands/a2a.h"
#include "app/commands/arguments.h"
#include "app/commands/console.h"
#include "app/commands/describe.h"
#include "app/commands/interruption.h"
#include "app/commands/list.h"
#include "app/commands/mcp.h"
#include "app/commands/replay.h"
#include "app/commands/run.h"
#include "app/commands/sweep.h"
#include "app/export/file_writer.h"
#include "app/export/saved_run.h"
#include "lessons/core/error.h"
#ifdef VIVA_GUI
#include "app/window/open_window.h"
#endif

namespace viva {
namespace {

int openWindowIfThereIs(const WindowRequest& request, int argc, char** argv) {
  // A wrong file is one line in the terminal, not a dialog behind it.
  if (!request.file.empty() && !request.file.starts_with("viva:")) readSavedRun(request.file);
#ifdef VIVA_GUI
  const auto given = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  if (!given("DISPLAY") && !given("WAYLAND_DISPLAY") && !given("QT_QPA_PLATFORM"))
    throw RequestError({"command.error.no_display", {}});
  return openWindow(request, argc, argv);
#else
  static_cast<void>(argc);
  static_cast<void>(argv);
  throw RequestError({"command.error.no_window_here", {}});
#endif
}

int dispatch(const Request& request, int argc, char** argv, const Words& words) {
  struct Dispatch {
    int argc;
    char** argv;
    const Words& words;
    int operator()(const TextRequest& text) const {
      print(text.text);
      return kDone;
    }
    int operator()(const WindowRequest& window) const {
      return openWindowIfThereIs(window, argc, argv);
    }
    int operator()(const ListRequest& list) const {
      return listCommand(list, loadCatalog(), words);
    }
    int operator()(const DescribeRequest& describe) const {
      return describeCommand(describe, loadCatalog(), words);
    }
    int operator()(const RunRequest& run) const { return runCommand(run, loadCatalog(), words); }
    int operator()(const ReplayRequest& replay) const {
      return replayCommand(replay, loadCatalog(), words);
    }
    int operator()(const SweepRequest& sweep) const {
      return sweepCommand(sweep, loadCatalog(), words);
    }
    int operator()(const SweepPointsRequest& points) const {
      return sweepPointsCommand(points, loadCatalog(), words);
    }
    int operator()(const McpRequest& mcp) const { return mcpCommand(mcp, words); }
    int operator()(const A2aRequest& a2a) const { return a2aCommand(a2a, words); }
  };
  return std::visit(Dispatch{argc, argv, words}, request);
}

/// Every error ends here, as one line and an exit status.
int guardedMain(int argc, char** argv) {
  const Words& words = Words::in(languageOf(argc, argv));
  try {
    return dispatch(parseArguments(argc, argv, words), argc, argv, words);
  } catch (const ClosedPipe&) {
    return kFileFailed;
  } catch (const RequestError& error) {
    note(error.message(), words);
    return kWrongRequest;
  } catch (const FileError& error) {
    note(error.message(), words);
    return kFileFailed;
  } catch (const Error& error) {
    note(error.message(), words);
    return kRunFailed;
  } catch (const std::bad_alloc&) {
    note({"command.error.no_memory", {}}, words);
    return kRunFailed;
  } catch (const std::exception& error) {
    const std::string what = error.what();
    note({"command.error.unexpected", {{"reason", what.substr(0, what.find('\n'))}}}, words);
    return kRunFailed;
  }
}

}  // namespace
}  // namespace viva

int main(int argc, char** argv) {
  viva::preferFastBlasKernels();
  viva::prepareProcess();
  return viva::guardedMain(argc, argv);
}

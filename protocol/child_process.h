// SPDX-License-Identifier: GPL-3.0-or-later
// A program that this one starts and talks to, line by line, over its standard streams.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/line_channel.h"

namespace viva {

/// Its standard input is held by this process alone, so it is closed also when this one is killed;
/// what it says on standard error is thrown away. In a process group of its own: Ctrl-C is for who
/// started it.
class ChildProcess {
 public:
  /// `arguments`: the path of the program, then its arguments. `environment`: `NAME=value`, besides
  /// what is there. Throws std::system_error where it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment = {});
  /// As MCP has it: closes its input, waits, then SIGTERM, then SIGKILL.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Adds the line feed. False when it reads no more.
  bool write(std::string_view line);
  /// Waits for its next line; nothing when it has ended, or after interrupt().
  std::optional<std::string> read();
  /// Ends read() for good. May be called from any thread.
  void interrupt() { reader_->stop(); }
  void kill();
  /// Closes its input and waits as the destructor does. Its exit status; 128 and the signal that
  /// ended it.
  int end();
  pid_t id() const { return child_; }

  static constexpr int kPatience = 5000;             ///< milliseconds before each signal
  static constexpr std::size_t kLongest = 8u << 20;  ///< bytes of a line

 private:
  bool hasEnded(int patience);

  pid_t child_ = -1;
  int input_ = -1, output_ = -1, status_ = 0;
  std::unique_ptr<LineReader> reader_;
  std::unique_ptr<LineWriter> writer_;
};

}  // namespace viva

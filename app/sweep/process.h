// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs, started with a list of arguments and never through a shell.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace viva {

/// The path of the program that runs now.
std::string ownProgram();

/// A child whose standard input and output are pipes; standard error is shared. It is waited for
/// when this is destroyed.
class Process {
 public:
  /// The program is looked up in PATH unless it names a folder. Throws RunError when it cannot be
  /// started.
  explicit Process(const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int output() const { return output_; }  ///< descriptor to read from
  /// False when the child does not read any more.
  bool write(const std::string& text);
  void closeInput();
  void signal(int number) const;
  /// Everything that the child writes, until it ends.
  std::string readAll();
  /// The exit status; 128 and the number of the signal that ended it.
  int wait();

 private:
  pid_t child_ = -1;
  int input_ = -1, output_ = -1, status_ = 0;
};

struct Answer {
  int status = 0;
  std::string output;  ///< standard output
};
/// Starts a program without input and waits for it. Throws RunError when it cannot be started.
Answer ask(const std::vector<std::string>& arguments);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

using namespace std::chrono_literals;

namespace viva {
namespace {

struct PipeEnds {
  int read = -1, write = -1;
  PipeEnds() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
    read = ends[0];
    write = ends[1];
  }
};

void closeEnd(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

/// Returns when `child` has ended (it is not reaped) or when `patience` has.
void waitForEnd(pid_t child, std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  // Readable when the process has ended. Where there is none (before Linux 5.3, in some sandboxes)
  // poll passes it over, and the whole patience is waited for.
  int process = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  pollfd event{process, POLLIN, 0};
  const auto last = Clock::now() + patience;
  for (auto left = patience; ::poll(&event, 1, static_cast<int>(left.count())) < 0;) {
    if (errno != EINTR) break;
    left = std::max(0ms, std::chrono::ceil<std::chrono::milliseconds>(last - Clock::now()));
  }
  closeEnd(process);
}

/// A peer that is gone is an answer of write(), not the end of this process: as long as it lives,
/// SIGPIPE does not reach this thread.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec now{};
    while (::sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  return pointers;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment) {
  PipeEnds in, out;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t manner;
  posix_spawnattr_init(&manner);
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  posix_spawnattr_setsigdefault(&manner, &pipe);
  posix_spawnattr_setpgroup(&manner, 0);
  posix_spawnattr_setflags(&manner, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> words = pointersTo(arguments), values = pointersTo(environment);
  words.push_back(nullptr);
  for (char** value = environ; *value; ++value) values.push_back(*value);
  values.push_back(nullptr);
  const int error =
      ::posix_spawn(&child_, words[0], &actions, &manner, words.data(), values.data());
  posix_spawnattr_destroy(&manner);
  posix_spawn_file_actions_destroy(&actions);
  closeEnd(in.read);
  closeEnd(out.write);
  input_ = in.write;
  output_ = out.read;
  if (error != 0) {
    child_ = -1;
    closeEnd(input_);
    closeEnd(output_);
    throw std::system_error(error, std::generic_category());
  }
  reader_ = std::make_unique<LineReader>(output_, kLongest);
  writer_ = std::make_unique<LineWriter>(input_, output_);
}

ChildProcess::~ChildProcess() {
  end();
  closeEnd(output_);
}

bool ChildProcess::write(std::string_view line) {
  if (input_ < 0) return false;
  const NoBrokenPipe guard;
  return writer_->write(line);
}

std::optional<std::string> ChildProcess::read() {
  const auto line = reader_->next();
  if (!line || line->too_long) return {};
  return line->text;
}

void ChildProcess::kill() {
  if (child_ > 0) ::kill(child_, SIGKILL);
}

bool ChildProcess::hasEnded(int patience) {
  if (child_ <= 0) return true;
  waitForEnd(child_, std::chrono::milliseconds(patience));
  int status = 0;
  if (::waitpid(child_, &status, WNOHANG) != child_) return false;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  child_ = -1;
  return true;
}

int ChildProcess::end() {
  closeEnd(input_);
  if (hasEnded(kPatience)) return status_;
  ::kill(child_, SIGTERM);
  if (hasEnded(kPatience)) return status_;
  ::kill(child_, SIGKILL);
  hasEnded(kPatience);
  return status_;
}

}  // namespace viva

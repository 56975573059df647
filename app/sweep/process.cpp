// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "app/export/file_writer.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw RunError({"command.error.unexpected", {{"reason", systemReason(errno)}}});
    read = ends[0];
    write = ends[1];
  }
};

void close(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

std::string ownProgram() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw RunError({"command.error.unexpected", {{"reason", error.message()}}});
  return path.string();
}

Process::Process(const std::vector<std::string>& arguments) {
  Pipe in, out;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  std::vector<char*> pointers;
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const int error = posix_spawnp(&child_, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in.read);
  close(out.write);
  input_ = in.write;
  output_ = out.read;
  if (error == 0) return;
  child_ = -1;
  close(input_);
  close(output_);
  throw RunError(
      {"sweep.error.cannot_start", {{"program", arguments[0]}, {"reason", systemReason(error)}}});
}

Process::~Process() {
  close(input_);
  close(output_);
  wait();
}

bool Process::write(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(input_, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

void Process::closeInput() { close(input_); }

void Process::signal(int number) const {
  if (child_ > 0) ::kill(child_, number);
}

std::string Process::readAll() {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(output_, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

int Process::wait() {
  if (child_ <= 0) return status_;
  int status = 0;
  while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

Answer ask(const std::vector<std::string>& arguments) {
  Process process(arguments);
  process.closeInput();
  Answer answer;
  answer.output = process.readAll();
  answer.status = process.wait();
  return answer;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that misbehaves on demand, for a program that is started with this in LD_PRELOAD. What it
// asks the system to change below the folder VIVA_FAULT_FOLDER is counted. At number VIVA_KILL_AT
// the program is killed, a write half done; from number VIVA_FAIL_AT on what needs room fails, for
// the reason VIVA_FAIL_WITH, an errno, and all else too unless that is a full disk. At the end
// VIVA_FAULT_COUNT has the number.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::atomic<long> changes = 0;

long numberIn(const char* name) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : 0;
}

bool isHere(const char* path) {
  static const char* folder = std::getenv("VIVA_FAULT_FOLDER");
  return folder && path && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool isHere(int descriptor) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = ::readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return isHere(path);
}

enum class Verdict { Do, Fail, Die };

int reason() {
  static const int number = static_cast<int>(numberIn("VIVA_FAIL_WITH"));
  return number;
}

Verdict next(bool needs_room) {
  static const long kill_at = numberIn("VIVA_KILL_AT"), fail_at = numberIn("VIVA_FAIL_AT");
  const long number = ++changes;
  if (number == kill_at) return Verdict::Die;
  const bool fails = fail_at > 0 && number >= fail_at && (needs_room || reason() != ENOSPC);
  return fails ? Verdict::Fail : Verdict::Do;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

/// For what is done whole or not at all. -1 with errno: it fails.
template <class Work>
int change(bool here, bool needs_room, const Work& work) {
  if (!here) return work();
  switch (next(needs_room)) {
    case Verdict::Die:
      die();
    case Verdict::Fail:
      errno = reason();
      return -1;
    case Verdict::Do:
      break;
  }
  return work();
}

/// `work` writes so many bytes; who is killed has written half of them.
template <class Work>
ssize_t writing(int descriptor, std::size_t count, const Work& work) {
  if (!isHere(descriptor)) return work(count);
  switch (next(/*needs_room=*/true)) {
    case Verdict::Die:
      work(count / 2);
      die();
    case Verdict::Fail:
      errno = reason();
      return -1;
    case Verdict::Do:
      break;
  }
  return work(count);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct CountAtTheEnd {
  ~CountAtTheEnd() {
    const char* path = std::getenv("VIVA_FAULT_COUNT");
    std::FILE* file = path ? std::fopen(path, "w") : nullptr;
    if (!file) return;
    std::fprintf(file, "%ld\n", changes.load());
    std::fclose(file);
  }
} count_at_the_end;

bool makesFile(int flags) {
  return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

}  // namespace

// What follows has the names and the types of the C library's functions.
extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = makesFile(flags) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  static auto* const there = real<int(const char*, int, mode_t)>("open64");
  return change(makesFile(flags) && isHere(path), true, [&] { return there(path, flags, mode); });
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = makesFile(flags) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  static auto* const there = real<int(const char*, int, mode_t)>("open64");
  return change(makesFile(flags) && isHere(path), true, [&] { return there(path, flags, mode); });
}
int mkstemp64(char* path) {
  static auto* const there = real<int(char*)>("mkstemp64");
  return change(isHere(path), true, [&] { return there(path); });
}
int mkstemp(char* path) { return mkstemp64(path); }
int mkdir(const char* path, mode_t mode) {
  static auto* const there = real<int(const char*, mode_t)>("mkdir");
  return change(isHere(path), true, [&] { return there(path, mode); });
}
ssize_t write(int descriptor, const void* bytes, size_t count) {
  static auto* const there = real<ssize_t(int, const void*, size_t)>("write");
  return writing(descriptor, count, [&](size_t n) { return there(descriptor, bytes, n); });
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t at) {
  static auto* const there = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return writing(descriptor, count, [&](size_t n) { return there(descriptor, bytes, n, at); });
}
ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t at) {
  return pwrite64(descriptor, bytes, count, at);
}
int fsync(int descriptor) {
  static auto* const there = real<int(int)>("fsync");
  return change(isHere(descriptor), false, [&] { return there(descriptor); });
}
int fdatasync(int descriptor) {
  static auto* const there = real<int(int)>("fdatasync");
  return change(isHere(descriptor), false, [&] { return there(descriptor); });
}
int ftruncate64(int descriptor, off64_t length) {
  static auto* const there = real<int(int, off64_t)>("ftruncate64");
  return change(isHere(descriptor), false, [&] { return there(descriptor, length); });
}
int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }
int rename(const char* from, const char* to) {
  static auto* const there = real<int(const char*, const char*)>("rename");
  return change(isHere(to), false, [&] { return there(from, to); });
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  static auto* const there = real<int(int, const char*, int, const char*, int)>("linkat");
  return change(isHere(to), true, [&] { return there(from_folder, from, to_folder, to, flags); });
}
int unlink(const char* path) {
  static auto* const there = real<int(const char*)>("unlink");
  return change(isHere(path), false, [&] { return there(path); });
}
}

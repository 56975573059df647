// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/line_channel.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace viva {

LineReader::LineReader(int descriptor, std::size_t limit) : descriptor_(descriptor), limit_(limit) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
}

LineReader::~LineReader() {
  for (const int end : wake_)
    if (end >= 0) ::close(end);
}

void LineReader::stop() {
  stopped_ = true;
  [[maybe_unused]] const auto ignored = ::write(wake_[1], "", 1);
}

bool LineReader::fill() {
  pollfd waiting[] = {{descriptor_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
  for (;;) {
    if (::poll(waiting, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    if (waiting[1].revents != 0 || (waiting[0].revents & POLLNVAL)) return false;
    char bytes[65536];
    const ssize_t count = ::read(descriptor_, bytes, sizeof bytes);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
}

std::optional<LineReader::Line> LineReader::next() {
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      Line line{buffer_.substr(0, end), skipping_ || end > limit_};
      buffer_.erase(0, end + 1);
      searched_ = 0;
      skipping_ = false;
      if (line.too_long) line.text.clear();
      return line;
    }
    if (buffer_.size() > limit_) skipping_ = true;
    if (skipping_) buffer_.clear();
    searched_ = buffer_.size();
    if (ended_) return {};
    if (fill()) continue;
    ended_ = true;
    if (stopped_ || (buffer_.empty() && !skipping_)) return {};
    Line line{std::move(buffer_), skipping_};
    buffer_.clear();
    searched_ = 0;
    return line;
  }
}

bool LineWriter::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  // One message is one line whatever happens between the parts of it.
  if (broken_ || !writeAll(line) || !writeAll("\n")) broken_ = true;
  return !broken_;
}

/// The thread that reads the input may be the one that waits here.
bool LineWriter::isFinishing() const {
  if (finishing_) return true;
  pollfd input{input_, 0, 0};
  return ::poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR));
}

bool LineWriter::writeAll(std::string_view bytes) {
  constexpr int kTurn = 100;  // milliseconds
  int waited = 0;
  while (!bytes.empty()) {
    pollfd waiting{descriptor_, POLLOUT, 0};
    const int ready = ::poll(&waiting, 1, kTurn);
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && (waiting.revents & POLLNVAL)) return false;
    if (ready <= 0) {
      waited = isFinishing() ? waited + kTurn : 0;
      if (waited >= kPatience) return false;
      continue;
    }
    // So much goes into a pipe that is ready without waiting.
    const ssize_t count =
        ::write(descriptor_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    if (count < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return false;
    }
    waited = 0;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace viva

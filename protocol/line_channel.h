// SPDX-License-Identifier: GPL-3.0-or-later
// The framing of MCP over standard streams: one JSON object a line.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace viva {

/// Lines of a descriptor that somebody else writes.
class LineReader {
 public:
  struct Line {
    std::string text;       ///< without its line feed
    bool too_long = false;  ///< then `text` is empty: it was read and thrown away
  };

  LineReader(int descriptor, std::size_t limit);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// Waits for the next line; what stands behind the last line feed is one too. Nothing at the end,
  /// also after stop().
  std::optional<Line> next();
  /// Ends `next` on another thread. May be called from any thread.
  void stop();

 private:
  bool fill();

  const int descriptor_;
  const std::size_t limit_;
  int wake_[2] = {-1, -1};
  std::string buffer_;
  std::size_t searched_ = 0;  ///< so much of buffer_ has no line feed
  bool skipping_ = false;     ///< a line that is too long goes by
  bool ended_ = false;
  std::atomic<bool> stopped_ = false;
};

/// Lines for a descriptor that somebody else reads, or does not. Any thread may write.
class LineWriter {
 public:
  /// `input` is what the same peer writes to, -1 for none: when it is closed, the end is near.
  explicit LineWriter(int descriptor, int input = -1) : descriptor_(descriptor), input_(input) {}

  /// Adds the line feed. False when nobody can read it any more.
  bool write(std::string_view line);
  /// From now on, or once the input is closed, a reader that takes nothing for `kPatience`
  /// milliseconds counts as gone.
  void finish() { finishing_ = true; }
  bool isBroken() const { return broken_; }

  static constexpr int kPatience = 2000;

 private:
  bool writeAll(std::string_view bytes);
  bool isFinishing() const;

  const int descriptor_, input_;
  std::mutex mutex_;
  std::atomic<bool> finishing_ = false, broken_ = false;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "app/export/file_writer.h"

namespace viva {

/// JSON written straight to a file: the curves of a million steps would take gigabytes as a tree.
/// The caller nests begin and end correctly. Containers are written on several lines, but those
/// inside a `line` list are written on one.
class JsonWriter {
 public:
  explicit JsonWriter(FileWriter& file) : file_(file) {}

  void beginObject() { begin('{'); }
  void endObject() { end('}'); }
  void beginList() { begin('['); }
  void endList() { end(']'); }
  /// A list of short things: on one line.
  void beginLine();
  void endLine();

  void key(std::string_view name);
  void text(std::string_view text);
  /// Reads back to the same double; nan, inf and -inf as strings.
  void number(double value);
  /// Reads back to the same float.
  void number(float value);
  void integer(long long value);
  void boolean(bool value);
  void null();

  void entry(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void entry(std::string_view name, double value) {
    key(name);
    number(value);
  }
  void entry(std::string_view name, int value) {
    key(name);
    integer(value);
  }
  void entry(std::string_view name, bool value) {
    key(name);
    boolean(value);
  }
  void entry(std::string_view name, const char* value) { entry(name, std::string_view(value)); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void separate();
  void newLine();

  FileWriter& file_;
  std::vector<bool> has_entries_;
  int lines_ = 0;
  bool after_key_ = false;
};

}  // namespace viva

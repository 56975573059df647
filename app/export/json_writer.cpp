// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/json_writer.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace viva {
namespace {

template <typename Number>
void writeNumber(FileWriter& file, Number value) {
  if (std::isnan(value)) return file.write("\"nan\"");
  if (std::isinf(value)) return file.write(value > 0 ? "\"inf\"" : "\"-inf\"");
  char digits[40];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  file.write({digits, static_cast<std::size_t>(end - digits)});
}

}  // namespace

void JsonWriter::newLine() {
  static constexpr std::string_view kSpaces = "                    ";
  file_.write("\n");
  file_.write(kSpaces.substr(0, std::min(2 * has_entries_.size(), kSpaces.size())));
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_entries_.empty()) return;
  if (has_entries_.back()) file_.write(lines_ > 0 ? ", " : ",");
  has_entries_.back() = true;
  if (lines_ == 0) newLine();
}

void JsonWriter::begin(char bracket) {
  separate();
  file_.write({&bracket, 1});
  has_entries_.push_back(false);
}

void JsonWriter::end(char bracket) {
  const bool had_entries = has_entries_.back();
  has_entries_.pop_back();
  if (had_entries && lines_ == 0) newLine();
  file_.write({&bracket, 1});
  if (has_entries_.empty()) file_.write("\n");
}

void JsonWriter::beginLine() {
  begin('[');
  ++lines_;
}

void JsonWriter::endLine() {
  end(']');
  --lines_;
}

void JsonWriter::key(std::string_view name) {
  text(name);
  file_.write(": ");
  after_key_ = true;
}

void JsonWriter::text(std::string_view text) {
  separate();
  file_.write(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void JsonWriter::number(double value) {
  separate();
  writeNumber(file_, value);
}
void JsonWriter::number(float value) {
  separate();
  writeNumber(file_, value);
}
void JsonWriter::integer(long long value) {
  separate();
  file_.write(std::to_string(value));
}
void JsonWriter::boolean(bool value) {
  separate();
  file_.write(value ? "true" : "false");
}
void JsonWriter::null() {
  separate();
  file_.write("null");
}

}  // namespace viva

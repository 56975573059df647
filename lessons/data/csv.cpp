// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <string_view>

#include "lessons/core/error.h"
#include "lessons/core/parameter.h"

namespace viva {
namespace {

/// Everything that can be wrong says which file it is about.
class Csv {
 public:
  explicit Csv(const std::string& path) : path_(path) {}

  Dataset read() {
    load();
    requireUtf8();
    readHeader();
    while (nextRow()) readRow();
    return finish();
  }

 private:
  [[noreturn]] void fail(const std::string& what,
                         std::vector<std::pair<std::string, Argument>> arguments = {}) const {
    arguments.insert(arguments.begin(), {"file", path_});
    throw FileError({"error.csv." + what, std::move(arguments)});
  }

  void load() {
    std::error_code error;
    const auto status = std::filesystem::status(path_, error);
    if (!std::filesystem::exists(status)) fail("missing");
    if (!std::filesystem::is_regular_file(status)) fail("not_a_file");
    const auto size = std::filesystem::file_size(path_, error);
    if (error) fail("unreadable");
    if (size > static_cast<std::uintmax_t>(kLargestCsv))
      fail("too_large", {{"megabytes", static_cast<double>(size >> 20)},
                         {"limit", static_cast<double>(kLargestCsv >> 20)}});
    std::ifstream stream(path_, std::ios::binary);
    text_.resize(size);
    if (!stream || !stream.read(text_.data(), static_cast<std::streamsize>(size)))
      fail("unreadable");
  }

  void requireUtf8() {
    const std::string_view text(text_);
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) fail("utf16");
    if (text.starts_with("\xef\xbb\xbf")) position_ = 3;
    std::int64_t line = 1;
    for (std::size_t i = position_; i < text.size();) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte == '\n') ++line;
      // A zero byte is how UTF-16 without a mark, or a file that is no text, shows itself.
      const int length = byte == 0     ? 0
                         : byte < 0x80 ? 1
                         : byte < 0xc2 ? 0
                         : byte < 0xe0 ? 2
                         : byte < 0xf0 ? 3
                         : byte < 0xf5 ? 4
                                       : 0;
      bool valid = length > 0 && i + length <= text.size();
      for (int k = 1; valid && k < length; ++k)
        valid = (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
      if (!valid) fail("encoding", {{"line", line}});
      i += length;
    }
  }

  /// The next row that is not blank, into fields_; false at the end.
  bool nextRow() {
    while (position_ < text_.size()) {
      line_ = next_line_;
      fields_.clear();
      bool more = true;
      while (more) more = nextField();
      if (fields_.size() > 1 || !fields_[0].empty()) return true;
    }
    return false;
  }

  /// One field; whether another one follows on the same row.
  bool nextField() {
    std::string field;
    bool quoted = false;
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\t'))
      ++position_;
    if (position_ < text_.size() && text_[position_] == '"') {
      quoted = true;
      for (++position_;; ++position_) {
        if (position_ >= text_.size()) fail("open_quote", {{"line", line_}});
        if (text_[position_] == '"') {
          if (position_ + 1 >= text_.size() || text_[position_ + 1] != '"') break;
          ++position_;
        }
        if (text_[position_] == '\n') ++next_line_;
        field += text_[position_];
      }
      ++position_;
    }
    while (position_ < text_.size() && text_[position_] != ',' && text_[position_] != '\n')
      field += text_[position_++];
    while (!field.empty() && (field.back() == '\r' || (!quoted && field.back() == ' ')))
      field.pop_back();
    fields_.push_back(std::move(field));
    if (position_ >= text_.size()) return false;
    if (text_[position_++] == ',') return true;
    ++next_line_;
    return false;
  }

  void readHeader() {
    if (!nextRow()) fail("empty");
    names_ = fields_;
    if (names_.size() < 2) fail("one_column");
    const auto named = std::find(names_.begin(), names_.end(), "label");
    label_column_ = named == names_.end() ? names_.size() - 1
                                          : static_cast<std::size_t>(named - names_.begin());
    // A table without names would lose its first sample, and nobody would notice.
    if (std::all_of(names_.begin(), names_.end(), [](const auto& name) { return number(name); }))
      fail("no_header");
  }

  static std::optional<double> number(std::string_view field) {
    if (field.starts_with('+')) field.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (end != field.data() + field.size() || error == std::errc::invalid_argument)
      return std::nullopt;
    if (error == std::errc::result_out_of_range) {
      const bool tiny = field.find("e-") != field.npos || field.find("E-") != field.npos;
      return tiny ? 0 : std::numeric_limits<double>::infinity();
    }
    return value;
  }

  void readRow() {
    if (fields_.size() != names_.size())
      fail("ragged", {{"line", line_},
                      {"found", static_cast<std::int64_t>(fields_.size())},
                      {"expected", static_cast<std::int64_t>(names_.size())}});
    for (std::size_t column = 0; column < fields_.size(); ++column) {
      const std::string& field = fields_[column];
      if (column == label_column_) {
        if (field.empty()) fail("no_label", {{"line", line_}});
        labels_.push_back(field);
        continue;
      }
      const auto value = number(field);
      if (!value)
        fail("not_a_number", {{"line", line_}, {"column", names_[column]}, {"text", shown(field)}});
      if (!std::isfinite(static_cast<float>(*value)))
        fail("not_finite", {{"line", line_}, {"column", names_[column]}, {"text", shown(field)}});
      values_.push_back(static_cast<float>(*value));
    }
  }

  /// A field may be a whole book.
  static std::string shown(const std::string& field) {
    constexpr std::size_t kLongest = 40;
    if (field.size() <= kLongest) return field;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(field[end]) & 0xc0) == 0x80) --end;
    return field.substr(0, end) + "...";
  }

  Dataset finish() {
    if (labels_.empty()) fail("no_rows");
    const bool numbered = std::all_of(labels_.begin(), labels_.end(),
                                      [](const auto& label) { return number(label); });
    // 1 and 1.0 are one class.
    if (numbered)
      for (auto& label : labels_) label = formatNumber(*number(label));
    std::vector<std::string> classes = labels_;
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    if (classes.size() == 1)
      fail("one_class", {{"column", names_[label_column_]}, {"label", shown(classes[0])}});
    if (classes.size() > static_cast<std::size_t>(kMostClasses))
      fail("too_many_classes", {{"column", names_[label_column_]},
                                {"found", static_cast<std::int64_t>(classes.size())},
                                {"limit", kMostClasses}});
    if (numbered)
      std::stable_sort(classes.begin(), classes.end(),
                       [](const auto& a, const auto& b) { return *number(a) < *number(b); });

    std::map<std::string, std::int64_t> number_of;
    for (const auto& name : classes)
      number_of.emplace(name, static_cast<std::int64_t>(number_of.size()));
    Dataset dataset;
    const auto rows = static_cast<std::int64_t>(labels_.size());
    dataset.classes = static_cast<std::int64_t>(classes.size());
    dataset.inputs = torch::tensor(values_).view({rows, -1});
    dataset.labels = torch::empty({rows}, torch::kLong);
    for (std::int64_t i = 0; i < rows; ++i)
      dataset.labels.data_ptr<std::int64_t>()[i] = number_of.at(labels_[i]);
    dataset.class_names = std::move(classes);
    dataset.feature_names = names_;
    dataset.feature_names.erase(dataset.feature_names.begin() +
                                static_cast<std::ptrdiff_t>(label_column_));
    return dataset;
  }

  std::string path_, text_;
  std::size_t position_ = 0;
  std::int64_t line_ = 1, next_line_ = 1;
  std::vector<std::string> fields_, names_, labels_;
  std::size_t label_column_ = 0;
  std::vector<float> values_;
};

}  // namespace

Dataset readCsv(const std::string& path) { return Csv(path).read(); }

Dataset readPlanarCsv(const std::string& path) {
  Dataset table = readCsv(path);
  if (!table.isPlanar())
    throw FileError({"error.csv.not_planar", {{"file", path}, {"columns", table.inputs.size(1)}}});
  return table;
}

}  // namespace viva

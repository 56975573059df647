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

#include "lessons/core/csv_text.h"
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
    reader_ = CsvReader(withoutMark(text_), {});
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
    if (isUtf16(text_)) fail("utf16");
    // A zero byte is how UTF-16 without a mark, or a file that is no text, shows itself.
    const std::string_view text(text_);
    const std::size_t zero = text.find('\0');
    if (const auto line = lineThatIsNotUtf8(text.substr(0, zero)))
      fail("encoding", {{"line", *line}});
    if (zero != text.npos)
      fail("encoding",
           {{"line", std::int64_t{1} + std::count(text.begin(), text.begin() + zero, '\n')}});
  }

  /// The next row that is not blank; false at the end.
  bool nextRow() {
    try {
      while (auto row = reader_.next()) {
        row_ = std::move(*row);
        if (row_.cells.size() > 1 || !row_.cells[0].empty()) return true;
      }
    } catch (const CsvFault& fault) {
      fail("open_quote", {{"line", fault.line}});
    }
    return false;
  }

  void readHeader() {
    if (!nextRow()) fail("empty");
    names_ = row_.cells;
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
    if (row_.cells.size() != names_.size())
      fail("ragged", {{"line", row_.line},
                      {"found", static_cast<std::int64_t>(row_.cells.size())},
                      {"expected", static_cast<std::int64_t>(names_.size())}});
    for (std::size_t column = 0; column < row_.cells.size(); ++column) {
      const std::string& field = row_.cells[column];
      if (column == label_column_) {
        if (field.empty()) fail("no_label", {{"line", row_.line}});
        labels_.push_back(field);
        continue;
      }
      const auto value = number(field);
      if (!value)
        fail("not_a_number",
             {{"line", row_.line}, {"column", names_[column]}, {"text", shown(field)}});
      if (!std::isfinite(static_cast<float>(*value)))
        fail("not_finite",
             {{"line", row_.line}, {"column", names_[column]}, {"text", shown(field)}});
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
  CsvReader reader_{{}, {}};
  CsvRow row_;
  std::vector<std::string> names_, labels_;
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

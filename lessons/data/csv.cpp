// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string_view>

#include "lessons/core/csv_text.h"
#include "lessons/core/error.h"
#include "lessons/data/utf8_file.h"

namespace viva {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr const char* kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// Without the spaces around it, in lower case where it is Latin.
std::string folded(std::string_view text) {
  std::string result(trimmed(text));
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// How programs that write tables spell that there is no value: pandas, NumPy, R, SQL, Excel, Weka.
bool isMissing(std::string_view field) {
  static constexpr std::array<std::string_view, 18> kSpellings{
      "",     "nan",  "+nan", "-nan",    "na",     "<na>",     "#na",     "#n/a", "n/a",
      "null", "none", "nil",  "-1.#ind", "1.#ind", "-1.#qnan", "1.#qnan", "?",    "#n/a n/a"};
  return std::find(kSpellings.begin(), kSpellings.end(), folded(field)) != kSpellings.end();
}

/// Everything that can be wrong says which file it is about.
class Csv {
 public:
  explicit Csv(const std::string& path) : path_(path) {}

  Dataset read() {
    text_ = readUtf8File(path_, kLargestCsv, "error.csv");
    reader_ = CsvReader(withoutMark(text_), {.old_line_ends = true});
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
    if (names_.size() < 2) {
      // As spreadsheets write it where numbers have a decimal comma, or for pasting.
      const std::string& line = names_.front();
      fail(line.find(';') != line.npos    ? "semicolons"
           : line.find('\t') != line.npos ? "tabs"
                                          : "one_column");
    }
    const auto isLabel = [](const std::string& name) { return folded(name) == "label"; };
    const auto named = std::find_if(names_.begin(), names_.end(), isLabel);
    label_column_ = named == names_.end() ? names_.size() - 1
                                          : static_cast<std::size_t>(named - names_.begin());
    for (std::size_t column = 0; column < names_.size(); ++column)
      // A table without names would lose its first sample, and nobody would notice.
      if (column != label_column_ && number(trimmed(names_[column])))
        fail("no_header", {{"line", row_.line}, {"text", shown(names_[column])}});
    for (std::size_t column = 0; column < names_.size(); ++column)
      if (trimmed(names_[column]).empty())
        fail("nameless", {{"line", row_.line}, {"column", static_cast<std::int64_t>(column) + 1}});
    if (std::count_if(names_.begin(), names_.end(), isLabel) > 1)
      fail("two_labels", {{"line", row_.line}});
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
        if (isMissing(field)) fail("missing_label", {{"line", row_.line}, {"text", shown(field)}});
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
      values_.push_back(*value);
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
    dataset.inputs = torch::tensor(values_, torch::kDouble).view({rows, -1});
    dataset.labels = torch::empty({rows}, torch::kLong);
    for (std::int64_t i = 0; i < rows; ++i)
      dataset.labels.data_ptr<std::int64_t>()[i] = number_of.at(labels_[i]);
    dataset.class_names = std::move(classes);
    dataset.file = path_;
    dataset.label_name = names_[label_column_];
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
  std::vector<double> values_;
};

}  // namespace

Dataset readCsv(const std::string& path) { return Csv(path).read(); }

Dataset readPlanarCsv(const std::string& path) {
  Dataset table = readCsv(path);
  if (!table.isPlanar())
    throw FileError({"error.csv.not_planar", {{"file", path}, {"columns", table.inputs.size(1)}}});
  return table;
}

Message readingOf(const Split& parts) {
  const Dataset& table = parts.training;
  return {"data.csv_read",
          {{"file", std::filesystem::path(table.file).filename().string()},
           {"column", table.label_name},
           {"classes", table.classes},
           {"features", static_cast<std::int64_t>(table.feature_names.size())},
           {"training", table.samples()},
           {"validation", parts.validation.samples()}}};
}

}  // namespace viva

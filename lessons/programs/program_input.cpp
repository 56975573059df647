// SPDX-License-Identifier: GPL-3.0-or-later
// What people type for a program, and what is wrong with it.
#include <algorithm>
#include <cmath>
#include <optional>

#include "lessons/core/error.h"
#include "lessons/core/number_text.h"
#include "lessons/core/parameter.h"
#include "lessons/core/pieces.h"
#include "lessons/programs/program_list.h"

namespace viva::programs {
namespace {

constexpr std::int64_t kMostRows = 32;     ///< of a part, and columns
constexpr std::int64_t kMostNumbers = 64;  ///< of a part that is one row
constexpr double kHuge = 1e9;

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view piece : piecesOf(text, " ,\t\n\r"))
    if (!piece.empty()) words.emplace_back(piece);
  return words;
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n\r");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\n\r") - begin + 1));
}

bool isFunction(const std::string& word) {
  return word == "tanh" || word == "exp" || word == "relu";
}

/// Reads the parts of one input and refuses what does not fit, naming the part.
class Reader {
 public:
  Reader(ProgramKind kind, const std::string& input) : name_(programOf(kind).name) {
    for (const std::string_view text : piecesOf(input, "|")) texts_.emplace_back(text);
  }

  std::size_t parts() const { return texts_.size(); }
  const std::string& text(std::size_t part) const { return texts_[part]; }

  [[noreturn]] void refuse(const char* reason, std::vector<std::pair<std::string, Argument>> about,
                           std::optional<std::size_t> part = {}) const {
    about.emplace_back("program", Word{"programs.choice.program." + name_});
    about.emplace_back("form", Word{"programs.form." + name_});
    if (part) about.emplace_back("part", static_cast<std::int64_t>(*part) + 1);
    throw RequestError({std::string("error.program.").append(reason), std::move(about)});
  }

  void expectParts(std::size_t least, std::size_t most) const {
    if (parts() >= least && parts() <= most) return;
    refuse("parts", {{"found", static_cast<std::int64_t>(parts())},
                     {"least", static_cast<std::int64_t>(least)},
                     {"most", static_cast<std::int64_t>(most)}});
  }

  /// `may_be_infinite`: -inf is a number.
  double number(const std::string& word, std::size_t part, bool may_be_infinite = false) const {
    const auto read = numberFrom(word);
    if (!read) refuse("number", {{"text", word}}, part);
    if (may_be_infinite && *read == -kInfinity) return *read;
    if (!(std::abs(*read) <= kHuge))
      refuse("huge", {{"text", word}, {"limit", formatNumber(kHuge)}}, part);
    return *read;
  }

  /// Rows of equal length.
  NumberRows rows(std::size_t part, bool may_be_infinite = false) const {
    NumberRows made;
    for (const std::string_view line : piecesOf(texts_[part], ";")) {
      const auto words = wordsOf(line);
      if (words.empty()) continue;  // a semicolon at the end
      for (const std::string& word : words)
        made.values.push_back(number(word, part, may_be_infinite));
      const auto columns = std::ssize(words);
      if (made.rows > 0 && columns != made.columns)
        refuse("ragged", {{"row", made.rows + 1}, {"found", columns}, {"first", made.columns}},
               part);
      made.columns = columns;
      made.rows += 1;
    }
    if (made.rows == 0) refuse("none", {}, part);
    const bool is_row = made.rows == 1;
    if (made.rows > kMostRows || made.columns > (is_row ? kMostNumbers : kMostRows))
      refuse("large",
             {{"rows", made.rows},
              {"columns", made.columns},
              {"most_rows", kMostRows},
              {"most_columns", is_row ? kMostNumbers : kMostRows}},
             part);
    return made;
  }

  /// One row; a column of numbers is one too. `count` 0: any number of them.
  NumberRows row(std::size_t part, std::int64_t count = 0, bool may_be_infinite = false) const {
    NumberRows made = rows(part, may_be_infinite);
    if (made.columns == 1) std::swap(made.rows, made.columns);
    if (made.rows != 1 || (count > 0 && made.columns != count)) expectShape(made, 1, count, part);
    return made;
  }

  /// `least` to `most` settings in one row.
  NumberRows settings(std::size_t part, std::int64_t least, std::int64_t most) const {
    NumberRows made = row(part);
    if (made.columns < least || made.columns > most)
      refuse("count", {{"found", made.columns}, {"least", least}, {"most", most}}, part);
    return made;
  }

  /// 0 rows or columns: any number of them.
  void expectShape(const NumberRows& made, std::int64_t rows, std::int64_t columns,
                   std::size_t part) const {
    if ((rows == 0 || made.rows == rows) && (columns == 0 || made.columns == columns)) return;
    const auto side = [](std::int64_t size) { return size == 0 ? "n" : std::to_string(size); };
    refuse("shape",
           {{"rows", made.rows},
            {"columns", made.columns},
            {"wanted", side(rows) + " × " + side(columns)}},
           part);
  }

  void expectBetween(double value, double low, double high, std::size_t part) const {
    if (value >= low && value <= high) return;
    refuse(
        "range",
        {{"value", formatNumber(value)}, {"low", formatNumber(low)}, {"high", formatNumber(high)}},
        part);
  }
  void expectWhole(double value, double low, double high, std::size_t part) const {
    expectBetween(value, low, high, part);
    if (value != std::floor(value)) refuse("whole", {{"value", formatNumber(value)}}, part);
  }
  void expectAllBetween(const NumberRows& made, double low, double high, std::size_t part) const {
    for (const double value : made.values) expectBetween(value, low, high, part);
  }

 private:
  std::string name_;
  std::vector<std::string> texts_;
};

void readAttention(const Reader& reader, Given& given) {
  reader.expectParts(3, 4);
  for (std::size_t part = 0; part < 3; ++part) given.parts.push_back(reader.rows(part));
  const NumberRows &q = given.parts[0], &k = given.parts[1];
  reader.expectShape(k, 0, q.columns, 1);
  reader.expectShape(given.parts[2], k.rows, 0, 2);
  NumberRows may_look(q.rows, k.rows, 1);
  if (reader.parts() == 4 && trimmed(reader.text(3)) == "causal") {
    for (std::int64_t i = 0; i < q.rows; ++i)
      for (std::int64_t j = i + 1; j < k.rows; ++j) may_look.at(i, j) = 0;
  } else if (reader.parts() == 4) {
    may_look = reader.rows(3);
    reader.expectShape(may_look, q.rows, k.rows, 3);
    for (const double value : may_look.values) reader.expectWhole(value, 0, 1, 3);
  }
  given.parts.push_back(may_look);
}

void readConvolution(const Reader& reader, Given& given) {
  reader.expectParts(2, 3);
  given.parts = {reader.rows(0), reader.rows(1)};
  if (reader.parts() == 3) given.parts.push_back(reader.settings(2, 1, 2));
  const double stride = given.setting(2, 0, 1), padding = given.setting(2, 1, 0);
  reader.expectWhole(stride, 1, 8, 2);
  reader.expectWhole(padding, 0, 8, 2);
  const NumberRows &image = given.parts[0], &kernel = given.parts[1];
  const auto fits = [&](std::int64_t side, std::int64_t wanted) {
    return static_cast<double>(wanted) <= static_cast<double>(side) + 2 * padding;
  };
  if (!fits(image.rows, kernel.rows) || !fits(image.columns, kernel.columns))
    reader.refuse("kernel", {{"rows", kernel.rows}, {"columns", kernel.columns}}, 1);
}

void readBoxes(const Reader& reader, Given& given) {
  reader.expectParts(1, 2);
  given.parts.push_back(reader.rows(0));
  reader.expectShape(given.parts[0], 0, 5, 0);
  for (std::int64_t i = 0; i < given.parts[0].rows; ++i)
    for (const int side : {0, 1})
      if (given.parts[0].at(i, side + 2) < given.parts[0].at(i, side))
        reader.refuse("box", {{"row", i + 1}}, 0);
  if (reader.parts() == 2) {
    given.parts.push_back(reader.settings(1, 1, 1));
    reader.expectBetween(given.setting(1, 0, 0), 0, 1, 1);
  }
}

void readBeam(const Reader& reader, Given& given) {
  reader.expectParts(2, 3);
  given.parts = {reader.row(0), reader.rows(1)};
  const std::int64_t tokens = given.parts[0].columns;
  reader.expectBetween(static_cast<double>(tokens), 1, 26, 0);
  reader.expectShape(given.parts[1], tokens, tokens, 1);
  reader.expectAllBetween(given.parts[0], 0, 1, 0);
  reader.expectAllBetween(given.parts[1], 0, 1, 1);
  const auto& first = given.parts[0].values;
  if (std::count(first.begin(), first.end(), 0.0) == std::ssize(first))
    reader.refuse("certain", {}, 0);
  if (reader.parts() == 3) given.parts.push_back(reader.settings(2, 1, 3));
  reader.expectWhole(given.setting(2, 0, 2), 1, 8, 2);
  reader.expectWhole(given.setting(2, 1, 2), 1, 8, 2);
  reader.expectBetween(given.setting(2, 2, 0), 0, 5, 2);
}

void readSampling(const Reader& reader, Given& given) {
  reader.expectParts(1, 3);
  given.parts.push_back(reader.row(0));
  if (reader.parts() > 1) given.parts.push_back(reader.settings(1, 1, 4));
  reader.expectBetween(given.setting(1, 0, 1), 0, 100, 1);
  reader.expectWhole(given.setting(1, 1, 0), 0, kMostNumbers, 1);
  reader.expectBetween(given.setting(1, 2, 1), 0, 1, 1);
  reader.expectBetween(given.setting(1, 3, 0), 0, 1, 1);
  if (reader.parts() < 3) return;
  given.parts.push_back(reader.settings(2, 2, 1 + given.parts[0].columns));
  reader.expectBetween(given.setting(2, 0, 1), 0.1, 10, 2);
  for (std::int64_t i = 1; i < given.parts[2].columns; ++i)
    reader.expectWhole(given.parts[2].values[i], 0, static_cast<double>(given.parts[0].columns) - 1,
                       2);
}

void readLayerNorm(const Reader& reader, Given& given) {
  reader.expectParts(1, 3);
  given.parts.push_back(reader.row(0));
  const std::int64_t size = given.parts[0].columns;
  given.parts.push_back(reader.parts() > 1 ? reader.row(1, size) : NumberRows(1, size, 1));
  given.parts.push_back(reader.parts() > 2 ? reader.row(2, size) : NumberRows(1, size, 0));
}

/// `a=2`, `c=a*b`, `e=tanh d`.
void readStatements(const Reader& reader, Given& given) {
  reader.expectParts(1, 1);
  std::vector<std::string> names;
  std::vector<double> values;
  const auto placeOf = [&](const std::string& name) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) reader.refuse("unknown", {{"name", name}}, 0);
    return static_cast<int>(place - names.begin());
  };
  for (const std::string_view piece : piecesOf(reader.text(0), ";\n")) {
    const std::string statement = trimmed(piece);
    if (statement.empty()) continue;
    const auto refuse = [&] { reader.refuse("statement", {{"text", statement}}, 0); };
    const std::size_t equals = statement.find('=');
    const std::string name = trimmed(statement.substr(0, equals));
    const bool is_name =
        !name.empty() && name.size() <= 8 &&
        std::all_of(name.begin(), name.end(),
                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }) &&
        name[0] >= 'a' && !isFunction(name);
    if (equals == std::string::npos || !is_name) refuse();
    if (std::count(names.begin(), names.end(), name)) reader.refuse("twice", {{"name", name}}, 0);
    const std::string right = trimmed(statement.substr(equals + 1));
    given.words.push_back("");
    given.left.push_back(-1);
    given.right.push_back(-1);
    double value = 0;
    const auto words = wordsOf(right);
    const std::size_t sign = right.find_first_of("+-*/", 1);
    if (numberFrom(right)) {
      value = reader.number(right, 0);
    } else if (words.size() == 2 && isFunction(words[0])) {
      given.words.back() = words[0];
      given.left.back() = placeOf(words[1]);
    } else if (sign != std::string::npos && right.size() >= 3) {
      given.words.back() = right[sign];
      given.left.back() = placeOf(trimmed(right.substr(0, sign)));
      given.right.back() = placeOf(trimmed(right.substr(sign + 1)));
    } else {
      refuse();
    }
    names.push_back(name);
    values.push_back(value);
  }
  if (names.empty()) reader.refuse("none", {}, 0);
  if (std::ssize(names) > kMostRows)
    reader.refuse("many", {{"found", std::ssize(names)}, {"most", kMostRows}}, 0);
  given.parts.emplace_back(1, std::ssize(values));
  given.parts[0].values = values;
  given.names = names;
}

/// `low*5 lower*2 | 10`; a word without a count stands once.
void readCorpus(const Reader& reader, Given& given) {
  reader.expectParts(1, 2);
  given.parts.push_back(reader.parts() == 2 ? reader.settings(1, 1, 1) : NumberRows(1, 1, 10));
  reader.expectWhole(given.parts[0].values[0], 1, 50, 1);
  for (const std::string& word : wordsOf(reader.text(0))) {
    const std::size_t star = word.find('*');
    const std::string letters = word.substr(0, star);
    const bool is_plain = !letters.empty() && letters.size() <= 20 &&
                          std::all_of(letters.begin(), letters.end(), [](char c) {
                            return c > ' ' && c < 127 && c != '<' && c != '>' && c != ';';
                          });
    const auto count =
        star == std::string::npos ? 1.0 : numberFrom(word.substr(star + 1)).value_or(0);
    if (!is_plain || count != std::floor(count) || count < 1 || count > 1e6)
      reader.refuse("word", {{"text", word}}, 0);
    given.words.push_back(letters);
    given.counts.push_back(static_cast<int>(count));
  }
  if (given.words.empty()) reader.refuse("none", {}, 0);
  if (std::ssize(given.words) > kMostRows)
    reader.refuse("many", {{"found", std::ssize(given.words)}, {"most", kMostRows}}, 0);
}

void readCtc(const Reader& reader, Given& given) {
  reader.expectParts(2, 2);
  given.parts = {reader.rows(0), reader.row(1)};
  reader.expectAllBetween(given.parts[0], 0, 1, 0);
  for (const double label : given.parts[1].values)
    reader.expectWhole(label, 1, static_cast<double>(given.parts[0].columns) - 1, 1);
}

void readDetections(const Reader& reader, Given& given) {
  reader.expectParts(2, 2);
  given.parts = {reader.rows(0), reader.settings(1, 1, 1)};
  reader.expectShape(given.parts[0], 0, 2, 0);
  double found = 0;
  for (std::int64_t i = 0; i < given.parts[0].rows; ++i) {
    reader.expectWhole(given.parts[0].at(i, 1), 0, 1, 0);
    found += given.parts[0].at(i, 1);
  }
  reader.expectWhole(given.parts[1].values[0], std::max(1.0, found), 1000, 1);
}

void readLstm(const Reader& reader, Given& given) {
  reader.expectParts(6, 6);
  given.parts = {reader.rows(0), reader.row(1),  reader.row(2),
                 reader.rows(3), reader.rows(4), reader.row(5)};
  const std::int64_t inputs = given.parts[0].columns, units = given.parts[1].columns;
  reader.expectBetween(static_cast<double>(units), 1, 8, 1);
  reader.expectShape(given.parts[2], 1, units, 2);
  reader.expectShape(given.parts[3], 4 * units, inputs, 3);
  reader.expectShape(given.parts[4], 4 * units, units, 4);
  reader.expectShape(given.parts[5], 1, 4 * units, 5);
}

void readOptimizer(const Reader& reader, Given& given) {
  reader.expectParts(2, 3);
  given.parts.push_back(reader.row(0));
  given.parts.push_back(reader.row(1, given.parts[0].columns));
  reader.expectAllBetween(given.parts[1], -1000, 1000, 1);
  if (reader.parts() == 3) given.parts.push_back(reader.settings(2, 1, 6));
  reader.expectBetween(given.setting(2, 0, 0.1), 0, 100, 2);
  reader.expectBetween(given.setting(2, 1, 0.9), 0, 0.999999, 2);
  reader.expectBetween(given.setting(2, 2, 0.999), 0, 0.999999, 2);
  reader.expectBetween(given.setting(2, 3, 1e-8), 1e-16, 1, 2);
  reader.expectBetween(given.setting(2, 4, 0.01), 0, 1, 2);
  reader.expectWhole(given.setting(2, 5, 3), 1, kMostRows, 2);
}

void readReservoir(const Reader& reader, Given& given) {
  reader.expectParts(1, 2);
  given.parts.push_back(reader.row(0));
  if (reader.parts() == 2) given.parts.push_back(reader.settings(1, 1, 2));
  reader.expectWhole(given.setting(1, 0, 1), 1, static_cast<double>(given.parts[0].columns), 1);
  reader.expectWhole(given.setting(1, 1, 500), 1, 5000, 1);
}

void readInto(Given& given, ProgramKind kind, const Reader& reader) {
  switch (kind) {
    case ProgramKind::Softmax:
      reader.expectParts(1, 1);
      given.parts.push_back(reader.row(0));
      return;
    case ProgramKind::LogSumExp:
      reader.expectParts(1, 1);
      given.parts.push_back(reader.row(0, 0, true));
      return;
    case ProgramKind::Attention:
      return readAttention(reader, given);
    case ProgramKind::Conv2d:
      return readConvolution(reader, given);
    case ProgramKind::Nms:
      return readBoxes(reader, given);
    case ProgramKind::KMeans:
      reader.expectParts(2, 2);
      given.parts = {reader.rows(0), reader.rows(1)};
      return reader.expectShape(given.parts[1], 0, given.parts[0].columns, 1);
    case ProgramKind::BeamSearch:
      return readBeam(reader, given);
    case ProgramKind::Sampling:
      return readSampling(reader, given);
    case ProgramKind::Perplexity:
      reader.expectParts(1, 1);
      given.parts.push_back(reader.row(0));
      return reader.expectAllBetween(given.parts[0], 1e-300, 1, 0);
    case ProgramKind::LayerNorm:
      return readLayerNorm(reader, given);
    case ProgramKind::Backpropagation:
      return readStatements(reader, given);
    case ProgramKind::Bpe:
      return readCorpus(reader, given);
    case ProgramKind::Ctc:
      return readCtc(reader, given);
    case ProgramKind::AveragePrecision:
      return readDetections(reader, given);
    case ProgramKind::Auroc:
      reader.expectParts(2, 2);
      given.parts = {reader.row(0), reader.row(1)};
      return;
    case ProgramKind::LstmStep:
      return readLstm(reader, given);
    case ProgramKind::OptimizerStep:
      return readOptimizer(reader, given);
    case ProgramKind::OnlineSoftmax:
      reader.expectParts(2, 2);
      given.parts.push_back(reader.row(0));
      given.parts.push_back(reader.row(1, given.parts[0].columns));
      return;
    case ProgramKind::Reservoir:
      return readReservoir(reader, given);
  }
}

}  // namespace

Given givenIn(ProgramKind kind, const std::string& input) {
  Given given;
  readInto(given, kind, Reader(kind, trimmed(input).empty() ? programOf(kind).example : input));
  return given;
}

}  // namespace viva::programs

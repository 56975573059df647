// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/programs/program_pictures.h"
#include "lessons/programs/program_reference.h"
#include "lessons/programs/program_source.h"
#include "lessons/programs/programs.h"

namespace viva::programs {
namespace {

constexpr std::size_t kMostLines = 15;  ///< of a program that are shown at a time
constexpr std::size_t kMostInRow = 6;   ///< numbers of an array in the table
constexpr std::size_t kMostInMistake = 3;

std::string numberText(double number) {
  return std::isfinite(number) ? readableNumber(number) : readable(number);
}

/// `0.0900, 0.2447, …`: an array for people.
std::string shortText(const Held& held, std::size_t most) {
  std::string text;
  const std::size_t size = std::max(held.numbers.size(), held.texts.size());
  for (std::size_t i = 0; i < size; ++i) {
    if (i == most) {
      text += ", …";
      break;
    }
    const bool starts_row = held.is_matrix && i > 0 && i % held.columns == 0;
    text += i == 0 ? "" : starts_row ? "; " : ", ";
    text += held.texts.empty()      ? numberText(held.numbers[i])
            : held.texts[i].empty() ? "“”"
                                    : held.texts[i];
  }
  return text.empty() ? "–" : text;
}

/// The lines around the one that has just run, which is marked, and how often each has run.
TableData codeOf(const ProgramProgress& progress) {
  TableData table;
  table.columns = {{"line"}, {"code"}, {"runs"}};
  const auto& lines = sourceLines(progress.kind);
  std::size_t first = 0;
  if (lines.size() > kMostLines) {
    const auto running = std::find_if(lines.begin(), lines.end(), [&](const SourceLine& line) {
      return line.number >= progress.line;
    });
    const std::size_t at = running - lines.begin();
    first = std::min(at > kMostLines / 2 ? at - kMostLines / 2 : 0, lines.size() - kMostLines);
  }
  for (std::size_t i = first; i < std::min(lines.size(), first + kMostLines); ++i) {
    const SourceLine& line = lines[i];
    const bool is_running = line.number == progress.line;
    const auto runs = progress.runs.find(line.number);
    table.rows.push_back(
        {is_running ? "running" : "",
         {(is_running ? "▶ " : "") + std::to_string(line.number), line.text,
          runs == progress.runs.end() ? TableData::Cell{}
                                      : TableData::Cell{static_cast<double>(runs->second)}}});
  }
  return table;
}

/// `[1][2]`
std::string placeText(const Held& held, std::size_t place) {
  if (!held.is_matrix) return "[" + std::to_string(place) + "]";
  const auto columns = static_cast<std::size_t>(held.columns);
  return "[" + std::to_string(place / columns) + "][" + std::to_string(place % columns) + "]";
}

/// `[2] = 0.665`; of several places the first two.
std::string writtenText(const ProgramProgress& progress, const Held& held) {
  std::string text;
  std::size_t count = 0;
  for (const WrittenValue& written : progress.written) {
    if (written.variable != held.name) continue;
    if (++count > 2) return text + ", …";
    text += count > 1 ? ", " : "";
    if (written.place) text += placeText(held, *written.place) + " = ";
    text += written.number ? numberText(*written.number) : held.texts[written.place.value_or(0)];
  }
  return text;
}

TableData variablesOf(const ProgramProgress& progress) {
  TableData table;
  table.columns = {{"variable"}, {"value"}, {"written"}};
  const auto add = [&](const Held& held, const std::string& written) {
    table.rows.push_back({written.empty() ? "" : "running",
                          {held.name, shortText(held, kMostInRow),
                           written.empty() ? TableData::Cell{} : TableData::Cell{written}}});
  };
  // A low table shows its first rows: what was written now, then what the program is for; what it
  // was given comes last.
  for (const bool is_written : {true, false})
    for (auto held = progress.variables.rbegin(); held != progress.variables.rend(); ++held)
      if (const std::string text = writtenText(progress, *held); text.empty() != is_written)
        add(*held, text);
  return table;
}

/// The main array, or all vectors and numbers under each other.
MatrixData arraysOf(const ProgramProgress& progress) {
  MatrixData matrix;
  std::vector<const Held*> shown;
  const Held* main = progress.main_array.empty() ? nullptr : progress.find(progress.main_array);
  if (main && !main->numbers.empty()) {
    matrix.rows = static_cast<int>(main->rows);
    matrix.columns = static_cast<int>(main->columns);
    matrix.values = shareFloats({main->numbers.begin(), main->numbers.end()});
    for (int i = 0; i < matrix.rows; ++i)
      matrix.row_labels.push_back(i == 0 ? main->name : std::to_string(i));
    return matrix;
  }
  for (const Held& held : progress.variables)
    if (!held.is_matrix && !held.numbers.empty()) shown.push_back(&held);
  for (const Held* held : shown)
    matrix.columns = std::max(matrix.columns, static_cast<int>(held->columns));
  std::vector<float> values;
  for (const Held* held : shown) {
    values.insert(values.end(), held->numbers.begin(), held->numbers.end());
    matrix.row_labels.push_back(held->name);
    matrix.rows += 1;
    values.resize(static_cast<std::size_t>(matrix.rows) * matrix.columns, std::nanf(""));
  }
  // What the columns are about, where the program has a name for each.
  for (const Held& held : progress.variables)
    if (static_cast<int>(held.texts.size()) == matrix.columns) matrix.column_labels = held.texts;
  matrix.values = shareFloats(std::move(values));
  return matrix;
}

std::string resultText(const std::vector<Held>& variables) {
  std::string text;
  for (const Held& held : variables)
    if (held.is_result)
      text += (text.empty() ? "" : "; ") + held.name + " = " + shortText(held, kMostInMistake);
  return text;
}

TableData mistakesOf(const std::vector<MistakeShown>& mistakes) {
  TableData table;
  table.columns = {{"mistake"}, {"smallest"}, {"wrong"}, {"right"}};
  for (const MistakeShown& shown : mistakes)
    table.rows.push_back({"",
                          {Word{"programs.choice.bug." + kMistake.nameOf(shown.mistake)},
                           shown.input, resultText(shown.wrong), resultText(shown.right)}});
  return table;
}

}  // namespace

void showProgram(Frame& frame, const ProgramProgress& progress,
                 const std::vector<MistakeShown>& mistakes) {
  frame.at<TableData>("code") = codeOf(progress);
  frame.at<TableData>("variables") = variablesOf(progress);
  frame.at<MatrixData>("arrays") = arraysOf(progress);
  frame.at<PlaneData>("plane") = planeOf(progress);
  frame.at<GraphData>("graph") = graphOf(progress);
  frame.at<TableData>("mistakes") = mistakesOf(mistakes);
}

}  // namespace viva::programs

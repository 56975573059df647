// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/latex_table.h"

#include <algorithm>
#include <cmath>

#include "app/export/latex_text.h"
#include "app/export/plot.h"
#include "lessons/core/best_cell.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

/// `2.31 \times 10^{-32}`, to be put in mathematics.
std::string cellNumber(double value) {
  if (std::isnan(value)) return "\\mathrm{NaN}";
  if (std::isinf(value)) return value < 0 ? "-\\infty" : "\\infty";
  const std::string whole = withDigits(value, 4);
  const std::size_t e = whole.find('e');
  if (e == std::string::npos) return whole;
  return whole.substr(0, e) + " \\times 10^{" + std::to_string(std::stoi(whole.substr(e + 1))) +
         "}";
}

std::string cell(const TableData::Cell& cell, bool is_best, const Words& words) {
  if (const auto* value = std::get_if<double>(&cell))
    return (is_best ? "$\\mathbf{" : "$") + cellNumber(*value) + (is_best ? "}$" : "$");
  if (const auto* text = std::get_if<std::string>(&cell)) return latexText(*text);
  if (const auto* word = std::get_if<Word>(&cell)) return latexText(words(word->key));
  return {};
}

bool isOfNumbers(const TableData& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const TableData::Row& row) {
    return column >= row.cells.size() || std::holds_alternative<double>(row.cells[column]) ||
           std::holds_alternative<std::monostate>(row.cells[column]);
  });
}

}  // namespace

std::optional<std::string> latexTable(const RunResults& results, const ViewSpec& view,
                                      const Words& words) {
  if (view.kind != ViewKind::Table || !results.frame) return {};
  const auto found = results.frame->views.find(view.id);
  if (found == results.frame->views.end()) return {};
  const auto& table = std::get<TableData>(found->second);
  if (table.rows.empty()) return {};

  std::string columns, rows;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    columns += isOfNumbers(table, c) ? 'r' : 'l';
    rows += (c > 0 ? " & " : "  ") +
            latexText(words.of(results.spec->id, "column", table.columns[c].id));
  }
  rows += " \\\\\n  \\hline\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& cells = table.rows[r].cells;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      rows += (c > 0 ? " & " : "  ") +
              (c < cells.size() ? cell(cells[c], isBest(table, r, c), words) : std::string());
    rows += " \\\\\n";
  }
  const std::string title = words.of(results.spec->id, "view", view.id);
  return latexHead(originOf(results, title, words), rows) + "\\begin{document}\n\\begin{tabular}{" +
         columns + "}\n  \\hline\n" + rows + "  \\hline\n\\end{tabular}\n\\end{document}\n";
}

}  // namespace viva

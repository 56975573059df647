// SPDX-License-Identifier: GPL-3.0-or-later
// What LaTeX documents have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace viva {

/// As LaTeX writes it: what means something to TeX is escaped, signs that pdflatex has no character
/// for are put in mathematics. Chinese stays as it is.
std::string latexText(std::string_view text);

/// The document's head, from the comments that say where it is from (`origin`) to the fonts that
/// `body` needs: pdflatex compiles it; where there is Chinese, xelatex or lualatex.
std::string latexHead(const std::vector<std::string>& origin, const std::string& body);

}  // namespace viva

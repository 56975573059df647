// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/latex_tokens.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/export/latex_text.h"
#include "app/export/plot.h"

namespace viva {
namespace {

/// How much colour a value gets, in per cent: black letters stay readable on it.
class Strength {
 public:
  explicit Strength(const TokensData& tokens) : is_diverging_(tokens.diverging) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const TokensData::Row& row : tokens.rows)
      for (const TokensData::Piece& piece : row.pieces) {
        if (!piece.value || !std::isfinite(*piece.value)) continue;
        low = std::min(low, *piece.value);
        high = std::max(high, *piece.value);
      }
    low_ = tokens.minimum.value_or(low);
    high_ = tokens.maximum.value_or(high);
    if (is_diverging_) {
      high_ = std::max(std::abs(low_), std::abs(high_));
      low_ = 0;
    }
  }

  /// `viva!37`; white for what has no value.
  std::string colourOf(std::optional<double> value) const {
    if (!value || std::isnan(*value) || !(low_ < high_)) return "black!4";
    const double size = is_diverging_ ? std::abs(*value) : *value;
    const double part = std::clamp((size - low_) / (high_ - low_), 0.0, 1.0);
    const bool is_negative = is_diverging_ && *value < 0;
    return (is_negative ? "against!" : "viva!") +
           std::to_string(static_cast<int>(std::lround(kMost * part)));
  }

 private:
  static constexpr double kMost = 60;
  bool is_diverging_;
  double low_ = 0, high_ = 0;
};

std::string visible(const std::string& text) {
  std::string tex;
  std::string plain;
  const auto flush = [&] {
    tex += latexText(plain);
    plain.clear();
  };
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\t') {
      plain += c;
      continue;
    }
    flush();
    tex += c == ' ' ? "\\textvisiblespace{}" : c == '\n' ? "$\\hookleftarrow$" : "$\\to$";
  }
  flush();
  return tex.empty() ? "$\\emptyset$" : tex;
}

}  // namespace

std::optional<std::string> latexTokens(const RunResults& results, const ViewSpec& view,
                                       const Words& words) {
  if (view.kind != ViewKind::Tokens || !results.frame) return {};
  const auto found = results.frame->views.find(view.id);
  if (found == results.frame->views.end()) return {};
  const auto& tokens = std::get<TokensData>(found->second);
  const Strength strength(tokens);
  std::string body;
  for (const TokensData::Row& row : tokens.rows) {
    if (row.pieces.empty()) continue;
    const std::string label = words.label(row.label);
    if (!label.empty()) body += "\\textbf{" + latexText(label) + "}\\quad\n";
    for (const TokensData::Piece& piece : row.pieces) {
      body += "\\piece{" + strength.colourOf(piece.value) + "}{" + visible(piece.text) + "}";
      body += !piece.text.empty() && piece.text.back() == '\n' ? "\\\\\n" : "%\n";
    }
    body += "\\par\n";
  }
  if (body.empty()) return {};
  const std::string title = words.of(results.spec->id, "view", view.id);
  return latexHead(originOf(results, title, words), body) +
         "\\usepackage{xcolor}\n"
         "\\definecolor{viva}{HTML}{0B62C4}\n"
         "\\definecolor{against}{HTML}{C0360C}\n"
         "\\setlength{\\fboxsep}{1.5pt}\n"
         "\\newcommand{\\piece}[2]{\\colorbox{#1}{\\strut #2}\\hspace{1pt}\\allowbreak}\n"
         "\\begin{document}\n\\begin{minipage}{16cm}\\raggedright\\setlength{\\parskip}{6pt}\n" +
         body + "\\end{minipage}\n\\end{document}\n";
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/latex_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace viva {
namespace {

/// pdflatex knows Latin letters with accents and a few signs; what is left over needs a font.
bool needsUnicodeFont(const std::string& tex) {
  for (std::size_t i = 0; i + 1 < tex.size(); ++i) {
    const auto first = static_cast<unsigned char>(tex[i]);
    const auto second = static_cast<unsigned char>(tex[i + 1]);
    if (first < 0xc4) continue;  // below U+0100, or inside a character
    const bool punctuation = first == 0xe2 && second == 0x80;  // dashes and quotation marks
    if (!punctuation) return true;
  }
  return false;
}

/// What pdflatex has no character for.
constexpr std::pair<std::string_view, const char*> kSigns[] = {
    {"∂", "\\partial"},    {"∇", "\\nabla"}, {"√", "\\surd"},  {"π", "\\pi"},
    {"σ", "\\sigma"},      {"μ", "\\mu"},    {"θ", "\\theta"}, {"λ", "\\lambda"},
    {"α", "\\alpha"},      {"β", "\\beta"},  {"γ", "\\gamma"}, {"η", "\\eta"},
    {"ε", "\\varepsilon"}, {"ρ", "\\rho"},   {"τ", "\\tau"},   {"Δ", "\\Delta"},
    {"Σ", "\\Sigma"},      {"−", "-"},       {"≤", "\\le"},    {"≥", "\\ge"},
    {"≈", "\\approx"},     {"∞", "\\infty"}, {"‖", "\\|"},     {"→", "\\to"},
    {"×", "\\times"},      {"·", "\\cdot"},  {"²", "^2"},      {"±", "\\pm"},
    {"ŷ", "\\hat y"},      {"⁰", "^0"},      {"¹", "^1"},      {"³", "^3"},
    {"⁴", "^4"},           {"⁵", "^5"},      {"⁶", "^6"},      {"⁷", "^7"},
    {"⁸", "^8"},           {"⁹", "^9"},      {"⁻", "^-"},      {"ᵗ", "^t"},
    {"₀", "_0"},           {"₁", "_1"},      {"₂", "_2"},      {"₃", "_3"},
    {"₄", "_4"},           {"₅", "_5"},      {"₆", "_6"},      {"₇", "_7"},
    {"₈", "_8"},           {"₉", "_9"}};
constexpr std::string_view kCombiningHat = "\u0302";

}  // namespace

std::string latexText(std::string_view text) {
  std::string tex;
  while (!text.empty()) {
    const auto sign = std::find_if(std::begin(kSigns), std::end(kSigns), [&](const auto& known) {
      return text.starts_with(known.first);
    });
    if (sign != std::end(kSigns)) {
      tex += "\\ensuremath{" + std::string(sign->second) + "}";
      text.remove_prefix(sign->first.size());
      continue;
    }
    const char c = text.front();
    text.remove_prefix(1);
    if (text.starts_with(kCombiningHat)) {
      tex += std::string("\\ensuremath{\\hat ") + c + "}";
      text.remove_prefix(kCombiningHat.size());
      continue;
    }
    if (std::string_view("#$%&_{}").find(c) != std::string_view::npos)
      tex += std::string("\\") + c;
    else if (c == '\\')
      tex += "\\textbackslash{}";
    else if (c == '|' || c == '<' || c == '>')
      tex += c == '|' ? "\\textbar{}" : c == '<' ? "\\textless{}" : "\\textgreater{}";
    else if (c == '~' || c == '^')
      tex += std::string("\\") + c + "{}";
    else if (static_cast<unsigned char>(c) < 0x20)
      tex += ' ';
    else
      tex += c;
  }
  return tex;
}

std::string latexHead(const std::vector<std::string>& origin, const std::string& body) {
  const bool unicode = needsUnicodeFont(body);
  std::string text;
  for (const std::string& line : origin) text += "% " + line + "\n";
  text += unicode ? "% !TeX program = xelatex\n" : "% !TeX program = pdflatex\n";
  text +=
      "\\IfFileExists{standalone.cls}{\\documentclass[border=4pt]{standalone}}"
      "{\\documentclass{article}\\pagestyle{empty}}\n";
  if (unicode) text += "\\usepackage{fontspec}\n\\setmainfont{Noto Sans CJK SC}\n";
  return text;
}

}  // namespace viva

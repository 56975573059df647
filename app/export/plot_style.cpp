// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/plot_style.h"

namespace viva {

std::string plotColour(int style) {
  constexpr const char* kColours[kPlotColours] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                  "#B07800", "#56B4E9", "#333333"};
  return kColours[style % kPlotColours];
}

std::string wordsOf(const Plot& plot) {
  std::string all = plot.title + plot.x_label + plot.y_label;
  for (const std::string& name : plot.x_names) all += name;
  for (const std::string& name : plot.y_names) all += name;
  for (const PlotMark& mark : plot.marks)
    std::visit(
        [&](const auto& kind) {
          if constexpr (requires { kind.label; }) all += kind.label;
        },
        mark);
  return all;
}

bool needsChineseFont(const Plot& plot) {
  // From U+2E80 on, CJK; in UTF-8 those begin with bytes from 0xE2 0xBA on.
  const std::string all = wordsOf(plot);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const auto first = static_cast<unsigned char>(all[i]);
    const auto second = static_cast<unsigned char>(all[i + 1]);
    if (first > 0xe2 || (first == 0xe2 && second >= 0xba)) return true;
  }
  return false;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel_layout.h"

#include <algorithm>

namespace viva {
namespace {

constexpr double kSentenceHeight = 72;  // two lines of text

/// A small view is low, not narrow: its axes need the width.
int widthOf(const std::vector<const ViewSpec*>& views, const std::vector<std::size_t>& column) {
  int width = 3;
  for (const std::size_t view : column) width = std::max(width, panelWeight(*views[view]));
  return width;
}

}  // namespace

bool isShownAtFirst(const ViewSpec& view, const Preset* preset) {
  if (view.kind == ViewKind::Verdict) return true;
  const bool is_named =
      preset && std::count(preset->views.begin(), preset->views.end(), view.id) > 0;
  const bool is_usual = view.room != Room::Small && (!preset || preset->views.empty());
  return is_named || is_usual;
}

std::vector<const ViewSpec*> viewsAtFirst(const ExperimentSpec& spec, const std::string& preset) {
  const auto named = std::find_if(spec.presets.begin(), spec.presets.end(),
                                  [&](const Preset& known) { return known.name == preset; });
  std::vector<const ViewSpec*> views;
  for (const ViewSpec& view : spec.views)
    if (isShownAtFirst(view, named == spec.presets.end() ? nullptr : &*named))
      views.push_back(&view);
  return views;
}

int panelWeight(const ViewSpec& view) {
  switch (view.room) {
    case Room::Large:
      return 5;
    case Room::Medium:
      return 3;
    case Room::Small:
    case Room::Line:
      return 2;
  }
  return 3;
}

std::vector<std::vector<std::size_t>> panelColumns(const std::vector<const ViewSpec*>& views) {
  std::vector<std::vector<std::size_t>> columns(1);
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < views.size(); ++i)
    (views[i]->room == Room::Large ? columns[0] : others).push_back(i);
  // Tables read well under a large view; a column of more than three is too low to be read.
  if (!columns[0].empty()) {
    for (std::size_t i = others.size(); i-- > 0 && others.size() > 2;)
      if (views[others[i]]->kind == ViewKind::Table) {
        columns[0].push_back(others[i]);
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
  } else {
    columns.clear();
  }
  const std::size_t wanted = columns.empty() && others.size() > 1 ? 2 : (others.size() + 2) / 3;
  const std::size_t first = columns.size();
  columns.resize(first + wanted);
  for (std::size_t i = 0; i < others.size(); ++i)
    columns[first + i * wanted / others.size()].push_back(others[i]);
  return columns;
}

std::vector<QRectF> panelPlaces(const std::vector<const ViewSpec*>& views, const QSizeF& size) {
  std::vector<QRectF> places(views.size());
  // The sentence stands above all others.
  double above = 0;
  std::vector<const ViewSpec*> others;
  std::vector<std::size_t> place_of;
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (views[i]->kind == ViewKind::Verdict && views.size() > 1) {
      const double height = std::min(kSentenceHeight, size.height() / 4);
      places[i] = {0, above, size.width(), height};
      above += height;
    } else {
      others.push_back(views[i]);
      place_of.push_back(i);
    }
  }
  const auto columns = panelColumns(others);
  double all_widths = 0, left = 0;
  for (const auto& column : columns) all_widths += widthOf(others, column);
  for (const auto& column : columns) {
    const double width = size.width() * widthOf(others, column) / all_widths;
    double all_heights = 0, top = above;
    for (const std::size_t view : column) all_heights += panelWeight(*others[view]);
    for (const std::size_t view : column) {
      const double height = (size.height() - above) * panelWeight(*others[view]) / all_heights;
      places[place_of[view]] = {left, top, width, height};
      top += height;
    }
    left += width;
  }
  return places;
}

}  // namespace viva

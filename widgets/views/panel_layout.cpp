// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel_layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace viva {
namespace {

constexpr double kSentenceHeight = 72;  // two lines of text
constexpr int kHeroShare = 68;          ///< percent of the room; borders and titles leave 60 of it

/// A small view is low, not narrow: its axes need the width.
int widthOf(const std::vector<const ViewSpec*>& views, const std::vector<std::size_t>& column) {
  int width = 3;
  for (const std::size_t view : column) width = std::max(width, panelWeight(*views[view]));
  return width;
}

bool isSquare(const ViewSpec& view) {
  return view.equal_scale || view.kind == ViewKind::Images || view.kind == ViewKind::Matrix;
}

/// Where the hero can be larger: one that is a square by nature takes the larger square, a curve
/// the shape nearer to the golden section. A table needs the width of a row.
bool stripIsBeside(const std::vector<const ViewSpec*>& views, const QSizeF& size) {
  const double share = kHeroShare / 100.0;
  const QSizeF beside(size.width() * share, size.height()),
      below(size.width(), size.height() * share);
  if (isSquare(*views.front()))
    return std::min(beside.width(), beside.height()) >= std::min(below.width(), below.height());
  for (std::size_t i = 1; i < views.size(); ++i)
    if (views[i]->kind == ViewKind::Table) return false;
  const auto off = [](const QSizeF& shape) {
    return std::abs(std::log(shape.width() / shape.height() / 1.618));
  };
  return off(beside) < off(below);
}

}  // namespace

int laneWeight(const ViewSpec& view, bool has_hero) {
  // In a strip a table needs the room for its columns.
  if (has_hero) return isSquare(view) ? 2 : view.kind == ViewKind::Table ? 4 : 3;
  return panelWeight(view);
}

bool isShownAtFirst(const ViewSpec& view, const Preset* preset) {
  const bool is_named =
      preset && std::count(preset->views.begin(), preset->views.end(), view.id) > 0;
  if (view.kind == ViewKind::Verdict) return is_named || view.id == "verdict";
  const bool is_usual = view.room != Room::Small && (!preset || preset->views.empty());
  return is_named || is_usual;
}

bool hasHero(const Preset* preset) { return preset && !preset->views.empty(); }

std::vector<const ViewSpec*> viewsAtFirst(const ExperimentSpec& spec, const std::string& name) {
  const Preset* const preset = spec.findPreset(name);
  std::vector<const ViewSpec*> views;
  for (const ViewSpec& view : spec.views)
    if (isShownAtFirst(view, preset)) views.push_back(&view);
  if (!hasHero(preset)) return views;
  const auto placeOf = [&](const ViewSpec* view) {
    return std::find(preset->views.begin(), preset->views.end(), view->id);
  };
  std::stable_sort(views.begin(), views.end(), [&](const ViewSpec* one, const ViewSpec* other) {
    return placeOf(one) < placeOf(other);
  });
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

PanelShape panelShape(const std::vector<const ViewSpec*>& views, const QSizeF& size,
                      bool has_hero) {
  PanelShape shape;
  if (!has_hero || views.size() < 2) {
    shape.lanes = panelColumns(views);
    for (const auto& column : shape.lanes) shape.widths.push_back(widthOf(views, column));
    return shape;
  }
  shape.across = stripIsBeside(views, size) ? Qt::Horizontal : Qt::Vertical;
  shape.lanes = {{0}, {}};
  for (std::size_t i = 1; i < views.size(); ++i) shape.lanes[1].push_back(i);
  shape.widths = {kHeroShare, 100 - kHeroShare};
  return shape;
}

std::vector<QRectF> panelPlaces(const std::vector<const ViewSpec*>& views, const QSizeF& size,
                                bool has_hero) {
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
  const QSizeF room(size.width(), size.height() - above);
  const PanelShape shape = panelShape(others, room, has_hero);
  const bool columns = shape.across == Qt::Horizontal;
  const double length = columns ? room.width() : room.height(),
               breadth = columns ? room.height() : room.width();
  const double all_widths = std::accumulate(shape.widths.begin(), shape.widths.end(), 0.0);
  double along = 0;
  for (std::size_t lane = 0; lane < shape.lanes.size(); ++lane) {
    const double width = length * shape.widths[lane] / all_widths;
    const auto weight = [&](std::size_t view) { return laneWeight(*others[view], has_hero); };
    double all = 0, aside = 0;
    for (const std::size_t view : shape.lanes[lane]) all += weight(view);
    for (const std::size_t view : shape.lanes[lane]) {
      const double share = breadth * weight(view) / all;
      places[place_of[view]] = columns ? QRectF(along, above + aside, width, share)
                                       : QRectF(aside, above + along, share, width);
      aside += share;
    }
    along += width;
  }
  return places;
}

}  // namespace viva

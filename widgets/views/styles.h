// SPDX-License-Identifier: GPL-3.0-or-later
// Which colour, line style and marker a curve has: by its id, the same in every view of a panel.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPen>
#include <QPointF>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// The letters belong to the runs that are compared with the present one.
enum class Marker {
  Circle,
  Square,
  Triangle,
  Diamond,
  Plus,
  Cross,
  TriangleDown,
  Star,
  LetterA,
  LetterB,
  LetterC,
  LetterD,
  LetterE
};
inline constexpr int kMarkerCount = 8;  ///< without the letters
inline constexpr int kMostOtherRuns = 5;

/// How a curve is drawn. Never by colour alone: the dash pattern and the marker differ too.
struct CurveStyle {
  QColor colour;
  QVector<qreal>
      dashes;  ///< lengths in device-independent pixels, drawn and left out in turn; empty: solid
  Marker marker = Marker::Circle;
  bool pale = false;  ///< the claim is not about it; thinner too, in a colour near the background
};
/// The dashes of the theory `id` among the curves of its plot: theories have one colour.
QVector<qreal> dashesOfTheory(const std::string& id, const std::vector<Curve>& curves);
/// `style` as it is drawn behind those that the claim is about.
CurveStyle paled(CurveStyle style, bool dark);
/// The curves of the records that the claim of `preset` is not about, by id; none without a preset.
std::set<std::string> paleCurves(const ExperimentSpec& spec, std::string_view preset);
/// How wide a line of this style is where others are `width` wide.
inline double widthOf(const CurveStyle& style, double width) {
  return style.pale ? 0.6 * width : width;
}

/// A marker centred at `centre`, `size` device-independent pixels across, filled with `colour` and
/// edged with `edge` (the background, so that markers stay apart where they meet).
void drawMarker(QPainter& painter, Marker marker, QPointF centre, qreal size, const QColor& colour,
                const QColor& edge);

/// The order of the curve ids of one experiment, from which their styles follow. Shared by the
/// views of a panel; the command line makes its own, which comes out the same.
class StyleTable {
 public:
  StyleTable() = default;
  /// Ids of the experiment's records first: those that exist when every toggle is on, so that
  /// switching a curve off does not give its colour to another.
  static std::shared_ptr<StyleTable> of(const ExperimentSpec& spec, const Parameters& parameters);

  void learn(const std::string& id);
  /// All ids of a frame, in the order in which the experiment declares its views.
  void learn(const Frame& frame);
  /// The style of `id`; an id not yet known is learnt.
  CurveStyle style(const std::string& id, bool dark);
  /// The line of another run, `place` 0 to kMostOtherRuns - 1, in `colour`; its marker is a letter.
  static CurveStyle styleOfRun(int place, const QColor& colour);
  /// The style of class `number` of labelled points.
  static CurveStyle styleOfClass(int number, bool dark);

 private:
  std::vector<std::string> views_;
  std::map<std::string, int, std::less<>> places_;
};

}  // namespace viva

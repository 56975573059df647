// SPDX-License-Identifier: GPL-3.0-or-later
// Which colour, line style and marker a curve has: by its id, the same in every view of a panel.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPen>
#include <QPointF>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class Marker { Circle, Square, Triangle, Diamond, Plus, Cross, TriangleDown, Star };
inline constexpr int kMarkerCount = 8;

/// How a curve is drawn. Never by colour alone: the dash pattern and the marker differ too.
struct CurveStyle {
  QColor colour;
  QVector<qreal>
      dashes;  ///< lengths in device-independent pixels, drawn and left out in turn; empty: solid
  Marker marker = Marker::Circle;
};

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
  /// The style of class `number` of labelled points.
  static CurveStyle styleOfClass(int number, bool dark);

 private:
  std::vector<std::string> views_;
  std::map<std::string, int, std::less<>> places_;
};

}  // namespace viva

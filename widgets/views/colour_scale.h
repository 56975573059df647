// SPDX-License-Identifier: GPL-3.0-or-later
// From values to colours, for fields and heat maps, and the bar that explains them.
#pragma once

#include <QFont>
#include <QImage>
#include <QPainter>
#include <optional>
#include <vector>

#include "widgets/views/colours.h"

namespace viva {

/// Which place of a colour map a value has.
class ColourScale {
 public:
  enum class Form {
    Linear,
    Logarithmic,  ///< by the logarithm of the value; what is not positive is at the low end
    Depth,        ///< by the logarithm of the value above the minimum, four decades deep
    Diverging     ///< symmetric about zero
  };
  ColourScale() = default;
  ColourScale(Form form, double minimum, double maximum);
  /// From the lowest to the highest value, or to the ends that are given.
  static ColourScale of(const std::vector<float>& values, Form form,
                        std::optional<double> minimum = {}, std::optional<double> maximum = {});

  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }
  Form form() const { return form_; }
  /// From 0 to 1; NaN for NaN.
  double place(double value) const;
  double value(double place) const;

 private:
  Form form_ = Form::Linear;
  double minimum_ = 0, maximum_ = 1;
};

/// An image of one pixel a value; the first row of values is the bottom line when `upwards`.
/// Values that are not finite are transparent.
QImage imageOf(const std::vector<float>& values, int rows, int columns, const ColourScale& scale,
               ColourMap map, bool dark, bool upwards);

/// The width that drawColourBar needs.
double colourBarWidth(const QFont& font);
/// A vertical bar at the left of `area` with labels right of it.
void drawColourBar(QPainter& painter, const QRectF& area, const ColourScale& scale, ColourMap map,
                   bool dark, const QFont& font);

}  // namespace viva

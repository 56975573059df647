// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <QPaintEngine>
#include <QSizeF>
#include <memory>

class QPainter;

namespace viva {

/// Keeps what is painted on it, to be painted again on another device and thread: a view and its
/// Qt Charts axes can be drawn on the thread of the window only, but the pixels of a poster or the
/// fonts of a PDF take ten times as long as that. Unlike QPicture it shares images instead of
/// compressing them, and keeps places as they are.
class Recording : public QPaintDevice {
 public:
  /// Views draw whole curves for vectors, and pieces of them for pixels.
  enum class For { Pixels, Vectors };
  /// The engine of what is meant for vectors.
  static constexpr auto kVectors = static_cast<QPaintEngine::Type>(QPaintEngine::User + 1);
  /// `size` in device-independent pixels; `ratio`: pixels of the target per such a pixel.
  Recording(const QSizeF& size, For target, double ratio = 1);
  ~Recording() override;
  QPaintEngine* paintEngine() const override;

  /// On any thread, after the painter of this has ended. The unit is the target's pixel: `ratio` is
  /// applied already.
  void paintOn(QPainter& painter) const;

 protected:
  int metric(PaintDeviceMetric metric) const override;

 private:
  class Engine;
  QSizeF size_;
  double ratio_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace viva

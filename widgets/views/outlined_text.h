// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <memory>

namespace viva {

/// Passes on to another device what is drawn, text as filled shapes. Clipping is not passed on:
/// QSvgGenerator, which this is for, has none.
class OutlinedText : public QPaintDevice {
 public:
  /// `target` must outlive this.
  explicit OutlinedText(QPaintDevice& target);
  ~OutlinedText() override;
  QPaintEngine* paintEngine() const override;

 protected:
  int metric(PaintDeviceMetric metric) const override;

 private:
  class Engine;
  QPaintDevice& target_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace viva

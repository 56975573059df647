// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/calibration_text.h"

#include <cmath>

namespace viva {

QString calibrationText(const Calibration& calibration, const Words& words) {
  if (calibration.count == 0) return {};
  int right = 0;
  double said = 0;
  for (const Calibration::Bin& bin : calibration.bins) {
    right += bin.right;
    said += bin.confidence * bin.count;
  }
  return QString::fromStdString(
      words(Message{"demo.calibration",
                    {{"count", std::int64_t{calibration.count}},
                     {"right", std::int64_t{std::lround(100.0 * right / calibration.count)}},
                     {"said", std::int64_t{std::lround(100.0 * said / calibration.count)}}}}));
}

}  // namespace viva

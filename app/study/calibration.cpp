// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace viva {

Calibration calibrationOf(const std::vector<Prediction>& predictions) {
  constexpr int kFirst = 5, kLast = 10;  // tenths
  std::array<Calibration::Bin, kLast - kFirst + 1> bins;
  Calibration calibration;
  for (const Prediction& prediction : predictions) {
    const int tenth = static_cast<int>(std::lround(10 * prediction.confidence));
    auto& bin = bins[static_cast<std::size_t>(std::clamp(tenth, kFirst, kLast) - kFirst)];
    bin.confidence += prediction.confidence;  // divided below
    ++bin.count;
    bin.right += prediction.right;
    const double miss = prediction.confidence - (prediction.right ? 1 : 0);
    calibration.brier += miss * miss;
    ++calibration.count;
  }
  if (calibration.count > 0) calibration.brier /= calibration.count;
  for (Calibration::Bin& bin : bins) {
    if (bin.count == 0) continue;
    bin.confidence /= bin.count;
    calibration.bins.push_back(bin);
  }
  return calibration;
}

}  // namespace viva

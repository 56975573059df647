// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is drawn beside the present one.
#pragma once

#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/records.h"
#include "lessons/core/step_times.h"

namespace viva {

struct OtherRun {
  std::string id;  ///< of its legend entry: hiding it hides the run
  QString title;   ///< its letter and what differs from the present run
  int place = 0;   ///< 0 to kMostOtherRuns - 1: its line style and letter
  Records records;
  StepTimes times{};  ///< empty: not known

  /// Several seeds of one run: `records` is their mean, drawn over a band from the smallest to the
  /// largest and over every single seed, thin.
  struct Spread {
    Records smallest, largest;
    std::vector<Records> singles;
    std::vector<std::string> names;  ///< of the singles, for tables
    std::vector<StepTimes> times;    ///< of the singles
  };
  std::optional<Spread> spread{};
};

/// A to E.
inline QChar letterOfRun(int place) { return QChar(u'A' + place); }

}  // namespace viva

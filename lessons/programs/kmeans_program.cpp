// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk kMeans(Given given, Watch& watch) {
  const NumberRows points = given.parts[0];
  NumberRows centres = given.parts[1], distances(points.rows, centres.rows);
  std::vector<int> labels(points.rows, -1);
  double inertia = 0;
  watch("points", points)("distances", distances).result("centres", centres);
  co_yield watch.result("labels", labels).result("inertia", inertia);

  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    inertia = 0, co_yield here();
    NumberRows sums(centres.rows, centres.columns);
    std::vector<double> counts(centres.rows);
    for (int i = 0; i < points.rows; ++i) {
      int nearest = 0;
      for (int c = 0; c < centres.rows; ++c) {
        double squared = 0;
        for (int d = 0; d < points.columns; ++d) {
          const double apart = points.at(i, d) - centres.at(c, d);
          squared += apart * apart;
        }
        distances.at(i, c) = squared, co_yield here();
        if (distances.at(i, c) < distances.at(i, nearest)) nearest = c;
      }
      inertia += distances.at(i, nearest), co_yield here();
      has_changed |= labels[i] != nearest;
      labels[i] = nearest, co_yield here();
      counts[nearest] += 1;
      for (int d = 0; d < points.columns; ++d) sums.at(nearest, d) += points.at(i, d);
    }
    for (int c = 0; has_changed && c < centres.rows; ++c) {
      if (counts[c] == 0 && !given.has(Mistake::EmptyCluster)) continue;
      for (int d = 0; d < centres.columns; ++d)
        centres.at(c, d) = sums.at(c, d) / counts[c], co_yield here();
    }
  }
}

}  // namespace viva::programs

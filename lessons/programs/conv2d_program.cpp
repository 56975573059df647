// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk conv2d(Given given, Watch& watch) {
  const NumberRows image = given.parts[0], kernel = given.parts[1];
  const int stride = static_cast<int>(given.setting(2, 0, 1));
  const int padding = static_cast<int>(given.setting(2, 1, 0));
  const int one = given.has(Mistake::OutputSize) ? 0 : 1;
  const int height = static_cast<int>(image.rows + 2 * padding - kernel.rows) / stride + one;
  const int width = static_cast<int>(image.columns + 2 * padding - kernel.columns) / stride + one;
  const int taps = static_cast<int>(kernel.rows * kernel.columns);
  NumberRows columns(taps, height * width), out(height, width);
  co_yield watch("image", image)("kernel", kernel)("columns", columns).result("out", out);

  for (int place = 0; place < height * width; ++place)
    for (int tap = 0; tap < taps; ++tap) {
      const auto y = place / width * stride - padding + tap / kernel.columns;
      const auto x = place % width * stride - padding + tap % kernel.columns;
      const bool is_inside = y >= 0 && y < image.rows && x >= 0 && x < image.columns;
      columns.at(tap, place) = is_inside ? image.at(y, x) : 0, co_yield here();
    }
  for (int place = 0; place < height * width; ++place)
    for (int tap = 0; tap < taps; ++tap) {
      const int weight = given.has(Mistake::FlippedKernel) ? taps - 1 - tap : tap;
      out.values[place] += kernel.values[weight] * columns.at(tap, place), co_yield here();
    }
}

}  // namespace viva::programs

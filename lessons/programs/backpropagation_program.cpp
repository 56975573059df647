// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk backpropagation(Given given, Watch& watch) {
  const std::vector<std::string> names = given.names, operation = given.words;
  const std::vector<int> left = given.left, right = given.right;
  std::vector<double> value = given.numbers(0), gradient(value.size());
  const int size = static_cast<int>(value.size());
  watch("names", names)("operation", operation)("left", left)("right", right);
  co_yield watch.result("value", value).result("gradient", gradient);

  for (int i = 0; i < size; ++i) {
    if (left[i] < 0) continue;
    const double a = value[left[i]], b = right[i] < 0 ? 0 : value[right[i]];
    if (operation[i] == "+") value[i] = a + b, co_yield here();
    if (operation[i] == "-") value[i] = a - b, co_yield here();
    if (operation[i] == "*") value[i] = a * b, co_yield here();
    if (operation[i] == "/") value[i] = a / b, co_yield here();
    if (operation[i] == "tanh") value[i] = std::tanh(a), co_yield here();
    if (operation[i] == "exp") value[i] = std::exp(a), co_yield here();
    if (operation[i] == "relu") value[i] = std::max(a, 0.0), co_yield here();
  }
  const auto pass = [&](int to, double slope, int from) {
    const double before = given.has(Mistake::Overwrites) ? 0 : gradient[to];
    gradient[to] = before + slope * gradient[from];
  };
  gradient[size - 1] = 1, co_yield here();
  for (int turn = 0; turn < size; ++turn) {
    const int i = given.has(Mistake::ForwardOrder) ? turn : size - 1 - turn;
    if (left[i] < 0) continue;
    const double a = value[left[i]], b = right[i] < 0 ? 0 : value[right[i]];
    const double y = given.has(Mistake::InputForOutput) ? a : value[i];
    if (operation[i] == "+")
      pass(left[i], 1, i), co_yield here(), pass(right[i], 1, i), co_yield here();
    if (operation[i] == "-")
      pass(left[i], 1, i), co_yield here(), pass(right[i], -1, i), co_yield here();
    if (operation[i] == "*")
      pass(left[i], b, i), co_yield here(), pass(right[i], a, i), co_yield here();
    if (operation[i] == "/")
      pass(left[i], 1 / b, i), co_yield here(), pass(right[i], -a / (b * b), i), co_yield here();
    if (operation[i] == "tanh") pass(left[i], 1 - y * y, i), co_yield here();
    if (operation[i] == "exp") pass(left[i], y, i), co_yield here();
    if (operation[i] == "relu") pass(left[i], a > 0 ? 1 : 0, i), co_yield here();
  }
}

}  // namespace viva::programs

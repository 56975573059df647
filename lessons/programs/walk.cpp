// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/programs/walk.h"

namespace viva::programs {
namespace {

void readInto(Held& held, const double* number) {
  held.numbers = {*number};
  held.is_scalar = true;
}
void readInto(Held& held, const int* number) {
  held.numbers = {static_cast<double>(*number)};
  held.is_scalar = true;
}
template <typename Number>
void readInto(Held& held, const std::vector<Number>* numbers) {
  held.numbers.assign(numbers->begin(), numbers->end());
  held.columns = std::ssize(*numbers);
}
void readInto(Held& held, const NumberRows* rows) {
  held.numbers = rows->values;
  held.rows = rows->rows;
  held.columns = rows->columns;
  held.is_matrix = true;
}
void readInto(Held& held, const Watch::Texts* texts) {
  held.texts = *texts;
  held.columns = std::ssize(*texts);
}

}  // namespace

std::vector<Held> Watch::look() const {
  std::vector<Held> seen;
  for (const Named& named : variables_) {
    seen.push_back({});
    seen.back().name = named.name;
    seen.back().is_result = named.is_result;
    std::visit([&](const auto* variable) { readInto(seen.back(), variable); }, named.variable);
  }
  return seen;
}

}  // namespace viva::programs

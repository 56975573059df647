// SPDX-License-Identifier: GPL-3.0-or-later
// From what is clicked to the parameters that it sets (ViewSpec::picks).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/index_list.h"
#include "lessons/core/parameter.h"
#include "lessons/core/view.h"

namespace viva {

/// What to announce, as View::parameterDragged does; the last one is `finished`.
struct Pick {
  std::string name;
  Value value;
  bool finished = false;
};

/// An Integer becomes the index, if it can take it and is not it yet; a Text is a list that the
/// index is put into or taken out of, if it lies in the parameter's range; a row and a column that
/// name the same Text go in as a pair, `1.0`. An empty name, or one of another kind of parameter,
/// is passed over.
std::vector<Pick> picksOf(const std::optional<Parameters>& parameters,
                          const std::vector<std::pair<std::string, std::int64_t>>& indices);

/// What the parameter of this name picks, ascending; none where there is no such parameter.
std::vector<std::int64_t> pickedIndices(const std::optional<Parameters>& parameters,
                                        const std::string& name);

/// What the parameters pick now.
class Picked {
 public:
  Picked(const std::optional<Parameters>& parameters, const std::optional<ViewSpec::Picks>& picks);
  /// This row, or this cell of it; a side without a parameter is not asked. False where neither
  /// side has one.
  bool has(std::int64_t row, std::optional<std::int64_t> column = {}) const;

 private:
  std::optional<std::vector<std::int64_t>> rows_, columns_;
  std::optional<std::vector<IndexPair>> pairs_;
};

}  // namespace viva

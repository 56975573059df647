// SPDX-License-Identifier: GPL-3.0-or-later
// The views of `vit-vs-cnn` besides the curves of its records.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/vit/contest_net.h"

namespace viva {

/// What there is to show.
struct ContestPicture {
  const std::vector<ContestNet>& nets;
  const ContestTests& tests;
  const std::vector<std::string>& class_names;  ///< of a file; empty otherwise
  const ContestState& state;
};
void showContest(Frame& frame, const ContestPicture& picture);

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/kept_weights.h"

#include <algorithm>
#include <utility>

namespace viva {

void KeptWeights::add(Moment moment) {
  moments_.push_back(std::move(moment));
  if (moments_.size() <= kMost) return;
  interval_ *= 2;
  std::erase_if(moments_, [&](const Moment& kept) { return !takes(kept.step); });
}

const KeptWeights::Moment& KeptWeights::at(std::int64_t step) const {
  const auto behind =
      std::upper_bound(moments_.begin(), moments_.end(), step,
                       [](std::int64_t wanted, const Moment& kept) { return wanted < kept.step; });
  return behind == moments_.begin() ? moments_.front() : *(behind - 1);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/batch_queue.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace viva {

BatchQueue::BatchQueue(BatchPolicy policy, std::int64_t slots, bool prompts_take_a_step,
                       std::vector<ServedRequest> requests)
    : policy_(policy),
      prompts_take_a_step_(prompts_take_a_step),
      requests_(std::move(requests)),
      progress_(requests_.size()),
      slots_(static_cast<std::size_t>(slots), -1),
      use_(slots_.size()) {}

std::int64_t BatchQueue::nextWaiting() const {
  const bool is_there =
      joined_ < static_cast<std::int64_t>(requests_.size()) && requests_[joined_].arrival <= step_;
  return is_there ? joined_ : -1;
}

std::int64_t BatchQueue::nextArrival() const {
  const auto later = std::find_if(requests_.begin(), requests_.end(),
                                  [&](const auto& one) { return one.arrival > step_; });
  return later == requests_.end() ? -1 : later->arrival;
}

/// Whether anyone joined.
bool BatchQueue::admit() {
  const bool is_empty = std::all_of(slots_.begin(), slots_.end(), [](auto one) { return one < 0; });
  if (policy_ == BatchPolicy::Static && !is_empty) return false;
  bool joined = false;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const std::int64_t next = nextWaiting();
    if (slots_[slot] >= 0 || next < 0) continue;
    slots_[slot] = next;
    use_[slot] = {next, true};
    joined_ += 1;
    joined = true;
  }
  return joined;
}

void BatchQueue::give(std::size_t slot) {
  const std::int64_t request = slots_[slot];
  Progress& one = progress_[request];
  if (one.given >= requests_[request].length) return;  // static: it only keeps its slot
  one.given += 1;
  tokens_ += 1;
  if (one.first < 0) one.first = step_;
  one.last = step_;
  use_[slot].request = request;
}

void BatchQueue::step() {
  if (isDone()) return;
  use_.assign(slots_.size(), {});
  const bool has_joined = admit();
  const bool is_prompt_step = has_joined && prompts_take_a_step_;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(requests_.size()); ++i)
    if (requests_[i].arrival <= step_ && progress_[i].given < requests_[i].length) present_ += 1;
  step_ += 1;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot] < 0) continue;
    if (is_prompt_step && !use_[slot].was_prompt) continue;
    use_[slot].was_prompt = is_prompt_step;
    give(slot);
  }
  const auto isComplete = [&](std::int64_t request) {
    return request < 0 || progress_[request].given == requests_[request].length;
  };
  finished_ = 0;
  for (std::size_t i = 0; i < requests_.size(); ++i)
    finished_ += isComplete(static_cast<std::int64_t>(i)) ? 1 : 0;
  const bool all_complete = std::all_of(slots_.begin(), slots_.end(), isComplete);
  for (std::int64_t& request : slots_)
    if (policy_ == BatchPolicy::Continuous ? isComplete(request) : all_complete) request = -1;
}

double BatchQueue::utilisation() const {
  return step_ == 0 ? 0
                    : static_cast<double>(tokens_) /
                          static_cast<double>(step_ * static_cast<std::int64_t>(slots_.size()));
}

double BatchQueue::timeToFirstToken() const {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    if (progress_[i].first < 0) continue;
    sum += static_cast<double>(progress_[i].first - requests_[i].arrival);
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

double BatchQueue::timePerToken() const {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const std::int64_t length = requests_[i].length;
    if (progress_[i].given < length || length < 2) continue;
    sum += static_cast<double>(progress_[i].last - progress_[i].first) /
           static_cast<double>(length - 1);
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

double BatchQueue::meanPresent() const {
  return step_ == 0 ? 0 : static_cast<double>(present_) / static_cast<double>(step_);
}

double BatchQueue::lambdaW() const {
  double sum = 0;
  for (std::size_t i = 0; i < requests_.size(); ++i)
    if (progress_[i].given == requests_[i].length)
      sum += static_cast<double>(progress_[i].last - requests_[i].arrival);
  // (finished / steps) * (sum / finished)
  return step_ == 0 ? 0 : sum / static_cast<double>(step_);
}

double BatchQueue::littleError() const {
  const double present = meanPresent();
  return present > 0 ? std::abs(present - lambdaW()) / present : 0;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that share the slots of a batch, counted in model steps; without LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

enum class BatchPolicy { Static, Continuous };

struct ServedRequest {
  std::int64_t arrival = 0;  ///< the model step before which it is there
  std::int64_t length = 1;   ///< tokens that it is given
};

/// What a slot did in a model step.
struct SlotUse {
  std::int64_t request = -1;  ///< -1: it was idle
  bool was_prompt = false;    ///< its prompt was read; the others waited
};

/// Static: a batch is filled from those that wait, in order, and stays until its longest request is
/// done. Continuous (Orca, OSDI 2022): who is done leaves, and the next that waits takes the slot
/// before the next step.
class BatchQueue {
 public:
  /// `prompts_take_a_step`: those that join are first read, in a step in which nobody else goes on;
  /// it gives their first token. Else they join for nothing.
  BatchQueue(BatchPolicy policy, std::int64_t slots, bool prompts_take_a_step,
             std::vector<ServedRequest> requests);

  /// One model step. Does nothing when all are done.
  void step();
  /// When the next request arrives that is not there yet; -1: all are there.
  std::int64_t nextArrival() const;
  bool isDone() const { return finished_ == static_cast<std::int64_t>(requests_.size()); }

  std::int64_t steps() const { return step_; }
  std::int64_t finished() const { return finished_; }
  const std::vector<SlotUse>& lastUse() const { return use_; }
  /// Of slots times steps so far, the share that gave a token.
  double utilisation() const;
  /// Means in model steps: from arrival to the first token, of those that have one; between one
  /// token and the next, of finished requests of two tokens and more.
  double timeToFirstToken() const;
  double timePerToken() const;
  /// L: requests there, in the mean over all steps; lambda W: finished requests a step, times the
  /// mean time from arrival to the last token.
  double meanPresent() const;
  double lambdaW() const;
  /// |L - lambda W| / L
  double littleError() const;

 private:
  struct Progress {
    std::int64_t given = 0, first = -1, last = -1;
  };
  std::int64_t nextWaiting() const;
  bool admit();
  void give(std::size_t slot);

  BatchPolicy policy_;
  bool prompts_take_a_step_;
  std::vector<ServedRequest> requests_;
  std::vector<Progress> progress_;
  std::vector<std::int64_t> slots_;  ///< the request in it, or -1
  std::vector<SlotUse> use_;
  std::int64_t step_ = 0, joined_ = 0, finished_ = 0, tokens_ = 0, present_ = 0;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment without tensors that has a parameter of every kind and a view of every kind: noisy
// gradient descent on 0.5 x^2. Its exact positions without noise are start * (1 - rate)^k.
#pragma once

#include <atomic>
#include <cstdint>

#include "lessons/core/catalog.h"
#include "lessons/core/experiment.h"
#include "tests/fakes/fake_runtime.h"

namespace viva::fakes {

/// A number that the test reads while the run's thread writes it, or the other way round.
template <typename T>
class Shared {
 public:
  Shared(T value = {}) : value_(value) {}
  Shared(const Shared& other) : value_(other.value_.load()) {}
  Shared& operator=(const Shared& other) {
    value_ = other.value_.load();
    return *this;
  }
  operator T() const { return value_; }
  void operator++() { value_ = value_ + T(1); }
  void operator+=(T more) { value_ = value_ + more; }

 private:
  std::atomic<T> value_;
};

/// What a test watches or sets from outside; one object for all experiments of the process, so a
/// test that uses it starts with `probe() = {}`.
struct Probe {
  Shared<std::int64_t> made = 0, applied = 0, snapshots = 0, checks = 0;
  Shared<double> last_applied_rate = 0;
  Shared<bool> throw_in_snapshot = false;
  Shared<bool> snapshot_draws_random_numbers = false;
  /// So long every snapshot takes, and so long all of them took.
  Shared<double> seconds_of_a_snapshot = 0, seconds_of_snapshots = 0;
  /// Of the phased experiment (fake_phase.h).
  Shared<std::int64_t> prepared = 0, stepped = 0, resumed = 0;
};
Probe& probe();

/// Records `a/x` (state), `a/gradient` (belongs to an update: absent in row 0), `noise_drawn`, and
/// with `second` on `b/x`, `b/gradient` for a descent at half the rate. Parameters:
///
/// | name | kind | effect | does |
/// |---|---|---|---|
/// | rate | Real 1e-6..2, log, default 0.1 | live | the step size |
/// | noise | Real 0..10, default 0 | live | standard deviation added to the gradient; uses the seed
/// | | finish_at | Integer 0..1000000 | restart | step() answers false at this step; 0: never | |
/// fail_at | Integer -1..1000000, default -1 | restart | throws at this step; 0: while it is made |
/// | infinite_at | Integer 0..1000000 | restart | a/x is infinity in this row; 0: never |
/// | burden | Integer 0..1000000000 | live | turns of an empty loop in each step |
/// | second | Toggle | restart | the second descent |
/// | shape | Choice bowl, saddle, plateau | live | only shown |
/// | start | Point -10..10, default 4,1 | restart | x is where the descent starts |
/// | weights | Distribution, default 0.2,0.3,0.5 | live | only shown |
/// | title | Text | live | `invalid` is refused by validate |
/// | data_file | File | restart | said to have been read |
/// | drawn | Points -10..10 | live | only shown |
const ExperimentSpec& fakeSpec();

/// The same, except that a record that stops being finite ends the run.
const ExperimentSpec& stoppingSpec();

/// One lesson `fakes` with both.
Catalog fakeCatalog(FakeRuntime& runtime);

/// Defaults with settings written as on the command line: `fakeParameters({{"rate", "0.5"}})`.
Parameters fakeParameters(const std::vector<std::pair<std::string, std::string>>& settings = {});

}  // namespace viva::fakes

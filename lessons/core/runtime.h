// SPDX-License-Identifier: GPL-3.0-or-later
// What a run needs of the tensor library, so that lessons/core does not link it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// The state of the process-wide random generators as one run left it. Opaque.
class GeneratorState {
 public:
  virtual ~GeneratorState() = default;
};

/// Implemented by the lessons' side (lessons/nn/torch_runtime.cpp) and by fakes in tests.
class Runtime {
 public:
  virtual ~Runtime() = default;

  /// `auto`, `cpu`, `cuda`, `cuda:1` to a device that is there. Throws RequestError for another
  /// word, RunError for a device that is not there.
  virtual std::string resolveDevice(const std::string& request) const = 0;
  virtual std::string libraryVersion() const = 0;  ///< `1.13.1`
  virtual std::string blas() const = 0;            ///< `openblas (SkylakeX)`, `reference`, `mkl`
  virtual bool blasIsSlow() const = 0;

  /// Generators as a fresh run with this seed finds them.
  virtual std::unique_ptr<GeneratorState> seeded(std::uint64_t seed) = 0;
  /// Puts a run's generators and thread count in place, and takes them out again, so that several
  /// runs can share a thread without disturbing each other.
  virtual void enter(GeneratorState& state, int threads) = 0;
  virtual void leave(GeneratorState& state) = 0;

  /// A state that is not in place, so that a later run can go on from it; `restored` throws
  /// RunError for bytes that are not of one.
  virtual std::vector<std::byte> bytesOf(const GeneratorState& state) const = 0;
  virtual std::unique_ptr<GeneratorState> restored(std::uint64_t seed,
                                                   std::span<const std::byte> bytes) = 0;

  /// The bytes of weights.pt: a dictionary name -> tensor that torch.load reads in Python.
  virtual std::vector<char> pickle(const std::vector<NamedArray>& arrays) const = 0;
};

}  // namespace viva

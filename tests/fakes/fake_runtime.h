// SPDX-License-Identifier: GPL-3.0-or-later
// A runtime without a tensor library: its process-wide generator is a Mersenne twister.
#pragma once

#include <atomic>
#include <cstring>
#include <locale>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "lessons/core/error.h"
#include "lessons/core/runtime.h"

namespace viva::fakes {

class FakeRuntime : public Runtime {
 public:
  struct State : GeneratorState {
    std::mt19937_64 engine;
  };

  /// The generator that everybody in this thread draws from, as Torch's default one.
  static std::mt19937_64& generator() {
    static thread_local std::mt19937_64 engine(0xdecaf);
    return engine;
  }

  std::string resolveDevice(const std::string& request) const override {
    if (request == "auto" || request == "cpu") return "cpu";
    if (request.starts_with("cuda")) throw RunError({"error.no_such_device", {{"name", request}}});
    throw RequestError({"error.unknown_device", {{"name", request}}});
  }
  std::string libraryVersion() const override { return "fake 1.0"; }
  std::string blas() const override { return "fake"; }
  bool blasIsSlow() const override { return false; }

  std::unique_ptr<GeneratorState> seeded(std::uint64_t seed) override {
    auto state = std::make_unique<State>();
    state->engine.seed(seed);
    return state;
  }
  void enter(GeneratorState& state, int threads) override {
    std::swap(static_cast<State&>(state).engine, generator());
    threads_in_place = threads;
    ++entered;
  }
  void leave(GeneratorState& state) override {
    std::swap(static_cast<State&>(state).engine, generator());
    threads_in_place = 0;
    ++left;
  }

  std::vector<std::byte> bytesOf(const GeneratorState& state) const override {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << static_cast<const State&>(state).engine;
    const std::string written = text.str();
    std::vector<std::byte> bytes(written.size());
    std::memcpy(bytes.data(), written.data(), written.size());
    return bytes;
  }
  std::unique_ptr<GeneratorState> restored(std::uint64_t,
                                           std::span<const std::byte> bytes) override {
    std::istringstream text(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    text.imbue(std::locale::classic());
    auto state = std::make_unique<State>();
    if (!(text >> state->engine)) throw RunError({"error.unknown_exception", {}});
    return state;
  }

  std::vector<char> pickle(const std::vector<NamedArray>& arrays) const override {
    std::vector<char> bytes;
    for (const NamedArray& array : arrays)
      bytes.insert(bytes.end(), array.name.begin(), array.name.end());
    return bytes;
  }

  std::atomic<int> threads_in_place = 0;   ///< 0 outside of every run's slice
  std::atomic<int> entered = 0, left = 0;  ///< equal whenever no run is at work
};

}  // namespace viva::fakes

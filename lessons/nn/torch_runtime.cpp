// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/torch_runtime.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/cuda.h>
#include <torch/utils.h>
#include <torch/version.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>

#include "lessons/core/error.h"
#include "lessons/nn/blas.h"
#include "lessons/nn/python_pickle.h"
#include "lessons/nn/sound_convolutions.h"

namespace viva {
namespace {

/// The default generators as one run left them, and, while it is entered, as it found them.
struct TorchGenerators : GeneratorState {
  explicit TorchGenerators(std::uint64_t run_seed) : seed(run_seed) {}
  std::uint64_t seed;
  at::Tensor cpu, outer_cpu;
  std::map<int, at::Tensor> cuda, outer_cuda;  // by device index
};

at::Generator cudaGenerator(int index) {
  return at::globalContext().defaultGenerator(at::Device(at::kCUDA, index));
}

at::Tensor stateOf(at::Generator generator) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return generator.get_state();
}

void setState(at::Generator generator, const at::Tensor& state) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
}

void seedGenerator(at::Generator generator, std::uint64_t seed) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

at::ScalarType scalarTypeOf(NamedArray::Type type) {
  switch (type) {
    case NamedArray::Type::Float32:
      return at::kFloat;
    case NamedArray::Type::Float64:
      return at::kDouble;
    case NamedArray::Type::Int64:
      return at::kLong;
  }
  return at::kFloat;
}

/// What LibTorch warns of, once each: an operation without a deterministic way would say so at
/// every step.
class WarnOnce : public c10::WarningHandler {
 public:
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning& warning) override {
    if (isNew(warning.msg())) c10::WarningHandler::process(warning);
  }
  /// For what this thread computes from now on.
  void listen() { c10::WarningUtils::set_warning_handler(this); }
#else
  void process(const c10::SourceLocation& place, const std::string& text,
               const bool verbatim) override {
    if (isNew(text)) c10::WarningHandler::process(place, text, verbatim);
  }
  void listen() { c10::Warning::set_warning_handler(this); }
#endif

 private:
  bool isNew(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return said_.insert(text).second;
  }
  std::mutex mutex_;
  std::set<std::string> said_;
};

/// Sums over an index (the gradient of an embedding) are taken in the order of their threads on a
/// graphics card unless the other way is asked for. What LibTorch has no other way for is computed
/// all the same, and it warns.
template <typename Context>
void askForDeterminism(Context& context) {
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  // Since 2.2 this would fill every new tensor besides.
  if constexpr (requires { context.setDeterministicFillUninitializedMemory(false); })
    context.setDeterministicFillUninitializedMemory(false);
}

class TorchRuntime : public Runtime {
 public:
  TorchRuntime() {
    // cuBLAS reads it when it is first used; without, its products may differ from run to run.
    setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
    at::globalContext().setBenchmarkCuDNN(false);
    at::globalContext().setDeterministicCuDNN(true);
  }

  std::string resolveDevice(const std::string& request) const override {
    const int count =
        torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    if (request == "cpu" || (request == "auto" && count == 0)) return "cpu";
    if (request == "cuda" || request == "auto") return useCuda(0, count, request);
    constexpr std::string_view prefix = "cuda:";
    const std::string digits =
        request.compare(0, prefix.size(), prefix) == 0 ? request.substr(prefix.size()) : "";
    const bool is_index =
        !digits.empty() && digits.size() <= 3 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_index) throw RequestError({"error.device.unknown", {{"device", request}}});
    return useCuda(std::stoi(digits), count, request);
  }

  std::string libraryVersion() const override { return TORCH_VERSION; }

  std::string blas() const override {
    static const std::string name = findBlas();
    return name;
  }

  /// 4 against 31 to 61 GFLOP/s; OpenBLAS with threads of its own fights LibTorch's for the cores.
  bool blasIsSlow() const override { return blas() == "reference" || blas() == "openblas-pthread"; }

  std::unique_ptr<GeneratorState> seeded(std::uint64_t seed) override {
    auto state = std::make_unique<TorchGenerators>(seed);
    state->cpu = stateOf(at::detail::createCPUGenerator(seed));
    return state;
  }

  void enter(GeneratorState& generators, int threads) override {
    auto& state = static_cast<TorchGenerators&>(generators);
    state.outer_cpu = stateOf(at::detail::getDefaultCPUGenerator());
    setState(at::detail::getDefaultCPUGenerator(), state.cpu);
    const std::set<int> devices = cudaDevicesInUse();
    if (!devices.empty()) warn_once_.listen();
    for (const int index : devices) {
      at::Generator generator = cudaGenerator(index);
      state.outer_cuda[index] = stateOf(generator);
      if (state.cuda.count(index))
        setState(generator, state.cuda[index]);
      else
        seedGenerator(generator, state.seed);
    }
    // Setting it, even to the same number, costs as much as a small training step.
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
    useSoundConvolutions();
  }

  void leave(GeneratorState& generators) override {
    auto& state = static_cast<TorchGenerators&>(generators);
    state.cpu = stateOf(at::detail::getDefaultCPUGenerator());
    setState(at::detail::getDefaultCPUGenerator(), state.outer_cpu);
    for (const auto& [index, outer] : state.outer_cuda) {
      state.cuda[index] = stateOf(cudaGenerator(index));
      setState(cudaGenerator(index), outer);
    }
    state.outer_cuda.clear();
  }

  /// For each generator its device (-1: the processor), the number of its bytes, and they.
  std::vector<std::byte> bytesOf(const GeneratorState& generators) const override {
    const auto& state = static_cast<const TorchGenerators&>(generators);
    std::vector<std::byte> bytes;
    const auto number = [&](std::int64_t value) {
      const auto* first = reinterpret_cast<const std::byte*>(&value);
      bytes.insert(bytes.end(), first, first + sizeof value);
    };
    const auto add = [&](std::int64_t device, const at::Tensor& tensor) {
      const at::Tensor host = tensor.to(at::kCPU).contiguous();
      number(device);
      number(static_cast<std::int64_t>(host.nbytes()));
      const auto* first = static_cast<const std::byte*>(host.data_ptr());
      bytes.insert(bytes.end(), first, first + host.nbytes());
    };
    add(-1, state.cpu);
    for (const auto& [index, tensor] : state.cuda) add(index, tensor);
    return bytes;
  }

  std::unique_ptr<GeneratorState> restored(std::uint64_t seed,
                                           std::span<const std::byte> bytes) override {
    auto state = std::make_unique<TorchGenerators>(seed);
    const auto take = [&](void* to, std::size_t count) {
      if (bytes.size() < count) throw RunError({"error.generator_state", {}});
      std::copy_n(bytes.begin(), count, static_cast<std::byte*>(to));
      bytes = bytes.subspan(count);
    };
    while (!bytes.empty()) {
      std::int64_t device = 0, size = 0;
      take(&device, sizeof device);
      take(&size, sizeof size);
      if (size < 0 || static_cast<std::uint64_t>(size) > bytes.size())
        throw RunError({"error.generator_state", {}});
      const at::Tensor tensor = at::empty({size}, at::kByte);
      take(tensor.data_ptr(), static_cast<std::size_t>(size));
      (device < 0 ? state->cpu : state->cuda[static_cast<int>(device)]) = tensor;
    }
    // Whether the library takes it is found out here, and not in the midst of the run.
    if (!state->cpu.defined()) throw RunError({"error.generator_state", {}});
    auto trial = at::detail::createCPUGenerator(seed);
    setState(trial, state->cpu);
    return state;
  }

  std::vector<char> pickle(const std::vector<NamedArray>& arrays) const override {
    c10::Dict<std::string, at::Tensor> dictionary;
    for (const NamedArray& array : arrays) {
      at::Tensor tensor = torch::empty(array.shape, scalarTypeOf(array.type));
      TORCH_CHECK(tensor.nbytes() == array.bytes.size(), "bytes and shape of ", array.name);
      if (!array.bytes.empty())
        std::copy(array.bytes.begin(), array.bytes.end(),
                  static_cast<std::byte*>(tensor.data_ptr()));
      dictionary.insert(array.name, tensor);
    }
    return pythonPickle(dictionary);
  }

 private:
  std::string useCuda(int index, int count, const std::string& request) const {
    if (index >= count)
      throw RunError({"error.device.absent",
                      {{"device", request}, {"count", static_cast<std::int64_t>(count)}}});
    const std::lock_guard<std::mutex> lock(mutex_);
    if (cuda_in_use_.empty()) askForDeterminism(at::globalContext());
    cuda_in_use_.insert(index);
    return "cuda:" + std::to_string(index);
  }

  std::set<int> cudaDevicesInUse() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return cuda_in_use_;
  }

  // Only devices that some run asked for: waking a graphics card takes seconds and memory.
  mutable std::mutex mutex_;
  mutable std::set<int> cuda_in_use_;
  WarnOnce warn_once_;
};

}  // namespace

Runtime& torchRuntime() {
  static TorchRuntime runtime;
  return runtime;
}

}  // namespace viva

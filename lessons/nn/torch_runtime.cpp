// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/torch_runtime.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "lessons/core/error.h"
#include "lessons/nn/blas.h"

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

class TorchRuntime : public Runtime {
 public:
  TorchRuntime() {
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
    for (const int index : cudaDevicesInUse()) {
      at::Generator generator = cudaGenerator(index);
      state.outer_cuda[index] = stateOf(generator);
      if (state.cuda.count(index))
        setState(generator, state.cuda[index]);
      else
        seedGenerator(generator, state.seed);
    }
    // Setting it, even to the same number, costs as much as a small training step.
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
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
    return torch::pickle_save(dictionary);
  }

 private:
  std::string useCuda(int index, int count, const std::string& request) const {
    if (index >= count)
      throw RunError({"error.device.absent",
                      {{"device", request}, {"count", static_cast<std::int64_t>(count)}}});
    const std::lock_guard<std::mutex> lock(mutex_);
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
};

}  // namespace

Runtime& torchRuntime() {
  static TorchRuntime runtime;
  return runtime;
}

}  // namespace viva

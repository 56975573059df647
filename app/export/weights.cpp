// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/weights.h"

#include "app/export/safetensors.h"

namespace viva {

WeightFiles weightFiles(const Run& run, const Runtime& runtime) {
  struct Sink : WeightSink {
    std::vector<NamedArray> arrays;
    void add(NamedArray array) override { arrays.push_back(std::move(array)); }
  } sink;
  run.save(sink);
  return {runtime.pickle(sink.arrays), safetensors(sink.arrays)};
}

}  // namespace viva

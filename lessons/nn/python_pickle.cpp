// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/python_pickle.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <string>

namespace viva {

std::vector<char> pythonPickle(const c10::IValue& dictionary) {
  std::vector<char> program;
  torch::jit::Pickler pickler(
      [&](const char* bytes, std::size_t size) {
        program.insert(program.end(), bytes, bytes + size);
      },
      /*tensor_table=*/nullptr, /*type_renamer=*/nullptr, /*memoized_class_types=*/nullptr,
      /*get_tensor_id=*/nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(dictionary);
  pickler.stop();

  std::vector<char> file;
  caffe2::serialize::PyTorchStreamWriter archive([&](const void* bytes, std::size_t size) {
    const char* first = static_cast<const char*>(bytes);
    file.insert(file.end(), first, first + size);
    return size;
  });
  archive.writeRecord("data.pkl", program.data(), program.size());
  // The program calls them by their number.
  std::size_t number = 0;
  for (const at::Tensor& tensor : pickler.tensorData()) {
    const auto data = torch::jit::getWriteableTensorData(tensor);
    archive.writeRecord("data/" + std::to_string(number++), data.data(), data.sizeInBytes());
  }
  archive.writeEndOfFile();
  return file;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Gives a PyTorch program of resources/lessons the weights and batches of a run, and reads what it
// prints.
#pragma once

#include <torch/types.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "lessons/data/sequence_tasks.h"
#include "lessons/nn/python_pickle.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/python_lines.h"

namespace viva::tests {

using Task = c10::impl::GenericDict;

inline Task emptyTask() { return Task(c10::StringType::get(), c10::AnyType::get()); }

/// The weights that a run would write, by name; float32.
inline std::map<std::string, torch::Tensor> weightTensors(const Run& run) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, array] : weightsOf(run)) {
    const auto type = array.type == NamedArray::Type::Float64 ? torch::kDouble
                      : array.type == NamedArray::Type::Int64 ? torch::kLong
                                                              : torch::kFloat;
    auto tensor = torch::empty(array.shape, type);
    std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
    tensors[name] = tensor.to(torch::kFloat);
  }
  return tensors;
}

/// The inputs and targets of the first `steps` batches that a run draws: [steps, time, batch, ...].
inline void addSequences(Task& task, const SequenceSource& source, std::int64_t steps,
                         std::int64_t batch_size, at::Generator generator) {
  std::vector<torch::Tensor> inputs, targets;
  for (std::int64_t i = 0; i < steps; ++i) {
    const auto batch = source.draw(batch_size, generator);
    inputs.push_back(batch.inputs);
    targets.push_back(batch.targets);
  }
  task.insert("inputs", torch::stack(inputs));
  task.insert("targets", torch::stack(targets));
}

/// What a program of resources/lessons prints when it is given a task, after `arguments`.
inline Printed runPython(const char* program, const std::vector<char>& task,
                         const QStringList& arguments = {}) {
  const QTemporaryDir folder;
  QFile file(folder.filePath("task.pt"));
  if (!file.open(QIODevice::WriteOnly) ||
      file.write(task.data(), static_cast<qint64>(task.size())) < 0)
    return {};
  file.close();
  return runPython(QStringList{lessonProgram(program)} + arguments + QStringList{file.fileName()});
}

/// One row of numbers a line; empty when the program failed, and then the test has.
inline std::vector<std::vector<double>> printedBy(const char* program, const Task& task,
                                                  const QStringList& arguments = {}) {
  return numbersIn(runPython(program, pythonPickle(task), arguments).lines);
}

inline bool agree(double ours, double theirs, double tolerance) {
  if (!std::isfinite(ours) || !std::isfinite(theirs)) return !std::isfinite(ours - theirs);
  return std::abs(ours - theirs) <= tolerance * std::abs(theirs);
}

}  // namespace viva::tests

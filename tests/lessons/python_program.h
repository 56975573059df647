// SPDX-License-Identifier: GPL-3.0-or-later
// Gives a PyTorch program of resources/lessons the weights and batches of a run, and reads what it
// prints.
#pragma once

#include <torch/torch.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "lessons/data/sequence_tasks.h"
#include "lessons/nn/python_pickle.h"
#include "tests/lessons/experiment_run.h"

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

/// One row of numbers a line; empty when the program failed, and then the test has.
inline std::vector<std::vector<double>> printedBy(const char* program, const Task& task) {
  QTemporaryDir folder;
  QFile file(folder.filePath("task.pt"));
  std::vector<std::vector<double>> rows;
  if (!file.open(QIODevice::WriteOnly)) return rows;
  const auto bytes = pythonPickle(task);
  file.write(bytes.data(), static_cast<qint64>(bytes.size()));
  file.close();
  QProcess python;
  // The one that Debian's python3-torch belongs to.
  python.start("/usr/bin/python3",
               {QString(VIVA_SOURCE_DIR "/resources/lessons/") + program, file.fileName()});
  if (!python.waitForFinished(240000) || python.exitCode() != 0) {
    qWarning("%s", python.readAllStandardError().constData());
    return rows;
  }
  for (const QByteArray& line : python.readAllStandardOutput().trimmed().split('\n')) {
    rows.emplace_back();
    for (const QByteArray& cell : line.split(',')) rows.back().push_back(cell.toDouble());
  }
  return rows;
}

inline bool agree(double ours, double theirs, double tolerance) {
  if (!std::isfinite(ours) || !std::isfinite(theirs)) return !std::isfinite(ours - theirs);
  return std::abs(ours - theirs) <= tolerance * std::abs(theirs);
}

}  // namespace viva::tests

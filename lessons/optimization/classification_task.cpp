// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/classification_task.h"

#include "lessons/core/error.h"
#include "lessons/data/csv.h"
#include "lessons/data/digits.h"
#include "lessons/data/planar.h"
#include "lessons/data/sparse_words.h"
#include "lessons/optimization/optimizer_training.h"

namespace viva {
namespace {

constexpr std::int64_t kEmbeddingWidth = 16;

Dataset makeData(const Parameters& p, at::Generator generator) {
  const std::int64_t samples = p[kTrainingSamples];
  switch (p[kTrainingData]) {
    case TrainingData::Moons:
      return moons(samples, 0.15, generator);
    case TrainingData::Circles:
      return circles(samples, 0.1, generator);
    case TrainingData::Spirals:
      return spirals(samples, 1.5, 0.02, generator);
    case TrainingData::Digits:
      return digits(samples, generator);
    case TrainingData::SparseWords: {
      Dataset documents = sparseWords(samples, generator);
      if (p[kTrainingModel] != TrainingModel::Embedding) {
        documents.inputs = wordCounts(documents);
        documents.vocabulary = 0;
      }
      return documents;
    }
    case TrainingData::File:
      return readCsv(p[kTrainingFile].path);
  }
  return {};
}

Architecture makeNet(const Parameters& p, const Dataset& data) {
  switch (p[kTrainingModel]) {
    case TrainingModel::Mlp:
      return mlp(data.inputs.size(1), p[kTrainingHidden], data.classes);
    case TrainingModel::Convnet:
      return convnet(kDigitSize, data.classes);
    case TrainingModel::Embedding:
      return embeddingBag(data.vocabulary, kEmbeddingWidth, data.classes);
  }
  return {};
}

void requireBatch(const Parameters& p, const TrainingTask& task) {
  if (p[kTrainingBatch] > task.data.training.samples())
    throw RequestError(
        {"error.training.batch_too_large",
         {{"batch_size", p[kTrainingBatch]}, {"training", task.data.training.samples()}}});
}

TrainingTask fileTask(const Parameters& p, const Dataset& table, const at::Generator& generator) {
  TrainingTask task{stratifiedSplit(table, kValidationShare, generator), makeNet(p, table), {}};
  requireBatch(p, task);
  task.reading = readingOf(task.data);
  p[kTrainingStandardize] ? standardize(task.data) : toFloats(task.data);
  return task;
}

}  // namespace

TrainingTask makeTask(const Parameters& p, std::uint64_t seed) {
  const auto generator = generatorFor(seed, kDataStream);
  Dataset data = makeData(p, generator);
  if (p[kTrainingModel] == TrainingModel::Mlp) data.inputs = data.inputs.flatten(1);
  if (p[kTrainingData] == TrainingData::File) return fileTask(p, data, generator);
  TrainingTask task{split(data, kValidationShare, generator), makeNet(p, data), {}};
  requireBatch(p, task);
  return task;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/training_task.h"

#include "lessons/core/error.h"
#include "lessons/data/csv.h"
#include "lessons/data/digits.h"
#include "lessons/data/planar.h"
#include "lessons/data/sparse_words.h"
#include "lessons/optimization/training_parameters.h"
#include "lessons/optimization/training_streams.h"

namespace viva {
namespace {

constexpr std::int64_t kEmbeddingWidth = 16;

Dataset makeData(const Parameters& p, at::Generator generator) {
  const std::int64_t samples = p[kSamples];
  switch (p[kDataset]) {
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
      if (p[kModel] != TrainingModel::Embedding) {
        documents.inputs = wordCounts(documents);
        documents.vocabulary = 0;
      }
      return documents;
    }
    case TrainingData::File:
      return readCsv(p[kDataFile].path);
  }
  return {};
}

Architecture makeNet(const Parameters& p, const Dataset& data) {
  switch (p[kModel]) {
    case TrainingModel::Mlp:
      return mlp(data.inputs.size(1), p[kHidden], data.classes);
    case TrainingModel::Convnet:
      return convnet(kDigitSize, data.classes);
    case TrainingModel::Embedding:
      return embeddingBag(data.vocabulary, kEmbeddingWidth, data.classes);
  }
  return {};
}

}  // namespace

TrainingTask makeTask(const Parameters& p, std::uint64_t seed) {
  const auto generator = generatorFor(seed, kDataStream);
  Dataset data = makeData(p, generator);
  if (p[kModel] == TrainingModel::Mlp) data.inputs = data.inputs.flatten(1);
  TrainingTask task{split(data, kValidationShare, generator), makeNet(p, data)};
  if (p[kDataset] == TrainingData::File && p[kStandardize]) standardize(task.data);
  if (p[kBatchSize] > task.data.training.samples())
    throw RequestError(
        {"error.training.batch_too_large",
         {{"batch_size", p[kBatchSize]}, {"training", task.data.training.samples()}}});
  return task;
}

}  // namespace viva

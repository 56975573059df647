// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/sparse_words.h"

namespace viva {

Dataset sparseWords(std::int64_t samples, at::Generator generator) {
  Dataset dataset;
  dataset.vocabulary = kFrequentWords + kRareWords;
  dataset.labels = torch::arange(samples, torch::kLong).remainder(2);

  const auto zipf = torch::arange(1, kFrequentWords + 1, torch::kFloat).reciprocal();
  const auto frequent = torch::multinomial(zipf, samples * (kDocumentLength - kTellingWords),
                                           /*replacement=*/true, generator)
                            .view({samples, -1});
  const std::int64_t per_class = kRareWords / 2;
  const auto of_class =
      torch::randint(per_class, {samples, kTellingWords}, generator, torch::kLong);
  const auto rare = kFrequentWords + per_class * dataset.labels.unsqueeze(1) + of_class;
  dataset.inputs = torch::cat({frequent, rare}, 1);
  return dataset;
}

torch::Tensor wordCounts(const Dataset& documents) {
  const auto& words = documents.inputs;
  auto counts = torch::zeros({words.size(0), documents.vocabulary});
  return counts.scatter_add_(1, words, torch::ones(words.sizes()));
}

}  // namespace viva

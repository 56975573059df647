// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/served_gpt.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/data/dataset.h"
#include "lessons/data/grammar_text.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr std::int64_t kUpdatesAtOnce = 5, kServedWarmUp = 30;
constexpr double kServedRate = 0.004, kServedDecay = 0.05;

TransformerShape servedShape(const ServedText& text, const ServedRecipe& recipe) {
  TransformerShape shape;
  shape.vocabulary = text.characters.vocabulary();
  shape.context = kServedContext;
  shape.width = recipe.width;
  shape.heads = recipe.heads;
  shape.layers = recipe.layers;
  return shape;
}

}  // namespace

ServedText::ServedText() : characters(numbered(grammarText(GrammarLanguage::English))) {
  const auto from = heldOutFrom(characters.size(), kServedContext + 1);
  learned.assign(characters.numbers.begin(), characters.numbers.begin() + from);
  held_out.assign(characters.numbers.begin() + from, characters.numbers.end());
}

ServedGpt::ServedGpt(const ServedText& text, const ServedRecipe& recipe, std::uint64_t seed,
                     const std::string& device)
    : recipe_(recipe),
      batches_(generatorFor(seed, recipe.batch_stream)),
      training_(torch::tensor(text.learned, torch::kLong).to(device)),
      net_(servedShape(text, recipe), {Manner{.is_causal = true}},
           generatorFor(seed, recipe.weight_stream), device) {}

bool ServedGpt::learn() {
  for (std::int64_t i = 0; i < kUpdatesAtOnce && done_ < recipe_.updates; ++i) {
    const auto first = torch::randint(0, training_.size(0) - kServedContext, {recipe_.windows, 1},
                                      batches_, torch::kLong);
    const auto windows =
        training_.index({(first + torch::arange(kServedContext + 1)).to(training_.device())});
    const auto logits = net_.forward(windows.narrow(1, 0, kServedContext));
    net_.weights().differentiate(tokenLoss(logits, windows.narrow(1, 1, kServedContext)));
    const double part = static_cast<double>(done_) / static_cast<double>(recipe_.updates);
    const double down = 0.1 + 0.9 * (1 + std::cos(std::numbers::pi * part)) / 2;
    done_ += 1;
    net_.weights().update(
        AdamW{kServedRate * warmUpShare(done_, kServedWarmUp) * down, 0.9, 0.95, kServedDecay});
  }
  return done_ < recipe_.updates;
}

void ServedGpt::keep(WeightSink& sink, const std::string& name) const {
  sink.add(namedArray(name, net_.weights().flat()));
}

void ServedGpt::resume(const std::vector<NamedArray>& kept, const std::string& name) {
  const torch::NoGradGuard no_grad;
  auto weights = torch::empty_like(net_.weights().flat(), torch::kCPU);
  copyInto(weights, kept, name);
  auto flat = net_.weights().flat();
  flat.copy_(weights);
  done_ = recipe_.updates;
}

torch::Tensor windowsOf(const std::vector<std::int64_t>& text, const torch::Device& device) {
  const auto tokens = torch::tensor(text, torch::kLong);
  return tokens.unfold(0, kServedContext + 1, kServedContext).contiguous().to(device);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_memory.h"

#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr double kMemoryScale = 10;

std::vector<WeightShape> memoryShapes() {
  return {{"memory.weight", {agentVocabulary(), kMemoryWidth}, 0}};
}

AgentText textOfQuery(const std::string& query) {
  const auto read = readAgentText(query, "query");
  return std::holds_alternative<AgentText>(read) ? std::get<AgentText>(read) : AgentText{};
}

std::vector<AgentText> textsOf(const std::vector<AgentNote>& notes) {
  std::vector<AgentText> texts;
  for (const AgentNote& note : notes) texts.push_back(note.text);
  return texts;
}

/// The cosine of two bags of words.
double overlap(const AgentText& a, const AgentText& b) {
  double both = 0;
  for (const AgentToken& word : a)
    both += static_cast<double>(
        std::ranges::count_if(b, [&](const AgentToken& other) { return other.word == word.word; }));
  const double sizes = static_cast<double>(a.size() * b.size());
  return sizes > 0 ? both / std::sqrt(sizes) : 0;
}

}  // namespace

AgentMemory::AgentMemory(at::Generator generator, const std::string& device)
    : weights_(memoryShapes(),
               initialWeights(memoryShapes(), std::move(generator)).unsqueeze(0).to(device)) {}

torch::Tensor AgentMemory::embedded(const std::vector<AgentText>& texts) const {
  const auto& table = weights_.leaves().front();  // [1, V, width]
  std::vector<torch::Tensor> means;
  for (const AgentText& text : texts) {
    std::vector<std::int64_t> words;
    for (const AgentToken& token : text) words.push_back(token.word);
    if (words.empty()) words.push_back(agentWord("."));
    means.push_back(
        table[0].index_select(0, torch::tensor(words, torch::kLong).to(table.device())).mean(0));
  }
  const auto all = torch::stack(means);
  return all / all.norm(2, 1, true).clamp_min(1e-6);
}

double AgentMemory::learn(const std::vector<AgentNote>& notes, AgentDice& dice, double rate) {
  std::vector<AgentText> queries;
  for (const AgentNote& note : notes)
    queries.push_back(textOfQuery(queryFor(note, dice.chance(0.5))));
  const auto logits = kMemoryScale * embedded(queries).matmul(embedded(textsOf(notes)).t());
  const auto loss = torch::nn::functional::cross_entropy(
      logits, torch::arange(logits.size(0), torch::kLong).to(logits.device()));
  weights_.differentiate(loss.unsqueeze(0));
  weights_.update(Adam{rate});
  return loss.item<double>();
}

torch::Tensor AgentMemory::vectors(const std::vector<AgentText>& texts) const {
  const torch::NoGradGuard no_grad;
  return embedded(texts).cpu();
}

std::vector<double> AgentMemory::cosines(const std::string& query,
                                         const std::vector<AgentNote>& notes,
                                         bool are_learned) const {
  const AgentText text = textOfQuery(query);
  if (are_learned)
    return numbersOf(vectors(textsOf(notes)).matmul(vectors({text})[0]).to(torch::kDouble));
  std::vector<double> found;
  for (const AgentNote& note : notes) found.push_back(overlap(text, note.text));
  return found;
}

std::int64_t AgentMemory::find(const std::string& query, const std::vector<AgentNote>& notes,
                               AgentMemoryKind kind) const {
  if (kind == AgentMemoryKind::None || query.empty()) return -1;
  const auto cosines_of = cosines(query, notes, kind != AgentMemoryKind::Words);
  // Notes are in the order in which they were heard; a window has the last few.
  const auto first =
      kind == AgentMemoryKind::Window
          ? cosines_of.end() -
                std::min<std::ptrdiff_t>(kWindowNotes, cosines_of.end() - cosines_of.begin())
          : cosines_of.begin();
  return std::max_element(first, cosines_of.end()) - cosines_of.begin();
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/bert/masked_text.h"

#include <torch/types.h>

#include <algorithm>
#include <sstream>

#include "lessons/core/error.h"
#include "lessons/data/agreement_grammar.h"
#include "lessons/data/characters.h"
#include "lessons/data/grammar_text.h"
#include "lessons/nn/transformer.h"

namespace viva {
namespace {

constexpr std::int64_t kPiece = 32;  ///< characters that are read together
const char* const kMask = "[MASK]";
const char* const kBlank = "_";

/// One of each kind of word, an opening bracket that only the other end gives away.
const char* const kExample = "( often now dogs here slowly soon sing still gladly often )";

std::vector<std::string> wordsIn(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string textOf(const Parameters& parameters) {
  switch (parameters[kText]) {
    case MaskedTextKind::English:
      return grammarText(GrammarLanguage::English);
    case MaskedTextKind::Chinese:
      return grammarText(GrammarLanguage::Chinese);
    case MaskedTextKind::File:
      return readTextFile(parameters[kDataFile].path);
    case MaskedTextKind::Grammar:
      break;
  }
  return {};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace

MaskedText::MaskedText(const Parameters& parameters)
    : is_grammar_(parameters[kText] == MaskedTextKind::Grammar) {
  if (is_grammar_) {
    length_ = agreement::kLength;
    names_ = agreement::words();
  } else {
    CharacterText read = numbered(textOf(parameters));
    if (read.size() < 4 * kPiece)
      throw FileError(
          {"error.masked.short_text",
           {{"file", parameters[kDataFile].path}, {"found", read.size()}, {"least", 4 * kPiece}}});
    if (read.vocabulary() > kMostCharacters)
      throw FileError({"error.masked.many_characters",
                       {{"file", parameters[kDataFile].path},
                        {"found", read.vocabulary()},
                        {"limit", kMostCharacters}}});
    length_ = kPiece;
    names_ = std::move(read.alphabet);
    text_ = torch::tensor(read.numbers, torch::kLong);
    held_out_from_ = heldOutFrom(text_.size(0), 2 * kPiece);
  }
  names_.push_back(kMask);
}

torch::Tensor MaskedText::pieces(std::int64_t first, std::int64_t end, std::int64_t count,
                                 at::Generator generator) const {
  const auto starts = torch::randint(first, end - length_ + 1, {count, 1}, generator, torch::kLong);
  return text_.index({starts + torch::arange(length_)});
}

torch::Tensor MaskedText::draw(std::int64_t count, at::Generator generator) const {
  if (is_grammar_) return agreement::draw(count, std::move(generator)).words;
  return pieces(0, held_out_from_, count, std::move(generator));
}

torch::Tensor MaskedText::drawHeldOut(std::int64_t count, at::Generator generator) const {
  if (is_grammar_) return draw(count, std::move(generator));
  return pieces(held_out_from_, text_.size(0), count, std::move(generator));
}

std::vector<std::int64_t> MaskedText::example() const {
  if (is_grammar_) return std::get<0>(read(kExample));
  const auto beginning = text_.narrow(0, held_out_from_, length_).contiguous();
  const auto* first = beginning.data_ptr<std::int64_t>();
  return {first, first + length_};
}

std::variant<std::vector<std::int64_t>, Message> MaskedText::read(const std::string& typed) const {
  if (typed.empty()) return example();
  std::vector<std::int64_t> tokens;
  std::vector<std::string> unknown;
  for (const std::string& name : is_grammar_ ? wordsIn(typed) : charactersOf(typed)) {
    const auto known = std::find(names_.begin(), names_.end(), name == kBlank ? kMask : name);
    if (known == names_.end() && std::find(unknown.begin(), unknown.end(), name) == unknown.end())
      unknown.push_back(name);
    tokens.push_back(known - names_.begin());
  }
  if (!unknown.empty()) {
    if (is_grammar_)
      return Message{"error.masked.unknown_words",
                     {{"unknown", joined(unknown)}, {"known", joined(agreement::words())}}};
    return Message{"error.masked.unknown_characters", {{"unknown", joined(unknown)}}};
  }
  if (tokens.empty()) return Message{"error.masked.empty_probe", {}};
  if (std::ssize(tokens) > length_)
    return Message{"error.masked.long_probe",
                   {{"found", static_cast<std::int64_t>(tokens.size())}, {"limit", length_}}};
  return tokens;
}

Blanks hide(const MaskedText& text, const torch::Tensor& tokens, const std::vector<Hiding>& of_nets,
            at::Generator generator) {
  const auto chance = torch::rand(tokens.sizes(), generator);
  const auto fate = torch::rand(tokens.sizes(), generator);
  const auto other = torch::randint(text.mask(), tokens.sizes(), generator, torch::kLong);
  const auto least = chance.min();
  const auto hiddenFor = [&](const Hiding& hiding) {
    const auto chosen = chance.lt(hiding.rate).logical_or_(chance.eq(least));
    auto by = torch::full_like(tokens, text.mask());
    if (hiding.replacement == Replacement::EightyTenTen)
      by = torch::where(fate < 0.8, by, torch::where(fate < 0.9, other, tokens));
    return Blanks{torch::where(chosen, by, tokens),
                  torch::where(chosen, tokens, torch::full_like(tokens, kIgnored))};
  };
  const bool all_alike = std::all_of(of_nets.begin(), of_nets.end(),
                                     [&](const Hiding& some) { return some == of_nets[0]; });
  if (all_alike) return hiddenFor(of_nets[0]);
  std::vector<torch::Tensor> inputs, targets;
  for (const Hiding& hiding : of_nets) {
    const Blanks blanks = hiddenFor(hiding);
    inputs.push_back(blanks.inputs);
    targets.push_back(blanks.targets);
  }
  return {torch::stack(inputs), torch::stack(targets)};
}

}  // namespace viva

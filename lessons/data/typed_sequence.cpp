// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/typed_sequence.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Result = std::variant<NamedSequence, Message>;

const char* const kSpike = "|";
const char* const kNoSpike = ".";

/// `0.34`, with a star behind a marked one.
std::string nameOfNumber(double number, bool marked) {
  return withDecimals(number, 2) + (marked ? "*" : "");
}

std::string joined(const std::vector<std::string>& characters) {
  std::string text;
  for (const std::string& character : characters) {
    if (!text.empty()) text += ' ';
    text += character == " " ? "␣" : character;
  }
  return text;
}

Message tooLong(std::size_t steps) {
  return {"error.probe.too_long",
          {{"steps", static_cast<std::int64_t>(steps)}, {"limit", kLongestTyped}}};
}

Result readNumbers(const SequenceSource& source, const std::string& typed) {
  std::vector<double> numbers;
  std::vector<bool> marked;
  NamedSequence sequence;
  std::istringstream words(typed);
  for (std::string word; words >> word;) {
    const bool is_marked = word.back() == '*';
    const std::string digits = is_marked ? word.substr(0, word.size() - 1) : word;
    const std::optional<double> number = numberFrom(digits);
    if (!number || !(*number >= 0 && *number <= 1))
      return Message{"error.probe.number", {{"text", word}}};
    numbers.push_back(*number);
    marked.push_back(is_marked);
    sequence.symbols.push_back(nameOfNumber(*number, is_marked));
  }
  if (numbers.empty()) return Message{"error.probe.number", {{"text", typed}}};
  if (numbers.size() > kLongestTyped) return tooLong(numbers.size());
  sequence.batch = source.ofNumbers(numbers, marked);
  return sequence;
}

Result readSpikes(const SequenceSource& source, const std::string& typed) {
  std::vector<bool> spikes;
  char* end = nullptr;
  const long apart = std::strtol(typed.c_str(), &end, 10);
  if (*end == '\0') {
    if (apart < 1 || apart > kLongestTyped - kTimingSlack)
      return Message{"error.probe.distance",
                     {{"text", typed}, {"limit", kLongestTyped - kTimingSlack}}};
    const auto second = static_cast<std::size_t>(apart);
    spikes.resize(second + kTimingSlack);
    spikes[0] = spikes[second] = true;
  } else {
    for (const std::string& character : charactersOf(typed)) {
      if (character != kSpike && character != kNoSpike)
        return Message{"error.probe.spikes", {{"text", character}}};
      spikes.push_back(character == kSpike);
    }
  }
  if (spikes.size() > kLongestTyped) return tooLong(spikes.size());
  NamedSequence sequence;
  for (const bool spike : spikes) sequence.symbols.emplace_back(spike ? kSpike : kNoSpike);
  sequence.batch = source.ofSpikes(spikes);
  return sequence;
}

Result readSymbols(const SequenceSource& source, const std::string& typed) {
  const auto& known = source.symbols();
  std::vector<std::int64_t> symbols;
  std::vector<std::string> unknown;
  for (const std::string& character : charactersOf(typed)) {
    const auto place = std::find(known.begin(), known.end(), character);
    if (place != known.end())
      symbols.push_back(place - known.begin());
    else if (std::find(unknown.begin(), unknown.end(), character) == unknown.end())
      unknown.push_back(character);
  }
  if (!unknown.empty())
    return Message{"error.probe.unknown",
                   {{"characters", joined(unknown)}, {"known", joined(known)}}};
  if (source.task() == SequenceTask::Copy) {
    const std::int64_t delimiter = static_cast<std::int64_t>(known.size()) - 1;
    const std::int64_t blank = delimiter - 1;
    if (std::find(symbols.begin(), symbols.end(), delimiter) == symbols.end()) {
      const std::size_t copied = symbols.size();
      symbols.insert(symbols.end(), static_cast<std::size_t>(source.length() - 1), blank);
      symbols.push_back(delimiter);
      symbols.insert(symbols.end(), copied, blank);
    }
  }
  if (symbols.size() > kLongestTyped) return tooLong(symbols.size());
  NamedSequence sequence;
  for (const std::int64_t symbol : symbols)
    sequence.symbols.push_back(known[static_cast<std::size_t>(symbol)]);
  sequence.batch = source.ofSymbols(symbols);
  return sequence;
}

}  // namespace

Result readTyped(const SequenceSource& source, const std::string& typed) {
  if (source.task() == SequenceTask::Adding) return readNumbers(source, typed);
  if (source.task() == SequenceTask::Timing) return readSpikes(source, typed);
  return readSymbols(source, typed);
}

NamedSequence drawNamed(const SequenceSource& source, at::Generator generator) {
  NamedSequence sequence{source.draw(1, std::move(generator)), {}};
  const auto inputs = sequence.batch.inputs.select(1, 0);  // [time, features]
  for (std::int64_t t = 0; t < inputs.size(0); ++t) {
    const auto input = inputs[t];
    if (source.task() == SequenceTask::Adding)
      sequence.symbols.push_back(
          nameOfNumber(input[0].item<double>(), input[1].item<double>() > 0));
    else if (source.task() == SequenceTask::Timing)
      sequence.symbols.emplace_back(input[0].item<double>() > 0 ? kSpike : kNoSpike);
    else
      sequence.symbols.push_back(
          source.symbols()[static_cast<std::size_t>(input.argmax().item<std::int64_t>())]);
  }
  return sequence;
}

}  // namespace viva

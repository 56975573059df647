// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/agreement_grammar.h"

#include <torch/types.h>

#include <algorithm>

namespace viva::agreement {
namespace {

constexpr std::int64_t kClosing = 3, kNouns = 6, kVerbs = 14, kAdverbs = 20;
constexpr std::int64_t kNounsOfANumber = 4, kVerbsOfANumber = 3, kNumbers = 2;
constexpr std::int64_t kLast = kLength - 1, kPlaces = kLength - 2;

bool isIn(std::int64_t word, std::int64_t first, std::int64_t end) {
  return word >= first && word < end;
}
bool isNoun(std::int64_t word) { return isIn(word, kNouns, kVerbs); }
bool isVerb(std::int64_t word) { return isIn(word, kVerbs, kAdverbs); }
std::int64_t numberOfNoun(std::int64_t word) { return (word - kNouns) / kNounsOfANumber; }
std::int64_t numberOfVerb(std::int64_t word) { return (word - kVerbs) / kVerbsOfANumber; }

/// What there is to choose in a sentence besides the words themselves.
struct Plan {
  std::int64_t bracket, noun, verb, number;
};

/// The words that may stand at `place`, each as probable as the others: first and end.
std::array<std::int64_t, 2> allowed(const Plan& plan, std::int64_t place) {
  if (place == 0) return wordsOf(Decided::Opening, plan.bracket);
  if (place == kLast) return wordsOf(Decided::Closing, plan.bracket);
  if (place == plan.noun) return wordsOf(Decided::Noun, plan.number);
  if (place == plan.verb) return wordsOf(Decided::Verb, plan.number);
  return {kAdverbs, kWords};
}

double likelihood(const Plan& plan, const std::vector<std::int64_t>& seen, std::int64_t blank) {
  double product = 1;
  for (std::int64_t place = 0; place < std::ssize(seen) && product > 0; ++place) {
    if (place == blank || seen[place] < 0) continue;
    const auto [first, end] = allowed(plan, place);
    product *= isIn(seen[place], first, end) ? 1 / static_cast<double>(end - first) : 0;
  }
  return product;
}

}  // namespace

const std::vector<std::string>& words() {
  static const std::vector<std::string> all{
      "(",     "[",    "{",     ")",        "]",      "}",      "dog",   "cat",    "bird",  "child",
      "dogs",  "cats", "birds", "children", "sings",  "sleeps", "waits", "sing",   "sleep", "wait",
      "often", "now",  "here",  "soon",     "slowly", "gladly", "still", "quietly"};
  return all;
}

std::int64_t formsOf(Decided kind) {
  return kind == Decided::Opening || kind == Decided::Closing ? kBrackets : kNumbers;
}

bool isOnTheRight(Decided kind) { return kind == Decided::Opening || kind == Decided::Noun; }

std::array<std::int64_t, 2> wordsOf(Decided kind, std::int64_t form) {
  switch (kind) {
    case Decided::Opening:
      return {form, form + 1};
    case Decided::Closing:
      return {kClosing + form, kClosing + form + 1};
    case Decided::Noun:
      return {kNouns + kNounsOfANumber * form, kNouns + kNounsOfANumber * (form + 1)};
    case Decided::Verb:
      break;
  }
  return {kVerbs + kVerbsOfANumber * form, kVerbs + kVerbsOfANumber * (form + 1)};
}

torch::Tensor Sentences::placeOf(Decided kind) const {
  if (kind == Decided::Noun) return noun;
  if (kind == Decided::Verb) return verb;
  return torch::full_like(noun, kind == Decided::Opening ? 0 : kLast);
}

torch::Tensor Sentences::formOf(Decided kind) const {
  return kind == Decided::Noun || kind == Decided::Verb ? number : bracket;
}

Sentences draw(std::int64_t sentences, at::Generator generator) {
  const auto whole = torch::TensorOptions().dtype(torch::kLong);
  Sentences drawn;
  drawn.words = torch::randint(kAdverbs, kWords, {sentences, kLength}, generator, whole);
  drawn.bracket = torch::randint(kBrackets, {sentences}, generator, whole);
  drawn.number = torch::randint(kNumbers, {sentences}, generator, whole);
  // Two different places of ten: the second of nine is counted past the first.
  const auto one = torch::randint(kPlaces, {sentences}, generator, whole);
  auto other = torch::randint(kPlaces - 1, {sentences}, generator, whole);
  other += other.ge(one).to(torch::kLong);
  drawn.noun = torch::minimum(one, other) + 1;
  drawn.verb = torch::maximum(one, other) + 1;
  const auto nouns = torch::randint(kNounsOfANumber, {sentences}, generator, whole);
  const auto verbs = torch::randint(kVerbsOfANumber, {sentences}, generator, whole);
  const auto put = [&](const torch::Tensor& places, const torch::Tensor& chosen) {
    drawn.words.scatter_(1, places.unsqueeze(1), chosen.unsqueeze(1));
  };
  put(torch::zeros_like(one), drawn.bracket);
  put(torch::full_like(one, kLast), drawn.bracket + kClosing);
  put(drawn.noun, nouns + kNouns + kNounsOfANumber * drawn.number);
  put(drawn.verb, verbs + kVerbs + kVerbsOfANumber * drawn.number);
  return drawn;
}

std::vector<double> answer(const std::vector<std::int64_t>& seen, std::int64_t blank) {
  std::vector<double> sums(kWords, 0);
  double total = 0;
  for (std::int64_t bracket = 0; bracket < kBrackets; ++bracket)
    for (std::int64_t number = 0; number < kNumbers; ++number)
      for (std::int64_t noun = 1; noun < kPlaces; ++noun)
        for (std::int64_t verb = noun + 1; verb <= kPlaces; ++verb) {
          const Plan plan{bracket, noun, verb, number};
          const double weight = likelihood(plan, seen, blank);
          if (weight == 0) continue;
          total += weight;
          const auto [first, end] = allowed(plan, blank);
          for (std::int64_t word = first; word < end; ++word)
            sums[word] += weight / static_cast<double>(end - first);
        }
  if (total == 0) return {};
  for (double& sum : sums) sum /= total;
  return sums;
}

std::vector<bool> faults(const std::vector<std::int64_t>& sentence) {
  std::vector<bool> found(sentence.size(), false);
  const auto last = std::ssize(sentence) - 1;
  std::int64_t noun = -1, verb = -1;
  for (std::int64_t place = 0; place <= last; ++place) {
    const std::int64_t word = sentence[place];
    if (place == 0) {
      found[0] = !isIn(word, 0, kClosing);
    } else if (place == last) {
      found[place] = !isIn(word, kClosing, kNouns) || word - kClosing != sentence[0];
    } else if (isNoun(word)) {
      if (noun >= 0) found[place] = true;
      if (noun < 0) noun = place;
    } else if (isVerb(word)) {
      // One that comes before the noun, or has company, or does not agree.
      found[place] = verb >= 0 || noun < 0 || numberOfNoun(sentence[noun]) != numberOfVerb(word);
      if (verb < 0) verb = place;
    } else if (!isIn(word, kAdverbs, kWords)) {
      found[place] = true;
    }
  }
  if (last >= 0 && (noun < 0 || verb < 0 || last + 1 != kLength)) found[last] = true;
  return found;
}

std::int64_t counterpart(std::int64_t word) {
  if (word < kClosing) return (word + 1) % kBrackets;
  if (word < kNouns) return kClosing + (word - kClosing + 1) % kBrackets;
  if (isNoun(word))
    return numberOfNoun(word) == 0 ? word + kNounsOfANumber : word - kNounsOfANumber;
  if (isVerb(word))
    return numberOfVerb(word) == 0 ? word + kVerbsOfANumber : word - kVerbsOfANumber;
  return kAdverbs + (word - kAdverbs + 1) % (kWords - kAdverbs);
}

}  // namespace viva::agreement

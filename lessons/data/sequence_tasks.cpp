// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/sequence_tasks.h"

#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "lessons/data/dataset.h"

namespace viva {
namespace {

constexpr std::int64_t kCopySymbols = 8;
constexpr std::int64_t kBlank = 8, kDelimiter = 9;

// Brackets: the numbers of the symbols.
enum : std::int64_t { kOpenRound, kCloseRound, kOpenSquare, kCloseSquare, kLetter };

/// Symbols one after the other, given uniform numbers: half letters, half brackets.
std::vector<std::int64_t> nested(const float* uniform, std::int64_t stride, std::int64_t time) {
  std::vector<std::int64_t> symbols, open;
  for (std::int64_t t = 0; t < time; ++t) {
    const float u = uniform[t * stride];
    const auto depth = static_cast<std::int64_t>(open.size());
    if (u < 0.4f) {
      symbols.push_back(kLetter);
    } else if (depth == 0 || (depth < kDeepest && u < 0.7f)) {
      const float middle = depth == 0 ? 0.7f : 0.55f;
      symbols.push_back(u < middle ? kOpenRound : kOpenSquare);
      open.push_back(symbols.back());
    } else {
      symbols.push_back(open.back() + 1);
      open.pop_back();
    }
  }
  return symbols;
}

/// After each symbol: 0 nothing is open, 1 a round bracket must close next, 2 a square one. A
/// closing bracket that closes nothing is passed over.
std::vector<std::int64_t> innermost(const std::vector<std::int64_t>& symbols) {
  std::vector<std::int64_t> labels, open;
  for (const std::int64_t symbol : symbols) {
    if (symbol == kOpenRound || symbol == kOpenSquare)
      open.push_back(symbol);
    else if (symbol != kLetter && !open.empty() && open.back() + 1 == symbol)
      open.pop_back();
    labels.push_back(open.empty() ? 0 : open.back() == kOpenRound ? 1 : 2);
  }
  return labels;
}

/// The entropy of the second of each pair given the first, in nats.
double conditionalEntropy(const std::map<std::pair<std::int64_t, std::int64_t>, double>& pairs) {
  std::map<std::int64_t, double> firsts;
  double total = 0, entropy = 0;
  for (const auto& [pair, count] : pairs) {
    firsts[pair.first] += count;
    total += count;
  }
  for (const auto& [pair, count] : pairs)
    entropy -= count / total * std::log(count / firsts[pair.first]);
  return entropy;
}

torch::Tensor oneHot(const torch::Tensor& symbols, std::int64_t count) {
  return torch::one_hot(symbols, count).to(torch::kFloat);
}

SequenceBatch drawAdding(std::int64_t time, std::int64_t batch, at::Generator generator) {
  const auto numbers = torch::rand({time, batch}, generator);
  const std::int64_t half = time / 2;
  auto marks = torch::zeros({time, batch});
  marks.scatter_(0, torch::randint(0, half, {1, batch}, generator, torch::kLong), 1);
  marks.scatter_(0, torch::randint(half, time, {1, batch}, generator, torch::kLong), 1);
  return {torch::stack({numbers, marks}, 2), (numbers * marks).sum(0)};
}

SequenceBatch drawTiming(std::int64_t time, std::int64_t length, std::int64_t batch,
                         at::Generator generator) {
  const auto longer = torch::randint(0, 2, {1, batch}, generator, torch::kLong);
  const auto second = longer + (length - 1);
  auto spikes = torch::zeros({time, batch});
  spikes[0].fill_(1);
  spikes.scatter_(0, second, 1);
  const auto asked = torch::arange(time).unsqueeze(1) >= second;
  return {spikes.unsqueeze(2), torch::where(asked, longer, torch::full_like(longer, kNotAsked))};
}

}  // namespace

SequenceSource::SequenceSource(SequenceTask task, std::int64_t length, const std::string& text)
    : task_(task), length_(length) {
  switch (task) {
    case SequenceTask::Adding:
      answers_ = {"sum"};
      break;
    case SequenceTask::Copy:
      symbols_ = {"a", "b", "c", "d", "e", "f", "g", "h", "_", ">"};
      answers_.assign(symbols_.begin(), symbols_.end() - 1);
      break;
    case SequenceTask::Brackets:
      symbols_ = {"(", ")", "[", "]", "a"};
      answers_ = {"–", ")", "]"};
      break;
    case SequenceTask::Text: {
      const auto characters = charactersOf(text);
      const std::set<std::string> distinct(characters.begin(), characters.end());
      symbols_.assign(distinct.begin(), distinct.end());
      answers_ = symbols_;
      for (const std::string& character : characters)
        text_.push_back(std::lower_bound(symbols_.begin(), symbols_.end(), character) -
                        symbols_.begin());
      break;
    }
    case SequenceTask::Timing:
      answers_ = {std::to_string(length - 1), std::to_string(length)};
      break;
  }
  baseline_ = measuredBaseline();
}

std::int64_t SequenceSource::time() const {
  if (task_ == SequenceTask::Copy) return length_ + 2 * kCopied;
  if (task_ == SequenceTask::Timing) return length_ + kTimingSlack;
  return length_;
}

std::int64_t SequenceSource::features() const {
  if (task_ == SequenceTask::Adding) return 2;
  if (task_ == SequenceTask::Timing) return 1;
  return static_cast<std::int64_t>(symbols_.size());
}

double SequenceSource::measuredBaseline() const {
  std::map<std::pair<std::int64_t, std::int64_t>, double> pairs;
  switch (task_) {
    case SequenceTask::Adding:
      return 1.0 / 6;
    case SequenceTask::Copy:
      return kCopied * std::log(double(kCopySymbols)) / static_cast<double>(time());
    case SequenceTask::Timing:
      return std::log(2.0);
    case SequenceTask::Text:
      for (std::size_t i = 0; i < text_.size(); ++i)
        ++pairs[{text_[i], text_[(i + 1) % text_.size()]}];
      break;
    case SequenceTask::Brackets: {
      // Always the same sequences: the baseline belongs to the task, not to a run.
      constexpr std::int64_t kSequences = 2000;
      const auto uniform = torch::rand({time(), kSequences}, generatorFor(0, 0));
      for (std::int64_t i = 0; i < kSequences; ++i) {
        const auto symbols = nested(uniform.data_ptr<float>() + i, kSequences, time());
        const auto labels = innermost(symbols);
        for (std::size_t t = 0; t < symbols.size(); ++t) ++pairs[{symbols[t], labels[t]}];
      }
      break;
    }
  }
  return conditionalEntropy(pairs);
}

SequenceBatch SequenceSource::draw(std::int64_t batch, at::Generator generator) const {
  const std::int64_t steps = time();
  if (task_ == SequenceTask::Adding) return drawAdding(steps, batch, generator);
  if (task_ == SequenceTask::Timing) return drawTiming(steps, length_, batch, generator);

  auto symbols = torch::empty({steps, batch}, torch::kLong), labels = torch::empty_like(symbols);
  if (task_ == SequenceTask::Copy) {
    const auto copied = torch::randint(0, kCopySymbols, {kCopied, batch}, generator, torch::kLong);
    symbols.fill_(kBlank).narrow(0, 0, kCopied).copy_(copied);
    symbols[kCopied + length_ - 1].fill_(kDelimiter);
    labels.fill_(kBlank).narrow(0, steps - kCopied, kCopied).copy_(copied);
  } else {
    const auto fill = [&](std::int64_t column, const std::vector<std::int64_t>& inputs,
                          const std::vector<std::int64_t>& asked) {
      for (std::int64_t t = 0; t < steps; ++t) {
        symbols.data_ptr<std::int64_t>()[t * batch + column] = inputs[static_cast<std::size_t>(t)];
        labels.data_ptr<std::int64_t>()[t * batch + column] = asked[static_cast<std::size_t>(t)];
      }
    };
    if (task_ == SequenceTask::Brackets) {
      const auto uniform = torch::rand({steps, batch}, generator);
      for (std::int64_t column = 0; column < batch; ++column) {
        const auto inputs = nested(uniform.data_ptr<float>() + column, batch, steps);
        fill(column, inputs, innermost(inputs));
      }
    } else {
      const auto size = static_cast<std::int64_t>(text_.size());
      const auto starts = torch::randint(0, size, {batch}, generator, torch::kLong);
      for (std::int64_t column = 0; column < batch; ++column) {
        std::vector<std::int64_t> read;
        for (std::int64_t t = 0; t <= steps; ++t)
          read.push_back(text_[static_cast<std::size_t>(
              (starts.data_ptr<std::int64_t>()[column] + t) % size)]);
        fill(column, read, {read.begin() + 1, read.end()});
      }
    }
  }
  return {oneHot(symbols, features()), labels};
}

std::vector<std::int64_t> SequenceSource::labelsOf(const std::vector<std::int64_t>& symbols) const {
  if (task_ == SequenceTask::Brackets) return innermost(symbols);
  std::vector<std::int64_t> labels(symbols.size(), kNotAsked);
  if (task_ == SequenceTask::Text) {
    std::copy(symbols.begin() + 1, symbols.end(), labels.begin());
    return labels;
  }
  // Copy: what stood before the first blank is asked for again after the delimiter.
  const auto is_symbol = [](std::int64_t symbol) { return symbol < kCopySymbols; };
  const auto copied_end = std::find_if_not(symbols.begin(), symbols.end(), is_symbol);
  const auto delimiter = std::find(symbols.begin(), symbols.end(), kDelimiter);
  std::fill(labels.begin(), labels.end(), kBlank);
  auto next = symbols.begin();
  for (auto t = delimiter; t != symbols.end(); ++t)
    if (t != delimiter)
      labels[static_cast<std::size_t>(t - symbols.begin())] = next == copied_end ? kBlank : *next++;
  return labels;
}

SequenceBatch SequenceSource::ofSymbols(const std::vector<std::int64_t>& symbols) const {
  return {oneHot(torch::tensor(symbols), features()).unsqueeze(1),
          torch::tensor(labelsOf(symbols)).unsqueeze(1)};
}

SequenceBatch SequenceSource::ofNumbers(const std::vector<double>& numbers,
                                        const std::vector<bool>& marked) const {
  std::vector<float> values;
  double sum = 0;
  for (std::size_t t = 0; t < numbers.size(); ++t) {
    values.push_back(static_cast<float>(numbers[t]));
    values.push_back(marked[t] ? 1.f : 0.f);
    if (marked[t]) sum += numbers[t];
  }
  return {torch::tensor(values).view({-1, 1, 2}), torch::tensor({static_cast<float>(sum)})};
}

SequenceBatch SequenceSource::ofSpikes(const std::vector<bool>& spikes) const {
  std::vector<float> values;
  std::vector<std::int64_t> labels;
  std::int64_t last = -1, label = kNotAsked;
  for (std::size_t t = 0; t < spikes.size(); ++t) {
    values.push_back(spikes[t] ? 1.f : 0.f);
    if (spikes[t]) {
      const std::int64_t apart = static_cast<std::int64_t>(t) - last;
      const bool is_known = last >= 0 && (apart == length_ || apart == length_ - 1);
      label = is_known ? apart - (length_ - 1) : kNotAsked;
      last = static_cast<std::int64_t>(t);
    }
    labels.push_back(label);
  }
  return {torch::tensor(values).view({-1, 1, 1}), torch::tensor(labels).unsqueeze(1)};
}

torch::Tensor sequenceLoss(const SequenceSource& source, const torch::Tensor& outputs,
                           const SequenceBatch& batch) {
  if (source.isRegression())
    return torch::mse_loss(outputs.select(0, -1).squeeze(1), batch.targets);
  return torch::nn::functional::cross_entropy(
      outputs.flatten(0, 1), batch.targets.flatten(),
      torch::nn::functional::CrossEntropyFuncOptions().ignore_index(kNotAsked));
}

torch::Tensor sequenceAccuracy(const SequenceSource& source, const torch::Tensor& outputs,
                               const SequenceBatch& batch) {
  if (source.isRegression())
    return ((outputs.select(0, -1).squeeze(1) - batch.targets).abs() < kAddingTolerance)
        .to(torch::kFloat)
        .mean();
  const auto counted = source.task() == SequenceTask::Copy
                           ? batch.targets.lt(kCopySymbols).logical_and(batch.targets.ge(0))
                           : batch.targets.ne(kNotAsked);
  const auto right = outputs.argmax(2).eq(batch.targets).logical_and(counted);
  return right.sum().to(torch::kFloat) / counted.sum();
}

}  // namespace viva

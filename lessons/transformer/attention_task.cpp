// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/attention_task.h"

#include <torch/types.h>

#include <algorithm>

#include "lessons/nn/transformer.h"

namespace viva {
namespace {

constexpr std::int64_t kDigits = 10, kPlus = 10, kEquals = 11, kBlank = 0;

std::vector<std::string> symbolsOf(AttentionTaskKind kind) {
  const std::int64_t numbers = kind == AttentionTaskKind::Max ? kHighestBound + 1 : kDigits;
  std::vector<std::string> symbols;
  for (std::int64_t i = 0; i < numbers; ++i) symbols.push_back(std::to_string(i));
  if (kind == AttentionTaskKind::Addition) {
    symbols.emplace_back("+");
    symbols.emplace_back("=");
  }
  if (kind == AttentionTaskKind::Recent) symbols[kBlank] = "_";
  return symbols;
}

torch::Tensor positionsLike(const torch::Tensor& tokens) {
  return torch::arange(tokens.size(1), tokens.options()).expand(tokens.sizes());
}

/// The position of the newest token that is no blank, -1 before there is one.
torch::Tensor newest(const torch::Tensor& tokens) {
  const auto said = torch::where(tokens != kBlank, positionsLike(tokens), -1);
  return std::get<0>(said.cummax(1));
}

/// Of tokens that answer themselves after `=`: each token's successor.
torch::Tensor sumTargets(const torch::Tensor& tokens) {
  const std::int64_t length = tokens.size(1), digits = (length - 2) / 3;
  auto targets = torch::full_like(tokens, kIgnored);
  const auto first = tokens.narrow(1, 0, digits).flip({1});
  const auto second = tokens.narrow(1, digits + 1, digits).flip({1});
  auto carry = torch::zeros({tokens.size(0)}, tokens.options());
  for (std::int64_t place = 0; place < digits; ++place) {
    const auto sum = first.select(1, place) + second.select(1, place) + carry;
    targets.select(1, 2 * digits + 1 + place).copy_(sum.remainder(10));
    carry = sum.div(10, "floor");
  }
  targets.select(1, 3 * digits + 1).copy_(carry);
  return targets;
}

/// `1 12,3` or `314`: pieces to be looked up.
std::vector<std::string> piecesOf(const std::string& typed) {
  std::vector<std::string> pieces(1);
  const bool is_separated = typed.find_first_of(" ,\t\n") != std::string::npos;
  for (std::size_t i = 0; i < typed.size();) {
    std::size_t next = i + 1;  // a character of UTF-8 is one piece
    while (next < typed.size() && (static_cast<unsigned char>(typed[next]) & 0xC0) == 0x80) ++next;
    const std::string character = typed.substr(i, next - i);
    i = next;
    if (character.find_first_of(" ,\t\n") != std::string::npos) {
      pieces.emplace_back();
    } else {
      pieces.back() += character;
      if (!is_separated) pieces.emplace_back();
    }
  }
  std::erase(pieces, "");
  return pieces;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\n,");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n,") - first + 1);
}

/// The digits of a number, filled up with zeros in front: [1, digits]. Undefined: it is none.
torch::Tensor digitsOf(const std::string& text, std::int64_t digits) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return {};
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(digits));
  for (std::size_t i = 0; i < text.size(); ++i)
    numbers[numbers.size() - text.size() + i] = text[i] - '0';
  return torch::tensor(numbers).unsqueeze(0);
}

std::variant<torch::Tensor, Message> readSum(const std::string& typed, std::int64_t length,
                                             std::int64_t longest) {
  const std::size_t plus = typed.find('+');
  const std::string text = typed.substr(0, typed.find('='));
  const std::string first = trimmed(text.substr(0, plus));
  const std::string second =
      plus == std::string::npos ? "" : trimmed(text.substr(std::min(plus + 1, text.size())));
  const auto most = static_cast<std::int64_t>(std::max(first.size(), second.size()));
  if (3 * most + 2 > longest)
    return Message{"error.tokens.digits", {{"found", most}, {"limit", (longest - 2) / 3}}};
  const std::int64_t digits = std::max(length, most);
  const auto a = digitsOf(first, digits), b = digitsOf(second, digits);
  if (!a.defined() || !b.defined()) return Message{"error.tokens.sum", {{"text", typed}}};
  return sumTokens(a, b);
}

}  // namespace

TokenBatch TokenBatch::to(const torch::Device& device) const {
  return {tokens.to(device), targets.to(device), needed.defined() ? needed.to(device) : needed};
}

AttentionTask::AttentionTask(AttentionTaskKind kind) : kind_(kind), symbols_(symbolsOf(kind)) {}

bool AttentionTask::isCausal() const {
  return kind_ == AttentionTaskKind::Addition || kind_ == AttentionTaskKind::Shift ||
         kind_ == AttentionTaskKind::Recent;
}

bool AttentionTask::hasNeeded() const {
  return kind_ != AttentionTaskKind::Sort && kind_ != AttentionTaskKind::Addition &&
         kind_ != AttentionTaskKind::Max;
}

std::int64_t AttentionTask::tokensOf(std::int64_t length) const {
  return kind_ == AttentionTaskKind::Addition ? 3 * length + 2 : length;
}

torch::Tensor AttentionTask::drawTokens(std::int64_t batch, std::int64_t length,
                                        at::Generator generator) const {
  const auto draw = [&](std::int64_t below) {
    return torch::randint(below, {batch, length}, generator, torch::kLong);
  };
  switch (kind_) {
    case AttentionTaskKind::Addition: {
      const auto first = draw(kDigits);
      return sumTokens(first, draw(kDigits));
    }
    case AttentionTaskKind::Recent: {
      const auto said = torch::rand({batch, length}, generator) < kNotBlank;
      auto tokens = torch::where(
          said, torch::randint(1, kDigits, {batch, length}, generator, torch::kLong), kBlank);
      // There is something to remember from the first position on.
      tokens.select(1, 0).copy_(torch::randint(1, kDigits, {batch}, generator, torch::kLong));
      return tokens;
    }
    case AttentionTaskKind::Max: {
      const auto bounds =
          torch::randint(kLowestBound, kHighestBound + 1, {batch, 1}, generator, torch::kLong);
      const auto shares = torch::rand({batch, length}, generator);
      return torch::minimum((shares * (bounds + 1)).to(torch::kLong), bounds);
    }
    default:
      return draw(kDigits);
  }
}

TokenBatch AttentionTask::draw(std::int64_t batch, std::int64_t length,
                               at::Generator generator) const {
  return answered(drawTokens(batch, length, std::move(generator)));
}

TokenBatch AttentionTask::answered(const torch::Tensor& tokens) const {
  const auto positions = positionsLike(tokens);
  TokenBatch batch{tokens, {}, {}};
  switch (kind_) {
    case AttentionTaskKind::Reverse:
      batch.needed = tokens.size(1) - 1 - positions;
      break;
    case AttentionTaskKind::Copy:
      batch.needed = positions;
      break;
    case AttentionTaskKind::Shift:
      batch.needed = (positions - kShifted).clamp_min(-1);
      break;
    case AttentionTaskKind::Recent:
      batch.needed = newest(tokens);
      break;
    case AttentionTaskKind::Sort:
      batch.targets = std::get<0>(tokens.sort(1));
      return batch;
    case AttentionTaskKind::Addition:
      batch.targets = sumTargets(tokens);
      return batch;
    case AttentionTaskKind::Max:
      batch.targets = tokens.amax(1, /*keepdim=*/true).expand(tokens.sizes()).contiguous();
      return batch;
  }
  const auto answers = tokens.gather(1, batch.needed.clamp_min(0));
  batch.targets = torch::where(batch.needed < 0, kIgnored, answers);
  return batch;
}

torch::Tensor sumTokens(const torch::Tensor& first, const torch::Tensor& second) {
  const auto sign = [&](std::int64_t token) {
    return torch::full({first.size(0), 1}, token, first.options());
  };
  const std::int64_t digits = first.size(1);
  const auto asked = torch::cat({first, sign(kPlus), second, sign(kEquals)}, 1);
  const auto unanswered = torch::cat({asked, torch::zeros_like(first)}, 1);
  return torch::cat({asked, sumTargets(unanswered).narrow(1, 2 * digits + 1, digits)}, 1);
}

std::variant<torch::Tensor, Message> readTokens(const AttentionTask& task, const std::string& typed,
                                                std::int64_t length, std::int64_t longest) {
  if (task.kind() == AttentionTaskKind::Addition) return readSum(trimmed(typed), length, longest);
  const auto& symbols = task.symbols();
  std::vector<std::int64_t> tokens;
  std::string unknown, known;
  for (const std::string& piece : piecesOf(trimmed(typed))) {
    const auto found = std::find(symbols.begin(), symbols.end(), piece);
    if (found == symbols.end()) unknown += (unknown.empty() ? "" : " ") + piece;
    tokens.push_back(found - symbols.begin());
  }
  for (const std::string& symbol : symbols) known += (known.empty() ? "" : " ") + symbol;
  if (!unknown.empty())
    return Message{"error.tokens.unknown", {{"tokens", unknown}, {"known", known}}};
  if (tokens.empty()) return Message{"error.tokens.none", {{"known", known}}};
  const auto count = static_cast<std::int64_t>(tokens.size());
  if (count > longest)
    return Message{"error.tokens.too_long", {{"found", count}, {"limit", longest}}};
  return torch::tensor(tokens).unsqueeze(0);
}

}  // namespace viva

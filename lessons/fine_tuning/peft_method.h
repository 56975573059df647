// SPDX-License-Identifier: GPL-3.0-or-later
// The ways of fine-tuning by name, and one that takes part in a race.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace viva {

enum class PeftMethod {
  Full,
  Prompt,
  Prefix,
  PTuningV2,
  Lora,
  DyLora,
  AdaLora,
  QLora,
  QaLora,
  Vera
};

struct NamedMethod {
  PeftMethod method;
  const char* id;   ///< in records and parameters
  double rate = 1;  ///< what `lr` is multiplied by for it
};
inline constexpr std::array<NamedMethod, 10> kPeftMethods{{
    {PeftMethod::Full, "full", 0.2},
    {PeftMethod::Prompt, "prompt", 6},
    {PeftMethod::Prefix, "prefix", 1},
    {PeftMethod::PTuningV2, "p-tuning-v2", 6},
    {PeftMethod::Lora, "lora"},
    {PeftMethod::DyLora, "dylora"},
    {PeftMethod::AdaLora, "adalora", 2},
    {PeftMethod::QLora, "qlora"},
    {PeftMethod::QaLora, "qa-lora"},
    {PeftMethod::Vera, "vera", 4},
}};

/// LoRA and its kin: a product of two thin matrices beside a weight.
constexpr bool isLowRank(PeftMethod method) { return method >= PeftMethod::Lora; }

/// One that takes part.
struct Contender {
  std::string id{};  ///< of its records: `lora`, `lora-r1`, `full-replay`
  PeftMethod method = PeftMethod::Lora;
  double rate = 1;        ///< what `lr` is multiplied by
  std::int64_t rank = 4;  ///< of the two thin matrices, at their widest
  double scale = 4;       ///< alpha / r: what B A is multiplied by
  std::int64_t prompt_length = 8;
  std::int64_t prefix_hidden = 64;  ///< of the small net that makes a prefix while it is trained
  std::int64_t budget = 24;         ///< AdaLoRA: ranks that are left in all matrices together
  double replay = 0;                ///< share of its batches that is of old tasks
};

}  // namespace viva

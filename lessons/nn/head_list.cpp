// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/head_list.h"

namespace viva {

std::string headName(std::int64_t layer, std::int64_t head) {
  return std::to_string(layer) + "." + std::to_string(head);
}

std::optional<Message> problemWithHeads(const std::string& text, std::int64_t layers,
                                        std::int64_t heads) {
  const auto problem = [&](const std::string& piece) {
    return Message{"error.no_such_head",
                   {{"piece", piece}, {"last", headName(layers - 1, heads - 1)}}};
  };
  for (const std::string& piece : notPairs(text)) return problem(piece);
  for (const auto& [layer, head] : pairList(text))
    if (layer >= layers || head >= heads) return problem(headName(layer, head));
  return std::nullopt;
}

}  // namespace viva

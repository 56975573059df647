// SPDX-License-Identifier: GPL-3.0-or-later
// An update of the mind of agent-loop (72 contexts of 48 words, one thread) against the same in
// eager Python PyTorch, and how long its pictures take. Viva's step also draws the tasks and
// teaches the memory.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  timePictures("agent-loop");
  timePictures("tool-policy");
  return compareDefault("agent-loop", "tool_use/eager_agent_loop.py", "", 20, {{"updates", "3000"}},
                        1)
             ? 0
             : 1;
}

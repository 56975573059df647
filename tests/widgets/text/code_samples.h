// SPDX-License-Identifier: GPL-3.0-or-later
// Source texts for code_test.cpp, apart from it because moc stumbles over classes in raw strings.
#pragma once

namespace viva {

inline constexpr const char* kCpp = R"code(// A comment with bool step( in it
class Race : public Experiment {
 public:
  bool step(Recorder&) override;
  void other() {}
};

bool Race::step(Recorder& recorder) {
  const char* brace = "}";  // }
  for (int i = 0; i < 3; ++i) {
    recorder.add("x", 1.5e-3);
  }
  return true;
}

int after() { return 0; }
)code";

inline constexpr const char* kPython = R"py(import torch

def make(names):
    for name in names:
        yield name

def main():
    theta = torch.zeros(2)
    for step in range(10):
        for part in theta:
            loss = part ** 2
            loss.backward()

        print(step)
    print("done")
)py";

}  // namespace viva

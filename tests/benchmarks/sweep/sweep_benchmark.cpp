// SPDX-License-Identifier: GPL-3.0-or-later
// Points a second of a sweep in two processes against one, each with one thread, turn about: on two
// cores at least 1.8 times is asked for. Starting up counts: it is part of every sweep.
#include <QProcess>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

double secondsWith(const char* jobs) {
  const auto start = std::chrono::steady_clock::now();
  const int status = QProcess::execute(
      VIVA_BINARY_DIR "/viva",
      {"sweep", "optimizer-training", "--grid", "adam.lr=1e-4:1e-1:16:log", "--metric",
       "adam/train_loss", "--repeat", "4", "--steps", "400", "--quiet", "--jobs", jobs});
  if (status != 0) std::exit(status);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main() {
  std::freopen("/dev/null", "w", stdout);  // the tables of the sweeps
  std::vector<double> ratios;
  for (int round = 0; round < 3; ++round) {
    const double one = secondsWith("1"), two = secondsWith("2");
    std::fprintf(stderr, "64 points of 400 steps: one process %.2f s, two %.2f s\n", one, two);
    ratios.push_back(one / two);
  }
  std::sort(ratios.begin(), ratios.end());
  std::fprintf(stderr, "two processes: %.2f times one (median of 3; lowest %.2f)\n", ratios[1],
               ratios.front());
}

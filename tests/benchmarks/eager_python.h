// SPDX-License-Identifier: GPL-3.0-or-later
// A benchmark's peer: the same loop in eager Python PyTorch, timed in turns with ours, so that
// whatever else the machine does hits both.
#pragma once

#include <QProcess>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <vector>

namespace viva::benchmarks {

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Medians over the rounds, in microseconds a step.
struct Comparison {
  double ours, theirs, ratio, lowest_ratio;
};

/// A Python program that answers a line with the microseconds that a step took it.
class EagerPython {
 public:
  explicit EagerPython(const QString& program, const QStringList& arguments = {}) {
    python_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // The one that Debian's python3-torch belongs to.
    python_.start("/usr/bin/python3", QStringList{program} + arguments);
    python_.waitForStarted();
  }
  ~EagerPython() {
    python_.closeWriteChannel();
    python_.waitForFinished();
  }

  /// After a warm-up, `rounds` times ours and then theirs; unset when Python gives no answer, and
  /// then that has been said.
  std::optional<Comparison> compare(int rounds, const std::function<double()>& ours,
                                    const QByteArray& question) {
    ours();
    std::vector<double> our_times, their_times, ratios;
    for (int round = -1; round < rounds; ++round) {
      const double own = round < 0 ? 0 : ours(), other = answerTo(question);
      if (other == 0) {
        std::fprintf(stderr, "the Python side gave no answer: is python3-torch there?\n");
        return std::nullopt;
      }
      if (round < 0) continue;
      our_times.push_back(own);
      their_times.push_back(other);
      ratios.push_back(other / own);
    }
    return Comparison{median(our_times), median(their_times), median(ratios),
                      *std::min_element(ratios.begin(), ratios.end())};
  }

 private:
  /// 0 for none.
  double answerTo(const QByteArray& question) {
    python_.write(question + '\n');
    while (!python_.canReadLine())
      if (!python_.waitForReadyRead(120000)) return 0;
    return python_.readLine().trimmed().toDouble();
  }

  QProcess python_;
};

}  // namespace viva::benchmarks

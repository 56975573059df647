// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs for the programs of the interview, drawn at random, as people type them.
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <random>

#include "lessons/programs/program_list.h"

namespace viva::tests {

/// Draws that are the same on every machine.
class RandomInputs {
 public:
  explicit RandomInputs(std::uint64_t seed) : draws_(seed) {}

  QString next(ProgramKind kind) {
    const int n = whole(1, 6), m = whole(1, 6), d = whole(1, 4);
    switch (kind) {
      case ProgramKind::Softmax:
      case ProgramKind::LogSumExp:
        return row(n + m, -whole(1, 1000), whole(1, 1000));
      case ProgramKind::Attention: {
        QString input = join({rows(n, d, -3, 3), rows(m, d, -3, 3), rows(m, whole(1, 3), -3, 3)});
        if (whole(0, 2) == 1) input += " | causal";
        if (whole(0, 2) == 2 && !input.endsWith("causal")) input += " | " + flags(n, m);
        return input;
      }
      case ProgramKind::Conv2d:
        return join({rows(n + 2, m + 2, -5, 5), rows(whole(1, 3), whole(1, 3), -5, 5),
                     QString("%1 %2").arg(whole(1, 3)).arg(whole(0, 2))});
      case ProgramKind::Nms: {
        QStringList boxes;
        for (int i = 0; i < n + m; ++i) {
          const double x = number(0, 9), y = number(0, 9);
          boxes << numbers({x, y, x + number(0, 6), y + number(0, 6), number(0, 1)});
        }
        return boxes.join("; ") + " | " + numbers({number(0.05, 0.95)});
      }
      case ProgramKind::KMeans:
        return join({rows(n + m + 2, d, -5, 5), rows(whole(1, 4), d, -5, 5)});
      case ProgramKind::BeamSearch:
        return join({row(n + 1, 0.01, 0.99), rows(n + 1, n + 1, 0.01, 0.99),
                     QString("%1 %2 %3").arg(whole(1, 4)).arg(whole(1, 4)).arg(whole(0, 2))});
      case ProgramKind::Sampling: {
        QString input = join(
            {row(n + m, -3, 3), numbers({double(whole(0, 1)) * number(0.2, 3), double(whole(0, 4)),
                                         number(0.1, 1), whole(0, 1) * number(0, 0.5)})});
        if (whole(0, 1)) input += QString(" | 1.3 %1").arg(whole(0, n + m - 1));
        return input;
      }
      case ProgramKind::Perplexity:
        return row(n + m, 0.001, 1);
      case ProgramKind::LayerNorm:
        return join({row(n + m, -9, 9), row(n + m, -2, 2), row(n + m, -2, 2)});
      case ProgramKind::Backpropagation:
        return statements(2 + n, m + d);
      case ProgramKind::Bpe: {
        QStringList words;
        for (int i = 0; i < n; ++i) {
          QString word;
          for (int k = whole(1, 6); k > 0; --k) word += QChar('a' + whole(0, 2));
          words << word + "*" + QString::number(whole(1, 4));
        }
        return words.join(" ") + " | " + QString::number(whole(1, 8));
      }
      case ProgramKind::Ctc: {
        QStringList labels;
        for (int i = 0; i < d; ++i) labels << QString::number(whole(1, 3));
        return rows(n + 1, 4, 0.02, 0.9) + " | " + labels.join(" ");
      }
      case ProgramKind::AveragePrecision: {
        QStringList detections;
        int found = 0;
        for (int i = 0; i < n + m; ++i) {
          const int is_true = whole(0, 1);
          found += is_true;
          detections << numbers({number(0, 1), double(is_true)});
        }
        return detections.join("; ") + " | " + QString::number(std::max(1, found + whole(0, 3)));
      }
      case ProgramKind::Auroc:
        return join({ties(n + 1), ties(m + 1)});
      case ProgramKind::LstmStep:
        return join({rows(n, d, -2, 2), row(m, -1, 1), row(m, -1, 1), rows(4 * m, d, -1, 1),
                     rows(4 * m, m, -1, 1), row(4 * m, -1, 1)});
      case ProgramKind::OptimizerStep:
        return join({row(n, -3, 3), row(n, 0.1, 5),
                     numbers({number(0.001, 0.3), number(0, 0.95), number(0.5, 0.999), 1e-8,
                              number(0, 0.5), double(whole(1, 8))})});
      case ProgramKind::OnlineSoftmax:
        return join({row(n + m, -50, 50), row(n + m, -9, 9)});
      case ProgramKind::Reservoir:
        return join({row(n + m, 0, 9), QString("%1 300").arg(whole(1, n + m))});
    }
    return {};
  }

 private:
  int whole(int low, int high) { return low + int(draws_() % std::uint64_t(high - low + 1)); }
  /// With four decimals, so that what is typed is what is meant.
  double number(double low, double high) {
    const double share = double(draws_() >> 11) / 9007199254740992.0;
    return QString::number(low + (high - low) * share, 'f', 4).toDouble();
  }
  static QString numbers(const std::vector<double>& some) {
    QStringList texts;
    for (const double one : some) texts << QString::number(one, 'g', 17);
    return texts.join(" ");
  }
  QString row(int size, double low, double high) {
    std::vector<double> some;
    for (int i = 0; i < size; ++i) some.push_back(number(low, high));
    return numbers(some);
  }
  QString rows(int count, int size, double low, double high) {
    QStringList lines;
    for (int i = 0; i < count; ++i) lines << row(size, low, high);
    return lines.join("; ");
  }
  QString flags(int count, int size) {
    QStringList lines;
    for (int i = 0; i < count; ++i) {
      QStringList line;
      for (int k = 0; k < size; ++k) line << QString::number(whole(0, 1));
      lines << line.join(" ");
    }
    return lines.join("; ");
  }
  /// Of few values, so that some are equal.
  QString ties(int size) {
    QStringList texts;
    for (int i = 0; i < size; ++i) texts << QString::number(whole(0, 5));
    return texts.join(" ");
  }
  QString statements(int leaves, int operations) {
    QStringList lines, names;
    const auto name = [&] { return names[whole(0, int(names.size()) - 1)]; };
    for (int i = 0; i < leaves + operations; ++i) {
      const QString made = QString("v%1").arg(i);
      QString right = QString::number(number(-2, 2), 'g', 17);
      if (i >= leaves) {
        // The last one is used, so that there is a way back to the first.
        const QString one = whole(0, 1) ? names.last() : name();
        const int which = whole(0, 5);
        const char* const functions[] = {"tanh ", "relu "};
        // What is divided by is no difference that may be 0.
        const QString other = which == 5 ? names[whole(0, leaves - 1)] : name();
        right = which < 2 ? functions[which] + one : one + "+-*/"[which - 2] + other;
      }
      lines << made + "=" + right;
      names << made;
    }
    return lines.join("; ");
  }
  static QString join(const QStringList& parts) { return parts.join(" | "); }

  std::mt19937_64 draws_;
};

}  // namespace viva::tests

// SPDX-License-Identifier: GPL-3.0-or-later
// The programs that interviews ask for: what each takes, its own example, and its classic mistakes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/programs/walk.h"

namespace viva {

enum class ProgramKind {
  Softmax,
  LogSumExp,
  Attention,
  Conv2d,
  Nms,
  KMeans,
  BeamSearch,
  Sampling,
  Perplexity,
  LayerNorm,
  Backpropagation,
  Bpe,
  Ctc,
  AveragePrecision,
  Auroc,
  LstmStep,
  OptimizerStep,
  OnlineSoftmax,
  Reservoir
};

/// What is written instead of the right thing, one at a time.
enum class Mistake {
  None,
  NoMaximum,
  InfiniteMaximum,
  NoScale,
  WrongAxis,
  MaskAfterSoftmax,
  EmptyRow,
  FlippedKernel,
  OutputSize,
  GreaterOrEqual,
  Unsorted,
  EmptyCluster,
  PerBeam,
  ProbabilityProduct,
  WithoutCrossingToken,
  NoRenormalisation,
  PenaltyDivides,
  MeanOfProbabilities,
  MixedBases,
  UnbiasedVariance,
  EpsilonOutside,
  Overwrites,
  ForwardOrder,
  InputForOutput,
  CountsWordsOnce,
  OverlappingMerge,
  SkipsARepeat,
  NoLastBlank,
  RecallOfFound,
  NoEnvelope,
  TiesCountWhole,
  GateOrder,
  NoTanhOfCell,
  NoBiasCorrection,
  DecayInGradient,
  NoRescale,
  NeverDeclines,
  OffByOneDraw
};

namespace programs {

/// What a program is given.
struct Given {
  std::vector<NumberRows> parts{};  ///< `1 2; 3 4 | 5`: two parts, the first with two rows
  /// BPE: the words and how often each stands in the text. Backpropagation: the operation of each
  /// statement, empty for a number.
  std::vector<std::string> words{};
  std::vector<int> counts{};
  std::vector<int> left{}, right{};  ///< of a statement: which ones it uses; -1 for none
  std::vector<std::string> names{};  ///< of the statements
  std::uint64_t seed = 1;
  Mistake mistake = Mistake::None;

  bool has(Mistake wanted) const { return mistake == wanted; }
  /// The numbers of a part, row by row; none where it was left out.
  std::vector<double> numbers(std::size_t part) const {
    return part < parts.size() ? parts[part].values : std::vector<double>{};
  }
  /// A number of a part, `fallback` where it was left out.
  double setting(std::size_t part, std::size_t place, double fallback) const {
    const auto all = numbers(part);
    return place < all.size() ? all[place] : fallback;
  }
};

/// A mistake of a program, and the smallest input whose result it spoils.
struct KnownMistake {
  Mistake mistake = Mistake::None;
  std::string smallest;
};

struct ProgramEntry {
  ProgramKind kind = ProgramKind::Softmax;
  std::string name;  ///< `beam-search`
  Walk (*run)(Given given, Watch& watch) = nullptr;
  /// The array that it works on; empty: all of its vectors are.
  std::string main_array;
  std::string example;
  std::vector<KnownMistake> mistakes;
};

const std::vector<ProgramEntry>& programList();  ///< in the order of ProgramKind
const ProgramEntry& programOf(ProgramKind kind);
/// `no-maximum`
const std::vector<std::pair<Mistake, std::string>>& mistakeNames();

/// `input` as this program reads it, its own example where it is empty. Throws RequestError: what
/// is wrong, and what the program takes.
Given givenIn(ProgramKind kind, const std::string& input);

/// How a run to the end went.
struct Finished {
  std::vector<Held> variables;
  std::int64_t steps = 0;  ///< lines that paused, and the return
};
Finished finished(const ProgramEntry& program, const Given& given);

// Each pauses at its lines; what it is given is what `givenIn` reads for it.

/// x [n] to p [n].
Walk softmax(Given given, Watch& watch);
/// x [n], −∞ allowed, to one number.
Walk logSumExp(Given given, Watch& watch);
/// q [n, d], k [m, d], v [m, e], may_look [n, m] of 0 and 1, to out [n, e]; a query that may look
/// at nothing answers 0.
Walk attention(Given given, Watch& watch);
/// One channel: image [h, w], kernel [k, l], stride and padding, to out by im2col and one product.
/// The kernel is not flipped.
Walk conv2d(Given given, Watch& watch);
/// Boxes [n, 5] `x1 y1 x2 y2 score` and a threshold, to the places of those that are kept.
Walk nms(Given given, Watch& watch);
/// Points [n, d] and first centres [k, d], to centres, labels and the sum of squared distances.
Walk kMeans(Given given, Watch& watch);
/// p of the first token [1, v] and of the next one [v, v], width, length and the alpha of the
/// length penalty (arXiv 1609.08144), to texts and scores. A token whose row is 0 ends its text.
Walk beamSearch(Given given, Watch& watch);
/// Logits [v]; temperature, top-k, top-p, min-p; repetition penalty (arXiv 1909.05858) and the
/// tokens that it is for; to probabilities [v].
Walk sampling(Given given, Watch& watch);
/// Probabilities of the right tokens [n], to exp of the mean loss.
Walk perplexity(Given given, Watch& watch);
/// x, gain and bias [n], to y [n]; epsilon is 1e-5.
Walk layerNorm(Given given, Watch& watch);
/// Statements, each with one or two earlier ones, to their values and the gradients of the last.
Walk backpropagation(Given given, Watch& watch);
/// Words with their counts, and how many merges (arXiv 1508.07909); of equal pairs the first in the
/// text is merged.
Walk bytePairEncoding(Given given, Watch& watch);
/// p [t, v], the blank first, and a label of 1 to v − 1, to the loss in nats (Graves et al. 2006).
Walk ctc(Given given, Watch& watch);
/// Detections [n, 2] `score right` and the number of truths, to the area under the interpolated
/// curve and its means over 11 and 101 points of recall.
Walk averagePrecision(Given given, Watch& watch);
/// Scores of positives and of negatives, to the probability of a pair in order, ties one half.
Walk auroc(Given given, Watch& watch);
/// x [t, i], h and c [u], weights [4 u, i] and [4 u, u], biases [4 u] in the order i, f, g, o, to
/// the last h and c.
Walk lstmStep(Given given, Watch& watch);
/// AdamW (arXiv 1711.05101) on half the sum of curvature w²: w [n], curvatures [n], settings, to
/// the weights after each step [steps, n].
Walk optimizerStep(Given given, Watch& watch);
/// Scores and values [n], each seen once, to the largest, the sum and the weighted mean
/// (arXiv 1805.02867).
Walk onlineSoftmax(Given given, Watch& watch);
/// A stream [n], room for k, and rounds, to the share of rounds in which each item is kept at the
/// end (Vitter 1985). Uses the seed.
Walk reservoir(Given given, Watch& watch);

}  // namespace programs
}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Connectionist temporal classification (Graves et al., 2006): the probability of a label under
// all its alignments, and three ways to read a label. Without LibTorch.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace viva {

/// log probabilities: a row a frame, column 0 the blank.
using LogRows = std::vector<std::vector<double>>;
using CtcLabel = std::vector<std::int64_t>;

/// Repeats become one, then blanks go.
CtcLabel collapsed(const std::vector<std::int64_t>& path);
/// The wrong order: blanks go, then repeats become one.
CtcLabel collapsedWrongly(const std::vector<std::int64_t>& path);

/// A label with blanks around every letter, and how probable it is to be in each of its states at
/// each time.
struct CtcLattice {
  std::vector<std::int64_t> states;            ///< blank, letter, blank, ..., letter, blank
  std::vector<std::vector<double>> posterior;  ///< [time][state]: the share of alignments there
  double loss = 0;                             ///< -ln p of the label; infinite where it cannot be
};
CtcLattice ctcLattice(const LogRows& log_p, const CtcLabel& label);
/// The paths of `times` frames that collapse to the label.
double alignmentsOf(const CtcLabel& label, std::int64_t times);

std::vector<std::int64_t> likeliestPath(const LogRows& log_p);
CtcLabel greedyLabel(const LogRows& log_p);
/// The likeliest labels that a prefix search with `width` prefixes finds, best first, with the log
/// probability that it found for them.
std::vector<std::pair<CtcLabel, double>> beamLabels(const LogRows& log_p, std::size_t width);

}  // namespace viva

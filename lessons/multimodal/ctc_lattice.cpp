// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/ctc_lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace viva {
namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

double logSum(double a, double b) {
  const double larger = std::max(a, b);
  if (larger == kImpossible) return larger;
  return larger + std::log1p(std::exp(std::min(a, b) - larger));
}

std::vector<std::int64_t> withBlanks(const CtcLabel& label) {
  std::vector<std::int64_t> states{0};
  for (const std::int64_t letter : label) states.push_back(letter), states.push_back(0);
  return states;
}

/// Whether an alignment may go from state s - 2 to s: between two different letters.
bool mayJump(const std::vector<std::int64_t>& states, std::size_t s) {
  return s >= 2 && states[s] != 0 && states[s] != states[s - 2];
}

}  // namespace

CtcLabel collapsed(const std::vector<std::int64_t>& path) {
  CtcLabel label;
  for (std::size_t t = 0; t < path.size(); ++t)
    if (path[t] != 0 && (t == 0 || path[t] != path[t - 1])) label.push_back(path[t]);
  return label;
}

CtcLabel collapsedWrongly(const std::vector<std::int64_t>& path) {
  CtcLabel label;
  for (const std::int64_t letter : path)
    if (letter != 0 && (label.empty() || label.back() != letter)) label.push_back(letter);
  return label;
}

CtcLattice ctcLattice(const LogRows& log_p, const CtcLabel& label) {
  const std::size_t times = log_p.size();
  CtcLattice lattice{withBlanks(label), {}, 0};
  const auto& states = lattice.states;
  const std::size_t count = states.size();
  const auto at = [&](std::size_t t, std::size_t s) { return log_p[t][states[s]]; };
  std::vector forward(times, std::vector(count, kImpossible)), backward = forward;
  for (std::size_t s = 0; s < std::min<std::size_t>(2, count); ++s) forward[0][s] = at(0, s);
  for (std::size_t t = 1; t < times; ++t)
    for (std::size_t s = 0; s < count; ++s) {
      double paths = forward[t - 1][s];
      if (s >= 1) paths = logSum(paths, forward[t - 1][s - 1]);
      if (mayJump(states, s)) paths = logSum(paths, forward[t - 1][s - 2]);
      forward[t][s] = paths + at(t, s);
    }
  // What comes after time t, without its own probability.
  for (std::size_t s = count - std::min<std::size_t>(2, count); s < count; ++s)
    backward[times - 1][s] = 0;
  for (std::size_t t = times - 1; t > 0; --t)
    for (std::size_t s = 0; s < count; ++s) {
      double paths = backward[t][s] + at(t, s);
      if (s + 1 < count) paths = logSum(paths, backward[t][s + 1] + at(t, s + 1));
      if (s + 2 < count && mayJump(states, s + 2))
        paths = logSum(paths, backward[t][s + 2] + at(t, s + 2));
      backward[t - 1][s] = paths;
    }
  double all = kImpossible;
  for (std::size_t s = 0; s < count; ++s)
    all = logSum(all, forward[times - 1][s] + backward[times - 1][s]);
  lattice.loss = -all;
  for (std::size_t t = 0; t < times; ++t) {
    lattice.posterior.emplace_back();
    for (std::size_t s = 0; s < count; ++s)
      lattice.posterior.back().push_back(
          all == kImpossible ? 0 : std::exp(forward[t][s] + backward[t][s] - all));
  }
  return lattice;
}

double alignmentsOf(const CtcLabel& label, std::int64_t times) {
  const auto states = withBlanks(label);
  std::vector<double> paths(states.size(), 0), next;
  for (std::size_t s = 0; s < std::min<std::size_t>(2, states.size()); ++s) paths[s] = 1;
  for (std::int64_t t = 1; t < times; ++t) {
    next = paths;
    for (std::size_t s = 1; s < states.size(); ++s)
      next[s] += paths[s - 1] + (mayJump(states, s) ? paths[s - 2] : 0);
    paths = next;
  }
  return paths.back() + (paths.size() > 1 ? paths[paths.size() - 2] : 0);
}

std::vector<std::int64_t> likeliestPath(const LogRows& log_p) {
  std::vector<std::int64_t> path;
  for (const auto& row : log_p) path.push_back(std::ranges::max_element(row) - row.begin());
  return path;
}

CtcLabel greedyLabel(const LogRows& log_p) { return collapsed(likeliestPath(log_p)); }

std::vector<std::pair<CtcLabel, double>> beamLabels(const LogRows& log_p, std::size_t width) {
  // Of a prefix, the paths that end in a blank and those that end in its last letter.
  struct Paths {
    double blank = kImpossible, letter = kImpossible;
    double both() const { return logSum(blank, letter); }
  };
  std::vector<std::pair<CtcLabel, Paths>> prefixes{{{}, {0, kImpossible}}};
  for (const auto& row : log_p) {
    std::map<CtcLabel, Paths> grown;
    for (const auto& [prefix, paths] : prefixes) {
      Paths& same = grown[prefix];
      same.blank = logSum(same.blank, paths.both() + row[0]);
      if (!prefix.empty())  // the last letter goes on
        same.letter = logSum(same.letter, paths.letter + row[prefix.back()]);
      for (std::size_t letter = 1; letter < row.size(); ++letter) {
        CtcLabel longer = prefix;
        longer.push_back(static_cast<std::int64_t>(letter));
        // The same letter once more needs a blank between.
        const bool repeats = !prefix.empty() && prefix.back() == longer.back();
        Paths& next = grown[longer];
        next.letter = logSum(next.letter, (repeats ? paths.blank : paths.both()) + row[letter]);
      }
    }
    prefixes.assign(grown.begin(), grown.end());
    std::ranges::stable_sort(
        prefixes, [](const auto& a, const auto& b) { return a.second.both() > b.second.both(); });
    prefixes.resize(std::min(prefixes.size(), width));
  }
  std::vector<std::pair<CtcLabel, double>> labels;
  for (const auto& [prefix, paths] : prefixes) labels.emplace_back(prefix, paths.both());
  return labels;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// CTC against worked probabilities, all paths counted one by one, and autograd.
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>
#include <map>
#include <random>

#include "lessons/data/dataset.h"
#include "lessons/multimodal/ctc_lattice.h"
#include "lessons/multimodal/tone_words.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

LogRows logOf(std::vector<std::vector<double>> rows) {
  for (auto& row : rows)
    for (double& p : row) p = std::log(p);
  return rows;
}

/// Every path, one by one.
std::map<CtcLabel, double> allLabels(const LogRows& log_p) {
  std::map<CtcLabel, double> labels;
  std::vector<std::int64_t> path(log_p.size(), 0);
  const auto symbols = static_cast<std::int64_t>(log_p.front().size());
  for (bool more = true; more;) {
    double sum = 0;
    for (std::size_t t = 0; t < path.size(); ++t) sum += log_p[t][path[t]];
    labels[collapsed(path)] += std::exp(sum);
    more = false;
    for (std::int64_t& symbol : path) {
      if (++symbol < symbols) {
        more = true;
        break;
      }
      symbol = 0;
    }
  }
  return labels;
}

LogRows randomRows(int times, int symbols, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> any(0.05, 1);
  LogRows rows;
  for (int t = 0; t < times; ++t) {
    std::vector<double> row;
    double sum = 0;
    for (int s = 0; s < symbols; ++s) row.push_back(any(engine)), sum += row.back();
    for (double& p : row) p = std::log(p / sum);
    rows.push_back(row);
  }
  return rows;
}

const LogRows kTwo = logOf({{.6, .3, .1}, {.5, .4, .1}});
const LogRows kThree = logOf({{.2, .5, .3}, {.6, .2, .2}, {.1, .7, .2}});

}  // namespace

class CtcTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theLossesAreThoseWorkedByHand() {
    const auto near = [](const LogRows& rows, const CtcLabel& label, double expected) {
      QVERIFY(std::abs(ctcLattice(rows, label).loss - expected) < 5e-8);
    };
    near(kTwo, {1}, .6733446);
    near(kTwo, {2}, 2.1202635);
    near(kTwo, {1, 2}, 3.5065579);
    near(kThree, {1}, 1.4872203);
    near(kThree, {1, 1}, 1.5606477);
    near(kThree, {1, 2}, 2.1370707);
    near(kThree, {2, 1}, 1.4105871);
  }

  void theLikeliestPathIsNotTheLikeliestLabel() {
    QCOMPARE(greedyLabel(kTwo), CtcLabel{});  // blank, blank: 0.30
    const auto best = beamLabels(kTwo, 8).front();
    QCOMPARE(best.first, CtcLabel{1});
    QVERIFY(std::abs(std::exp(best.second) - .51) < 1e-12);
  }

  void aRepeatNeedsABlankBetween() {
    QVERIFY(std::isinf(ctcLattice(kTwo, {1, 1}).loss));
    QCOMPARE(alignmentsOf({1, 1}, 2), 0.0);
    QCOMPARE(alignmentsOf({1, 1}, 3), 1.0);
    QCOMPARE(alignmentsOf({1, 2}, 4), 15.0);
    QCOMPARE(collapsed({1, 0, 1, 1, 2}), (CtcLabel{1, 1, 2}));
    QCOMPARE(collapsedWrongly({1, 0, 1, 1, 2}), (CtcLabel{1, 2}));
  }

  void theLatticeSumsOverAllPaths() {
    for (unsigned seed = 0; seed < 5; ++seed) {
      const LogRows rows = randomRows(6, 4, seed);
      double all = 0;
      for (const auto& [label, p] : allLabels(rows)) {
        QVERIFY(std::abs(std::exp(-ctcLattice(rows, label).loss) - p) < 1e-12);
        all += p;
      }
      QVERIFY(std::abs(all - 1) < 1e-12);
    }
  }

  void aSearchThatKeepsAllFindsTheLikeliestLabel() {
    for (unsigned seed = 0; seed < 5; ++seed) {
      const LogRows rows = randomRows(6, 4, seed);
      const auto labels = allLabels(rows);
      const auto best = std::ranges::max_element(
          labels, [](const auto& a, const auto& b) { return a.second < b.second; });
      const auto found = beamLabels(rows, 10'000).front();
      QCOMPARE(found.first, best->first);
      QVERIFY(std::abs(std::exp(found.second) - best->second) < 1e-12);
    }
  }

  void thePosteriorIsTheGradientOfTheLoss() {
    const LogRows rows = randomRows(7, 4, 3);
    const CtcLabel label{2, 2, 1};
    std::vector<double> flat;
    for (const auto& row : rows) flat.insert(flat.end(), row.begin(), row.end());
    const auto log_p = torch::tensor(flat, torch::kDouble).view({7, 1, 4}).requires_grad_(true);
    torch::ctc_loss(log_p, torch::tensor(label, torch::kLong), torch::tensor({7}, torch::kLong),
                    torch::tensor({3}, torch::kLong), 0, at::Reduction::Sum)
        .backward();
    const auto lattice = ctcLattice(rows, label);
    for (int t = 0; t < 7; ++t) {
      std::vector<double> share(4, 0);
      for (std::size_t s = 0; s < lattice.states.size(); ++s)
        share[lattice.states[s]] += lattice.posterior[t][s];
      // The library's gradient is with respect to logits: p - share.
      for (int k = 0; k < 4; ++k)
        QVERIFY(std::abs(log_p.grad()[t][0][k].item<double>() - (std::exp(rows[t][k]) - share[k])) <
                1e-9);
    }
  }

  void wordsOfTonesHaveTheLettersThatWereAsked() {
    QCOMPARE(spelled(toneWord("abba")), std::string("abba"));
    const auto batch = drawToneWords(200, {0, 0.5}, generatorFor(3, 9));
    std::int64_t repeats = 0, places = 0;
    for (std::size_t i = 0; i < batch.words.size(); ++i) {
      const ToneWord& word = batch.words[i];
      QVERIFY(word.size() >= 3 && word.size() <= 6);
      QVERIFY(batch.lengths[i] >= std::ssize(word) * 5);
      for (std::size_t k = 1; k < word.size(); ++k) {
        ++places;
        repeats += word[k] == word[k - 1] ? 1 : 0;
      }
    }
    QVERIFY(std::abs(static_cast<double>(repeats) / static_cast<double>(places) - 0.5) < 0.1);
  }

  void aWordThatCannotBeSungIsRefused() {
    const ExperimentSpec& spec = viva_catalog()->experiment("ctc-recognizer");
    for (const char* word : {"", "xyz", "abcdefghab"}) {
      Parameters parameters(spec.parameters);
      parameters.setFromText("probe", word);
      QVERIFY(spec.validate(parameters)->key == "error.ctc.probe");
    }
  }
};

QTEST_GUILESS_MAIN(CtcTest)
#include "ctc_test.moc"

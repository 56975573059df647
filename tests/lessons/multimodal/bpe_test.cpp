// SPDX-License-Identifier: GPL-3.0-or-later
// BPE against the worked example of its paper (arXiv 1508.07909), WordPiece and Unigram against
// sums that can be done by hand.
#include <QTest>
#include <cmath>

#include "lessons/multimodal/byte_pair_encoding.h"
#include "lessons/multimodal/unigram_pieces.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;

namespace {

using Pieces = std::vector<std::string>;

std::vector<CountedWord> paperWords() {
  return {{"low</w>", 5}, {"lower</w>", 2}, {"newest</w>", 6}, {"widest</w>", 3}};
}

PairMerger paperMerger(int merges, TieRule ties = TieRule::First) {
  PairMerger merger(paperWords(), SymbolUnit::Characters, ties);
  for (int i = 0; i < merges; ++i) merger.merge();
  return merger;
}

std::string refusalOf(const Settings& settings) {
  const ExperimentSpec& spec = viva_catalog()->experiment("bpe-trainer");
  Parameters parameters(spec.parameters);
  for (const auto& [name, value] : settings) parameters.setFromText(name, value);
  const auto problem = spec.validate(parameters);
  return problem ? problem->key : "";
}

}  // namespace

class BpeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theMergesAreThoseOfThePaper() {
    struct Row {
      const char *left, *right;
      std::int64_t count, tied, tokens;
    };
    const std::vector<Row> rows{
        {"e", "s", 9, 2, 86},  {"es", "t", 9, 1, 77},        {"est", "</w>", 9, 0, 68},
        {"l", "o", 7, 1, 61},  {"lo", "w", 7, 0, 54},        {"n", "e", 6, 2, 48},
        {"ne", "w", 6, 1, 42}, {"new", "est</w>", 6, 0, 36}, {"low", "</w>", 5, 0, 31},
        {"w", "i", 3, 2, 28},  {"wi", "d", 3, -1, -1},       {"wid", "est</w>", 3, -1, -1}};
    PairMerger merger = paperMerger(0);
    QCOMPARE(merger.tokens(), std::int64_t{95});
    for (const Row& row : rows) {
      QVERIFY(merger.merge());
      const Merge& merge = merger.merges().back();
      QCOMPARE(merge.pair.left, std::string(row.left));
      QCOMPARE(merge.pair.right, std::string(row.right));
      QCOMPARE(merge.pair.count, row.count);
      if (row.tied >= 0) QCOMPARE(merge.tied, row.tied);
      if (row.tokens >= 0) QCOMPARE(merger.tokens(), row.tokens);
    }
  }

  void afterTenMergesTheWordsAreThoseOfThePaper() {
    QCOMPARE(paperMerger(10).segmented(),
             (std::vector<Pieces>{
                 {"low</w>"}, {"low", "e", "r", "</w>"}, {"newest</w>"}, {"wi", "d", "est</w>"}}));
  }

  void newWordsAreCutByTheMergesInTheirOrder() {
    const PairMerger merger = paperMerger(10);
    QCOMPARE(merger.encode("lowest"), (Pieces{"low", "est</w>"}));
    QCOMPARE(merger.encode("newer"), (Pieces{"new", "e", "r", "</w>"}));
    QCOMPARE(merger.encode("wider"), (Pieces{"wi", "d", "e", "r", "</w>"}));
    QCOMPARE(merger.encode("slow"), (Pieces{"s", "low</w>"}));
    QCOMPARE(merger.encode("slow low"), (Pieces{"s", "low</w>", "low</w>"}));
  }

  void anotherRuleForTiesGivesOtherMerges() {
    // Of e s, s t and t </w>, all nine times, t </w> sorts last.
    const Merge first = paperMerger(1, TieRule::SortedLast).merges().front();
    QCOMPARE(first.pair.both(), std::string("t</w>"));
    QCOMPARE(first.pair.count, std::int64_t{9});
    QCOMPARE(first.tied, std::int64_t{2});
  }

  void aTextOfOneWordEndsAsOneToken() {
    PairMerger merger({{"aaaa", 1}}, SymbolUnit::Bytes, TieRule::First);
    QVERIFY(merger.merge() && merger.merge());
    QCOMPARE(merger.segmented().front(), (Pieces{"aaaa"}));
    QVERIFY(!merger.merge());
  }

  void bytesAreNeverUnknownAndPiecesGiveTheTextBack() {
    PairMerger merger(countedWords("the cat sat on the mat", SymbolUnit::Bytes), SymbolUnit::Bytes,
                      TieRule::First);
    for (int i = 0; i < 10; ++i) merger.merge();
    QCOMPARE(merger.vocabulary(), std::int64_t{266});
    for (const std::string text : {"你好，世界。", " two  spaces\n", "caf\xc3\xa9 \xff!"}) {
      std::string joined;
      for (const std::string& piece : merger.encode(text)) joined += piece;
      QCOMPARE(joined, text);
    }
    QCOMPARE(merger.encode("你").size(), std::size_t{3});
    QCOMPARE(shownPiece(merger.encode("你")[0]), std::string("E4"));
  }

  void wordPieceMergesWhatOccursTogetherRatherThanOften() {
    // e s: 9 / (17 * 9); l o: 7 / (7 * 7); w i: 3 / (16 * 3); i d: 3 / (3 * 3), the largest.
    PairMerger merger(paperWords(), SymbolUnit::Characters, TieRule::First, MergeScore::Likelihood);
    QVERIFY(merger.merge());
    QCOMPARE(merger.merges().front().pair.both(), std::string("id"));
    QVERIFY(std::abs(merger.merges().front().pair.score - 3.0 / 9) < 1e-12);
  }

  void wordPieceTakesTheLongestKnownPieceFromTheLeft() {
    PairMerger merger(paperWords(), SymbolUnit::Characters, TieRule::First, MergeScore::Likelihood);
    while (merger.merge()) {
    }
    QCOMPARE(merger.encode("low newest"), (Pieces{"low</w>", "newest</w>"}));
  }

  void unigramSumsOverAllCutsAndKeepsSingleSymbols() {
    // ab ab: pieces a, b, ab, each twice of six; p(ab) = 1/3 + 1/9 over both cuts.
    UnigramPieces pieces({{"ab", 2}}, SymbolUnit::Characters);
    QCOMPARE(pieces.vocabulary(), std::int64_t{3});
    pieces.shrinkTo(3);
    QVERIFY(std::abs(pieces.loss() + 2 * std::log(4.0 / 9)) < 1e-12);
    QCOMPARE(pieces.tokens(), std::int64_t{2});
    pieces.shrinkTo(1);
    QCOMPARE(pieces.vocabulary(), std::int64_t{2});
    QCOMPARE(pieces.encode("ab"), (Pieces{"a", "b", "</w>"}));
  }

  void ownTextsAreLearnedFromAndWrongOnesRefused() {
    const OwnFolder folder;
    const std::string path = folder.written("low low low slow\n");
    const auto run = finishedRun(
        "bpe-trainer",
        {{"text", "file"}, {"data_file", path}, {"compare", "none"}, {"unit", "characters"}}, 3);
    QCOMPARE(at(*run, 0, "tokens"), 17.0);
    QCOMPARE(refusalOf({{"text", "file"}, {"compare", "none"}}), std::string("error.bpe.no_file"));
    QCOMPARE(refusalOf({{"text", "english"}}), std::string("error.bpe.mix"));
    QCOMPARE(refusalOf({{"probe", ""}}), std::string("error.bpe.no_probe"));
    const auto refused = startedRun(
        "bpe-trainer",
        {{"text", "file"}, {"compare", "none"}, {"data_file", folder.written("\xff\xfe", "b.txt")}},
        3);
    QCOMPARE(refused->status(), RunStatus::Failed);
  }
};

QTEST_GUILESS_MAIN(BpeTest)
#include "bpe_test.moc"

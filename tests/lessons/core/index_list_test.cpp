// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/index_list.h"

#include <QTest>

using namespace viva;

class IndexListTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void indicesAreReadAscendingAndOnce() {
    QCOMPARE(indexList("5,0,3,3"), (std::vector<std::int64_t>{0, 3, 5}));
    QCOMPARE(indexList(" 2 , 1"), (std::vector<std::int64_t>{1, 2}));
    QVERIFY(indexList("").empty());
  }

  void whatIsNoIndexIsPassedOver() {
    QCOMPARE(indexList("1,x,-2,3.5,,4,99999999999999999999"), (std::vector<std::int64_t>{1, 4}));
  }

  void anIndexIsPutInAndTakenOut() {
    QCOMPARE(withIndexToggled("", 3), std::string("3"));
    QCOMPARE(withIndexToggled("0,5", 3), std::string("0,3,5"));
    QCOMPARE(withIndexToggled("0,3,5", 3), std::string("0,5"));
    QCOMPARE(withIndexToggled("3", 3), std::string());
    QCOMPARE(withIndexToggled("5,0", 10), std::string("0,5,10"));  // by size, not by letters
    QCOMPARE(withIndexToggled("1", -1), std::string("1"));
  }

  void aPairIsARowAndAColumn() {
    QCOMPARE(pairList("1.0, 0.10,0.2,1.0"), (std::vector<IndexPair>{{0, 2}, {0, 10}, {1, 0}}));
    QCOMPARE(withPairToggled("", {0, 1}), std::string("0.1"));
    QCOMPARE(withPairToggled("1.0,0.1", {0, 10}), std::string("0.1,0.10,1.0"));
    QCOMPARE(withPairToggled("0.1,1.0", {0, 1}), std::string("1.0"));
    QCOMPARE(withPairToggled("0.1", {-1, 0}), std::string("0.1"));
  }

  void whatIsNoPairIsNamed() {
    QCOMPARE(notPairs("0.1, x,1,2.-1,,0.2"), (std::vector<std::string>{"x", "1", "2.-1"}));
    QVERIFY(notPairs("").empty());
  }
};

QTEST_GUILESS_MAIN(IndexListTest)
#include "index_list_test.moc"

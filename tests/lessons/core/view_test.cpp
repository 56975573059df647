// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/view.h"

#include <QTest>

using namespace viva;

class ViewTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aViewIsDeclaredInOneSentence() {
    const ViewSpec view = plane("map")
                              .xAxis("axis.x")
                              .yAxis("axis.y", "unit.nats")
                              .logarithmicY()
                              .pathOf("*/x", "*/y")
                              .dragging({"start"})
                              .picking("unit", "time")
                              .equalScale()
                              .small();
    QCOMPARE(view.kind, ViewKind::Plane);
    QCOMPARE(view.x.label, std::string("axis.x"));
    QVERIFY(!view.x.logarithmic);
    QCOMPARE(view.y.unit, std::string("unit.nats"));
    QVERIFY(view.y.logarithmic);
    QCOMPARE(view.path->y_record, std::string("*/y"));
    QCOMPARE(view.drags, std::vector<std::string>{"start"});
    QCOMPARE(view.picks->column, std::string("time"));
    QVERIFY(view.equal_scale);
    QCOMPARE(view.room, Room::Small);
    QCOMPARE(series("loss", {"loss"}).x.label, std::string("axis.step"));
  }

  void starStandsForSomeTextWithoutASlash_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("record");
    QTest::addColumn<bool>("matches");
    QTest::addColumn<QString>("id");
    const auto row = [](const char* pattern, const char* record, const char* id) {
      QTest::addRow("%s ~ %s", pattern, record) << pattern << record << (id != nullptr) << id;
    };
    row("*/f", "adam/f", "adam");
    row("*/f", "adam/x", nullptr);
    row("*/f", "/f", nullptr);
    row("*/f", "f", nullptr);
    row("*/f", "a/b/f", nullptr);
    row("a/grad_norm/*", "a/grad_norm/layer_00", "layer_00");
    row("a/grad_norm/*", "b/grad_norm/layer_00", nullptr);
    row("a/grad_norm/*", "a/grad_norm/layer/00", nullptr);
    row("loss", "loss", "");
    row("loss", "loss2", nullptr);
    row("loss", "los", nullptr);
    row("*", "loss", "loss");
    row("*", "a/loss", nullptr);
    row("ab*ba", "aba", nullptr);
    row("ab*ba", "abba", nullptr);
    row("ab*ba", "abxba", "x");
    row("", "", "");
  }
  void starStandsForSomeTextWithoutASlash() {
    QFETCH(QString, pattern);
    QFETCH(QString, record);
    QFETCH(bool, matches);
    QFETCH(QString, id);
    const auto match = matchRecord(pattern.toStdString(), record.toStdString());
    QCOMPARE(match.has_value(), matches);
    if (matches) QCOMPARE(QString::fromStdString(*match), id);
  }

  void buildersSetKindAxesAndRoom() {
    const ViewSpec curves = series("f", {"*/f"}, {"axis.f", "unit.nats", true});
    QCOMPARE(curves.kind, ViewKind::Series);
    QCOMPARE(curves.x.label, std::string("axis.step"));
    QCOMPARE(curves.y.unit, std::string("unit.nats"));
    QVERIFY(curves.y.logarithmic);
    QCOMPARE(curves.records, std::vector<std::string>{"*/f"});
    QCOMPARE(plane("p", {}, {}).kind, ViewKind::Plane);
    QCOMPARE(table("t").kind, ViewKind::Table);
    QCOMPARE(bars("b", {}, {}).kind, ViewKind::Bars);
    QCOMPARE(matrix("m", {}, {}).kind, ViewKind::Matrix);
    QCOMPARE(verdict("v").kind, ViewKind::Verdict);
    QCOMPARE(verdict("v").room, Room::Line);
  }
};

QTEST_APPLESS_MAIN(ViewTest)
#include "view_test.moc"

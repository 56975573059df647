// SPDX-License-Identifier: GPL-3.0-or-later
// `viva list` and `viva describe`, and the pieces of text they are made of.
#include <QJsonArray>
#include <QTest>
#include <atomic>
#include <thread>

#include "app/catalog_loader.h"
#include "app/commands/sentence.h"
#include "tests/app/program.h"

namespace viva {

class ListingTest : public QObject {
  Q_OBJECT

 private:
  static QJsonObject json(const QStringList& arguments) {
    const Outcome outcome = Program().run(arguments);
    [&] { QCOMPARE(outcome.status, 0); }();
    [&] { QCOMPARE(outcome.errors, QByteArray()); }();
    return QJsonDocument::fromJson(outcome.output).object();
  }
  static QJsonObject parameter(const QString& name) {
    for (const QJsonValue& value :
         json({"describe", "fake-descent", "--json"})["parameters"].toArray())
      if (value["name"].toString() == name) return value.toObject();
    return {};
  }

 private Q_SLOTS:
  void listNamesLessonsExperimentsAndPresets() {
    const QByteArray text = Program().run({"list"}).output;
    for (const char* name : {"fakes", "fake-descent", "fake-stopper", "half", "as-it-is"})
      QVERIFY2(text.contains(name), name);
    const QJsonArray lessons = json({"list", "--json"})["lessons"].toArray();
    QCOMPARE(lessons[0]["id"].toString(), QString("fakes"));
    QCOMPARE(lessons[0]["experiments"][0]["presets"].toArray(), (QJsonArray{"half", "as-it-is"}));
  }

  void describeTellsEverythingAboutAParameter() {
    const QJsonObject rate = parameter("rate");
    QCOMPARE(rate["kind"].toString(), QString("real"));
    QCOMPARE(rate["default"].toDouble(), 0.1);
    QCOMPARE(rate["minimum"].toDouble(), 1e-6);
    QCOMPARE(rate["maximum"].toDouble(), 2.0);
    QCOMPARE(rate["scale"].toString(), QString("logarithmic"));
    QCOMPARE(rate["effect"].toString(), QString("live"));
    for (const char* key : {"step", "unit", "label", "meaning", "choices"})
      QVERIFY(rate.contains(key));
    QCOMPARE(parameter("extra")["effect"].toString(), QString("restart"));
    QCOMPARE(parameter("shape")["choices"].toArray(), (QJsonArray{"bowl", "saddle", "plateau"}));
    QCOMPARE(parameter("start")["default"].toArray(), (QJsonArray{4, 1}));
    QVERIFY(parameter("note")["minimum"].isNull());
  }

  void describeNamesRecordsViewsChecksAndPresets() {
    const QJsonObject described = json({"describe", "fake-descent", "--json"});
    QCOMPARE(described["records"].toArray().size(), 5);
    QCOMPARE(described["records"][4]["may_be_infinite"].toBool(), true);
    QCOMPARE(described["views"][0]["kind"].toString(), QString("plane"));
    QCOMPARE(described["checks"][0]["id"].toString(), QString("closed-form"));
    const QJsonObject half = described["presets"][0].toObject();
    QCOMPARE(half["steps"].toInt(), 20);
    QCOMPARE(half["settings"].toObject()["start"].toString(), QString("2,-2"));
    QCOMPARE(described["presets"][1]["steps"].toInt(), 50);
  }

  void whatDescribeTellsCanBeSet() {
    const QByteArray text = Program().run({"describe", "fake-descent"}).output;
    for (const QJsonValue& value :
         json({"describe", "fake-descent", "--json"})["parameters"].toArray())
      QVERIFY2(text.contains(value["name"].toString().toUtf8()), text);
  }

  void everyKindOfOutputKeepsItsShapeInChinese() {
    const QByteArray english = Program().run({"describe", "fake-descent", "--json"}).output;
    const QByteArray chinese =
        Program().run({"describe", "fake-descent", "--json", "--lang", "zh_CN"}).output;
    QCOMPARE(QJsonDocument::fromJson(chinese)["parameters"].toArray().size(),
             QJsonDocument::fromJson(english)["parameters"].toArray().size());
  }

  void theNearestNameIsTheOneThatASlipMeant() {
    const std::vector<std::string> names{"ravine", "rosenbrock", "beale", "booth"};
    QCOMPARE(nearestName("ravien", names), std::string("ravine"));
    QCOMPARE(nearestName("rosen", names), std::string("rosenbrock"));
    QCOMPARE(nearestName("both", names), std::string("booth"));
    QCOMPARE(nearestName("himmelblau", names), std::string());
    QCOMPARE(nearestName("", names), std::string());
  }

  void chineseCharactersTakeTwoColumns() {
    QCOMPARE(displayWidth("步 a"), std::size_t{4});
    QCOMPARE(padded("步", 4), std::string("步  "));
    QCOMPARE(cut("步步", 3), std::string("步"));
    const auto lines = wrapped("one two three", 8);
    QCOMPARE(lines, (std::vector<std::string>{"one two", "three"}));
    for (const std::string& line : wrapped("每一步都来自自动求导，没有演示动画。", 10))
      QVERIFY(displayWidth(line) <= 10);
  }

  void manyThreadsLoadOneCatalog() {
    qputenv("VIVA_LESSONS_LIBRARY", VIVA_FAKE_LESSONS);
    std::atomic<const Catalog*> first = nullptr;
    std::atomic<int> same = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        const Catalog* mine = &loadCatalog();
        const Catalog* none = nullptr;
        first.compare_exchange_strong(none, mine);
        same += first == mine;
      });
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(same.load(), 8);
    QCOMPARE(first.load()->experiment("fake-descent").id, std::string("fake-descent"));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::ListingTest)
#include "listing_test.moc"

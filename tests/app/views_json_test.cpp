// SPDX-License-Identifier: GPL-3.0-or-later
// The schema of views.json (docs/formats.md): a change here is a change of the interface.
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class ViewsJsonTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  QJsonObject file_, views_;

  static QStringList keys(const QJsonObject& object) { return object.keys(); }
  QJsonObject layer(const QString& name) const {
    for (const QJsonValue& layer : views_["plane"].toObject()["layers"].toArray())
      if (layer["name"].toString() == name) return layer.toObject();
    return {};
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString out = folder_.filePath("out");
    QCOMPARE(Program()
                 .run({"run", "fake-descent", "--steps", "10", "--set", "nan_at=4", "--out", out,
                       "--export", "csv,json"})
                 .status,
             0);
    file_ = jsonOf(out + "/views.json");
    views_ = file_["views"].toObject();
  }

  void theFileNamesItsVersionAndEveryView() {
    QCOMPARE(keys(file_), (QStringList{"experiment", "step", "version", "views"}));
    QCOMPARE(file_["version"].toInt(), 1);
    QCOMPARE(file_["step"].toInt(), 10);
    QCOMPARE(keys(views_),
             (QStringList{"bars", "curves", "matrix", "plane", "sizes", "table", "verdict"}));
    for (const QString& id : views_.keys()) {
      const QJsonObject view = views_[id].toObject();
      QVERIFY(view["kind"].isString());
      QVERIFY(view["title"].isString());
    }
  }

  void axesHaveLabelUnitAndScale() {
    const QJsonObject y = views_["curves"].toObject()["axes"].toObject()["y"].toObject();
    QCOMPARE(keys(y), (QStringList{"label", "logarithmic", "unit"}));
    QCOMPARE(y["logarithmic"].toBool(), true);
    QCOMPARE(y["unit"].toString(), QString("unit.fake"));
    QVERIFY(!views_["table"].toObject().contains("axes"));
  }

  void seriesHaveTheRecordsAndFurtherCurves() {
    const QJsonArray curves = views_["curves"].toObject()["curves"].toArray();
    QCOMPARE(curves.size(), 3);
    const QJsonObject first = curves[0].toObject();
    QCOMPARE(keys(first), (QStringList{"id", "label", "points", "record", "reference"}));
    QCOMPARE(first["id"].toString(), QString("a"));
    QCOMPARE(first["record"].toString(), QString("a/x"));
    const auto rows = Outcome::rows(contentOf(folder_.filePath("out/records.csv")));
    const QJsonArray points = first["points"].toArray();
    QCOMPARE(points.size(), 11);
    for (int step = 0; step <= 10; ++step) {
      const QJsonArray point = points[step].toArray();
      QCOMPARE(point[0].toInt(), step);
      if (step == 4)
        QCOMPARE(point[1].toString(), QString("nan"));
      else
        QVERIFY(point[1].toDouble() == rows[step + 1][1].toDouble());  // every bit
    }
    // A record that has values now and then has those points only.
    QCOMPARE(curves[1].toObject()["points"].toArray().size(), 3);
    QCOMPARE(curves[2].toObject()["reference"].toBool(), true);
    QCOMPARE(curves[2].toObject()["points"].toArray()[1].toArray(), (QJsonArray{1, 2}));
  }

  void planesHaveLayersInTheOrderTheyAreDrawn() {
    const QJsonObject plane = views_["plane"].toObject();
    QCOMPARE(keys(plane), (QStringList{"axes", "kind", "layers", "title", "x_range", "y_range"}));
    QStringList kinds;
    for (const QJsonValue& layer : plane["layers"].toArray()) kinds << layer["kind"].toString();
    QCOMPARE(kinds, (QStringList{"field", "points", "arrows", "mesh", "boxes", "path"}));
    const QJsonObject field = layer("field");
    QCOMPARE(field["rows"].toInt(), 2);
    QCOMPARE(field["columns"].toInt(), 3);
    QCOMPARE(field["values"].toArray().size(), 6);
    QVERIFY(static_cast<float>(field["values"].toArray()[0].toDouble()) == 0.1f);
    QCOMPARE(layer("real")["points"].toArray()[1].toArray(), (QJsonArray{3, 0.1}));
    QCOMPARE(layer("real")["classes"].toArray(), (QJsonArray{0, 1}));
    QCOMPARE(layer("arrows")["to"].toArray()[0].toArray(), (QJsonArray{1, 1}));
    QCOMPARE(layer("boxes")["boxes"].toArray()[0].toObject()["x_range"].toArray(),
             (QJsonArray{0, 2}));
  }

  void pathsOfAPlaneComeFromThePairsOfRecords() {
    const QJsonObject path = layer("a");
    QCOMPARE(keys(path), (QStringList{"id", "kind", "label", "name", "points", "records"}));
    QCOMPARE(path["records"].toArray(), (QJsonArray{"a/x", "a/y"}));
    QCOMPARE(path["points"].toArray().size(), 11);
    QCOMPARE(path["points"].toArray()[0].toArray(), (QJsonArray{4, 1}));
  }

  void tablesHaveTypedCells() {
    const QJsonObject table = views_["table"].toObject();
    QCOMPARE(table["columns"].toArray()[1].toObject()["best"].toString(), QString("smallest"));
    QVERIFY(table["columns"].toArray()[0].toObject()["best"].isNull());
    const QJsonArray cells = table["rows"].toArray()[0].toObject()["cells"].toArray();
    QCOMPARE(cells[0].toString(), QString("A"));
    QVERIFY(cells[1].isDouble());
    QVERIFY(cells[2].isNull());
    QCOMPARE(cells[3].toString(), QString("English"));
  }

  void barsHaveGroupsOverCategories() {
    const QJsonObject bars = views_["bars"].toObject();
    QCOMPARE(bars["categories"].toArray(), (QJsonArray{"one", "two"}));
    const QJsonArray values = bars["groups"].toArray()[0].toObject()["values"].toArray();
    QCOMPARE(values[0].toDouble(), 0.25);
    QVERIFY(values[1].isNull());
  }

  void matricesAreRowByRow() {
    const QJsonObject matrix = views_["matrix"].toObject();
    QCOMPARE(keys(matrix), (QStringList{"axes", "column_labels", "columns", "kind", "row_labels",
                                        "rows", "title", "values"}));
    QCOMPARE(matrix["rows"].toInt(), 2);
    QCOMPARE(matrix["values"].toArray(), (QJsonArray{1, 2, 3, 4}));
    QCOMPARE(matrix["row_labels"].toArray(), (QJsonArray{"up", "down"}));
    QCOMPARE(matrix["column_labels"].toArray(), (QJsonArray{"0", "1"}));
  }

  void verdictsAreASentenceAndAMood() {
    const QJsonObject verdict = views_["verdict"].toObject();
    QCOMPARE(keys(verdict), (QStringList{"kind", "mood", "sentence", "title"}));
    QCOMPARE(verdict["mood"].toString(), QString("holds"));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::ViewsJsonTest)
#include "views_json_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// weights.pt and weights.safetensors, read by Python programs that know the formats and nothing of
// ours.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>

#include "app/export/safetensors.h"
#include "tests/app/program.h"

namespace viva {
namespace {

template <typename T>
NamedArray arrayOf(const char* name, NamedArray::Type type, std::vector<std::int64_t> shape,
                   const std::vector<T>& values) {
  NamedArray array{name, type, std::move(shape), {}};
  array.bytes.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

/// What one of the programs in tests/readers prints of a file.
QJsonObject readBy(const QString& reader, const QString& file) {
  QProcess python;
  python.start("/usr/bin/python3", {VIVA_SOURCE_DIR "/tests/readers/" + reader, file});
  python.waitForFinished(120000);
  const QByteArray errors = python.readAllStandardError();
  [&] { QVERIFY2(python.exitCode() == 0, errors); }();
  return QJsonDocument::fromJson(python.readAllStandardOutput()).object();
}

QByteArray jsonOf(const QJsonValue& value) {
  return QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact);
}

}  // namespace

class WeightsTest : public QObject {
  Q_OBJECT

 private:
  static QJsonObject readBack(const QTemporaryDir& folder, const std::vector<NamedArray>& arrays) {
    const std::vector<char> bytes = safetensors(arrays);
    QFile file(folder.filePath("weights.safetensors"));
    [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    file.close();
    return readBy("safetensors_file.py", file.fileName());
  }

 private Q_SLOTS:
  void everyKindAndShapeIsReadBack() {
    const QTemporaryDir folder;
    const QJsonObject read = readBack(
        folder,
        {arrayOf<float>("layer.weight", NamedArray::Type::Float32, {3, 1}, {1.5f, -2, 0.25f}),
         arrayOf<double>("position", NamedArray::Type::Float64, {1}, {1e-300}),
         arrayOf<float>("nothing", NamedArray::Type::Float32, {0, 3}, {}),
         arrayOf<std::int64_t>("steps", NamedArray::Type::Int64, {}, {1LL << 40}),
         arrayOf<float>("\"α\"\\", NamedArray::Type::Float32, {1}, {7})});
    QCOMPARE(read.size(), 5);
    QCOMPARE(jsonOf(read["layer.weight"]), QByteArray("[\"float32\",[3,1],[1.5,-2,0.25]]"));
    QCOMPARE(read["position"][2][0].toDouble(), 1e-300);
    QCOMPARE(jsonOf(read["nothing"]), QByteArray("[\"float32\",[0,3],[]]"));
    QCOMPARE(jsonOf(read["steps"]), QByteArray("[\"int64\",[],[1099511627776]]"));
    QCOMPARE(jsonOf(read[QString::fromUtf8("\"α\"\\")]), QByteArray("[\"float32\",[1],[7]]"));
  }

  void aRunWithoutWeightsGivesAFileWithoutTensors() {
    const QTemporaryDir folder;
    QVERIFY(readBack(folder, {}).isEmpty());
  }

  void bothFilesOfARunHoldTheSameTensors() {
    Program program;
    program.set("VIVA_LESSONS_LIBRARY", QString(VIVA_BINARY_DIR) + "/libviva_lessons.so");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    const Outcome outcome = program.run({"run", "optimizer-training", "--steps", "2", "--out", out,
                                         "--export", "weights,safetensors", "--quiet"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    QCOMPARE(filesIn(out),
             (QStringList{"run.viva", "summary.json", "weights.pt", "weights.safetensors"}));
    const QJsonObject pickled = readBy("weights_only.py", out + "/weights.pt");
    QVERIFY(pickled.size() > 10);
    QCOMPARE(readBy("safetensors_file.py", out + "/weights.safetensors"), pickled);
  }

  void theWeightsOfARunCanBeWrittenAlone() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program()
                 .run({"run", "fake-descent", "--steps", "1", "--set", "rate=0.5", "--set",
                       "start=3,1", "--out", out, "--export", "safetensors", "--quiet"})
                 .status,
             0);
    QCOMPARE(filesIn(out), (QStringList{"run.viva", "summary.json", "weights.safetensors"}));
    QCOMPARE(readBy("safetensors_file.py", out + "/weights.safetensors"),
             (QJsonObject{{"x", QJsonArray{"float64", QJsonArray{1}, QJsonArray{1.5}}}}));
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::WeightsTest)
#include "weights_test.moc"

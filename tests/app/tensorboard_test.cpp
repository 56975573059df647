// SPDX-License-Identifier: GPL-3.0-or-later
// Event files, read back by a Python program that knows the published formats and nothing of ours.
#include "app/export/tensorboard.h"

#include <QMap>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/whole_file.h"
#include "tests/app/program.h"

namespace viva {
namespace {

/// Prints a line for every value: step, tag, kind, and numbers; asserts every checksum.
constexpr const char* kReader = R"(
import struct, sys
def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff
def check(data, stored):
    crc = crc32c(data)
    assert ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff == stored, 'checksum'
def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128: return value, at
def fields(data):
    at, found = 0, {}
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0: value, at = varint(data, at)
        elif key & 7 == 1: value, at = data[at:at + 8], at + 8
        elif key & 7 == 5: value, at = data[at:at + 4], at + 4
        else:
            assert key & 7 == 2
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        found.setdefault(key >> 3, []).append(value)
    assert at == len(data)
    return found
data, at, last = open(sys.argv[1], 'rb').read(), 0, 0
while at < len(data):
    size, = struct.unpack_from('<Q', data, at)
    check(data[at:at + 8], *struct.unpack_from('<I', data, at + 8))
    body = data[at + 12:at + 12 + size]
    check(body, *struct.unpack_from('<I', data, at + 12 + size))
    at += size + 16
    event = fields(body)
    time, = struct.unpack('<d', event[1][0])
    assert time > 1.6e9
    if 3 in event: print('version', event[3][0].decode())
    step = event.get(2, [0])[0]
    for summary in event.get(5, []):
        for raw in fields(summary).get(1, []):
            value = fields(raw)
            tag = value[1][0].decode()
            if 2 in value: print(step, tag, 'scalar', repr(struct.unpack('<f', value[2][0])[0]))
            if 4 in value:
                image = fields(value[4][0])
                png = image[4][0]
                assert png[:8] == bytes.fromhex('89504e470d0a1a0a')
                assert struct.unpack('>II', png[16:24]) == (image[2][0], image[1][0])
                print(step, tag, 'image', image[2][0], image[1][0])
            if 5 in value:
                histogram = fields(value[5][0])
                pack = lambda raw: struct.unpack('<%dd' % (len(raw) >> 3), raw)
                limits, counts = pack(histogram[6][0]), pack(histogram[7][0])
                assert len(limits) == len(counts) and list(limits) == sorted(limits)
                number, = struct.unpack('<d', histogram[3][0])
                assert number == sum(counts)
                ends = [repr(struct.unpack('<d', histogram[i][0])[0]) for i in (1, 2)]
                print(step, tag, 'histogram', number, *ends)
assert at == len(data)
)";

/// What the program prints of a file, line by line, in words.
QList<QByteArrayList> valuesIn(const QString& path) {
  QList<QByteArrayList> values;
  QProcess process;
  process.start("/usr/bin/python3", {"-c", kReader, path});
  process.waitForFinished();
  [&] { QVERIFY2(process.exitCode() == 0, process.readAllStandardError()); }();
  for (const QByteArray& line : process.readAllStandardOutput().split('\n'))
    if (!line.isEmpty()) values << line.split(' ');
  return values;
}

}  // namespace

class TensorBoardTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  QList<QByteArrayList> values_;

 private Q_SLOTS:
  void initTestCase() {
    const QString out = folder_.filePath("out");
    const Outcome outcome = Program().run({"run", "fake-descent", "--out", out, "--export",
                                           "tensorboard,csv", "--size", "320x200", "--quiet"});
    QVERIFY2(outcome.status == 0, outcome.errors);
    values_ = valuesIn(out + "/" + kEventsName);
  }

  void theFirstEventNamesTheVersion() {
    QCOMPARE(values_[0], (QByteArrayList{"version", "brain.Event:2"}));
  }

  void everyRecordIsThereAtEveryStepAsAFloat() {
    const auto rows = Outcome::rows(contentOf(folder_.filePath("out/records.csv")));
    int expected = 0, found = 0;
    for (int row = 1; row < rows.size(); ++row)
      for (int column = 1; column < rows[row].size(); ++column) {
        if (rows[row][column].isEmpty()) continue;
        ++expected;
        for (const QByteArrayList& value : values_.mid(1))
          if (value[0] == rows[row][0] && value[1] == rows[0][column]) {
            ++found;
            QCOMPARE(value[2], QByteArray("scalar"));
            QCOMPARE(static_cast<float>(value[3].toDouble()),
                     static_cast<float>(rows[row][column].toDouble()));
          }
      }
    QVERIFY(expected > 200);
    QCOMPARE(found, expected);
  }

  void everyViewIsAPictureAndAHistogramIsOne() {
    QByteArrayList pictures, histograms;
    for (const QByteArrayList& value : values_.mid(1)) {
      if (value[2] == "image" && value[3] == "320" && value[4] == "200") pictures << value[1];
      if (value[2] == "histogram") histograms << value[0] + " " + value[1] + " " + value[3];
    }
    QCOMPARE(pictures.size(), 7);
    QCOMPARE(histograms, (QByteArrayList{"0 sizes/p 3.0", "50 sizes/p 10.0"}));
  }

  /// TensorBoard draws the first full bin from the minimum on and the last one to the maximum: ends
  /// of the axis would stretch them over all that is empty beside them.
  void aHistogramBeginsAndEndsWithItsFullBins() {
    ExperimentSpec spec;
    RunResults results{.spec = &spec, .parameters = Parameters(spec.parameters)};
    auto frame = std::make_shared<Frame>();
    HistogramData& data = frame->at<HistogramData>("sizes");
    data.edges = {1e-6, 1, 2, 4, 8, 1e6};
    data.groups = {{"inside", std::string("inside"), {0, 3, 0, 2, 0}},
                   {"below", std::string("below"), {0, 3, 0, 0, 0}, 1, 0},
                   {"above", std::string("above"), {0, 0, 0, 2, 0}, 0, 5},
                   {"beyond", std::string("beyond"), {0, 0, 0, 0, 0}, 0, 1},
                   {"empty", std::string("empty"), {0, 0, 0, 0, 0}}};
    results.frame = frame;
    const QString path = folder_.filePath("events");
    writeWhole(path.toStdString(), [&](FileWriter& file) {
      writeEvents(file, results, {}, Words::in(Language::English));
    });
    QMap<QByteArray, QByteArrayList> ends;
    for (const QByteArrayList& value : valuesIn(path).mid(1)) ends[value[1]] = value.mid(4);
    QCOMPARE(ends.size(), 5);
    QCOMPARE(ends["sizes/inside"], (QByteArrayList{"1.0", "8.0"}));
    QCOMPARE(ends["sizes/below"], (QByteArrayList{"1e-06", "2.0"}));
    QCOMPARE(ends["sizes/above"], (QByteArrayList{"4.0", "1000000.0"}));
    QCOMPARE(ends["sizes/beyond"], (QByteArrayList{"1000000.0", "1000000.0"}));
    QCOMPARE(ends["sizes/empty"], (QByteArrayList{"0.0", "0.0"}));
  }

  void theChecksumIsThatOfTheStandard() {
    // RFC 3720, appendix B.4
    QCOMPARE(crc32c(std::string(32, '\0')), 0x8a9136aau);
    QCOMPARE(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
    QCOMPARE(crc32c("123456789"), 0xe3069283u);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::TensorBoardTest)
#include "tensorboard_test.moc"

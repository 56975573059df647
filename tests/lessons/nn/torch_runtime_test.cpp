// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/torch_runtime.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>

#include "lessons/core/error.h"
#include "tests/lessons/nn/torch_draws.h"

using namespace viva;
using viva::tests::draw;
using viva::tests::pickledByLibTorch;
using viva::tests::threadsInPlace;

namespace {

template <typename T>
NamedArray arrayOf(const char* name, NamedArray::Type type, std::vector<std::int64_t> shape,
                   const std::vector<T>& values) {
  NamedArray array{name, type, std::move(shape), {}};
  array.bytes.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

}  // namespace

class TorchRuntimeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void eachRunGoesOnWithItsOwnGenerators() {
    Runtime& runtime = torchRuntime();
    const auto alone = runtime.seeded(7);
    runtime.enter(*alone, 1);
    const double first = draw(), second = draw();
    runtime.leave(*alone);
    QVERIFY(first != second);

    const auto one = runtime.seeded(7), other = runtime.seeded(8);
    runtime.enter(*one, 1);
    QCOMPARE(draw(), first);
    runtime.leave(*one);
    runtime.enter(*other, 1);
    QVERIFY(draw() != first);
    runtime.leave(*other);
    runtime.enter(*one, 1);
    QCOMPARE(draw(), second);
    runtime.leave(*one);
  }

  void outsideTheRunsNothingChanges() {
    Runtime& runtime = torchRuntime();
    const auto reference = runtime.seeded(3);
    runtime.enter(*reference, 1);
    const double first = draw(), second = draw();
    const auto inner = runtime.seeded(9);
    runtime.leave(*reference);

    const auto outer = runtime.seeded(3);
    runtime.enter(*outer, 1);
    QCOMPARE(draw(), first);
    runtime.enter(*inner, 1);
    draw();
    runtime.leave(*inner);
    QCOMPARE(draw(), second);
    runtime.leave(*outer);
  }

  void theThreadCountIsTheRuns() {
    Runtime& runtime = torchRuntime();
    const auto state = runtime.seeded(1);
    for (const int threads : {2, 1}) {
      runtime.enter(*state, threads);
      QCOMPARE(threadsInPlace(), threads);
      runtime.leave(*state);
    }
  }

  void devicesThatAreNotThereAreNamed() {
    const Runtime& runtime = torchRuntime();
    QCOMPARE(runtime.resolveDevice("cpu"), std::string("cpu"));
    QVERIFY(runtime.resolveDevice("auto") == "cpu" || runtime.resolveDevice("auto") == "cuda:0");
    for (const char* nonsense : {"gpu", "", "cuda:", "cuda:x", "cuda:-1", "cuda:99999999999999"})
      QVERIFY_EXCEPTION_THROWN(runtime.resolveDevice(nonsense), RequestError);
    QVERIFY_EXCEPTION_THROWN(runtime.resolveDevice("cuda:999"), RunError);
  }

  void theMatrixLibraryIsKnown() {
    const QStringList known{"openblas", "openblas-pthread", "mkl", "reference", "unknown"};
    // `openblas (SkylakeX)`: with the kernels that it computes with.
    const QStringList found = QString::fromStdString(torchRuntime().blas()).split(" (");
    QVERIFY(known.contains(found.first()));
    QCOMPARE(found.size() == 2, found.first() == "openblas");
    QVERIFY(!torchRuntime().libraryVersion().empty());
  }

  void pythonReadsTheWeights() {
    const char* const python = "/usr/bin/python3";
    QProcess probe;
    probe.start(python, {"-c", "import torch"});
    if (!probe.waitForFinished(120000) || probe.exitCode() != 0)
      QSKIP("/usr/bin/python3 has no torch: install python3-torch");

    const std::vector<char> bytes = torchRuntime().pickle(
        {arrayOf<float>("layer.weight", NamedArray::Type::Float32, {2, 2}, {1.5f, -2, 3, 0.25f}),
         arrayOf<double>("position", NamedArray::Type::Float64, {1}, {1e-300}),
         arrayOf<std::int64_t>("steps", NamedArray::Type::Int64, {}, {1LL << 40}),
         arrayOf<float>("nothing", NamedArray::Type::Float32, {0, 3}, {})});
    QTemporaryDir folder;
    QFile file(folder.filePath("weights.pt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    file.close();

    QProcess reader;
    reader.start(python, {"-c",
                          "import sys, torch\n"
                          "for more in {}, {'weights_only': True}, {'weights_only': False}:\n"
                          "  w = torch.load(sys.argv[1], **more)\n"
                          "  assert sorted(w) == ['layer.weight', 'nothing', 'position', 'steps']\n"
                          "  assert w['layer.weight'].dtype == torch.float32\n"
                          "  assert w['layer.weight'].tolist() == [[1.5, -2.0], [3.0, 0.25]]\n"
                          "  assert w['position'].dtype == torch.float64\n"
                          "  assert w['position'].tolist() == [1e-300]\n"
                          "  assert w['steps'].item() == 2**40\n"
                          "  assert tuple(w['nothing'].shape) == (0, 3)\n",
                          file.fileName()});
    QVERIFY(reader.waitForFinished(120000));
    QVERIFY2(reader.exitCode() == 0, reader.readAllStandardError().constData());
  }

  /// PyTorch since 2.6 refuses what its list does not name, unless it is told to trust the file.
  void theWeightsHoldOnlyWhatPyTorchAllowsByDefault() {
    QTemporaryDir folder;
    QFile file(folder.filePath("weights.pt"));
    const auto read = [&](const std::vector<char>& bytes) {
      if (!file.open(QIODevice::WriteOnly)) return QByteArray("cannot be written");
      file.write(bytes.data(), static_cast<qint64>(bytes.size()));
      file.close();
      QProcess reader;
      reader.start("/usr/bin/python3",
                   {VIVA_SOURCE_DIR "/tests/readers/weights_only.py", file.fileName()});
      reader.waitForFinished(120000);
      return reader.readAllStandardOutput() + reader.readAllStandardError();
    };
    QCOMPARE(read(torchRuntime().pickle(
                 {arrayOf<float>("w", NamedArray::Type::Float32, {2, 2}, {1.5f, -2, 3, 0.25f}),
                  arrayOf<double>("p", NamedArray::Type::Float64, {1}, {0.5}),
                  arrayOf<std::int64_t>("steps", NamedArray::Type::Int64, {}, {1LL << 40}),
                  arrayOf<float>("nothing", NamedArray::Type::Float32, {0, 3}, {})})),
             QByteArray("{\"w\": [\"float32\", [2, 2], [1.5, -2.0, 3.0, 0.25]], "
                        "\"p\": [\"float64\", [1], [0.5]], "
                        "\"steps\": [\"int64\", [], [1099511627776]], "
                        "\"nothing\": [\"float32\", [0, 3], []]}\n"));
    // The reader is as strict as it says: this is what LibTorch writes by itself.
    QVERIFY(read(pickledByLibTorch())
                .contains("Unsupported global: torch.jit._pickle.restore_type_tag"));
  }
};

QTEST_GUILESS_MAIN(TorchRuntimeTest)
#include "torch_runtime_test.moc"

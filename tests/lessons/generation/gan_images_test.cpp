// SPDX-License-Identifier: GPL-3.0-or-later
// gan-images as an experiment, the user's own IDX files, and the judge.
#include <torch/types.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "lessons/data/digits.h"
#include "lessons/data/idx.h"
#include "lessons/data/image_judge.h"
#include "lessons/data/shapes.h"
#include "lessons/generation/small_images.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/own_pictures.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kImages = "gan-images";
const Settings kSmall{{"samples", "500"}, {"width", "4"}, {"batch_size", "8"}};

std::unique_ptr<Run> small(Settings settings, std::int64_t steps) {
  settings.insert(settings.begin(), kSmall.begin(), kSmall.end());
  return finishedRun(kImages, settings, steps);
}

QByteArray imagesHeader(std::uint32_t images, std::uint32_t rows, std::uint32_t columns) {
  return bigEndian(0x803) + bigEndian(images) + bigEndian(rows) + bigEndian(columns);
}

const ImagesData& imagesOf(const Frame& frame, const char* view) {
  return std::get<ImagesData>(frame.views.at(view));
}

}  // namespace

class GanImagesTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::string write(const char* name, const QByteArray& bytes) {
    QFile file(folder_.filePath(name));
    file.open(QIODevice::WriteOnly);
    file.write(bytes);
    return file.fileName().toStdString();
  }

 private Q_SLOTS:
  void anIdxFileIsReadByteByByte() {
    const auto path = write("two", imagesHeader(2, 2, 3) + QByteArray("\0\1\2\3\4\5abcdef", 12));
    const auto images = readIdxImages(path);
    QCOMPARE(images.sizes().vec(), (std::vector<std::int64_t>{2, 1, 2, 3}));
    QCOMPARE(images[0][0][1][2].item<int>(), 5);
    QCOMPARE(images[1][0][0][0].item<int>(), int('a'));
    const auto labels =
        readIdxLabels(write("labels", bigEndian(0x801) + bigEndian(2) + QByteArray("\7\0", 2)));
    QCOMPARE(labels[0].item<int>(), 7);
  }

  void aFileThatCannotBeUsedIsNamedWithItsFault_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("fault");
    const QByteArray pixels(12, 'x');
    QTest::newRow("labels instead of images")
        << bigEndian(0x801) + bigEndian(12) + pixels << "not_images";
    QTest::newRow("ends in the header") << bigEndian(0x803) + bigEndian(1) << "no_header";
    QTest::newRow("too short") << imagesHeader(2, 3, 3) + pixels << "damaged";
    QTest::newRow("too long") << imagesHeader(1, 3, 3) + pixels << "damaged";
    QTest::newRow("no images") << imagesHeader(0, 3, 3) << "nothing_inside";
    QTest::newRow("sizes beyond all measure")
        << imagesHeader(0xffffffff, 0xffffffff, 0xffffffff) + pixels << "damaged";
  }
  void aFileThatCannotBeUsedIsNamedWithItsFault() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, fault);
    const auto path = write("file", bytes);
    const Message message = refusalOf<FileError>([&] { readIdxImages(path); });
    QCOMPARE(message.key, "error.idx." + fault.toStdString());
    QCOMPARE(argumentOf(message, "file"), path);
    // The run fails with the same sentence, and nothing else happens.
    const auto run =
        startedRun(kImages, {{"data", "file"}, {"image_file", path}, {"conditional", "false"}}, 1);
    QCOMPARE(run->status(), RunStatus::Failed);
    QCOMPARE(run->message()->key, message.key);
  }

  void aMissingFileAndMissingLabelsAreRefused() {
    QCOMPARE(refusalOf([] {
               startedRun(kImages, {{"data", "file"}}, 1);
             }).key,
             std::string("error.images.no_file"));
    const auto path = write("plain", imagesHeader(2, 1, 1) + "xy");
    for (const auto& [file, fault] :
         {std::pair(path, "no_labels"), std::pair(std::string("/x"), "missing")}) {
      const auto run =
          startedRun(kImages, {{"data", "file"}, {"image_file", file}, {"conditional", "true"}}, 1);
      QCOMPARE(run->status(), RunStatus::Failed);
      QCOMPARE(run->message()->key, std::string("error.images.") + fault);
    }
    QCOMPARE(refusalOf<FileError>([] { readIdxImages("/no/such/file"); }).key,
             std::string("error.idx.missing"));
  }

  void theUsersOwnImagesAreLearnt() {
    QByteArray pixels;
    for (int i = 0; i < 40 * 28 * 28; ++i) pixels.append(static_cast<char>(i % 251));
    const auto path = write("own", imagesHeader(40, 28, 28) + pixels);
    QByteArray labels;
    for (int i = 0; i < 40; ++i) labels.append(static_cast<char>(i % 3));
    const auto label_path = write("own_labels", bigEndian(0x801) + bigEndian(40) + labels);
    const auto run = finishedRun(kImages,
                                 {{"data", "file"},
                                  {"image_file", path},
                                  {"label_file", label_path},
                                  {"conditional", "true"},
                                  {"width", "4"}},
                                 3);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(std::isfinite(tests::at(*run, 3, "g_loss")));
    const auto frame = run->frame();
    QCOMPARE(imagesOf(*frame, "samples").images.size(), 3u * 8u);
    const auto short_labels = write("few", bigEndian(0x801) + bigEndian(1) + QByteArray("\1", 1));
    const auto failed = startedRun(
        kImages, {{"data", "file"}, {"image_file", path}, {"label_file", short_labels}}, 1);
    QCOMPARE(failed->message()->key, std::string("error.images.label_count"));
  }

  /// Labels 1 to 3 are three classes, not four of which one is never drawn.
  void theClassesAreTheLabelsThatOccur_data() {
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("count");
    QTest::newRow("from 0") << 0 << 1 << 3;
    QTest::newRow("from 1") << 1 << 1 << 3;
    QTest::newRow("1 to 10") << 1 << 1 << 10;
    QTest::newRow("far apart") << 5 << 50 << 5;
  }
  void theClassesAreTheLabelsThatOccur() {
    QFETCH(int, first);
    QFETCH(int, step);
    QFETCH(int, count);
    QByteArray labels, pixels;
    for (int i = 0; i < 60; ++i) {
      labels.append(static_cast<char>(first + step * (i % count)));
      pixels += QByteArray(144, static_cast<char>(20 * (i % count)));
    }
    const Settings settings{
        {"data", "file"},
        {"image_file", write("images", imagesHeader(60, 12, 12) + pixels)},
        {"label_file", write("labels", bigEndian(0x801) + bigEndian(60) + labels)},
        {"conditional", "true"},
        {"width", "4"}};
    const auto run = finishedRun(kImages, settings, 1);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(argumentOf(run->reading().value(), "classes"), std::to_string(count));
    const auto frame = run->frame();
    const auto& images = imagesOf(*frame, "samples").images;
    QCOMPARE(images.size(), static_cast<std::size_t>(8 * count));
    for (int c = 0; c < count; ++c)
      QCOMPARE(std::get<std::string>(images[static_cast<std::size_t>(8 * c)].caption),
               std::to_string(first + step * c));
  }

  void moreLabelsThanTenAreRefused() {
    QByteArray labels;
    for (int i = 0; i < 22; ++i) labels.append(static_cast<char>(i / 2));
    const auto run = startedRun(
        kImages,
        {{"data", "file"},
         {"image_file", write("images", imagesHeader(22, 12, 12) + QByteArray(22 * 144, 'x'))},
         {"label_file", write("labels", bigEndian(0x801) + bigEndian(22) + labels)}},
        1);
    QCOMPARE(run->message()->key, std::string("error.images.too_many_classes"));
    QCOMPARE(argumentOf(*run->message(), "found"), std::string("11"));
  }

  /// The judge was tested on the last classes of the file, of which it had seen none: accuracy 0.
  void aFileThatIsSortedByClassIsJudgedAsAShuffledOne() {
    const Dataset built_in = digits(3000, generatorFor(1, 0));
    const auto accuracyOf = [&](const torch::Tensor& order) {
      const Dataset data = built_in.at(order);
      const auto bytes = (data.inputs * 255).round().to(torch::kUInt8).contiguous();
      const auto numbers = data.labels.to(torch::kUInt8).contiguous();
      const auto bytesOf = [](const torch::Tensor& tensor) {
        return QByteArray(static_cast<const char*>(tensor.data_ptr()), tensor.numel());
      };
      const auto run = finishedRun(
          kImages,
          {{"data", "file"},
           {"image_file", write("images", imagesHeader(3000, 12, 12) + bytesOf(bytes))},
           {"label_file", write("labels", bigEndian(0x801) + bigEndian(3000) + bytesOf(numbers))},
           {"width", "4"}},
          0);
      const auto frame = run->frame();
      return std::get<SeriesData>(frame->views.at("agreement")).curves.front().y.front();
    };
    const double sorted = accuracyOf(built_in.labels.argsort()),
                 shuffled = accuracyOf(torch::randperm(3000, generatorFor(2, 0), torch::kLong));
    QVERIFY2(sorted > 0.8 && std::abs(sorted - shuffled) < 0.05,
             qPrintable(QString("%1, %2").arg(sorted).arg(shuffled)));
  }

  void ofALargeFileImagesOfAllClassesAreDrawn() {
    constexpr int kAll = 24000, kFirst = 21000;
    const auto images = write("images", imagesHeader(kAll, 2, 2) + QByteArray(kAll * 4, 'x'));
    const auto labels = write("labels", bigEndian(0x801) + bigEndian(kAll) + QByteArray(kFirst, 0) +
                                            QByteArray(kAll - kFirst, 1));
    Parameters p(viva_catalog()->experiment(kImages).parameters);
    p.setFromText("data", "file");
    p.setFromText("image_file", images);
    p.setFromText("label_file", labels);
    const Dataset drawn = ganImagesData(p, generatorFor(1, 0));
    QCOMPARE(drawn.samples(), kMostImages);
    const auto second = (drawn.labels == 1).sum().item<std::int64_t>();
    QVERIFY2(std::abs(second - kMostImages * (kAll - kFirst) / kAll) <= 2,
             qPrintable(QString::number(second)));
  }

  void aFolderAndCifarAreLearntByClass() {
    const QString pets = folder_.filePath("my pets");
    writeClasses(pets, {"cat", "dog", "owl"}, 8);
    QByteArray records;
    for (int i = 0; i < 24; ++i)
      records += cifarRecord(3 + i % 2, {static_cast<std::uint8_t>(10 * i), 0, 99});
    for (const auto& [file, classes, name] :
         {std::tuple(pets.toStdString() + "/", "3", "my pets"),
          std::tuple(write("data_batch_1.bin", records), "2", "data_batch_1.bin")}) {
      const auto run = finishedRun(
          kImages, {{"data", "file"}, {"image_file", file}, {"width", "4"}, {"batch_size", "8"}},
          2);
      QCOMPARE(run->status(), RunStatus::Completed);
      QCOMPARE(argumentOf(run->reading().value(), "classes"), std::string(classes));
      QCOMPARE(argumentOf(run->reading().value(), "file"), std::string(name));
      QVERIFY(!isAbsent(tests::at(*run, 0, "agreement")));
      const auto frame = run->frame();
      QCOMPARE(std::get<std::string>(imagesOf(*frame, "samples").images[0].caption),
               std::string("cat"));
      QCOMPARE(run->inputs().size(), 1u);
    }
    const auto plain = finishedRun(
        kImages, {{"data", "file"}, {"image_file", pets.toStdString()}, {"conditional", "false"}},
        1);
    QCOMPARE(plain->status(), RunStatus::Completed);
    QCOMPARE(plain->records().find("kl_to_uniform"), -1);
    writeBytes(pets + "/owl/9.png", "no picture");
    const auto failed =
        startedRun(kImages, {{"data", "file"}, {"image_file", pets.toStdString()}}, 1);
    QCOMPARE(failed->message()->key, std::string("error.images.picture_unknown"));
  }

  void imagesWithoutLabelsAreOneKind() {
    const auto path = write("plain", imagesHeader(30, 12, 12) + QByteArray(30 * 144, 'x'));
    const auto run = finishedRun(
        kImages, {{"data", "file"}, {"image_file", path}, {"conditional", "false"}, {"width", "4"}},
        2);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(run->records().find("kl_to_uniform"), -1);
    QVERIFY(run->frame());
  }

  void aSnapshotLeavesBatchNormAlone() {
    const auto watched = startedRun(kImages, kSmall, 6), alone = startedRun(kImages, kSmall, 6);
    for (int i = 0; i < 6; ++i) {
      watched->advance(1);
      QVERIFY(watched->frame());
    }
    alone->advance(6);
    QCOMPARE(watched->records().digest(), alone->records().digest());
  }

  void theWalkGoesThroughTheMiddleOfTheGrid() {
    const auto run = small({}, 2);
    const auto frame = run->frame();
    const auto& grid = imagesOf(*frame, "latent_grid");
    const auto& walk = imagesOf(*frame, "walk_image");
    const std::size_t pixels = 144, middle = grid.images.size() / 2;
    for (std::size_t i = 0; i < pixels; ++i)
      QVERIFY(std::abs((*grid.values)[middle * pixels + i] - (*walk.values)[i]) < 1e-5f);
    run->change("walk", Point{3, 3});  // the upper right corner
    const auto later = run->frame();
    const auto& moved = imagesOf(*later, "walk_image");
    for (std::size_t i = 0; i < pixels; ++i)
      QVERIFY(std::abs((*grid.values)[6 * pixels + i] - (*moved.values)[i]) < 1e-5f);
  }

  void theConditionalGridAsksForEveryClass() {
    const auto run = small({{"conditional", "true"}, {"data", "shapes"}}, 2);
    const auto frame = run->frame();
    const auto& samples = imagesOf(*frame, "samples");
    QCOMPARE(samples.images.size(), 4u * 8u);
    QCOMPARE(std::get<std::string>(samples.images[8].caption), std::string("1"));
    QVERIFY(!isAbsent(tests::at(*run, 0, "agreement")));
    const auto plain = small({{"conditional", "false"}}, 0);
    QCOMPARE(plain->records().find("agreement"), -1);
  }

  void theJudgeReadsRealImages() {
    const ImageJudge digits_judge(digits(3000, generatorFor(1, 0)), generatorFor(1, 1));
    QVERIFY2(digits_judge.accuracy() > 0.85, qPrintable(QString::number(digits_judge.accuracy())));
    const Dataset data = shapes(1000, 12, generatorFor(1, 0));
    const ImageJudge judge(data, generatorFor(1, 1));
    QVERIFY(judge.accuracy() > 0.9);
    QVERIFY((judge.shares(data.inputs) - 0.25).abs().max().item<double>() < 0.05);
  }

  void shapesAreWhatTheyAreCalled() {
    const Dataset data = shapes(400, 12, generatorFor(3, 0));
    QVERIFY(data.inputs.min().item<double>() >= 0 && data.inputs.max().item<double>() <= 1);
    // Of its bounding square a disc fills pi / 4, a square all, a triangle half or so, a cross
    // least.
    std::vector<double> ink;
    for (int shape = 0; shape < kShapeClasses; ++shape)
      ink.push_back(data.inputs.index({data.labels == shape}).mean().item<double>());
    QVERIFY(ink[0] > ink[3] && ink[1] > ink[3] && ink[2] > 0.05 && ink[3] > 0.05);
  }
};

QTEST_GUILESS_MAIN(GanImagesTest)
#include "gan_images_test.moc"

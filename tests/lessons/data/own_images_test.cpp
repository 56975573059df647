// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the user's images are kept in, an experiment gets the same.
#include "lessons/data/own_images.h"

#include <torch/types.h>

#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "lessons/core/experiment.h"
#include "lessons/core/folder_files.h"
#include "lessons/data/cifar.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/own_pictures.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const std::vector<std::string> kPets{"cat", "dog", "owl"};

}  // namespace

class OwnImagesTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;

  QString path(const QString& name) const { return folder_->filePath(name); }
  std::string write(const QString& name, const QByteArray& bytes) const {
    writeBytes(path(name), bytes);
    return path(name).toStdString();
  }
  std::string pets(int count = 3) const {
    writeClasses(path("my pets, 猫"), {"owl", "cat", "dog"}, count);
    return path("my pets, 猫").toStdString();
  }
  static Dataset read(const std::string& path, const ImageUse& use = {},
                      const std::string& labels = {}) {
    return ownImages(path, labels, use, generatorFor(1, 0));
  }
  static Message refused(const std::string& path, const ImageUse& use = {},
                         const std::string& labels = {}) {
    const Message message = refusalOf<FileError>([&] { read(path, use, labels); });
    for (const Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(message);
      if (sentence.find('{') != sentence.npos || sentence == message.key)
        return {"not a sentence: " + sentence, {}};
    }
    return message;
  }
  static std::string key(const char* what) { return std::string("error.images.") + what; }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void aFolderOfFoldersIsReadWithItsClasses() {
    const Dataset data = read(pets(), {.side = 2});
    QCOMPARE(data.inputs.sizes().vec(), (std::vector<std::int64_t>{9, 3, 2, 2}));
    QVERIFY(data.inputs.dtype() == torch::kFloat);
    QCOMPARE(data.classes, 3);
    QCOMPARE(data.class_names, kPets);
    // Red is 40 times the class as it was written (owl 0, cat 1, dog 2), green the number.
    const std::array<int, 3> written{1, 2, 0};
    std::set<std::pair<std::int64_t, int>> seen;
    for (std::int64_t i = 0; i < 9; ++i) {
      const std::int64_t label = data.labels[i].item<std::int64_t>();
      const auto pixel = (data.inputs[i].select(1, 0).select(1, 0) * 255).round();
      QCOMPARE(pixel[0].item<int>(), 40 * written[static_cast<std::size_t>(label)]);
      QCOMPARE(pixel[2].item<int>(), 200 - 20 * written[static_cast<std::size_t>(label)]);
      seen.emplace(label, pixel[1].item<int>());
    }
    QCOMPARE(seen.size(), 9u);
    // Any beginning is a fair sample.
    QCOMPARE(std::get<0>(torch::_unique(data.labels.narrow(0, 0, 3))).size(0), 3);
  }

  void theSameSeedDrawsTheSameImages() {
    const std::string folder = pets(20);
    const Dataset some = read(folder, {.side = 2, .most = 12});
    QCOMPARE(some.samples(), 12);
    const auto counts = torch::bincount(some.labels);
    QVERIFY(counts.min().item<int>() >= 3 && counts.max().item<int>() <= 5);
    QVERIFY(torch::equal(some.inputs, read(folder, {.side = 2, .most = 12}).inputs));
    const Dataset other = ownImages(folder, {}, {.side = 2, .most = 12}, generatorFor(2, 0));
    QVERIFY(!torch::equal(some.inputs, other.inputs));
  }

  void aPixelIsTheMeanOfThoseThatItCovers() {
    QByteArray rows;
    for (int row = 0; row < 6; ++row) {
      rows.append('\0');
      for (int column = 0; column < 4; ++column) rows.append(static_cast<char>(10 * row + column));
    }
    write("a/1.png", png(4, 6, 8, 0, rows));
    const auto seen =
        read(folder_->path().toStdString(), {.side = 2, .channels = 1, .least_classes = 1}).inputs;
    // The mean of rows 0 to 2 and columns 0 and 1 is 10 * 1 + 0.5.
    const auto expected = torch::tensor({10.5f, 12.5f, 40.5f, 42.5f}).view({1, 1, 2, 2}) / 255;
    QVERIFY(torch::allclose(seen, expected, 1e-6, 1e-7));
  }

  void greyIsTheLuma() {
    write("a/1.png", plainPng(2, {200, 100, 50}));
    const ImageUse use{.side = 2, .channels = 1, .least_classes = 1};
    const auto seen = read(folder_->path().toStdString(), use).inputs;
    const double luma = (0.299 * 200 + 0.587 * 100 + 0.114 * 50) / 255;
    QVERIFY(torch::allclose(seen, torch::full({1, 1, 2, 2}, luma), 1e-6, 1e-7));
    write("a/1.png", plainPng(2, {255, 255, 255}));
    QVERIFY(read(folder_->path().toStdString(), use).inputs.max().item<float>() <= 1);
  }

  void cifarIsReadFromOneFileOrItsFolder() {
    const QByteArray first = cifarRecord(3, {10, 20, 30}) + cifarRecord(9, {40, 50, 60});
    const QByteArray second = cifarRecord(3, {70, 80, 90});
    const std::string one = write("batches/data_batch_1.bin", first);
    const Dataset alone = read(one, {.side = 32});
    QCOMPARE(alone.class_names, (std::vector<std::string>{"cat", "truck"}));
    for (std::int64_t i = 0; i < 2; ++i) {
      const float red = alone.labels[i].item<int>() == 0 ? 10.0f : 40.0f;
      for (std::int64_t channel = 0; channel < 3; ++channel)
        QVERIFY(torch::allclose(alone.inputs[i][channel],
                                torch::full({32, 32}, (red + 10.0f * channel) / 255)));
    }
    write("batches/data_batch_2.bin", second);
    write("batches/test_batch.bin", cifarRecord(0, {1, 1, 1}));
    write("batches/batches.meta.txt", "airplane\n");
    const Dataset all = read(path("batches").toStdString());
    QCOMPARE(all.samples(), 3);
    QCOMPARE(all.class_names, alone.class_names);
    // Rows before columns, a colour after the other.
    QByteArray numbered(1, '\0');
    for (int i = 0; i < 3072; ++i) numbered.append(static_cast<char>(i % 251));
    const CifarImages read = readCifar({write("numbered", numbered)});
    QCOMPARE(read.pixels[0][1][2][3].item<int>(), (1024 + 2 * 32 + 3) % 251);
  }

  void idxIsReadWithItsLabelsAndInColour() {
    const std::string images = write("images", bigEndian(0x803) + bigEndian(4) + bigEndian(1) +
                                                   bigEndian(1) + "\x0a\x14\x1e\x28");
    const std::string labels =
        write("labels", bigEndian(0x801) + bigEndian(4) + "\x05\x07\x05\x07");
    const Dataset data = read(images, {.side = 1}, labels);
    QCOMPARE(data.class_names, (std::vector<std::string>{"5", "7"}));
    QCOMPARE(data.inputs.sizes().vec(), (std::vector<std::int64_t>{4, 3, 1, 1}));
    QVERIFY(torch::equal(data.inputs.select(1, 0), data.inputs.select(1, 2)));
    for (std::int64_t i = 0; i < 4; ++i) {
      const int value = static_cast<int>(std::lround(data.inputs[i][0].item<float>() * 255));
      QCOMPARE(data.labels[i].item<int>(), value == 10 || value == 30 ? 0 : 1);
    }
    QCOMPARE(refused(images).key, key("no_labels"));
    QCOMPARE(refused(images, {}, write("few", bigEndian(0x801) + bigEndian(1) + "\1")).key,
             key("label_count"));
  }

  void withoutLabelsAllImagesAreOneClass() {
    const ImageUse plain{.side = 2, .labelled = false};
    write("loose/1.png", plainPng(2, {1, 2, 3}));
    write("loose/2.JPG", plainPng(2, {4, 5, 6}));
    for (const std::string& found : {pets(1), path("loose").toStdString()}) {
      const Dataset data = read(found, plain);
      QCOMPARE(data.classes, 1);
      QVERIFY(data.class_names.empty());
      QVERIFY(data.labels.eq(0).all().item<bool>());
    }
    QCOMPARE(refused(path("loose").toStdString()).key, key("no_classes"));
  }

  void whatIsNoPartOfAFolderIsLeftOut() {
    const std::string folder = pets(1);
    for (const char* name : {"/.DS_Store", "/notes.txt", "/cat/Thumbs.db", "/cat/.hidden.png",
                             "/.git/config", "/dog/README"})
      write(QString::fromStdString(folder).mid(folder_->path().size() + 1) + name, "x");
    QCOMPARE(read(folder).samples(), 3);
  }

  void aFolderThatCannotBeUsedIsNamedWithItsFault_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("named");
    const QByteArray good = plainPng(2, {1, 2, 3});
    const auto row = [](const char* name, const char* file, const QByteArray& bytes,
                        const char* fault, const char* named) {
      QTest::newRow(name) << file << bytes << fault << named;
    };
    row("a truncated picture", "cat/cut off.png", good.left(50), "picture_cut", "cat/cut off.png");
    row("text called png", "cat/a.png", "text", "picture_unknown", "cat/a.png");
    row("a class without a picture", "fox/notes.txt", "x", "class_empty", "fox");
    row("a picture beside the classes", "loose.png", good, "beside_classes", "loose.png");
    row("a folder in a class", "cat/young/1.png", good, "nested", "cat/young");
    row("another kind of picture", "dog/1.webp", "RIFF", "other_format", "dog/1.webp");
    row("another kind beside the classes", "1.TIFF", "II*", "other_format", "1.TIFF");
  }
  void aFolderThatCannotBeUsedIsNamedWithItsFault() {
    QFETCH(QString, file);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, fault);
    QFETCH(QString, named);
    const std::string folder = pets();
    writeBytes(QString::fromStdString(folder) + "/" + file, bytes);
    const Message message = refused(folder);
    QCOMPARE(QString::fromStdString(message.key), "error.images." + fault);
    QCOMPARE(argumentOf(message, "file"), folder + "/" + named.toStdString());
  }

  void aFileThatCannotBeUsedIsNamedWithItsFault_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("fault");
    const QByteArray record = cifarRecord(1, {1, 2, 3});
    const auto row = [](const char* what, const char* name, const QByteArray& bytes,
                        const char* fault) { QTest::newRow(what) << name << bytes << fault; };
    row("empty", "images", "", "images.empty");
    row("one picture", "cat.png", plainPng(2, {1, 2, 3}), "images.one_picture");
    row("compressed", "images.gz", QByteArray("\x1f\x8b\x08\0", 4), "images.compressed");
    row("a zip", "images.zip", "PK\3\4....", "images.compressed");
    row("for Python", "data_batch_1", "\x80\2}q\1(", "images.pickled");
    row("text", "images.txt", "What is this?", "images.unknown");
    row("an empty binary file", "data_batch_1.bin", "", "images.empty");
    row("cifar cut short", "data_batch_1.bin", record + record.left(3000), "images.cifar_size");
    row("cifar of 100 classes", "train.bin", QByteArray(3074, '\1'), "images.cifar_size");
    row("a label above 9", "data_batch_1.bin", record + cifarRecord(10, {1, 2, 3}),
        "images.cifar_label");
    row("one class only", "data_batch_1.bin", record + record, "images.too_few_classes");
    row("idx of labels", "images", bigEndian(0x801) + bigEndian(1) + "\1", "idx.not_images");
    row("idx of floats", "images", bigEndian(0xd03) + bigEndian(1) + "\1", "idx.not_images");
    row("idx cut short", "images", bigEndian(0x803) + bigEndian(2), "idx.no_header");
  }
  void aFileThatCannotBeUsedIsNamedWithItsFault() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, fault);
    const std::string file = write("with space/" + name, bytes);
    const Message message = refused(file);
    QCOMPARE(QString::fromStdString(message.key), "error." + fault);
    QCOMPARE(argumentOf(message, "file"), file);
  }

  void theRecordWithTheWrongLabelIsNamed() {
    const std::string file =
        write("a.bin", cifarRecord(1, {1, 2, 3}) + cifarRecord(200, {1, 2, 3}));
    const Message message = refused(file);
    QCOMPARE(argumentOf(message, "record"), std::string("2"));
    QCOMPARE(argumentOf(message, "label"), std::string("200"));
  }

  void foldersWithoutImagesOrWithoutEndAreRefused() {
    QDir(folder_->path()).mkpath("empty");
    QCOMPARE(refused(path("empty").toStdString()).key, key("folder_empty"));
    QCOMPARE(refused(path("none").toStdString()).key, key("missing"));
    QCOMPARE(refused("/dev/null").key, key("not_a_file"));
    const std::string folder = pets();
    QVERIFY(QFile::link(QString::fromStdString(folder), QString::fromStdString(folder) + "/loop"));
    QCOMPARE(refused(folder).key, std::string("error.folder.too_deep"));
  }

  void labelsThatContradictTheFoldersAreRefused() {
    const Message message = refused(pets(), {}, "/labels");
    QCOMPARE(message.key, key("labels_inside"));
    QCOMPARE(argumentOf(message, "labels"), std::string("/labels"));
  }

  void tooManyAndTooFewClassesAreRefused() {
    const Message many = refused(pets(), {.most_classes = 2});
    QCOMPARE(many.key, key("too_many_classes"));
    QCOMPARE(argumentOf(many, "found"), std::string("3"));
    writeClasses(path("one"), {"cat"}, 2);
    const Message few = refused(path("one").toStdString());
    QCOMPARE(few.key, key("too_few_classes"));
    QCOMPARE(argumentOf(few, "class"), std::string("cat"));
  }

  void whatWasReadCanBeSplitAndIsSaid() {
    const Dataset data = read(pets(10));
    const Split parts = stratifiedSplit(data, 0.2, generatorFor(1, 1));
    QCOMPARE(parts.validation.samples(), 6);
    const Message said = readingOfImages(parts);
    for (const Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(said);
      for (const char* part : {"my pets, 猫", "cat, dog, owl", "24", "6", "32"})
        QVERIFY2(sentence.find(part) != sentence.npos, sentence.c_str());
      QVERIFY2(sentence.find('{') == sentence.npos, sentence.c_str());
    }
  }

  void aClassOfOneImageCannotBeSplit() {
    writeClasses(path("small"), {"cat", "dog"}, 1);
    const Dataset data = read(path("small").toStdString());
    const Message small =
        refusalOf<FileError>([&] { stratifiedSplit(data, 0.2, generatorFor(1, 1)); });
    QCOMPARE(small.key, key("small_class"));
    QVERIFY(Words::in(Language::English)(small).find("“cat”") != std::string::npos);
  }

  void readingIsGivenUpWhenAsked() {
    std::stop_source stop;
    stop.request_stop();
    QVERIFY_THROWS_EXCEPTION(Stopped,
                             ownImages(pets(), {}, {}, generatorFor(1, 0), stop.get_token()));
  }
};

QTEST_GUILESS_MAIN(OwnImagesTest)
#include "own_images_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/data/digits.h"
#include "lessons/data/planar.h"
#include "lessons/data/sparse_words.h"
#include "tests/fakes/refusal.h"

using namespace viva;

namespace {

at::Generator generator(std::uint64_t stream = 0) { return generatorFor(1, stream); }

Dataset dataset(const QString& name, std::int64_t samples, at::Generator generator) {
  if (name == "moons") return moons(samples, 0.15, generator);
  if (name == "circles") return circles(samples, 0.1, generator);
  if (name == "spirals") return spirals(samples, 1.5, 0.02, generator);
  if (name == "digits") return digits(samples, generator);
  return sparseWords(samples, generator);
}

/// As a file that is sorted by class: so many of each; inputs [samples, 1] count them, float64.
Dataset classesOf(const std::vector<std::int64_t>& counts) {
  std::vector<std::int64_t> labels;
  for (std::size_t c = 0; c < counts.size(); ++c)
    labels.insert(labels.end(), static_cast<std::size_t>(counts[c]), static_cast<std::int64_t>(c));
  Dataset data;
  data.labels = torch::tensor(labels, torch::kLong);
  data.inputs = torch::arange(data.samples(), torch::kDouble).unsqueeze(1);
  data.classes = static_cast<std::int64_t>(counts.size());
  return data;
}

void seedRows() {
  QTest::addColumn<std::uint64_t>("seed");
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    QTest::newRow(qPrintable(QString::number(seed))) << seed;
}

double share(const torch::Tensor& truth) { return truth.to(torch::kDouble).mean().item<double>(); }

}  // namespace

class DataTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everySetIsBalancedAndRepeatable_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"moons", "circles", "spirals", "digits", "sparse-words"})
      QTest::newRow(name) << QString(name);
  }
  void everySetIsBalancedAndRepeatable() {
    QFETCH(QString, name);
    const Dataset data = dataset(name, 500, generator());
    QCOMPARE(data.samples(), 500);
    QCOMPARE(data.inputs.size(0), 500);
    for (std::int64_t c = 0; c < data.classes; ++c)
      QCOMPARE(share(data.labels == c), 1.0 / static_cast<double>(data.classes));
    QVERIFY(torch::equal(data.inputs, dataset(name, 500, generator()).inputs));
    QVERIFY(!torch::equal(data.inputs, dataset(name, 500, generator(1)).inputs));
  }

  void blobsLieOnACircleOneForEachClass() {
    const Dataset blob = blobs(300, 3, 0, generator());
    QCOMPARE(blob.classes, 3);
    for (std::int64_t c = 0; c < 3; ++c) QCOMPARE(share(blob.labels == c), 1.0 / 3);
    QVERIFY((blob.inputs.norm(2, 1) - 1).abs().max().item<double>() < 1e-6);
    QVERIFY((blob.inputs[0] - torch::tensor({0.0f, 1.0f})).abs().max().item<double>() < 1e-6);
    const Dataset wide = blobs(3000, 3, 0.2, generator());
    const auto spread = (wide.inputs - blobs(3000, 3, 0, generator()).inputs).std().item<double>();
    QVERIFY(std::abs(spread - 0.2) < 0.01);
  }

  void drawnPointsKeepTheirPlacesAndLabels() {
    const Dataset drawn = drawnPoints({{{0.5, -1, 0}, {2, 3, 2}, {1, 1, 1}}});
    QCOMPARE(drawn.samples(), 3);
    QCOMPARE(drawn.classes, 3);
    QVERIFY(torch::equal(drawn.inputs, torch::tensor({{0.5f, -1.0f}, {2.0f, 3.0f}, {1.0f, 1.0f}})));
    QVERIFY(torch::equal(drawn.labels, torch::tensor({0, 2, 1}, torch::kLong)));
    QCOMPARE(drawnPoints({}).samples(), 0);
  }

  void classesOfDrawnPointsAreThoseThatOccur_data() {
    using Names = std::vector<std::string>;
    QTest::addColumn<std::vector<int>>("drawn");
    QTest::addColumn<Names>("classes");
    QTest::addColumn<std::vector<int>>("numbers");
    QTest::newRow("all") << std::vector{1, 0, 2} << Names{"0", "1", "2"} << std::vector{1, 0, 2};
    QTest::newRow("a gap") << std::vector{3, 0, 3, 1} << Names{"0", "1", "3"}
                           << std::vector{2, 0, 2, 1};
    QTest::newRow("not the first") << std::vector{2, 1} << Names{"1", "2"} << std::vector{1, 0};
    QTest::newRow("one") << std::vector{1, 1} << Names{"0", "1"} << std::vector{1, 1};
    QTest::newRow("one with a gap") << std::vector{5} << Names{"0", "5"} << std::vector{1};
    QTest::newRow("the largest") << std::vector{0, std::numeric_limits<int>::max()}
                                 << Names{"0", "2147483647"} << std::vector{0, 1};
    QTest::newRow("none") << std::vector<int>{} << Names{"0", "1"} << std::vector<int>{};
  }
  void classesOfDrawnPointsAreThoseThatOccur() {
    QFETCH(std::vector<int>, drawn);
    QFETCH(std::vector<std::string>, classes);
    QFETCH(std::vector<int>, numbers);
    Points points;
    for (const int label : drawn) points.points.push_back({0, 0, label});
    const Dataset data = drawnPoints(points);
    QCOMPARE(data.class_names, classes);
    QCOMPARE(data.classes, static_cast<std::int64_t>(classes.size()));
    QVERIFY(torch::equal(data.labels, torch::tensor(numbers, torch::kLong)));
  }

  void standardizingLooksAtTheTrainingSamplesOnly() {
    Split data = split(moons(200, 0.1, generator()), 0.5, generator());
    data.training.inputs.select(1, 1).fill_(7);
    const auto before = data.validation.inputs.clone();
    const auto mean = data.training.inputs.mean(0);
    standardize(data);
    const auto x = data.training.inputs.select(1, 0);
    QVERIFY(std::abs(x.mean().item<double>()) < 1e-5);
    QVERIFY(std::abs(x.std(false).item<double>() - 1) < 1e-5);
    QVERIFY(data.training.inputs.select(1, 1).abs().max().item<double>() == 0);
    QVERIFY(torch::allclose(data.validation.inputs.select(1, 1), before.select(1, 1) - mean[1]));
  }

  /// Metres of a map: a float has half a metre there.
  void standardizingKeepsDigitsThatAFloatHasNot() {
    const auto places = torch::arange(200, torch::kDouble) * 0.01;
    Split data = split(classesOf({100, 100}), 0.3, generator());
    for (Dataset* part : {&data.training, &data.validation})
      part->inputs =
          5'400'000 + places.index_select(0, part->inputs.flatten().to(torch::kLong)).unsqueeze(1);
    const auto known = data.training.inputs.clone();
    standardize(data);
    QCOMPARE(data.training.inputs.scalar_type(), torch::kFloat);
    QCOMPARE(std::get<0>(at::_unique(data.training.inputs)).size(0), 140);
    const auto small = known - 5'400'000;
    const auto expected = (small - small.mean()) / small.std(false);
    QVERIFY(torch::allclose(data.training.inputs.to(torch::kDouble), expected, 1e-5, 1e-5));
  }

  /// The mean of many times 0.1 is not 0.1 to the last bit.
  void aConstantIsOneWhateverItsLastBit() {
    Split data = split(classesOf({100, 100}), 0.3, generator());
    data.training.inputs.fill_(0.1);
    data.validation.inputs.fill_(0.1 + 1e-9);
    standardize(data);
    QVERIFY((data.training.inputs == 0).all().item<bool>());
    QVERIFY((data.validation.inputs.abs() < 1e-8).all().item<bool>());
  }

  void anyBeginningOfAStratifiedOrderIsAFairSample_data() { seedRows(); }
  void anyBeginningOfAStratifiedOrderIsAFairSample() {
    QFETCH(std::uint64_t, seed);
    const Dataset sorted = classesOf({500, 60, 3, 1});
    const auto order = stratifiedOrder(sorted.labels, 4, generatorFor(seed, 0));
    QVERIFY(torch::equal(std::get<0>(order.sort()), torch::arange(564)));
    const Dataset drawn = sorted.at(order);
    for (std::int64_t count = 4; count <= 564; ++count) {
      const auto counts = torch::bincount(drawn.first(count).labels, {}, 4);
      for (std::int64_t c = 0; c < 4; ++c) {
        const auto found = counts[c].item<double>();
        const double fair = count * share(sorted.labels == c);
        QVERIFY2(found >= 1 && std::abs(found - fair) < 4,
                 qPrintable(QString("%1 of class %2 in %3").arg(found).arg(c).arg(count)));
      }
    }
    QVERIFY(!torch::equal(order, stratifiedOrder(sorted.labels, 4, generatorFor(seed + 1, 0))));
    QVERIFY(torch::equal(order, stratifiedOrder(sorted.labels, 4, generatorFor(seed, 0))));
  }

  void aSplitOfAFileHasEveryClassOnBothSides_data() { seedRows(); }
  void aSplitOfAFileHasEveryClassOnBothSides() {
    QFETCH(std::uint64_t, seed);
    const Split parts = stratifiedSplit(classesOf({100, 10, 2}), 0.3, generatorFor(seed, 0));
    const auto countsOf = [](const Dataset& part) { return torch::bincount(part.labels, {}, 3); };
    QVERIFY(torch::equal(countsOf(parts.training), torch::tensor({70, 7, 1}, torch::kLong)));
    QVERIFY(torch::equal(countsOf(parts.validation), torch::tensor({30, 3, 1}, torch::kLong)));
    const auto all = torch::cat({parts.training.inputs, parts.validation.inputs}).flatten();
    QVERIFY(torch::equal(std::get<0>(all.sort()), torch::arange(112, torch::kDouble)));
    // Whatever is taken of the beginning of the training samples knows all classes.
    QVERIFY((countsOf(parts.training.first(3)) == 1).all().item<bool>());
  }

  void aClassOfOneSampleIsRefusedByName() {
    Dataset data = classesOf({10, 1, 5});
    data.file = "own.csv";
    data.label_name = "kind";
    data.class_names = {"cat", "dog", "owl"};
    const Message message =
        fakes::refusalOf<FileError>([&] { stratifiedSplit(data, 0.2, generator()); });
    QCOMPARE(message.key, std::string("error.csv.small_class"));
    QCOMPARE(fakes::argumentOf(message, "label"), std::string("dog"));
    QCOMPARE(fakes::argumentOf(message, "file"), std::string("own.csv"));
    for (const Language language : {Language::English, Language::Chinese})
      QVERIFY(Words::in(language)(message).find('{') == std::string::npos);
  }

  void pointsWithoutNoiseLieOnTheirCurves() {
    const Dataset moon = moons(200, 0, generator());
    const auto upper = moon.inputs.narrow(0, 0, 100);
    const auto lower = moon.inputs.narrow(0, 100, 100) - torch::tensor({1.0f, 0.5f});
    QVERIFY((upper.norm(2, 1) - 1).abs().max().item<double>() < 1e-6);
    QVERIFY((lower.norm(2, 1) - 1).abs().max().item<double>() < 1e-6);
    QVERIFY(upper.select(1, 1).min().item<double>() >= 0);
    QVERIFY(lower.select(1, 1).max().item<double>() <= 0);

    const Dataset circle = circles(200, 0, generator());
    const auto radii = circle.inputs.norm(2, 1);
    QVERIFY((radii - 1 + 0.5 * circle.labels).abs().max().item<double>() < 1e-6);

    const Dataset spiral = spirals(200, 1.5, 0, generator());
    const auto r = spiral.inputs.norm(2, 1);
    const auto angle = 2 * M_PI * 1.5 * r + M_PI * spiral.labels;
    const auto on_arm = torch::stack({r * angle.cos(), r * angle.sin()}, 1);
    QVERIFY((spiral.inputs - on_arm).abs().max().item<double>() < 1e-5);
  }

  void digitsAreInkOnPaperAndDiffer() {
    const Dataset data = digits(500, generator());
    QCOMPARE(data.inputs.sizes().vec(), (std::vector<std::int64_t>{500, 1, 12, 12}));
    QVERIFY(data.inputs.min().item<double>() >= 0);
    QVERIFY(data.inputs.max().item<double>() <= 1);
    const auto ink = data.inputs.flatten(1).mean(1);
    QVERIFY(ink.min().item<double>() > 0.03);
    QVERIFY(ink.max().item<double>() < 0.6);
    // The nearest class mean is a poor reader, but far better than chance: the shapes differ.
    const auto flat = data.inputs.flatten(1);
    std::vector<torch::Tensor> means;
    for (std::int64_t c = 0; c < 10; ++c)
      means.push_back(flat.index_select(0, (data.labels == c).nonzero().flatten()).mean(0));
    const auto nearest = torch::cdist(flat, torch::stack(means)).argmin(1);
    const double read = share(nearest == data.labels);
    QVERIFY2(read > 0.6 && read < 0.99, qPrintable(QString::number(read)));
  }

  void onlyRareWordsTellTheClass() {
    const Dataset data = sparseWords(2000, generator());
    QCOMPARE(data.inputs.size(1), kDocumentLength);
    const auto rare = data.inputs >= kFrequentWords;
    QCOMPARE(share(rare.sum(1) == kTellingWords), 1.0);
    const auto of_second = data.inputs >= kFrequentWords + kRareWords / 2;
    QVERIFY(torch::equal(of_second.any(1), data.labels == 1));
    // The most frequent word says nothing, and Zipf's law makes it ten times the tenth.
    const auto counts = wordCounts(data);
    const auto first = counts.select(1, 0);
    const double in_first_class =
        first.index_select(0, (data.labels == 0).nonzero().flatten()).mean().item<double>();
    const double in_second_class =
        first.index_select(0, (data.labels == 1).nonzero().flatten()).mean().item<double>();
    QVERIFY(std::abs(in_first_class / in_second_class - 1) < 0.1);
    const double ratio = (first.sum() / counts.select(1, 9).sum()).item<double>();
    QVERIFY2(std::abs(ratio - 10) < 1.5, qPrintable(QString::number(ratio)));
    QCOMPARE(counts.sum().item<double>(), 2000.0 * kDocumentLength);
  }

  void splitKeepsEverySampleOnce() {
    Dataset data = moons(100, 0.1, generator());
    data.inputs = torch::arange(100).to(torch::kFloat).unsqueeze(1);
    const Split parts = split(data, 0.2, generator());
    QCOMPARE(parts.validation.samples(), 20);
    QCOMPARE(parts.training.samples(), 80);
    const auto all = torch::cat({parts.training.inputs, parts.validation.inputs}).flatten();
    QVERIFY(torch::equal(std::get<0>(all.sort()), data.inputs.flatten()));
  }

  void anEpochShowsEverySampleOnceInANewOrder() {
    Dataset data = moons(96, 0.1, generator());
    data.inputs = torch::arange(96).to(torch::kFloat).unsqueeze(1);
    Batches batches(data, 32, generator());
    const auto epoch = [&] {
      return torch::cat({batches.next().inputs, batches.next().inputs, batches.next().inputs});
    };
    const auto first = epoch(), second = epoch();
    QVERIFY(torch::equal(std::get<0>(first.sort(0)), data.inputs));
    QVERIFY(torch::equal(std::get<0>(second.sort(0)), data.inputs));
    QVERIFY(!torch::equal(first, second));
  }

  void anIncompleteBatchIsLeftOut() {
    Batches batches(moons(100, 0.1, generator()), 32, generator());
    for (int i = 0; i < 10; ++i) QCOMPARE(batches.next().labels.size(0), 32);
  }

  void neighbouringSeedsAndStreamsAreUnrelated() {
    const auto draw = [](std::uint64_t seed, std::uint64_t stream) {
      return torch::randn({1000}, generatorFor(seed, stream));
    };
    const auto correlation = [](const torch::Tensor& a, const torch::Tensor& b) {
      return std::abs((a * b).mean().item<double>());
    };
    QVERIFY(correlation(draw(1, 0), draw(2, 0)) < 0.15);
    QVERIFY(correlation(draw(1, 0), draw(1, 1)) < 0.15);
    QVERIFY(torch::equal(draw(7, 2), draw(7, 2)));
  }
};

QTEST_GUILESS_MAIN(DataTest)
#include "data_test.moc"

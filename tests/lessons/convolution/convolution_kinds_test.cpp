// SPDX-License-Identifier: GPL-3.0-or-later
// convolution-kinds: when its claims do not show, its refusals, and the program of the Code tab.
#include <QTest>

#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kId = "convolution-kinds";
constexpr std::int64_t kToTheEnd = 20000;

void requireChecks(const Run& run) {
  for (const CheckResult& check : run.checks()) QVERIFY2(!check.failed(), check.id.c_str());
}

const MatrixData& matrixOf(const Frame& frame, const char* view) {
  return std::get<MatrixData>(frame.views.at(view));
}

}  // namespace

class ConvolutionKindsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("settings");
    const auto row = [](const char* preset, const char* settings) {
      QTest::newRow(preset) << preset << settings;
    };
    row("standard", "kind=depthwise");
    row("pointwise", "kind=grouped");
    row("depthwise", "kind=depthwise-separable");
    row("depthwise-separable", "filters=1");
    row("grouped", "groups=1");
    row("dilated", "dilation=1");
    row("transposed", "kernel=4");
    row("stride-aliases", "stripes=5");
    row("flipped-or-not", "kernel_weights=1,2;2,1");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, preset);
    QFETCH(QString, settings);
    const auto run =
        finishedRun(kId, settingsIn(settings.toStdString()), kToTheEnd, 1, preset.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
    requireChecks(*run);
  }

  void aStepIsAPositionAndTheLastOneEndsTheRun() {
    const auto run = finishedRun(kId, {{"stride", "2"}, {"padding", "0"}}, kToTheEnd);
    QCOMPARE(run->status(), RunStatus::Finished);
    QCOMPARE(run->records().rows(), 5 * 5 + 1);
    for (int step = 0; step <= 25; ++step) QCOMPARE(tests::at(*run, step, "macs"), step * 27.0 * 4);
  }

  void everyKindIsTheProgramOfTheCodeTab_data() {
    QTest::addColumn<QString>("settings");
    for (const char* settings :
         {"kind=standard kernel=5 stride=2 padding=2", "kind=standard kernel=2 stride=3 padding=0",
          "kind=pointwise stride=2", "kind=depthwise stride=2", "kind=depthwise kernel=4 padding=3",
          "kind=depthwise-separable stride=2 padding=0", "kind=grouped groups=4 kernel=5 padding=2",
          "kind=grouped groups=2 stride=3", "kind=dilated dilation=3 padding=3",
          "kind=dilated dilation=4 kernel=2 stride=2", "kind=transposed stride=2",
          "kind=transposed stride=3 kernel=2 padding=0", "kind=transposed kernel=5 padding=3"})
      QTest::newRow(settings) << settings;
  }
  void everyKindIsTheProgramOfTheCodeTab() {
    QFETCH(QString, settings);
    Settings changed = settingsIn(settings.toStdString());
    changed.insert(changed.end(), {{"channels", "4"}, {"filters", "8"}, {"digit", "5"}});
    const auto run = finishedRun(kId, changed, kToTheEnd, 3);
    requireChecks(*run);
    Parameters parameters(viva_catalog()->experiment(kId).parameters);
    for (const auto& [name, value] : changed) parameters.setFromText(name, value);

    Task task = emptyTask();
    for (const char* name : {"kernel", "stride", "padding", "dilation", "groups"})
      task.insert(name, torch::tensor(parameters.integer(name)));
    const auto& kinds = parameters.spec("kind").choices;
    const auto& kind = std::get<Choice>(parameters.value("kind")).name;
    task.insert("kind", torch::tensor(std::int64_t{std::find(kinds.begin(), kinds.end(), kind) -
                                                   kinds.begin()}));
    const auto weights = weightsOf(*run);
    const NamedArray& output = weights.at("output");
    for (const auto& [name, array] : weights) {
      if (name == "output") continue;
      QCOMPARE(array.type, NamedArray::Type::Float64);
      auto tensor = torch::empty(array.shape, torch::kDouble);
      std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
      task.insert(name, tensor);
    }
    const auto printed = printedBy("convolution-lab/convolution_kinds.py", task);
    QVERIFY(printed.size() > 1);
    const std::int64_t last = run->records().rows() - 1;
    QCOMPARE(tests::at(*run, last, "parameters"), printed[0][0]);
    QCOMPARE(tests::at(*run, last, "macs"), printed[0][1]);
    for (int i = 0; i < 3; ++i)
      QCOMPARE(static_cast<double>(output.shape[i + 1]), printed[0][i + 2]);
    const auto* ours = reinterpret_cast<const double*>(output.bytes.data());
    for (std::size_t row = 1; row < printed.size(); ++row)
      for (const double theirs : printed[row]) QVERIFY(std::abs(*ours++ - theirs) < 1e-12);
  }

  void theProductsOfAPickedNumberAddUpToIt() {
    const auto run = finishedRun(kId, {{"row", "4"}, {"column", "7"}, {"filter", "2"}}, kToTheEnd);
    const auto frame = run->frame();
    const MatrixData& output = matrixOf(*frame, "output");
    const MatrixData& products = matrixOf(*frame, "products");
    QCOMPARE(products.rows, 3 * 3);
    QCOMPARE(products.columns, 3);
    double sum = 0;
    for (const float product : *products.values) sum += product;
    const double number = (*output.values)[4 * 12 + 7];
    QVERIFY(std::abs(sum - number) < 1e-6);
    const auto& terms = std::get<TableData>(frame->views.at("terms"));
    QCOMPARE(std::ssize(terms.rows), 27 + 1);
    QVERIFY(std::abs(std::get<double>(terms.rows.back().cells.back()) - number) < 1e-6);
  }

  void aNumberThatIsNotComputedYetIsNotPicked() {
    const auto run = finishedRun(kId, {{"row", "11"}, {"column", "11"}}, 5);
    const auto frame = run->frame();
    const auto& terms = std::get<TableData>(frame->views.at("terms"));
    QCOMPARE(std::get<double>(terms.rows.back().cells[2]), 4.0);  // the column of the newest
  }

  void whatDoesNotFitIsRefused_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("key");
    const auto row = [](const char* settings, const char* key) {
      QTest::newRow(settings) << settings << key;
    };
    row("kind=grouped groups=2", "error.convolution.groups");  // of three channels
    row("kind=grouped channels=4 groups=4 filters=6", "error.convolution.groups");
    row("picture=flat side=4 kernel=7", "error.convolution.too_large");
    row("kind=dilated dilation=4 kernel=5 padding=2", "error.convolution.too_large");
    row("kind=transposed picture=flat side=2 padding=3", "error.convolution.cut_away");
    row("picture=drawn", "error.convolution.nothing_drawn");
    row("picture=stripes stripes=7", "error.convolution.stripes");
    row("kernel=1 weights=edges", "error.convolution.no_halves");
    row("kernel=2 weights=typed", "error.convolution.kernel_weights");
    row("picture=typed pixels=1,x", "error.matrix.number");
    row("picture=typed pixels=;", "error.matrix.empty");
  }
  void whatDoesNotFitIsRefused() {
    QFETCH(QString, settings);
    QFETCH(QString, key);
    const Message message =
        fakes::refusalOf([&] { startedRun(kId, settingsIn(settings.toStdString()), 1); });
    QCOMPARE(QString::fromStdString(message.key), key);
    for (const Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(message);
      QVERIFY2(sentence != message.key && sentence.find('{') == std::string::npos,
               sentence.c_str());
    }
  }

  void aDrawnPictureIsConvolved() {
    const auto run = finishedRun(
        kId, {{"picture", "drawn"}, {"drawing", "0.2,0.2 0.8,0.8"}, {"channels", "8"}}, kToTheEnd);
    QCOMPARE(run->records().rows(), 16 * 16 + 1);
    requireChecks(*run);
  }

  /// Of 16 samples, n and 16 - n waves are the same ones.
  void everyOtherPixelFoldsTheStripesBack_data() {
    QTest::addColumn<int>("stripes");
    QTest::addColumn<int>("seen");
    for (int stripes = 1; stripes < 16; ++stripes)
      if (stripes != 8)  // two samples a wave, which miss the crests
        QTest::newRow(qPrintable(QString::number(stripes)))
            << stripes << std::min(stripes, 16 - stripes);
  }
  void everyOtherPixelFoldsTheStripesBack() {
    QFETCH(int, stripes);
    QFETCH(int, seen);
    const auto run =
        finishedRun(kId, {{"stripes", std::to_string(stripes)}}, kToTheEnd, 1, "stride-aliases");
    const std::int64_t last = run->records().rows() - 1;
    QCOMPARE(tests::at(*run, last, "stripes"), double(seen));
    QVERIFY(std::abs(tests::at(*run, last, "amplitude") - 1) < 1e-9);
  }
};

QTEST_GUILESS_MAIN(ConvolutionKindsTest)
#include "convolution_kinds_test.moc"

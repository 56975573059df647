// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/history.h"

#include <QTest>

using namespace viva;

namespace {

std::shared_ptr<const Frame> frameOf(std::int64_t step, std::size_t floats = 1000) {
  auto frame = std::make_shared<Frame>();
  frame->step = step;
  auto& matrix = frame->at<MatrixData>("m");
  matrix.values = shareFloats(std::vector<float>(floats));
  return frame;
}

std::vector<std::int64_t> stepsOf(const History& history, std::int64_t newest) {
  std::vector<std::int64_t> steps;
  for (auto frame = history.at(newest); frame; frame = history.at(frame->step - 1))
    steps.insert(steps.begin(), frame->step);
  return steps;
}

}  // namespace

class HistoryTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void answersTheNewestFrameAtOrBefore() {
    History history;
    QVERIFY(!history.at(5));
    for (const std::int64_t step : {2, 4, 9}) history.add(frameOf(step));
    QVERIFY(!history.at(1));
    QCOMPARE(history.at(2)->step, std::int64_t{2});
    QCOMPARE(history.at(8)->step, std::int64_t{4});
    QCOMPARE(history.at(1000)->step, std::int64_t{9});
  }

  void frameOfTheNewestStepReplacesIt() {
    History history;
    history.add(frameOf(0));
    history.add(frameOf(3, 10));
    const auto later = frameOf(3, 10);
    const std::size_t bytes = history.bytes();
    history.add(later);
    QCOMPARE(history.size(), std::size_t{2});
    QCOMPARE(history.at(3), later);
    QCOMPARE(history.bytes(), bytes);
  }

  void thinningKeepsTheFirstTheNewestAndTheBudget() {
    constexpr std::size_t kBudget = 400000;
    History history(kBudget);
    for (std::int64_t step = 0; step < 5000; ++step) {
      history.add(frameOf(step));
      QVERIFY(history.bytes() <= kBudget);
      QCOMPARE(history.at(0)->step, std::int64_t{0});
      QCOMPARE(history.at(step)->step, step);
    }
    // At least half of what fits is kept.
    QVERIFY(history.size() > kBudget / 2 / bytesOf(*frameOf(0), nullptr));
  }

  void whatIsKeptIsSpreadEvenly() {
    History history(400000);
    constexpr std::int64_t kLast = 20000;
    for (std::int64_t step = 0; step <= kLast; ++step) history.add(frameOf(step));
    const auto steps = stepsOf(history, kLast);
    const double mean = static_cast<double>(kLast) / static_cast<double>(steps.size() - 1);
    for (std::size_t i = 1; i < steps.size(); ++i)
      QVERIFY2(static_cast<double>(steps[i] - steps[i - 1]) < 4 * mean,
               qPrintable(QString("%1 to %2, mean %3").arg(steps[i - 1]).arg(steps[i]).arg(mean)));
  }

  void unevenStepsAreSpreadEvenlyToo() {
    History history(400000);
    std::int64_t step = 0;
    for (int i = 0; i < 3000; ++i) history.add(frameOf(step += 1));
    for (int i = 0; i < 3000; ++i) history.add(frameOf(step += 100));
    const auto steps = stepsOf(history, step);
    const auto early = std::count_if(steps.begin(), steps.end(), [](auto s) { return s <= 3000; });
    // A hundredth of the steps lie there; frames of every step would be half of all frames.
    QVERIFY2(early < static_cast<std::ptrdiff_t>(steps.size()) / 4,
             qPrintable(QString::number(early)));
  }

  void oneFrameLargerThanTheBudgetIsStillShown() {
    History history(1000);
    history.add(frameOf(0, 100000));
    history.add(frameOf(1, 100000));
    QCOMPARE(history.at(1)->step, std::int64_t{1});
    history.add(frameOf(2, 100000));
    QCOMPARE(history.at(2)->step, std::int64_t{2});
    QCOMPARE(history.at(0)->step, std::int64_t{0});
    QCOMPARE(history.size(), std::size_t{2});
  }

  void sharedValuesAreCountedOnce() {
    const auto shared = shareFloats(std::vector<float>(100000));
    History history;
    for (std::int64_t step = 0; step < 50; ++step) {
      auto frame = std::make_shared<Frame>();
      frame->step = step;
      PlaneData& plane = frame->at<PlaneData>("p");
      FieldLayer field;
      field.values = shared;
      plane.layers.push_back(field);
      history.add(frame);
    }
    QVERIFY(history.bytes() >= 400000);
    QVERIFY(history.bytes() < 500000);
  }

  void sharedValuesStayCountedAfterThinning() {
    const auto shared = shareFloats(std::vector<float>(10000));
    constexpr std::size_t kBudget = 200000;
    History history(kBudget);
    for (std::int64_t step = 0; step < 1000; ++step) {
      auto frame = std::make_shared<Frame>(*frameOf(step));
      FieldLayer field;
      field.values = shared;
      frame->at<PlaneData>("p").layers.push_back(field);
      history.add(frame);
      QVERIFY(history.bytes() <= kBudget);
    }
    QVERIFY(history.bytes() > 40000);
  }

  void everyKindOfViewHasAMemory() {
    const auto sizeWith = [](const ViewData& small, const ViewData& large) {
      Frame a, b;
      a.views.emplace("v", small);
      b.views.emplace("v", large);
      return bytesOf(b, nullptr) - bytesOf(a, nullptr);
    };
    const std::vector<double> numbers(1000);
    const std::vector<Point> places(1000);
    QVERIFY(sizeWith(SeriesData{}, SeriesData{{{"c", std::string(), numbers, numbers}}}) >= 16000);
    QVERIFY(sizeWith(PlaneData{}, PlaneData{0, 1, 0, 1, {PathLayer{"p", {}, "", places}}}) >=
            16000);
    QVERIFY(sizeWith(PlaneData{},
                     PlaneData{0, 1, 0, 1, {ArrowsLayer{"p", {}, "", places, places}}}) >= 32000);
    QVERIFY(sizeWith(PlaneData{}, PlaneData{0, 1, 0, 1, {MeshLayer{"p", 10, 100, places}}}) >=
            16000);
    QVERIFY(sizeWith(BarsData{}, BarsData{{}, {{"g", std::string(), numbers}}, {}}) >= 8000);
    TableData table;
    table.rows.resize(100, {"r", std::vector<TableData::Cell>(10)});
    QVERIFY(sizeWith(TableData{}, table) >= 100 * 10 * 8);
  }
};

QTEST_APPLESS_MAIN(HistoryTest)
#include "history_test.moc"

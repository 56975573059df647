// SPDX-License-Identifier: GPL-3.0-or-later
// How long a panel of views takes to repaint: seven curves of 2,000 points, seven paths over a
// field of 100 x 100, a table, at 1280 x 800, while the run goes on. Prints milliseconds.
#include <time.h>

#include <QApplication>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tests/widgets/views/fake_race.h"
#include "widgets/views/series_view.h"

using namespace viva;

namespace {

double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

struct Times {
  std::vector<double> milliseconds;
  void print(const char* what) {
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto at = [&](double part) {
      return milliseconds[static_cast<std::size_t>(part * (milliseconds.size() - 1))];
    };
    std::printf("%-44s median %7.2f ms   95th percentile %7.2f ms   worst %7.2f ms\n", what,
                at(0.5), at(0.95), at(1));
  }
};

struct Panel {
  std::vector<std::unique_ptr<View>> views;
  std::vector<QImage> targets;

  Panel() {
    auto styles = std::make_shared<StyleTable>();
    for (const std::string& id : fakes::FakeRace::ids()) styles->learn(id);
    const std::vector<std::pair<std::string, QSize>> layout{{"plane", {640, 480}},
                                                            {"loss", {640, 240}},
                                                            {"position", {640, 240}},
                                                            {"standings", {1280, 260}},
                                                            {"verdict", {1280, 60}}};
    for (const auto& [id, size] : layout) {
      views.push_back(makeView(fakes::FakeRace::view(id), "fake-race", {}));
      views.back()->setStyles(styles);
      views.back()->resize(size);
      targets.emplace_back(size, QImage::Format_RGB32);
    }
  }
  void show(const fakes::FakeRace& race) {
    const auto frame = race.frame();
    for (auto& view : views) {
      view->setRecords(race.records());
      view->setFrame(frame);
    }
  }
  double repaint(std::vector<Times>& single) {
    const double start = now();
    for (std::size_t i = 0; i < views.size(); ++i) {
      const double before = now();
      views[i]->QWidget::render(&targets[i], QPoint(), QRegion(), QWidget::DrawChildren);
      single[i].milliseconds.push_back(now() - before);
    }
    return now() - start;
  }
};

void measure(const char* title, std::int64_t from, std::int64_t to, std::int64_t stride,
             int others = 0) {
  std::printf("\n%s\n", title);
  fakes::FakeRace race;
  race.advance(from);
  Panel panel;
  if (others > 0) {
    fakes::FakeRace other;
    other.advance(to);
    std::vector<OtherRun> runs;
    for (int i = 0; i < others; ++i)
      runs.push_back({"run:" + std::to_string(i), QString("run"), i, other.records()});
    const double before = now();
    for (auto& view : panel.views)
      if (auto* series = qobject_cast<SeriesView*>(view.get())) series->setOthers(runs);
    std::printf("  pinning %d runs %.2f ms\n", others, now() - before);
  }
  std::vector<Times> single(panel.views.size());
  Times taking, whole;
  panel.show(race);
  std::vector<Times> unused(panel.views.size());
  std::printf("  first paint %.2f ms\n", panel.repaint(unused));
  for (std::int64_t step = from; step < to; step += stride) {
    race.advance(step);
    const double before = now();
    panel.show(race);
    taking.milliseconds.push_back(now() - before);
    whole.milliseconds.push_back(panel.repaint(single));
  }
  for (std::size_t i = 0; i < single.size(); ++i)
    single[i].print(("  " + panel.views[i]->spec().id).c_str());
  taking.print("  taking records and frame");
  whole.print("  all views of the panel");
}

/// A matrix, histograms and a graph whose numbers all change at every frame.
void measureLive() {
  std::printf("\nviews of live numbers, 640 x 420\n");
  for (const auto& [id, what] : {std::pair{"gates", "  matrix of 128 x 100"},
                                 {"weights", "  2 histograms of 60 bins"},
                                 {"history", "  25 histograms over time"},
                                 {"digits", "  20 images of 16 x 16"},
                                 {"cell", "  graph of 14 nodes"}}) {
    const auto view = makeView(fakes::FakeRace::view(id), "fake-race", {});
    view->resize(640, 420);
    QImage target(view->size(), QImage::Format_RGB32);
    Times times;
    for (int i = 0; i < 100; ++i) {
      auto frame = std::make_shared<Frame>();
      frame->step = i;
      fakes::addLiveViews(*frame);
      std::vector<float> values;
      for (int k = 0; k < 128 * 100; ++k)
        values.push_back(static_cast<float>(std::sin(0.01 * k + 0.1 * i)));
      auto& matrix = frame->at<MatrixData>("gates");
      matrix.rows = 128;
      matrix.columns = 100;
      matrix.values = shareFloats(std::move(values));
      const double before = now();
      view->setFrame(frame);
      view->QWidget::render(&target, QPoint(), QRegion(), QWidget::DrawChildren);
      times.milliseconds.push_back(now() - before);
    }
    times.print(what);
  }
}

}  // namespace

int main(int count, char** arguments) {
  QApplication application(count, arguments);
  measureLive();
  measure("2,000 steps, 2 a frame", 0, 2000, 2);
  measure("2,000 steps, 2 a frame, beside five other runs", 0, 2000, 2, kMostOtherRuns);
  measure("1,000,000 steps, then 200 a frame", 1000000, 1020000, 200);
  return 0;
}

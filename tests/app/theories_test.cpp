// SPDX-License-Identifier: GPL-3.0-or-later
// Theories of one plot in what scripts draw: grey all of them, so each has dashes of its own.
#include <QTest>

#include "app/export/matplotlib.h"
#include "app/export/pgfplots.h"
#include "app/export/plot.h"

using namespace viva;

class TheoriesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void twoTheoriesOfAPlotHaveDifferentDashesInScripts() {
    ExperimentSpec spec;
    spec.id = "fake-theories";
    spec.views = {series("first", {}), series("second", {})};
    auto frame = std::make_shared<Frame>();
    const auto theory = [](const char* id) {
      return Curve{id, std::string(id), {0, 1}, {0, 1}, true};
    };
    frame->at<SeriesData>("first") = {{theory("limit"), theory("law"), theory("limit")}};
    frame->at<SeriesData>("second") = {{theory("law")}};
    RunResults results{.spec = &spec, .parameters = Parameters(spec.parameters), .frame = frame};
    const std::vector<Plot> plots = plotsOf(results, Words::in(Language::English));
    QCOMPARE(plots.size(), std::size_t{2});

    const auto count = [](const std::string& text, const std::string& part) {
      return QString::fromStdString(text).count(QString::fromStdString(part));
    };
    const std::string python = matplotlibScript(plots[0], {}), tex = pgfplotsDocument(plots[0], {});
    QCOMPARE(count(python, "color=\"grey\", linestyle=\"--\""), 2);
    QCOMPARE(count(python, "color=\"grey\", linestyle=\":\""), 1);
    QCOMPARE(count(tex, "gray, dashed, thin"), 2);
    QCOMPARE(count(tex, "gray, dotted, thin"), 1);
    // Counted in each plot anew.
    QCOMPARE(count(matplotlibScript(plots[1], {}), "color=\"grey\", linestyle=\"--\""), 1);
  }
};

QTEST_GUILESS_MAIN(TheoriesTest)
#include "theories_test.moc"

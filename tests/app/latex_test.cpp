// SPDX-License-Identifier: GPL-3.0-or-later
// What TeX cannot take as it is.
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "app/export/latex_text.h"
#include "app/export/pgfplots.h"
#include "app/export/plot_cut.h"

using namespace viva;

class LatexTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void overAShortRangeALogarithmicAxisIsLinearInLatex() {
    const QTemporaryDir folder;
    Plot plot;
    plot.y_logarithmic = true;
    for (const double last : {2.02, 4.0}) {
      PlotLine line;
      line.name = "loss";
      line.x = {0, 1, 2};
      line.y = {2, std::nan(""), last};
      plot.marks = {line};
      const std::string tex = pgfplotsDocument(plot, {});
      QCOMPARE(tex.find("ymode=log") != std::string::npos, last == 4.0);
      if (QStandardPaths::findExecutable("pdflatex").isEmpty() ||
          QProcess::execute("kpsewhich", {"pgfplots.sty"}) != 0)
        continue;
      QFile file(folder.filePath("narrow.tex"));
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write(QByteArray::fromStdString(tex));
      file.close();
      QProcess latex;
      latex.setWorkingDirectory(folder.path());
      latex.start("pdflatex", {"-interaction=nonstopmode", "-halt-on-error", "narrow.tex"});
      QVERIFY(latex.waitForFinished(60000));
      QVERIFY2(latex.exitCode() == 0, latex.readAll());
    }
  }

  void whatLiesFarBesideAPlaneIsCutForLatex() {
    Plot plot;
    plot.x_range = plot.y_range = Point{0, 1};
    PlotLine line;
    line.x = {0.5, 0.5, 1e6, 0.2, 0.3};
    line.y = {0.5, 2e5, 0, 0.2, 0.3};
    PlotPoints points;
    points.points = {{0.1, 0.2}, {1e9, 0}};
    points.classes = {4, 7};
    plot.marks = {line, points};
    const Plot cut = withoutFarPlaces(plot);
    const auto& kept = std::get<PlotLine>(cut.marks[0]);
    // Straight up until 31, then nothing, then in from the right.
    QCOMPARE(kept.y[1], 31.0);
    QCOMPARE(kept.x[1], 0.5);
    QVERIFY(std::isnan(kept.x[2]) && std::isnan(kept.x[3]));
    QCOMPARE(kept.x[4], 31.0);
    QVERIFY(kept.y[4] > 0.19 && kept.y[4] < 0.21);
    QCOMPARE(kept.x[6], 0.3);
    QCOMPARE(std::get<PlotPoints>(cut.marks[1]).classes, std::vector<int>{4});
    plot.x_range.reset();
    QCOMPARE(std::get<PlotLine>(withoutFarPlaces(plot).marks[0]).x, line.x);
  }

  void signsAreWrittenAsMathematicsAndWhatMeansSomethingToTexIsEscaped() {
    QCOMPARE(latexText("m\u0302 = \u03b2\u2081\u1d57"),
             std::string(
                 "\\ensuremath{\\hat m} = \\ensuremath{\\beta}\\ensuremath{_1}\\ensuremath{^t}"));
    QCOMPARE(latexText("10\u207b\u2078"), std::string("10\\ensuremath{^-}\\ensuremath{^8}"));
    QCOMPARE(latexText("50 % of $x_1"), std::string("50 \\% of \\$x\\_1"));
  }
};

QTEST_GUILESS_MAIN(LatexTest)
#include "latex_test.moc"

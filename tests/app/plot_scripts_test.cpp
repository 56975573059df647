// SPDX-License-Identifier: GPL-3.0-or-later
// pgfplots and Matplotlib: what is written is run by them, where they are installed.
#include <QImage>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class PlotScriptsTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  static constexpr const char* kPlots[] = {"plane", "curves", "bars", "matrix", "sizes"};

  static QStringList documents() {
    QStringList names{"table"};
    for (const char* plot : kPlots) names << plot;
    return names;
  }
  QString out(const QString& language) { return folder_.filePath(language); }
  /// What the program wrote on standard output and error; `folder` is where it runs.
  static QByteArray outputOf(const QString& folder, const QString& program,
                             const QStringList& arguments, int* status) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    process.waitForFinished(120000);
    *status = process.exitCode();
    return process.readAll();
  }

 private Q_SLOTS:
  void initTestCase() {
    for (const char* language : {"en", "zh_CN"}) {
      const Outcome outcome =
          Program().run({"run", "fake-descent", "--out", out(language), "--export",
                         "tikz,matplotlib,csv", "--lang", language, "--quiet"});
      QVERIFY2(outcome.status == 0, outcome.errors);
    }
  }

  void everyPlotHasItsFilesAndTheOthersNone() {
    QStringList expected{"records.csv", "run.viva", "summary.json"};
    for (const char* plot : kPlots)
      for (const char* ending : {"tex", "py", "csv"})
        expected << QString("%1.%2").arg(plot, ending);
    expected << "table.tex";
    expected.sort();
    QCOMPARE(filesIn(out("en")), expected);
    QStringList named;
    for (const QVariant& name : jsonOf(out("en") + "/summary.json")["files"].toVariant().toList())
      named << name.toString();
    named.sort();
    QCOMPARE(named, expected);
  }

  void theCsvHasEveryValueOfTheRecordsToTheLastBit() {
    const auto records = Outcome::rows(contentOf(out("en") + "/records.csv"));
    QList<QByteArray> drawn;
    for (const auto& row : Outcome::rows(contentOf(out("en") + "/curves.csv")))
      if (row[0] == "a") drawn << row[2];
    QCOMPARE(drawn.size(), 51);
    for (int step = 0; step <= 50; ++step)
      QVERIFY(drawn[step].toDouble() == records[step + 1][1].toDouble());
  }

  void coloursGoFromTheEndThatIsGivenToTheLargestValue() {
    QVERIFY(contentOf(out("en") + "/matrix.py").contains("vmin=0, vmax=4"));
    QVERIFY(contentOf(out("en") + "/matrix.tex").contains("point meta min=0, point meta max=4"));
  }

  void aTableHasItsCellsInRowsAndTheBestOfAColumnInBold() {
    const QByteArray tex = contentOf(out("en") + "/table.tex");
    const double x = Outcome::rows(contentOf(out("en") + "/records.csv")).back()[1].toDouble();
    const QByteArray best = "$\\mathbf{" + QByteArray::number(x, 'g', 4) + "}$";
    QVERIFY2(tex.contains("  A & " + best + " &  & English \\\\\n"), tex);
    QVERIFY2(tex.contains("  B\\_1 & $2 \\times 10^{7}$ &  & 100 \\% \\\\\n"), tex);
    QVERIFY(tex.contains("\\begin{tabular}{lrrl}"));
  }

  void theScriptsRunWithMatplotlib() {
    int status = 0;
    outputOf(out("en"), "/usr/bin/python3", {"-c", "import matplotlib"}, &status);
    if (status != 0) QSKIP("python3-matplotlib is not installed");
    for (const char* language : {"en", "zh_CN"})
      for (const char* plot : kPlots) {
        const QString script = QString("%1.py").arg(plot), made = QString("%1.png").arg(plot);
        const QByteArray said =
            outputOf(out(language), "/usr/bin/python3", {script, made}, &status);
        QVERIFY2(status == 0, said);
        QVERIFY2(!said.contains("missing from current font"), said);
        QCOMPARE(QImage(out(language) + "/" + made).size(), QSize(1200, 750));
      }
  }

  void theDocumentsCompile() {
    for (const char* language : {"en", "zh_CN"})
      for (const QString& plot : documents()) {
        const QString path = QString("%1/%2.tex").arg(out(language), plot);
        const QByteArray tex = contentOf(path);
        const QString compiler = tex.contains("program = xelatex") ? "xelatex" : "pdflatex";
        if (QStandardPaths::findExecutable(compiler).isEmpty() ||
            QProcess::execute("kpsewhich", {"pgfplots.sty"}) != 0)
          QSKIP("TeX with pgfplots (texlive-pictures) is not installed");
        int status = 0;
        const QByteArray said = outputOf(
            out(language), compiler,
            {"-interaction=nonstopmode", "-halt-on-error", "-jobname", plot, path}, &status);
        QVERIFY2(status == 0, said);
        QVERIFY2(!said.contains("Missing character"), said);
        QVERIFY(contentOf(QString("%1/%2.pdf").arg(out(language), plot)).startsWith("%PDF"));
      }
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::PlotScriptsTest)
#include "plot_scripts_test.moc"

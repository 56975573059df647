// SPDX-License-Identifier: GPL-3.0-or-later
// The diagram of the cell as lstm-gates makes it, in the room that a panel gives it at 1280x800.
#include <QtTest>

#include "app/catalog_loader.h"
#include "lessons/core/run.h"
#include "widgets/views/graph_view.h"

using namespace viva;

class CellDiagramTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void itsNumbersCanBeReadFromTheLastRow_data() {
    QTest::addColumn<QString>("cell");
    for (const char* cell : {"lstm", "peephole", "gru", "rnn"}) QTest::newRow(cell) << cell;
  }
  void itsNumbersCanBeReadFromTheLastRow() {
    QFETCH(QString, cell);
    const Catalog& catalog = loadCatalog();
    const ExperimentSpec& spec = catalog.experiment("lstm-gates");
    RunSettings settings{spec.parametersOf("adding-50")};
    settings.preset = "adding-50";
    settings.parameters.setFromText("cell", cell.toStdString());
    settings.steps = 3;
    Run run(spec, settings, catalog.runtime());
    run.advance(3);
    for (const Language language : {Language::English, Language::Chinese}) {
      GraphView view(graph("cell"), spec.id, {false, language, 1}, nullptr);
      view.setFrame(run.frame());
      const QRectF area(0, 0, 336, 228);
      const GraphView::Layout layout = view.layoutFor(area);
      QVERIFY(layout.values_shown);
      // As large as the numbers at the axes, or larger.
      QVERIFY2(layout.font >= 0.9, qPrintable(QString::number(layout.font)));
      QVERIFY2(layout.line_font >= 0.9, qPrintable(QString::number(layout.line_font)));
      QCOMPARE(layout.lines.size(), std::size_t{3});  // none is broken
      std::vector<QRectF> boxes = layout.nodes;
      for (const auto& line : layout.lines) boxes.push_back(line.box);
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        QVERIFY(area.contains(boxes[i]));
        for (std::size_t k = 0; k < i; ++k) QVERIFY(!boxes[i].intersects(boxes[k]));
      }
    }
  }
};

QTEST_MAIN(CellDiagramTest)
#include "cell_diagram_test.moc"

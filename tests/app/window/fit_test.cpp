// SPDX-License-Identifier: GPL-3.0-or-later
// What is written and marked in the plots of every preset, in windows of every size: no mark is
// cut, ticks and titles do not lie on one another, counts have one format.
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

#include "app/catalog_loader.h"
#include "tests/widgets/views/measured.h"
#include "widgets/panel/experiment_panel.h"
#include "widgets/views/plot_view.h"
#include "widgets/views/table_view.h"

using namespace viva;
using fakes::DrawnText;
using fakes::Measured;

namespace {

struct Window {
  const char* name;
  QSize lab;
  double type = 1;
};
/// What the window leaves to the lab.
constexpr Window kWindows[] = {{"1280x800", {1060, 660}},
                               {"1366x768", {1150, 630}},
                               {"1920x1080", {1700, 940}},
                               {"900x600", {860, 480}},
                               {"1920x1080, type of 200 %", {1500, 800}, 2}};
constexpr std::int64_t kSteps = 4;

class Faults {
 public:
  void begin(const QString& where) { where_ = where; }
  void add(const QString& what) {
    if (++count_ <= 400) list_ << where_ + QStringLiteral(": ") + what;
  }
  QByteArray text() const {
    return ("\n" + list_.join(u'\n') + QStringLiteral("\n%1 in all").arg(count_)).toUtf8();
  }
  bool none() const { return count_ == 0; }

 private:
  QString where_;
  QStringList list_;
  int count_ = 0;
};

QString placeOf(const QRectF& box) {
  return QStringLiteral("(%1, %2, %3 x %4)")
      .arg(qRound(box.left()))
      .arg(qRound(box.top()))
      .arg(qRound(box.width()))
      .arg(qRound(box.height()));
}

/// Pairs of texts that lie on one another.
void checkOverlaps(const std::vector<DrawnText>& texts, Faults& faults) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t k = i + 1; k < texts.size(); ++k) {
      const QRectF common = texts[i].box.intersected(texts[k].box);
      if (common.width() > 1 && common.height() > 1)
        faults.add("overlap: " + texts[i].text + " | " + texts[k].text);
    }
}

void checkMarks(const Measured& painted, Faults& faults) {
  for (const fakes::DrawnMark& mark : painted.marks()) {
    const QRectF seen = mark.clip.intersected(painted.whole());
    if (seen.intersects(mark.box) && !seen.adjusted(-1, -1, 1, 1).contains(mark.box))
      faults.add("mark cut " + placeOf(mark.box) + " by " + placeOf(seen));
  }
}

void checkPlot(const PlotView& plot, Faults& faults) {
  Measured painted(plot.size());
  QPainter painter(&painted);
  plot.render(painter, plot.rect());
  painter.end();
  checkMarks(painted, faults);
  // What is written beside the plot: ticks, titles, the colour bar.
  std::vector<DrawnText> beside;
  for (const DrawnText& text : painted.texts())
    if (!plot.plot().inner.contains(text.box.center())) beside.push_back(text);
  checkOverlaps(beside, faults);
}

/// One format of numbers without decimals. A text of a cell may be digits too: a width that
/// somebody typed, say.
void checkTable(const TableView& table, const TableData& data, Faults& faults) {
  QSet<QString> typed;
  for (const TableData::Row& row : data.rows)
    for (const TableData::Cell& cell : row.cells)
      if (const auto* text = std::get_if<std::string>(&cell))
        typed << QString::fromStdString(*text);
  Measured painted(table.size());
  QPainter painter(&painted);
  table.render(painter, table.rect());
  painter.end();
  static const QRegularExpression plain(QStringLiteral("^−?[0-9]{5,}$"));
  for (const DrawnText& text : painted.texts())
    if (plain.match(text.text).hasMatch() && !typed.contains(text.text))
      faults.add("a number without groups: " + text.text);
}

void checkFrame(const ViewFrame& frame, const Frame& shown, Faults& faults) {
  const View& view = frame.view();
  if (view.isEmpty()) return;
  if (const auto* table = qobject_cast<const TableView*>(&view))
    checkTable(*table, std::get<TableData>(shown.views.at(table->spec().id)), faults);
  else if (const auto* plot = qobject_cast<const PlotView*>(&view))
    checkPlot(*plot, faults);
}

}  // namespace

class FitTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void marksAreWholeAndWhatStandsBesideAPlotDoesNotOverlap_data() {
    QTest::addColumn<QString>("experiment");
    for (const Lesson& lesson : loadCatalog().lessons())
      for (const ExperimentSpec* spec : lesson.experiments)
        QTest::newRow(spec->id.c_str()) << QString::fromStdString(spec->id);
  }
  void marksAreWholeAndWhatStandsBesideAPlotDoesNotOverlap() {
    QFETCH(QString, experiment);
    const Catalog& catalog = loadCatalog();
    const ExperimentSpec& spec = catalog.experiment(experiment.toStdString());
    ExperimentPanel panel(spec, catalog.runtime(), Appearance{});
    panel.show();
    const RunState& state = panel.runner().state();
    Faults faults;
    std::vector<std::string> presets;
    for (const Preset& preset : spec.presets) presets.push_back(preset.name);
    if (presets.empty()) presets.emplace_back();
    for (std::size_t p = 0; p < presets.size(); ++p) {
      panel.openPreset(presets[p]);
      QTRY_VERIFY_WITH_TIMEOUT(state.generation == panel.runner().newestGeneration() && state.frame,
                               120000);
      panel.runner().setSpeed(Runner::kUnlimited);
      panel.runner().stepForward(kSteps);
      QTRY_VERIFY_WITH_TIMEOUT(state.step >= kSteps || state.status != RunStatus::Running, 120000);
      for (std::size_t w = 0; w < std::size(kWindows); ++w) {
        // Each preset in both languages, though not in each window.
        const Language language = (p + w) % 2 ? Language::Chinese : Language::English;
        panel.setAppearance({false, language, kWindows[w].type});
        panel.resize(kWindows[w].lab);
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        for (ViewFrame* frame : panel.frames()) {
          if (!frame->isVisible()) continue;
          faults.begin(QStringLiteral("%1, %2, %3, %4")
                           .arg(QString::fromStdString(presets[p]), kWindows[w].name,
                                language == Language::Chinese ? "zh" : "en",
                                QString::fromStdString(frame->view().spec().id)));
          checkFrame(*frame, *state.frame, faults);
        }
      }
    }
    QVERIFY2(faults.none(), faults.text().constData());
  }
};

QTEST_MAIN(FitTest)
#include "fit_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the runs that were kept.
#include "widgets/runs/runs_dialog.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <cmath>
#include <limits>

#include "app/study/study_store.h"
#include "lessons/core/run_file.h"
#include "tests/fakes/fake_experiment.h"

using namespace viva;
using namespace viva::fakes;

namespace {

struct Runs {
  FakeRuntime runtime;
  Catalog catalog = fakeCatalog(runtime);
  StudyStore study{QString()};

  void add(const QString& name, const std::vector<std::pair<std::string, std::string>>& settings,
           std::uint64_t seed, double final_x) {
    RunSettings run_settings{fakeParameters(settings)};
    run_settings.seed = seed;
    run_settings.steps = 3;
    Run run(fakeSpec(), std::move(run_settings), runtime);
    run.advance(3);
    RecentRun entry;
    entry.experiment = QString::fromStdString(fakeSpec().id);
    entry.steps = 3;
    entry.file = QByteArray::fromStdString(toJson(describe(run, runtime)));
    entry.name = name;
    entry.status = "completed";
    entry.finals = {{"a/x", final_x}};
    study.ran(entry, {});
  }
  std::unique_ptr<RunsDialog> dialog(const Appearance& appearance = {}) {
    auto made =
        std::make_unique<RunsDialog>(study, catalog, fakeSpec(), appearance, 500'000'000, nullptr);
    made->show();
    made->activateWindow();
    const bool active = QTest::qWaitForWindowActive(made.get());
    Q_ASSERT(active);
    Q_UNUSED(active);
    return made;
  }
};

int columnOf(RunsDialog& dialog, const QString& heading) {
  const QAbstractItemModel& model = *dialog.table().model();
  for (int column = 0; column < model.columnCount(); ++column)
    if (model.headerData(column, Qt::Horizontal).toString().contains(heading)) return column;
  return -1;
}

QStringList shownNames(RunsDialog& dialog) {
  const QAbstractItemModel& model = *dialog.table().model();
  QStringList names;
  for (int row = 0; row < model.rowCount(); ++row) names << model.index(row, 1).data().toString();
  return names;
}

QPushButton* button(RunsDialog& dialog, const QString& words) {
  for (auto* button : dialog.findChildren<QPushButton*>())
    if (button->text() == words) return button;
  return nullptr;
}

}  // namespace

class RunsDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void onlyParametersThatDifferHaveAColumn() {
    Runs runs;
    runs.add("one", {{"rate", "0.1"}, {"noise", "2"}}, 1, 1);
    runs.add("two", {{"rate", "0.5"}, {"noise", "2"}}, 1, 2);
    const auto dialog = runs.dialog();
    QVERIFY(columnOf(*dialog, "rate") >= 0);
    QCOMPARE(columnOf(*dialog, "noise"), -1);
    const QAbstractItemModel& model = *dialog->table().model();
    QStringList rates;
    for (int row = 0; row < 2; ++row)
      rates << model.index(row, columnOf(*dialog, "rate")).data().toString();
    rates.sort();
    QCOMPARE(rates, (QStringList{"0.1", "0.5"}));
  }

  void aRunThatIsKeptMeanwhileComesIntoTheTable() {
    Runs runs;
    runs.add("one", {}, 1, 1);
    runs.add("two", {}, 2, 2);
    const auto dialog = runs.dialog();
    const QString chosen = dialog->model().run(0).name;
    dialog->table().selectRow(shownNames(*dialog).indexOf(chosen));
    runs.add("three", {}, 3, 3);
    QTRY_VERIFY(shownNames(*dialog).contains("three"));
    const QModelIndexList selected = dialog->table().selectionModel()->selectedRows(1);
    QCOMPARE(selected.size(), 1);
    QCOMPARE(selected.front().data().toString(), chosen);
  }

  void anyFinalValueSortsAndWhatHasNoneComesLast() {
    Runs runs;
    runs.add("ten", {}, 1, 10);
    runs.add("nine", {}, 2, 9);
    runs.add("endless", {}, 3, std::numeric_limits<double>::infinity());
    runs.add("none", {}, 4, std::nan(""));
    const auto dialog = runs.dialog();
    const QString record =
        dialog->table()
            .model()
            ->headerData(dialog->table().model()->columnCount() - 3, Qt::Horizontal)
            .toString();
    const int column = columnOf(*dialog, record);
    dialog->table().sortByColumn(column, Qt::AscendingOrder);
    QCOMPARE(shownNames(*dialog), (QStringList{"nine", "ten", "endless", "none"}));
    dialog->table().sortByColumn(column, Qt::DescendingOrder);
    QCOMPARE(shownNames(*dialog), (QStringList{"endless", "ten", "nine", "none"}));
  }

  void namesAndStarsAreChangedInPlaceAndKept() {
    Runs runs;
    runs.add("old", {}, 1, 1);
    const auto dialog = runs.dialog();
    QAbstractItemModel& model = *dialog->table().model();
    QVERIFY(model.setData(model.index(0, 1), " new ", Qt::EditRole));
    QTest::keyClick(&dialog->table(), Qt::Key_Space);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("★"));
    QVERIFY(!model.setData(model.index(0, 2), "tomorrow", Qt::EditRole));
    const RecentRun kept = runs.study.runsOf(QString::fromStdString(fakeSpec().id)).at(0);
    QCOMPARE(kept.name, QString("new"));
    QVERIFY(kept.starred);
    button(*dialog, "Star")->click();
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("☆"));
  }

  void deletingIsUndone() {
    Runs runs;
    runs.add("one", {}, 1, 1);
    runs.add("two", {}, 2, 2);
    const auto dialog = runs.dialog();
    dialog->table().selectAll();
    QTest::keyClick(&dialog->table(), Qt::Key_Delete);
    QVERIFY(shownNames(*dialog).isEmpty());
    QVERIFY(button(*dialog, "Undo deleting")->isEnabled());
    button(*dialog, "Undo deleting")->click();
    QCOMPARE(shownNames(*dialog).size(), 2);
    QVERIFY(!button(*dialog, "Undo deleting")->isEnabled());
  }

  void aRunIsOpenedAndPinnedByKeyboard() {
    Runs runs;
    runs.add("one", {}, 1, 1);
    const auto dialog = runs.dialog();
    QSignalSpy opened(dialog.get(), &RunsDialog::openWanted);
    QSignalSpy pinned(dialog.get(), &RunsDialog::pinWanted);
    QTest::keyClick(&dialog->table(), Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened[0][0].value<RecentRun>().name, QString("one"));
    button(*dialog, "Pin")->click();
    QCOMPARE(pinned.size(), 1);
  }

  void theRoomOnDiskIsSaidInBothLanguages() {
    Runs runs;
    runs.add("one", {}, 1, 1);
    for (const Language language : {Language::English, Language::Chinese}) {
      const auto dialog = runs.dialog({false, language, 1});
      QString said;
      for (auto* label : dialog->findChildren<QLabel*>()) said += label->text();
      QVERIFY2(said.contains("500 MB"), qPrintable(said));
      QVERIFY(!dialog->table().accessibleName().isEmpty());
    }
  }

  void aRunOfAnotherVersionIsListedWithoutItsParameters() {
    Runs runs;
    RecentRun odd;
    odd.experiment = QString::fromStdString(fakeSpec().id);
    odd.file = "not a run file";
    odd.name = "odd";
    runs.study.ran(odd, {});
    runs.add("one", {}, 1, 1);
    const auto dialog = runs.dialog();
    QCOMPARE(shownNames(*dialog).size(), 2);
  }
};

QTEST_MAIN(RunsDialogTest)
#include "runs_dialog_test.moc"

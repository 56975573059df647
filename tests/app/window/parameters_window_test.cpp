// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of the real experiments: nothing is cut at any width; found, folded and taken back
// in the window.
#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "app/catalog_loader.h"
#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/theme.h"
#include "tests/app/window/open_window.h"
#include "widgets/parameters/claim_parameters.h"
#include "widgets/parameters/number_editor.h"
#include "widgets/parameters/parameter_panel.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

std::unique_ptr<MainWindow> openWindow() {
  auto window =
      std::make_unique<MainWindow>(WindowRequest{}, std::make_unique<StudyStore>(QString()));
  showUntilReady(*window);
  return window;
}

/// What of the shown parts is cut, in words for who reads the failure.
QStringList cutIn(const ParameterPanel& panel, bool roomy) {
  QStringList cut;
  const QRect seen = panel.viewport()->rect();
  for (const QWidget* part : panel.widget()->findChildren<QWidget*>()) {
    if (!part->isVisible() || part->window() != panel.window()) continue;
    const QPoint corner = part->mapTo(panel.viewport(), QPoint());
    const QString what = QStringLiteral("%1 “%2” (%3 x %4)")
                             .arg(part->metaObject()->className(), part->accessibleName())
                             .arg(part->width())
                             .arg(part->height());
    if (corner.x() < 0 || corner.x() + part->width() > seen.width()) cut << what + " is outside";
    if (const auto* label = qobject_cast<const WrappedLabel*>(part))
      if (label->height() < label->heightForWidth(label->width()))
        cut << what + " has too few lines: " + label->text();
    if (const auto* fold = qobject_cast<const FoldButton*>(part))
      if (fold->height() < fold->heightForWidth(fold->width())) cut << what + " has too few lines";
    if (qobject_cast<const QPushButton*>(part) || qobject_cast<const QToolButton*>(part))
      if (part->width() < part->sizeHint().width()) cut << what + " has too little room";
    if (const auto* line = qobject_cast<const QLineEdit*>(part))
      if (line->parentWidget()->parentWidget() && !line->text().contains(u',') &&
          line->validator() == nullptr && line->text().size() < 12 &&
          line->width() < line->fontMetrics().horizontalAdvance(line->text()) + 8)
        cut << what + " has not all of " + line->text();
    if (const auto* text = qobject_cast<const QPlainTextEdit*>(part)) {
      const int lines = std::min(6, qRound(text->document()->size().height()));
      if (text->viewport()->height() < lines * text->fontMetrics().lineSpacing())
        cut << what + " has too few lines";
    }
    if (const auto* box = qobject_cast<const QComboBox*>(part)) {
      const int needed = box->fontMetrics().horizontalAdvance(box->currentText());
      if (needed + 20 > box->width() && (roomy || box->toolTip() != box->currentText()))
        cut << what + " has not all of " + box->currentText();
    }
    if (const auto* slider = qobject_cast<const NumberSlider*>(part)) {
      const QWidget* control = slider->parentWidget()->parentWidget();
      if (slider->width() < control->width()) cut << what + " has not the whole width";
    }
  }
  return cut;
}

/// Into the folder VIVA_PARAMETER_PICTURES, for whoever wants to look.
void keepPicture(ParameterPanel& panel, const QString& name, double type, Language language) {
  const QString folder = qEnvironmentVariable("VIVA_PARAMETER_PICTURES");
  if (folder.isEmpty()) return;
  panel.grab().save(QDir(folder).filePath(QStringLiteral("%1-%2-%3-%4.png")
                                              .arg(name)
                                              .arg(panel.width())
                                              .arg(type)
                                              .arg(QString::fromUtf8(codeOf(language).data()))));
}

}  // namespace

class ParametersWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit()); }
  void init() { QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear(); }

  void everyPresetHasThreeToFiveControlsOfItsClaimFirst() {
    for (const Lesson& lesson : loadCatalog().lessons())
      for (const ExperimentSpec* spec : lesson.experiments)
        for (const Preset& preset : spec->presets) {
          const Parameters values = spec->parametersOf(preset.name);
          const auto relevant =
              std::count_if(spec->parameters.begin(), spec->parameters.end(),
                            [&](const auto& parameter) { return values.isRelevant(parameter); });
          const auto first = claimParameters(*spec, preset.name);
          QVERIFY2(first.size() >= std::min<std::size_t>(3, relevant) && first.size() <= 5,
                   preset.name.c_str());
        }
  }

  void nothingIsCutAtAnyWidth_data() {
    QTest::addColumn<QString>("experiment");
    for (const Lesson& lesson : loadCatalog().lessons())
      for (const ExperimentSpec* spec : lesson.experiments)
        QTest::newRow(spec->id.c_str()) << QString::fromStdString(spec->id);
  }
  void nothingIsCutAtAnyWidth() {
    QFETCH(QString, experiment);
    const ExperimentSpec& spec = loadCatalog().experiment(experiment.toStdString());
    for (const double type : {1.0, 1.5, 2.0})
      for (const Language language : {Language::English, Language::Chinese}) {
        applyTheme(language == Language::Chinese, type);
        ParameterPanel panel(spec);
        panel.setWords(Words::in(language));
        panel.setUnfolded(true);
        panel.show();
        // With large type, the first and the last will do.
        std::vector<std::string> presets{""};
        for (const Preset& preset : spec.presets)
          if ((type == 1 && language == Language::English) || &preset == &spec.presets.front() ||
              &preset == &spec.presets.back())
            presets.push_back(preset.name);
        for (const std::string& preset : presets) {
          panel.setPreset(preset);
          panel.setBaseline(spec.parametersOf(preset));
          panel.setValues(spec.parametersOf(preset));
          for (const int width : {180, 260, 345, 600}) {
            panel.resize(width, 900);
            const auto cut = [&] { return cutIn(panel, width >= 345 && type == 1); };
            QTRY_VERIFY2(cut().isEmpty(), qPrintable(QStringLiteral("%1, %2 pixels, type of %3: %4")
                                                         .arg(QString::fromStdString(preset))
                                                         .arg(width)
                                                         .arg(type)
                                                         .arg(cut().join("\n"))));
            QVERIFY2(panel.minimumSizeHint().width() <= 180,
                     QByteArray::number(panel.minimumSizeHint().width()));
            keepPicture(panel, experiment + "-" + QString::fromStdString(preset), type, language);
          }
        }
      }
    applyTheme(false, 1);
  }

  void aParameterThatIsFoundIsUnfoldedAndHasTheKeyboard() {
    const auto window = openWindow();
    window->openPreset("optimizer-race", "ravine-zigzag");
    ParameterPanel& parameters = window->page().panel()->parameterPanel();
    QVERIFY(!parameters.isUnfolded());
    QVERIFY(!parameters.control("drift")->isVisible());
    window->openFound("parameter:optimizer-race/drift");
    QVERIFY(parameters.isUnfolded());
    ParameterControl* drift = parameters.control("drift");
    const auto is_in_sight = [&] {
      return parameters.viewport()->rect().contains(
          QRect(drift->mapTo(parameters.viewport(), QPoint()), drift->size()));
    };
    QTRY_VERIFY(is_in_sight());
    QVERIFY(drift->isAncestorOf(window->focusWidget()));
  }

  void whetherAllParametersAreUnfoldedIsRemembered() {
    {
      const auto window = openWindow();
      window->openPreset("optimizer-race", "ravine-zigzag");
      ParameterPanel& parameters = window->page().panel()->parameterPanel();
      QVERIFY(!parameters.isUnfolded());
      QTest::mouseClick(parameters.foldButton(), Qt::LeftButton);
      QVERIFY(parameters.isUnfolded());
      window->openExperiment("gan-plane");  // it is the user's way, not the experiment's
      QVERIFY(window->page().panel()->parameterPanel().isUnfolded());
    }
    const auto window = openWindow();
    window->openExperiment("optimizer-race");
    ParameterPanel& parameters = window->page().panel()->parameterPanel();
    QVERIFY(parameters.isUnfolded());
    window->openExperiment("gan-plane");
    QTest::mouseClick(window->page().panel()->parameterPanel().foldButton(), Qt::LeftButton);
    QVERIFY(!parameters.isUnfolded());
  }

  void resetAllIsTakenBackWithCtrlZ() {
    const auto window = openWindow();
    window->openPreset("optimizer-race", "ravine-zigzag");
    ExperimentPanel& panel = *window->page().panel();
    const Parameters preset = panel.parameters();
    for (const auto& [name, text] : {std::pair{"momentum.lr", "0.01"}, {"kappa", "50"}}) {
      panel.parameterPanel().reveal(name);
      auto* line = panel.parameterPanel().control(name)->findChild<QLineEdit*>();
      line->setFocus();
      line->selectAll();
      QTest::keyClicks(line, text);
      QTest::keyClick(line, Qt::Key_Return);
    }
    const Parameters changed = panel.parameters();
    QVERIFY(!(changed == preset));
    panel.parameterPanel().resetAllButton()->setFocus();
    QTest::keyClick(window->focusWidget(), Qt::Key_Return);  // Space plays, wherever the focus is
    QVERIFY(panel.parameters() == preset);
    QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(panel.parameters() == changed);
    QVERIFY(panel.parameterPanel().control("kappa")->differs());
  }
};

QTEST_MAIN(ParametersWindowTest)
#include "parameters_window_test.moc"

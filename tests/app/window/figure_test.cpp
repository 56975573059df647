// SPDX-License-Identifier: GPL-3.0-or-later
// Figures and bundles of the window, with the real lessons.
#include <sys/resource.h>

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDoubleSpinBox>
#include <QDropEvent>
#include <QListWidget>
#include <QMessageBox>
#include <QMimeData>
#include <QProcess>
#include <QProgressBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>
#include <QtTest>
#include <csignal>

#include "app/catalog_loader.h"
#include "app/export/figure_run.h"
#include "app/export/pictures.h"
#include "app/export/saved_run.h"
#include "app/window/animation_dialog.h"
#include "app/window/figure_dialog.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"

using namespace viva;

namespace {

QTemporaryDir& home() {
  static QTemporaryDir folder;
  return folder;
}

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const RunState& stateOf(MainWindow& window) { return window.page().panel()->runner().state(); }

/// A race at step `steps`, paused.
std::unique_ptr<MainWindow> raceAt(std::int64_t steps) {
  WindowRequest request;
  request.experiment = "optimizer-race";
  auto window = std::make_unique<MainWindow>(request);
  window->resize(1280, 800);  // whatever the screen
  showUntilReady(*window);
  [&] { QTRY_COMPARE(stateOf(*window).records.rows(), 1); }();
  window->page().panel()->runner().setSpeed(Runner::kUnlimited);
  window->page().panel()->runner().stepForward(steps);
  [&] { QTRY_COMPARE(stateOf(*window).step, steps); }();
  return window;
}

View& viewOf(MainWindow& window, const std::string& id) {
  for (ViewFrame* frame : window.page().panel()->frames())
    if (frame->view().spec().id == id) return frame->view();
  qFatal("no such view");
}

/// Writes what the dialog shows and waits until it is in the file.
bool written(MainWindow& window, const FigureDialog& dialog, const QString& path,
             std::optional<RunState> shown = {}) {
  const RunState state = shown ? *shown : stateOf(window);
  QSignalSpy exported(&window, &MainWindow::exported);
  window.writeFigure(dialog, state, path);
  return (exported.size() > 0 || exported.wait(20000)) && exported[0][1].toBool();
}

/// Drops a file on the window, as a file manager does.
void drop(MainWindow& window, const QString& path) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(path)});
  QDragEnterEvent enter({100, 100}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  QDropEvent event(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &event);
}

}  // namespace

class FigureTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", home().path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home().filePath("data").toLocal8Bit());
  }
  void init() {
    QSettings settings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva");
    settings.clear();
    settings.setValue("experiment", "optimizer-race");  // not a first start, which plays by itself
  }

  void aFigureOfEveryFormatBringsItsRunBackWhenItIsDropped() {
    const auto window = raceAt(40);
    for (const QString& format : {QString("png"), QString("svg"), QString("pdf")}) {
      const FigureDialog dialog(viewOf(*window, "plane"), format, true, window.get());
      const QString path = home().filePath("figure." + format);
      QVERIFY(written(*window, dialog, path));
      window->openExperiment("optimizer-anatomy");
      QSignalSpy replayed(window.get(), &MainWindow::replayed);
      drop(*window, path);
      QVERIFY(replayed.wait(20000));
      QVERIFY(replayed[0][0].toBool());
      QCOMPARE(window->page().panel()->spec().id, std::string("optimizer-race"));
      QCOMPARE(stateOf(*window).step, 40);
    }
  }

  void aFigureOfARunThatGoesOnCarriesTheRunUpToWhatItShows() {
    const auto window = raceAt(5);
    ExperimentPanel& panel = *window->page().panel();
    panel.runner().change("sgd.lr", 0.011);
    panel.runner().setSpeed(300);
    panel.play();
    QTRY_VERIFY(stateOf(*window).step > 20);
    const FigureDialog dialog(viewOf(*window, "value"), "svg", true, window.get());
    const RunState shown = stateOf(*window);
    QTRY_VERIFY(stateOf(*window).step > shown.step + 10);
    const QString path = home().filePath("going-on.svg");
    QVERIFY(written(*window, dialog, path, shown));
    panel.pause();
    const Catalog& catalog = loadCatalog();
    const RunFile file = runFileFromJson(readSavedRun(path.toStdString()), catalog);
    QCOMPARE(file.events.size(), std::size_t(1));
    QCOMPARE(file.steps, shown.step);
    const ExperimentSpec& spec = catalog.experiment(file.experiment);
    Run run(spec, settingsOf(file, spec), catalog.runtime());
    run.advance([] { return false; });
    QVERIFY(!firstDifference(file, run.records()));
  }

  void aPictureWithoutARunIsRefusedInADialog() {
    const auto window = raceAt(1);
    const FigureDialog dialog(viewOf(*window, "plane"), "png", false, window.get());
    const QString path = home().filePath("bare.png");
    QVERIFY(written(*window, dialog, path));
    QVERIFY(!contentOf(path).contains("viva_run"));
    drop(*window, path);
    auto* box = window->findChild<QMessageBox*>();
    QVERIFY(box && box->text().contains("carries no run"));
  }

  void theMenuOfAPlotOpensTheDialogWithItsFormat() {
    const auto window = raceAt(1);
    ViewFrame* frame = window->page().panel()->frames().front();
    Q_EMIT frame->exportRequested("pdf");
    auto* dialog = window->findChild<FigureDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->format(), QString("pdf"));
    QCOMPARE(dialog->view().spec().id, frame->view().spec().id);
    QVERIFY(dialog->carriesRun());
  }

  void aPreferenceLeavesTheRunOut() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva")
        .setValue("figures_carry_run", false);
    const auto window = raceAt(1);
    window->exportShownFigure();
    auto* dialog = window->findChild<FigureDialog*>();
    QVERIFY(dialog && !dialog->carriesRun());
  }

  void theCommandLineDrawsTheSamePicture() {
    const auto window = raceAt(25);
    std::shared_ptr<RunResults> results;
    const Runtime& runtime = loadCatalog().runtime();
    bool there = false;
    window->page().panel()->runner().inspect(
        [&](Run& run) {
          results = std::make_shared<RunResults>(resultsOf(run, runtime, run.frame(), 0, false));
        },
        [&](const auto& problem) { there = !problem; });
    QTRY_VERIFY(there);
    for (const bool dark : {false, true}) {
      window->setTheme(dark ? Preferences::ThemeChoice::Dark : Preferences::ThemeChoice::Light);
      PictureRequest request;
      request.dark = dark;
      for (const ViewSpec& spec : results->spec->views) {
        if (spec.id == "verdict") continue;  // it stands above the views, without a menu
        const FigureDialog dialog(viewOf(*window, spec.id), "png", false, window.get());
        const QImage mine = pictureImage(dialog.view(), dialog.settings());
        DrawnView(*results, spec, request, Language::English)
            .draw(Export::Png, {}, [&](const std::string&, std::string_view bytes) {
              const QImage theirs = QImage::fromData(reinterpret_cast<const uchar*>(bytes.data()),
                                                     static_cast<int>(bytes.size()));
              QCOMPARE(mine.size(), theirs.size());
              QVERIFY2(mine == theirs.convertToFormat(mine.format()), spec.id.c_str());
            });
      }
    }
  }

  void aPaperColumnHasItsMillimetresAndItsResolution() {
    const auto window = raceAt(5);
    FigureDialog dialog(viewOf(*window, "plane"), "png", false, window.get());
    dialog.setPreset(1);
    const QImage picture = pictureImage(dialog.view(), dialog.settings());
    // 85 x 60 mm at 600 dots an inch
    QCOMPARE(picture.size(), QSize(2008, 1417));
    QCOMPARE(qRound(picture.dotsPerMeterX() * 0.0254), 600);
    const QByteArray png = pngBytes(picture);
    QVERIFY(png.contains("pHYs"));
    const QByteArray svg = pictureSvg(dialog.view(), dialog.settings());
    QVERIFY2(svg.contains("width=\"85mm\" height=\"60mm\""), svg.left(300));
    dialog.setPreset(3);
    QCOMPARE(dialog.pixels(), QSize(1920, 1080));
  }

  void theSizeOfTheLastFigureIsThereNextTime() {
    const auto window = raceAt(1);
    const auto opened = [&] {
      window->exportShownFigure();
      for (auto* dialog : window->findChildren<FigureDialog*>())
        if (dialog->isVisible()) return dialog;
      return static_cast<FigureDialog*>(nullptr);
    };
    FigureDialog* first = opened();
    first->setPreset(1);
    first->findChild<QSpinBox*>()->setValue(300);  // dpi
    const QVariantMap choices = first->choices();
    QCOMPARE(choices["preset"].toInt(), 0);
    QCOMPARE(choices["width"].toDouble(), 85.0);
    const QSize pixels = first->pixels();
    first->reject();
    FigureDialog* second = opened();
    QCOMPARE(second->choices(), choices);
    QCOMPARE(second->pixels(), pixels);
    second->restore({{"unit", 7}, {"width", "wide"}, {"resolution", -3}});
    QVERIFY(second->pixels().width() > 0);
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").remove("figure");
  }

  void aSmallPreviewShowsTheWholeFigure() {
    const auto window = raceAt(5);
    const FigureDialog dialog(viewOf(*window, "value"), "png", false, window.get());
    PictureSettings settings = dialog.settings();
    const QImage whole = pictureImage(dialog.view(), settings);
    settings.scale = 0.5;
    const QImage small = pictureImage(dialog.view(), settings);
    QCOMPARE(small.size(), whole.size() / 2);
    const QImage shrunk =
        whole.scaled(small.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    qint64 difference = 0;
    for (int y = 0; y < small.height(); ++y)
      for (int x = 0; x < small.width(); ++x)
        difference += std::abs(qGray(small.pixel(x, y)) - qGray(shrunk.pixel(x, y)));
    QVERIFY(difference < 6 * qint64(small.width()) * small.height());
  }

  void aPosterIsMadeOnAnotherThread() {
    const auto window = raceAt(60);
    for (const char* name : {"plane", "value"}) {
      FigureDialog dialog(viewOf(*window, name), "png", false, window.get());
      dialog.setPreset(4);
      for (const char* format : {"png", "svg"}) {
        const auto made = pictureInTwoParts(dialog.view(), format, dialog.settings());
        // Not on this thread: letters that it has drawn before come from a store, and an edge of
        // such a letter may be one grey lighter.
        const auto elsewhere = [&made] {
          QByteArray bytes;
          const std::unique_ptr<QThread> thread(QThread::create([&] { bytes = made(); }));
          thread->start();
          thread->wait();
          return bytes;
        };
        const QByteArray first = elsewhere();
        QVERIFY(first.size() > 10'000);
        QVERIFY2(first == elsewhere(), format);
      }
    }
  }

  void aRecordingKeepsWhatIsPainted() {
    const auto window = raceAt(60);
    for (const char* name : {"plane", "value", "standings"}) {
      FigureDialog dialog(viewOf(*window, name), "png", false, window.get());
      for (const double scale : {0.5, 1.0, 2.5}) {
        PictureSettings settings = dialog.settings();
        settings.scale = scale;
        const QImage recorded = pictureImage(dialog.view(), settings);
        QImage direct(recorded.size(), QImage::Format_ARGB32_Premultiplied);
        direct.setDevicePixelRatio(std::max(1.0, scale));
        QPainter painter(&direct);
        if (scale < 1) painter.scale(scale, scale);
        drawPicture(dialog.view(), painter, QRectF(QPointF(0, 0), settings.size), settings);
        painter.end();
        qint64 other = 0;
        for (int y = 0; y < direct.height(); ++y)
          for (int x = 0; x < direct.width(); ++x)
            other += std::abs(qGray(direct.pixel(x, y)) - qGray(recorded.pixel(x, y))) > 3;
        QVERIFY2(other == 0, qPrintable(QString("%1 %2: %3").arg(name).arg(scale).arg(other)));
      }
    }
  }

  void linesGrowWithoutTheTypeAndStopWhereTypeWouldBeCoarse() {
    const auto window = raceAt(5);
    FigureDialog dialog(viewOf(*window, "value"), "png", false, window.get());
    const QImage before = pictureImage(dialog.view(), dialog.settings());
    for (auto* box : dialog.findChildren<QDoubleSpinBox*>())
      if (box->suffix().contains(QChar(0xd7))) box->setValue(box->maximum());
    const PictureSettings settings = dialog.settings();
    QVERIFY(settings.enlargement > 1.2);
    QCOMPARE(settings.appearance.font_scale, 1.0);
    const QImage thick = pictureImage(dialog.view(), settings);
    QCOMPARE(thick.size(), before.size());
    const auto inked = [](const QImage& image) {
      qint64 count = 0;
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) count += image.pixelColor(x, y).saturation() > 100;
      return static_cast<double>(count);
    };
    QVERIFY(inked(thick) > 1.1 * inked(before));
  }

  void textOfAnSvgIsTextOrOutlines() {
    const auto window = raceAt(5);
    const FigureDialog dialog(viewOf(*window, "value"), "svg", false, window.get());
    PictureSettings settings = dialog.settings();
    const QByteArray text = pictureSvg(dialog.view(), settings);
    settings.outlines = true;
    const QByteArray outlines = pictureSvg(dialog.view(), settings);
    QVERIFY(text.contains("<text"));
    QVERIFY(!outlines.contains("<text"));
    QVERIFY(outlines.size() > text.size());
    if (QStandardPaths::findExecutable("rsvg-convert").isEmpty())
      QSKIP("librsvg2-bin is not installed");
    // Both look alike to somebody else: letters are where they were.
    QList<QImage> seen;
    for (const QByteArray& svg : {text, outlines}) {
      QProcess process;
      process.start("rsvg-convert", {"--width", "480"});
      process.write(svg);
      process.closeWriteChannel();
      process.waitForFinished();
      seen << QImage::fromData(process.readAllStandardOutput())
                  .convertToFormat(QImage::Format_RGB32);
    }
    QCOMPARE(seen[0].size(), seen[1].size());
    qint64 difference = 0;
    for (int y = 0; y < seen[0].height(); ++y)
      for (int x = 0; x < seen[0].width(); ++x)
        difference += std::abs(qGray(seen[0].pixel(x, y)) - qGray(seen[1].pixel(x, y)));
    const qint64 pixels = qint64(seen[0].width()) * seen[0].height();
    QVERIFY2(difference < 6 * pixels, qPrintable(QString::number(difference / pixels)));
  }

  void fontsOfAPdfAreEmbeddedAndItsTextCanBeExtracted() {
    if (QStandardPaths::findExecutable("pdffonts").isEmpty())
      QSKIP("poppler-utils is not installed");
    const auto window = raceAt(5);
    window->setLanguage(Language::Chinese);
    const FigureDialog dialog(viewOf(*window, "value"), "pdf", true, window.get());
    const QString path = home().filePath("chinese.pdf");
    QVERIFY(written(*window, dialog, path));
    const auto output = [&](const QString& program, const QStringList& arguments) {
      QProcess process;
      process.start(program, arguments);
      process.waitForFinished();
      return process.readAllStandardOutput();
    };
    const QList<QByteArray> fonts = output("pdffonts", {path}).split('\n').mid(2);
    QVERIFY(fonts.size() > 1);
    for (const QByteArray& font : fonts)
      // ..., embedded, subset, unicode, object: two numbers
      if (!font.isEmpty())
        QCOMPARE(font.simplified().split(' ').at(-5 + font.simplified().split(' ').size()),
                 QByteArray("yes"));
    QVERIFY(output("pdftotext", {path, "-"}).contains(dialog.view().title().toUtf8()));
    QVERIFY(output("pdfinfo", {path}).contains("Pages:           1"));
  }

  void aScriptAndItsCsvAreWrittenBesideEachOther() {
    const auto window = raceAt(5);
    for (const QString& format : {QString("py"), QString("tex"), QString("csv")}) {
      const FigureDialog dialog(viewOf(*window, "value"), format, false, window.get());
      QVERIFY(written(*window, dialog, home().filePath("mine." + format)));
    }
    QVERIFY(contentOf(home().filePath("mine.py")).contains("mine.csv"));
    QVERIFY(contentOf(home().filePath("mine.tex")).contains("\\begin{axis}"));
    QVERIFY(!contentOf(home().filePath("mine.csv")).isEmpty());
  }

  void aPlaceThatCannotBeWrittenToIsSaidInADialog() {
    const auto window = raceAt(1);
    const FigureDialog dialog(viewOf(*window, "plane"), "png", true, window.get());
    QVERIFY(!written(*window, dialog, "/proc/nowhere/figure.png"));
    auto* box = window->findChild<QMessageBox*>();
    QVERIFY(box && box->text().contains("/proc/nowhere/figure.png"));
  }

  void noRoomLeavesTheOldFigureAndTheOldBundle() {
    const auto window = raceAt(5);
    const FigureDialog dialog(viewOf(*window, "value"), "png", true, window.get());
    const QString figure = home().filePath("old.png"), bundle = home().filePath("old.zip");
    for (const QString& path : {figure, bundle}) {
      QFile file(path);
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write("old");
    }
    // As a full disk would, the limit refuses in the middle of the file.
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = before;
    limit.rlim_cur = 8192;
    setrlimit(RLIMIT_FSIZE, &limit);
    const bool figure_written = written(*window, dialog, figure);
    QSignalSpy exported(window.get(), &MainWindow::exported);
    window->writeBundleOf(bundle);
    const bool answered = exported.wait(30000);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    QVERIFY(!figure_written);
    QVERIFY(answered && !exported[0][1].toBool());
    QCOMPARE(contentOf(figure), QByteArray("old"));
    QCOMPARE(contentOf(bundle), QByteArray("old"));
    QCOMPARE(QDir(home().path()).entryList({".viva-*"}, QDir::Hidden | QDir::Files).size(), 0);
    QCOMPARE(window->findChildren<QMessageBox*>().size(), 2);
  }

  void theClipboardTakesPictureSvgAndTable() {
    const auto window = raceAt(5);
    FigureDialog dialog(viewOf(*window, "value"), "png", false, window.get());
    QHash<QString, QAction*> copies;
    for (QAction* action : dialog.findChildren<QAction*>()) copies[action->text()] = action;
    copies["Picture"]->trigger();
    QCOMPARE(QApplication::clipboard()->image().size(), QSize(960, 600));
    copies["SVG"]->trigger();
    QVERIFY(QApplication::clipboard()->mimeData()->data("image/svg+xml").contains("<svg"));
    copies["Table"]->trigger();
    QVERIFY(QApplication::clipboard()->text().contains('\t'));
  }

  void aCurveCanBeLeftOutOfTheFigureAlone() {
    const auto window = raceAt(5);
    View& view = viewOf(*window, "value");
    FigureDialog dialog(view, "png", false, window.get());
    auto* curves = dialog.findChild<QListWidget*>();
    QVERIFY(curves && curves->count() > 1);
    const std::string id = curves->item(0)->data(Qt::UserRole).toString().toStdString();
    curves->item(0)->setCheckState(Qt::Unchecked);
    QVERIFY(!dialog.view().isShown(id));
    QVERIFY(view.isShown(id));
  }

  void thePanelIsOnePictureThatBringsItsRunBack() {
    const auto window = raceAt(25);
    for (const char* format : {"png", "svg", "pdf"}) {
      const QString path = home().filePath(QString("panel.") + format);
      QSignalSpy exported(window.get(), &MainWindow::exported);
      window->writePanelPicture(path);
      QVERIFY(exported.wait(20000));
      QVERIFY(exported[0][1].toBool());
      QVERIFY2(runInFigure(contentOf(path).toStdString()).has_value(), format);
    }
    const QByteArray svg = contentOf(home().filePath("panel.svg"));
    std::size_t named = 0;
    for (const auto& [view, place] : window->page().panel()->shownViews())
      named += svg.contains(view->title().toUtf8());
    QVERIFY(named >= 3);
    QVERIFY(svg.contains(QByteArray(">seed 1 · step 25<")));
    // In the legend that the plane and the curves share, and in the table.
    QCOMPARE(svg.count(">Momentum<"), 2);
    const QImage png(home().filePath("panel.png"));
    QVERIFY(png.width() > 1000 && png.height() > 700);
    QGuiApplication::clipboard()->clear();
    window->copyPanel();
    QTRY_COMPARE(QGuiApplication::clipboard()->image().size(), png.size());
  }

  void aPanelThatIsNotOnScreenIsNotPictured() {
    const auto window = raceAt(1);
    window->page().showTab("code");
    const QString path = home().filePath("hidden.png");
    window->writePanelPicture(path);
    QTRY_VERIFY(window->findChild<QMessageBox*>());
    const QString said = messageOnScreen();
    QVERIFY2(said.contains("Lab"), qPrintable(said));
    QVERIFY(!QFile::exists(path));
  }

  void anAnimationOfTheRunSoFarIsMadeWhileTheRunGoesOn() {
    const auto window = raceAt(40);
    ExperimentPanel& panel = *window->page().panel();
    panel.runner().setSpeed(200);
    panel.play();
    QTRY_VERIFY(stateOf(*window).step > 40);
    for (const QString& view : {QString("plane"), QString()}) {
      AnimationDialog dialog(panel, window->appearance(), window.get());
      dialog.chooseView(view);
      QSignalSpy ended(&dialog, &AnimationDialog::ended);
      const QString path = home().filePath("film.webp");
      const std::int64_t before = stateOf(*window).step;
      dialog.start(path);
      QVERIFY(ended.wait(60000));
      QVERIFY(ended[0][1].toBool());
      QVERIFY(stateOf(*window).step > before || stateOf(*window).status != RunStatus::Running);
      const QByteArray film = contentOf(path);
      QVERIFY(film.startsWith("RIFF") && film.contains("ANIM"));
      QVERIFY(film.count("ANMF") > 20);
    }
  }

  void anAnimationIsAsLongAsIsWantedToTheNearestStep() {
    const auto window = raceAt(40);
    AnimationDialog dialog(*window->page().panel(), window->appearance(), window.get());
    dialog.findChild<QDoubleSpinBox*>()->setValue(0.5);  // 10 frames of 20 a second
    QSignalSpy ended(&dialog, &AnimationDialog::ended);
    const QString path = home().filePath("short.webp");
    dialog.start(path);
    QVERIFY(ended.wait(60000));
    QCOMPARE(contentOf(path).count("ANMF"), 11);  // steps 0, 4, ..., 40
  }

  void anAnimationThatIsGivenUpWritesNothing() {
    const auto window = raceAt(40);
    AnimationDialog dialog(*window->page().panel(), window->appearance(), window.get());
    dialog.open();
    QSignalSpy ended(&dialog, &AnimationDialog::ended);
    const QString path = home().filePath("given-up.webp");
    dialog.start(path);
    dialog.reject();
    QCOMPARE(ended.size(), 1);
    QVERIFY(!ended[0][1].toBool());
    QVERIFY(dialog.isVisible());  // the first time gives up, the second closes
    QVERIFY(!QFile::exists(path));
    dialog.reject();
    QVERIFY(!dialog.isVisible());
  }

  /// All frames are made, the file is being written: it is there if and only if that is said.
  void anAnimationThatIsGivenUpAtItsVeryEndIsThereOrIsNot() {
    const auto window = raceAt(40);
    for (int i = 0; i < 8; ++i) {
      AnimationDialog dialog(*window->page().panel(), window->appearance(), window.get());
      dialog.open();
      QSignalSpy ended(&dialog, &AnimationDialog::ended);
      auto* progress = dialog.findChild<QProgressBar*>();
      QVERIFY(progress);
      connect(progress, &QProgressBar::valueChanged, &dialog, [&](int frames) {
        if (frames == progress->maximum())
          QTimer::singleShot(i, Qt::PreciseTimer, &dialog, &QDialog::reject);
      });
      const QString path = home().filePath(QString("late-%1.webp").arg(i));
      dialog.start(path);
      QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty(), 60000);
      QVERIFY(QThreadPool::globalInstance()->waitForDone(60000));
      QCOMPARE(ended.size(), 1);
      QCOMPARE(QFile::exists(path), ended[0][1].toBool());
      QVERIFY(!QFile::exists(path) || contentOf(path).startsWith("RIFF"));
    }
  }

  void aBundleIsWrittenWhileTheRunGoesOnAndIsReplayed() {
    const auto window = raceAt(5);
    ExperimentPanel& panel = *window->page().panel();
    panel.runner().setSpeed(200);
    panel.play();
    QTRY_VERIFY(stateOf(*window).step > 5);
    const QString path = home().filePath("bundle.zip");
    QSignalSpy exported(window.get(), &MainWindow::exported);
    window->writeBundleOf(path);
    const std::int64_t asked = stateOf(*window).step;
    QVERIFY(exported.wait(30000));
    QVERIFY(exported[0][1].toBool());
    QVERIFY(stateOf(*window).step > asked);
    panel.pause();
    const Catalog& catalog = loadCatalog();
    const RunFile file = runFileFromJson(readSavedRun(path.toStdString()), catalog);
    Run run(catalog.experiment(file.experiment),
            settingsOf(file, catalog.experiment(file.experiment)), catalog.runtime());
    run.advance([] { return false; });
    QVERIFY(!firstDifference(file, run.records()));
  }
};

QTEST_MAIN(FigureTest)
#include "figure_test.moc"

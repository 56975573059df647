// SPDX-License-Identifier: GPL-3.0-or-later
// Figures and bundles: what is slow is done beside the window and the run.
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <set>

#include "app/export/bundle.h"
#include "app/export/caption.h"
#include "app/export/figure_run.h"
#include "app/export/latex_table.h"
#include "app/export/matplotlib.h"
#include "app/export/pgfplots.h"
#include "app/export/pictures.h"
#include "app/export/plot.h"
#include "app/export/whole_file.h"
#include "app/export/without_paths.h"
#include "app/window/animation_dialog.h"
#include "app/window/background.h"
#include "app/window/figure_dialog.h"
#include "app/window/file_to_write.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/view_copies.h"
#include "lessons/core/error.h"
#include "widgets/panel/timeline.h"
#include "widgets/text/mnemonic.h"

namespace viva {
namespace {

std::string_view viewOf(const QByteArray& bytes) {
  return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

const QStringList kPanelFormats{"png", "svg", "pdf"};
constexpr double kPanelScale = 2;  // pixels of a PNG a unit: sharp on a projector

/// The scripts of one view: `path` is that of the document or script.
void writePlotScript(const RunResults& results, const std::string& view,
                     const std::set<std::string>& hidden, const QString& format,
                     const std::filesystem::path& path, const Words& words) {
  for (Plot& plot : plotsOf(results, words)) {
    if (plot.id != view) continue;
    const std::vector<std::string> origin = originOf(results, plot.title, words);
    std::erase_if(plot.marks, [&](const PlotMark& mark) {
      return std::visit([&](const auto& kind) { return hidden.count(kind.name) > 0; }, mark);
    });
    // The script reads the file that has its own name.
    plot.id = path.stem().string();
    const std::string text =
        format == "tex" ? pgfplotsDocument(plot, origin) : matplotlibScript(plot, origin);
    if (format == "py")
      writeWhole(std::filesystem::path(path).replace_extension(".csv"),
                 [&](FileWriter& file) { writePlotCsv(file, plot); });
    writeWhole(path, text);
    return;
  }
  for (const ViewSpec& spec : results.spec->views) {
    if (spec.id != view || format != "tex") continue;
    if (const auto table = latexTable(results, spec, words)) return writeWhole(path, *table);
  }
  throw RequestError({"figure.no_plot", {}});
}

/// The pictures of a bundle, one after the other.
class BundlePictures {
 public:
  BundlePictures(std::shared_ptr<RunResults> run, const PictureRequest& request, Language language)
      : run_(std::move(run)),
        request_(request),
        language_(language),
        run_file_(request.metadata ? toJson(withoutPaths(run_->file)) : std::string()) {}

  /// Makes a view ready or draws it in one format; false when all are drawn.
  bool next() {
    const std::vector<ViewSpec>& views = run_->spec->views;
    if (!run_->frame || view_ >= views.size()) return false;
    if (!drawn_) {
      drawn_ = std::make_unique<DrawnView>(*run_, views[view_], request_, language_);
      return true;
    }
    const Export format = kPictures[format_];
    painted_.emplace_back(drawn_->nameIn(format), drawn_->paint(format, run_file_));
    if (++format_ < kPictures.size()) return true;
    drawn_.reset();
    format_ = 0;
    ++view_;
    return true;
  }
  /// On any thread, when all are drawn: compressing takes longer than painting.
  void finish() const {
    for (const auto& [name, bytes] : painted_) run_->drawn.emplace_back(name, bytes());
  }

 private:
  std::shared_ptr<RunResults> run_;
  PictureRequest request_;
  Language language_;
  std::string run_file_;
  std::unique_ptr<DrawnView> drawn_;
  std::vector<std::pair<std::string, std::function<std::string()>>> painted_;
  std::size_t view_ = 0, format_ = 0;
};

}  // namespace

/// The run as it was at `state`, with its digests, while it goes on; null when it is gone.
void MainWindow::withRunOf(const RunState& state,
                           std::function<void(std::shared_ptr<RunResults>)> done) {
  Runner& runner = panel()->runner();
  if (state.generation != runner.newestGeneration()) return done(nullptr);
  const Runtime* runtime = &catalog_->runtime();
  auto results = std::make_shared<std::shared_ptr<RunResults>>();
  runner.inspect(
      [results, state, runtime](const Run& run) {
        auto made = std::make_shared<RunResults>(resultsOf(run, *runtime, state.frame, 0, false));
        made->records = state.records;
        made->file.steps = state.step;
        made->file.events = state.events;
        *results = std::move(made);
      },
      [this, results, done = std::move(done)](const std::optional<Message>& /*problem*/) {
        if (!*results) return done(nullptr);
        inBackground(
            this, [run = *results] { addDigests(run->file, run->records); },
            [run = *results, done](const std::optional<Message>&) { done(run); });
      });
}

void MainWindow::exportFigure(const View& view, const QString& format) {
  if (!hasPicture()) return;
  auto* dialog = new FigureDialog(view, format, preferences_.figures_carry_run, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->restore(Preferences::figure());
  connect(dialog, &QDialog::finished, this,
          [dialog] { Preferences::saveFigure(dialog->choices()); });
  // The figure shows this state, whatever the run does while the dialog is open.
  const RunState state = panel()->runner().state();
  connect(this, &MainWindow::exported, dialog, [dialog, this](const QString& path, bool whole) {
    if (whole) dialog->sayWritten(text({"panel.exported", {{"path", path.toStdString()}}}), path);
  });
  connect(dialog, &FigureDialog::saveRequested, this,
          [this, dialog, state] { saveFigure(*dialog, state); });
  dialog->open();
}

void MainWindow::exportShownFigure() {
  if (!hasPicture()) return;
  const ViewFrame* chosen = nullptr;
  for (const ViewFrame* frame : panel()->frames()) {
    if (!frame->isVisible()) continue;
    if (!chosen || frame->isMaximised() || frame->isAncestorOf(focusWidget())) chosen = frame;
  }
  if (chosen) exportFigure(chosen->view(), "png");
}

void MainWindow::saveFigure(FigureDialog& dialog, const RunState& state) {
  const QString format = dialog.format();
  const QString name = QString::fromStdString(panel()->spec().id + "-" + dialog.view().spec().id);
  const QString path = fileToWrite(&dialog, text({"panel.export_title", {}}), name + "." + format,
                                   QStringLiteral("%1 (*.%2)").arg(format.toUpper(), format));
  if (!path.isEmpty()) writeFigure(dialog, state, path);
}

void MainWindow::sayExported(const QString& path, const std::optional<Message>& problem) {
  if (problem)
    complain(*problem);
  else
    say(text({"panel.exported", {{"path", path.toStdString()}}}));
  Q_EMIT exported(path, !problem);
}

void MainWindow::withRunFile(bool carries, const RunState& state, const QString& path,
                             std::function<void(const std::string& run_file)> draw) {
  if (!carries) return draw({});
  withRunOf(state, [this, path, draw = std::move(draw)](const std::shared_ptr<RunResults>& run) {
    if (!run) return sayExported(path, Message{"figure.run_gone", {}});
    draw(toJson(withoutPaths(run->file)));
  });
}

void MainWindow::writeInBackground(const QString& path, std::function<std::string()> content) {
  inBackground(
      this, [path, content = std::move(content)] { writeWhole(path.toStdString(), content()); },
      [this, path](const std::optional<Message>& problem) { sayExported(path, problem); });
}

void MainWindow::writeFigure(const FigureDialog& dialog, const RunState& state,
                             const QString& path) {
  const QString format = dialog.format();
  const PictureSettings settings = dialog.settings();
  const Language language = settings.appearance.language;
  if (format == "csv") {
    const DataTable table = dialog.view().dataTable();
    return writeInBackground(
        path, [table, language] { return dataText(table, ',', language).toStdString(); });
  }
  if (format == "tex" || format == "py") {
    const std::string view = dialog.view().spec().id;
    const std::set<std::string> hidden = dialog.view().hidden();
    return withRunOf(state, [=, this](const std::shared_ptr<RunResults>& run) {
      if (!run) return sayExported(path, Message{"figure.run_gone", {}});
      inBackground(
          this,
          [=] {
            writePlotScript(*run, view, hidden, format, path.toStdString(), Words::in(language));
          },
          [this, path](const std::optional<Message>& problem) { sayExported(path, problem); });
    });
  }
  // The dialog may be closed before the run has been described.
  const auto copies = std::make_shared<ViewCopies>(
      copyOf(dialog.view(), dialog.view().appearance(), settings.size));
  const QString title = dialog.view().title();
  withRunFile(dialog.carriesRun(), state, path, [=, this](const std::string& run_file) {
    PictureSettings complete = settings;
    complete.pdf_metadata = QByteArray::fromStdString(xmpPacket(title.toStdString(), run_file));
    writeInBackground(path, [picture = pictureInTwoParts(copies->placed, title, format, complete),
                             run_file] { return withRun(viewOf(picture()), run_file); });
  });
}

void MainWindow::exportPanel() {
  if (!hasPicture()) return;
  QFileDialog dialog(this, withoutMnemonic(text({"menu.export_panel", {}})));
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setNameFilters({"PNG (*.png)", "SVG (*.svg)", "PDF (*.pdf)"});
  dialog.setDefaultSuffix("png");
  connect(&dialog, &QFileDialog::filterSelected, &dialog,
          [&dialog](const QString& filter) { dialog.setDefaultSuffix(filter.left(3).toLower()); });
  dialog.selectFile(QString::fromStdString(panel()->spec().id) + ".png");
  if (dialog.exec() == QDialog::Accepted) writePanelPicture(dialog.selectedFiles().front());
}

/// Draws the panel as it is in `copies`, one view a turn of the event loop; then `done`.
void MainWindow::drawPanel(const std::shared_ptr<ViewCopies>& copies, const QString& format,
                           const std::string& run_file,
                           std::function<void(const PictureInParts&)> done) {
  if (copies->views.empty()) return complain({"figure.panel_hidden", {}});
  const QString title = text({copies->views.front()->experiment() + ".title", {}});
  PictureSettings settings;
  settings.scale = kPanelScale;
  settings.appearance = appearance_;
  const std::int64_t step = panel()->timeline().cursor().value_or(panel()->runner().state().step);
  settings.caption = captionOf(panel()->spec(), panel()->preset(), panel()->parameters(),
                               panel()->seed(), step, appearance_.language);
  settings.size = copies->size + QSizeF(0, captionHeight(settings));
  settings.pdf_metadata = QByteArray::fromStdString(xmpPacket(title.toStdString(), run_file));
  const auto picture = std::make_shared<PictureInParts>(title, format, settings);
  bitByBit(
      this,
      [copies, picture, next = std::size_t{0}]() mutable {
        if (next == copies->placed.size()) return false;
        picture->draw(copies->placed[next++]);
        return true;
      },
      [this, picture, done = std::move(done)](const std::optional<Message>& problem) {
        problem ? complain(*problem) : done(*picture);
      });
}

void MainWindow::copyPanel() {
  if (!hasPicture()) return;
  const auto copies = std::make_shared<ViewCopies>(copyOf(*panel(), appearance_));
  drawPanel(copies, "png", {}, [this](const PictureInParts& drawn) {
    const auto image = std::make_shared<QImage>();
    inBackground(
        this, [image, drawn] { *image = drawn.image(); },
        [this, image](const std::optional<Message>& problem) {
          if (problem) return complain(*problem);
          QGuiApplication::clipboard()->setImage(*image);
          say(text({"window.copied_panel", {}}));
        });
  });
}

void MainWindow::writePanelPicture(const QString& path) {
  if (!hasPicture()) return;
  const QString format = QFileInfo(path).suffix().toLower();
  if (!kPanelFormats.contains(format))
    return sayExported(path, Message{"figure.panel_format", {{"file", path.toStdString()}}});
  const auto copies = std::make_shared<ViewCopies>(copyOf(*panel(), appearance_));
  withRunFile(preferences_.figures_carry_run, panel()->runner().state(), path,
              [=, this](const std::string& run_file) {
                drawPanel(copies, format, run_file, [=, this](const PictureInParts& drawn) {
                  writeInBackground(
                      path, [drawn, run_file] { return withRun(viewOf(drawn.bytes()), run_file); });
                });
              });
}

void MainWindow::exportAnimation() {
  if (!hasPicture()) return;
  auto* dialog = new AnimationDialog(*panel(), appearance_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  // A panel that is forgotten takes the frames with it.
  connect(panel(), &QObject::destroyed, dialog, &QObject::deleteLater);
  dialog->open();
}

void MainWindow::exportBundle() {
  if (!hasRun()) return;
  const QString path =
      fileToWrite(this, withoutMnemonic(text({"menu.export_bundle", {}})),
                  QString::fromStdString(panel()->spec().id) + ".zip", "ZIP (*.zip)");
  if (!path.isEmpty()) writeBundleOf(path);
}

/// The run as it is between two of its steps; then its figures, one view at a time so that the
/// window stays awake; then the zip.
void MainWindow::writeBundleOf(const QString& path) {
  const Runtime* runtime = &catalog_->runtime();
  auto results = std::make_shared<std::shared_ptr<RunResults>>();
  PictureRequest picture;
  picture.metadata = preferences_.figures_carry_run;
  picture.dark = appearance_.dark;
  const Language language = appearance_.language;
  const auto written = [this, path](const std::optional<Message>& problem) {
    sayExported(path, problem);
  };
  panel()->runner().inspect(
      [results, runtime](Run& run) {
        *results = std::make_shared<RunResults>(resultsOf(run, *runtime, run.frame(), 0, true));
      },
      [=, this](const std::optional<Message>& problem) {
        if (problem) return refuse(*problem);
        const std::shared_ptr<RunResults> run = *results;
        say(text({"window.writing", {{"path", path.toStdString()}}}));
        const auto zip = [=, this](const std::shared_ptr<BundlePictures>& pictures) {
          inBackground(
              this,
              [=] {
                pictures->finish();
                writeWhole(path.toStdString(), [&](FileWriter& file) {
                  writeBundle(file, *run, picture, Words::in(language));
                });
              },
              written);
        };
        inBackground(
            this, [run] { addDigests(run->file, run->records); },
            [=, this](const std::optional<Message>&) {
              const auto pictures = std::make_shared<BundlePictures>(run, picture, language);
              bitByBit(
                  this, [pictures] { return pictures->next(); },
                  [zip, written, pictures](const std::optional<Message>& problem) {
                    problem ? written(problem) : zip(pictures);
                  });
            });
      });
}

}  // namespace viva

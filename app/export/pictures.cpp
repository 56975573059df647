// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/pictures.h"

#include <QApplication>
#include <cstdio>
#include <memory>

#include "app/export/figure_run.h"
#include "lessons/core/error.h"
#include "widgets/views/picture.h"
#include "widgets/views/view.h"

namespace viva {
namespace {

/// Qt's own warnings (a runtime folder that is not set) are not for standard error, where every
/// line is ours.
void onlyErrors(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type == QtCriticalMsg || type == QtFatalMsg)
    std::fprintf(stderr, "viva: %s\n", text.toUtf8().constData());
}

}  // namespace

void requireApplication() {
  if (QCoreApplication::instance()) return;
  qputenv("QT_QPA_PLATFORM", "offscreen");
  qInstallMessageHandler(onlyErrors);
  static int count = 1;
  static char name[] = "viva";
  static char* arguments[] = {name, nullptr};
  // Never destroyed: at exit other static objects of Qt go first.
  [[maybe_unused]] static const auto* const application = new QApplication(count, arguments);
}

PictureSettings settingsOf(const PictureRequest& request, Language language) {
  PictureSettings settings;
  settings.size = {static_cast<double>(request.width), static_cast<double>(request.height)};
  settings.scale = request.scale;
  settings.appearance.dark = request.dark;
  settings.appearance.language = language;
  return settings;
}

bool hasPictures() { return true; }
void requirePictures() {}

void drawView(const RunResults& results, const ViewSpec& view_spec,
              const std::vector<Export>& formats, const PictureRequest& request, Language language,
              const std::string& run_file,
              const std::function<void(const std::string& name, std::string_view bytes)>& take) {
  requireApplication();
  const ExperimentSpec& spec = *results.spec;
  PictureSettings settings = settingsOf(request, language);
  const auto styles = StyleTable::of(spec, results.parameters);
  styles->learn(*results.frame);
  const std::unique_ptr<View> view = makeView(view_spec, spec.id, settings.appearance);
  view->setStyles(styles);
  view->setParameters(results.parameters);
  view->setRecords(results.records);
  view->setFrame(results.frame);
  if (!run_file.empty())
    settings.pdf_metadata =
        QByteArray::fromStdString(xmpPacket(view->title().toStdString(), run_file));
  for (const Export format : formats) {
    const std::string ending = pictureEnding(format);
    const QByteArray bytes = picture(*view, QString::fromStdString(ending), settings);
    if (bytes.isEmpty())
      throw RunError({"command.error.no_picture", {{"view", view_spec.id}, {"format", ending}}});
    const std::string_view drawn(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    const std::string name = view_spec.id + "." + ending;
    if (run_file.empty() || format == Export::Pdf)
      take(name, drawn);
    else
      take(name, withRun(drawn, run_file));
  }
}

void drawPictures(const RunResults& results, const std::vector<Export>& formats,
                  const PictureRequest& request, Language language, const std::string& run_file,
                  const std::function<void(const std::string&, std::string_view)>& take) {
  for (const ViewSpec& view : results.spec->views)
    if (isDrawn(view, request)) drawView(results, view, formats, request, language, run_file, take);
}

}  // namespace viva

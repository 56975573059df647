// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/pictures.h"

#include <QApplication>
#include <cstdio>
#include <memory>

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

/// Pictures are drawn without a display.
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

}  // namespace

void requirePictures() {}

namespace {

PictureSettings settingsOf(const PictureRequest& request, Language language) {
  PictureSettings settings;
  settings.size = {request.width, request.height};
  settings.scale = request.scale;
  settings.appearance.dark = request.dark;
  settings.appearance.language = language;
  return settings;
}

void take(const View& view, const std::vector<Export>& formats, const PictureSettings& settings,
          const std::function<void(const std::string&, std::string_view)>& taker) {
  for (const Export format : formats) {
    const std::string ending = pictureEnding(format);
    const QByteArray bytes = picture(view, QString::fromStdString(ending), settings);
    if (bytes.isEmpty())
      throw RunError({"command.error.no_picture", {{"view", view.spec().id}, {"format", ending}}});
    taker(view.spec().id + "." + ending,
          {bytes.constData(), static_cast<std::size_t>(bytes.size())});
  }
}

}  // namespace

void drawPicture(const std::string& experiment, const ViewSpec& spec, const std::string& title,
                 const Frame& frame, const std::vector<Export>& formats,
                 const PictureRequest& request, Language language,
                 const std::function<void(const std::string&, std::string_view)>& taker) {
  requireApplication();
  const PictureSettings settings = settingsOf(request, language);
  const auto styles = std::make_shared<StyleTable>();
  styles->learn(frame);
  const std::unique_ptr<View> view = makeView(spec, experiment, settings.appearance);
  view->setTitle(QString::fromStdString(title));
  view->setStyles(styles);
  view->setFrame(std::make_shared<const Frame>(frame));
  take(*view, formats, settings, taker);
}

void drawPictures(const Run& run, std::shared_ptr<const Frame> frame,
                  const std::vector<Export>& formats, const PictureRequest& request,
                  Language language,
                  const std::function<void(const std::string&, std::string_view)>& taker) {
  requireApplication();
  const PictureSettings settings = settingsOf(request, language);
  const auto styles = StyleTable::of(run.spec(), run.parameters());
  styles->learn(*frame);
  for (const ViewSpec& spec : run.spec().views) {
    const std::unique_ptr<View> view = makeView(spec, run.spec().id, settings.appearance);
    view->setStyles(styles);
    view->setParameters(run.parameters());
    view->setRecords(run.records());
    view->setFrame(frame);
    take(*view, formats, settings, taker);
  }
}

}  // namespace viva

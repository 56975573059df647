// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/pictures.h"

#include <QApplication>
#include <clocale>
#include <cstdio>
#include <memory>

#include "app/export/caption.h"
#include "app/export/figure_run.h"
#include "app/export/labels.h"
#include "lessons/core/error.h"
#include "lessons/core/preset_changes.h"
#include "widgets/views/panel_layout.h"
#include "widgets/views/picture.h"
#include "widgets/views/verdict_view.h"
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
  std::setlocale(LC_NUMERIC, "C");  // Qt took the user's, whose libraries may then write 0,5
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

namespace {

/// Made on any thread.
std::function<QByteArray()> drawn(const std::vector<PlacedView>& views, const std::string& name,
                                  const QString& title, Export format,
                                  const PictureSettings& settings) {
  const std::string ending = pictureEnding(format);
  return [id = name, ending,
          picture = pictureInTwoParts(views, title, QString::fromStdString(ending), settings)] {
    QByteArray bytes = picture();
    if (bytes.isEmpty())
      throw RunError({"command.error.no_picture", {{"view", id}, {"format", ending}}});
    return bytes;
  };
}

void tellVerdict(View& view, const ExperimentSpec& spec, const std::string& preset,
                 const Parameters& parameters) {
  auto* verdict = qobject_cast<VerdictView*>(&view);
  if (!verdict) return;
  QStringList changed;
  for (const std::string& name : changedFromPreset(spec, preset, parameters))
    changed << QString::fromStdString(
        Words::in(view.appearance().language).of(spec.id, "parameter", name));
  verdict->setUntested(changed);
}

}  // namespace

struct DrawnView::State {
  PictureSettings settings;
  std::string name;
  QString title;
  std::vector<std::unique_ptr<View>> views;
  std::vector<QRectF> places;
  const View* hero = nullptr;

  State(const RunResults& results, const std::vector<const ViewSpec*>& specs,
        const PictureRequest& request, Language language, bool is_panel) {
    requireApplication();
    settings = settingsOf(request, language);
    const bool has_hero = hasHero(results.spec->findPreset(results.file.preset));
    if (is_panel)
      settings.caption = captionOf(*results.spec, results.file.preset, results.parameters,
                                   results.file.seed, results.records.rows() - 1, language);
    places = panelPlaces(specs, roomForViews(settings), has_hero);
    const auto styles = StyleTable::of(*results.spec, results.parameters);
    styles->learn(*results.frame);
    const auto pale = paleCurves(*results.spec, results.file.preset);
    for (const ViewSpec* spec : specs) {
      views.push_back(makeView(*spec, results.spec->id, settings.appearance));
      View& view = *views.back();
      view.setStyles(styles);
      view.setPale(pale);
      view.setParameters(results.parameters);
      view.setRecords(results.records);
      view.setFrame(results.frame);
      tellVerdict(view, *results.spec, results.file.preset, results.parameters);
      if (has_hero && spec == specs.front()) hero = &view;
    }
  }
};

DrawnView::DrawnView(const RunResults& results, const ViewSpec& view, const PictureRequest& request,
                     Language language)
    : state_(std::make_unique<State>(results, std::vector{&view}, request, language, false)) {
  state_->name = view.id;
  state_->title = state_->views.front()->title();
}

DrawnView::DrawnView(const RunResults& results, const PictureRequest& request, Language language)
    : state_(std::make_unique<State>(results, viewsAtFirst(*results.spec, results.file.preset),
                                     request, language, true)) {
  state_->name = kPanelView;
  state_->title = QString::fromStdString(experimentTitle(Words::in(language), results.spec->id));
}

DrawnView::~DrawnView() = default;

std::string DrawnView::nameIn(Export format) const {
  return state_->name + "." + pictureEnding(format);
}

void DrawnView::draw(Export format, const std::string& run_file, const TakePicture& take) const {
  take(nameIn(format), paint(format, run_file)());
}

std::function<std::string()> DrawnView::paint(Export format, const std::string& run_file) const {
  PictureSettings settings = state_->settings;
  settings.pdf_metadata =
      QByteArray::fromStdString(xmpPacket(state_->title.toStdString(), run_file));
  const std::vector<PlacedView> views = placed(state_->views, state_->places, state_->hero);
  return [picture = drawn(views, state_->name, state_->title, format, settings), run_file] {
    const QByteArray bytes = picture();
    return withRun({bytes.constData(), static_cast<std::size_t>(bytes.size())}, run_file);
  };
}

void drawPicture(const std::string& experiment, const ViewSpec& spec, const std::string& title,
                 const Frame& frame, const std::vector<Export>& formats,
                 const PictureRequest& request, Language language,
                 const std::function<void(const std::string&, std::string_view)>& take) {
  requireApplication();
  const PictureSettings settings = settingsOf(request, language);
  const auto styles = std::make_shared<StyleTable>();
  styles->learn(frame);
  const std::unique_ptr<View> view = makeView(spec, experiment, settings.appearance);
  view->setTitle(QString::fromStdString(title));
  view->setStyles(styles);
  view->setFrame(std::make_shared<const Frame>(frame));
  for (const Export format : formats) {
    const QByteArray bytes =
        drawn(alone(*view, settings.size), spec.id, view->title(), format, settings)();
    take(spec.id + "." + pictureEnding(format),
         {bytes.constData(), static_cast<std::size_t>(bytes.size())});
  }
}

void drawPictures(const RunResults& results, const std::vector<Export>& formats,
                  const PictureRequest& request, Language language, const std::string& run_file,
                  const std::function<void(const std::string&, std::string_view)>& take) {
  for (const ViewSpec& view : results.spec->views) {
    if (!isDrawn(view, request)) continue;
    const DrawnView drawn(results, view, request, language);
    for (const Export format : formats) drawn.draw(format, run_file, take);
  }
  if (!wantsPanel(request)) return;
  const DrawnView panel(results, request, language);
  for (const Export format : formats) panel.draw(format, run_file, take);
}

}  // namespace viva

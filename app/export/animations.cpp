// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/animations.h"

#include <algorithm>

#include "app/export/animation_encoder.h"
#include "app/export/caption.h"
#include "app/export/pictures.h"
#include "widgets/views/panel_layout.h"
#include "widgets/views/picture.h"
#include "widgets/views/view.h"

namespace viva {

struct Animations::State {
  struct Animated {
    std::string name;
    std::vector<std::unique_ptr<View>> views;
    std::vector<QRectF> places;
    const View* hero;
    std::vector<std::pair<Export, std::unique_ptr<AnimationEncoder>>> encoders;
  };
  OutputRequest request;
  PictureSettings settings;
  std::shared_ptr<StyleTable> styles;
  std::vector<Animated> animations;

  void begin(const Run& run) {
    const ExperimentSpec& spec = run.spec();
    styles = StyleTable::of(spec, run.parameters());
    const auto pale = paleCurves(spec, run.settings().preset);
    const auto add = [&](const std::string& name, const std::vector<const ViewSpec*>& views) {
      const bool has_hero = hasHero(spec.findPreset(run.settings().preset));
      Animated animated{
          name, {}, panelPlaces(views, roomForViews(settings), has_hero), nullptr, {}};
      for (const ViewSpec* view : views) {
        animated.views.push_back(makeView(*view, spec.id, settings.appearance));
        animated.views.back()->setStyles(styles);
        animated.views.back()->setPale(pale);
      }
      if (has_hero) animated.hero = animated.views.front().get();
      for (const Export format : request.exports)
        if (isAnimation(format))
          animated.encoders.emplace_back(
              format,
              animationEncoder(format, {request.picture.frames_per_second, request.picture.loop}));
      animations.push_back(std::move(animated));
    };
    for (const ViewSpec& view : spec.views)
      if (isAnimated(view, request.picture)) add(view.id, {&view});
    if (wantsPanel(request.picture)) add(kPanelView, viewsAtFirst(spec, run.settings().preset));
  }
};

Animations::Animations(const OutputRequest& request, Language language)
    : state_(std::make_unique<State>()) {
  state_->request = request;
  state_->settings = settingsOf(request.picture, language);
}
Animations::~Animations() = default;

std::int64_t Animations::every(std::int64_t steps) const {
  const auto& exports = state_->request.exports;
  if (std::none_of(exports.begin(), exports.end(), isAnimation)) return 0;
  if (state_->request.every > 0) return state_->request.every;
  return std::max<std::int64_t>(1, steps / 100);
}

void Animations::capture(const Run& run, const std::shared_ptr<const Frame>& frame) {
  requireApplication();
  PictureSettings& settings = state_->settings;
  settings.caption = captionOf(run.spec(), run.settings().preset, run.parameters(),
                               run.settings().seed, run.step(), settings.appearance.language);
  if (!state_->styles) state_->begin(run);
  state_->styles->learn(*frame);
  for (State::Animated& animated : state_->animations) {
    for (const std::unique_ptr<View>& view : animated.views) {
      view->setParameters(run.parameters());
      view->setRecords(run.records());
      view->setFrame(frame);
    }
    const QImage image =
        pictureImage(placed(animated.views, animated.places, animated.hero), settings);
    for (const auto& [format, encoder] : animated.encoders)
      encoder->add(image.constBits(), image.width(), image.height(),
                   static_cast<int>(image.bytesPerLine()));
  }
}

void Animations::finish(
    const std::function<void(const std::string& name, std::string bytes)>& take) {
  for (const State::Animated& animated : state_->animations)
    for (const auto& [format, encoder] : animated.encoders) {
      std::string bytes;
      FileWriter file([&](std::string_view more) { bytes += more; });
      encoder->write(file);
      file.flush();
      take(animated.name + "." + pictureEnding(format), std::move(bytes));
    }
}

}  // namespace viva

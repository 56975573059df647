// SPDX-License-Identifier: GPL-3.0-or-later
// png, svg, pdf: the views as the window draws them. Without Qt (VIVA_GUI=OFF) there are none.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/export/export_request.h"
#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

/// All that there are.
inline const std::vector<Export> kPictures{Export::Png, Export::Svg, Export::Pdf};
/// `png`, `svg`, `pdf`, `webp`, `gif`, `mp4`; empty for exports that are no pictures.
std::string pictureEnding(Export format);

/// What `--views` calls all views of the panel in one picture.
inline constexpr const char* kPanelView = "panel";
bool wantsPanel(const PictureRequest& request);
/// Whether the view is among those that were asked for, for a picture and for an animation: that of
/// one sentence only when it is named.
bool isDrawn(const ViewSpec& view, const PictureRequest& request);
bool isAnimated(const ViewSpec& view, const PictureRequest& request);

struct PictureSettings;
/// Only where there is Qt.
PictureSettings settingsOf(const PictureRequest& request, Language language);
/// Pictures are drawn without a display.
void requireApplication();

/// Whether this build can draw.
bool hasPictures();
/// Throws RequestError when it cannot.
void requirePictures();

using TakePicture = std::function<void(const std::string& name, std::string_view bytes)>;

/// One view of a run, drawn in one format after the other: the window does it bit by bit. Only
/// where there is Qt.
class DrawnView {
 public:
  DrawnView(const RunResults& results, const ViewSpec& view, const PictureRequest& request,
            Language language);
  /// The panel as it is at first, as the window arranges it: kPanelView.
  DrawnView(const RunResults& results, const PictureRequest& request, Language language);
  ~DrawnView();
  DrawnView(const DrawnView&) = delete;
  DrawnView& operator=(const DrawnView&) = delete;

  /// Hands over the name of the file and its bytes, which carry `run_file` unless it is empty.
  void draw(Export format, const std::string& run_file, const TakePicture& take) const;
  /// The same in two parts: painted now, on this thread, and made into the bytes of a file by what
  /// is returned, on any.
  std::function<std::string()> paint(Export format, const std::string& run_file) const;
  std::string nameIn(Export format) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A picture of every view in each of `formats`, handed to `take` as file name and bytes. They
/// carry `run_file` unless it is empty.
void drawPictures(const RunResults& results, const std::vector<Export>& formats,
                  const PictureRequest& request, Language language, const std::string& run_file,
                  const std::function<void(const std::string& name, std::string_view bytes)>& take);

/// A picture of one view that belongs to no run, titled `title`, as `<spec.id>.<ending>`.
void drawPicture(const std::string& experiment, const ViewSpec& spec, const std::string& title,
                 const Frame& frame, const std::vector<Export>& formats,
                 const PictureRequest& request, Language language,
                 const std::function<void(const std::string& name, std::string_view bytes)>& take);

}  // namespace viva

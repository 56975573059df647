// SPDX-License-Identifier: GPL-3.0-or-later
// The build without Qt.
#include "app/export/animation_encoder.h"
#include "app/export/animations.h"
#include "app/export/pictures.h"
#include "lessons/core/error.h"

namespace viva {

bool hasPictures() { return false; }
void requirePictures() { throw RequestError({"command.error.no_pictures_here", {}}); }

void drawPictures(const RunResults&, const std::vector<Export>&, const PictureRequest&, Language,
                  const std::string&,
                  const std::function<void(const std::string&, std::string_view)>&) {
  requirePictures();
}

void drawPicture(const std::string&, const ViewSpec&, const std::string&, const Frame&,
                 const std::vector<Export>&, const PictureRequest&, Language,
                 const std::function<void(const std::string&, std::string_view)>&) {
  requirePictures();
}

struct Animations::State {};
Animations::Animations(const OutputRequest&, Language) {}
Animations::~Animations() = default;
std::int64_t Animations::every(std::int64_t) const { return 0; }
void Animations::capture(const Run&, const std::shared_ptr<const Frame>&) {}
void Animations::finish(const std::function<void(const std::string&, std::string)>&) {}
bool hasFfmpeg() { return false; }

}  // namespace viva

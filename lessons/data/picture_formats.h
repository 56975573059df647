// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of PNG and JPEG share.
#pragma once

#include <string_view>

#include "lessons/data/picture.h"

namespace viva {

/// Why bytes are no picture; each is the end of a key `error.images.picture_`.
struct PictureFault {
  const char* what;
};

struct DecodedPicture {
  Picture picture;
  int orientation = 1;  ///< of Exif, from 1 to 8
};

/// Throw PictureFault.
DecodedPicture decodePng(std::string_view bytes);
DecodedPicture decodeJpeg(std::string_view bytes);

/// Throws PictureFault for a size of 0 or beyond kLargestPicture.
void requireSize(std::int64_t width, std::int64_t height);

/// The orientation that an Exif block (from its TIFF header on) tells, 1 where it tells none.
int exifOrientation(std::string_view exif);

/// `picture` turned and mirrored so that its first row is the top and its first column the left.
Picture upright(Picture picture, int orientation);

}  // namespace viva

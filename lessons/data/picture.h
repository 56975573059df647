// SPDX-License-Identifier: GPL-3.0-or-later
// One picture of the user's: PNG through libpng, JPEG through libjpeg-turbo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viva {

inline constexpr std::int64_t kLargestPictureFile = 64 << 20;  ///< bytes
inline constexpr std::int64_t kLargestPicture = 50'000'000;    ///< pixels

/// As it is meant to be seen.
struct Picture {
  std::int64_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  ///< [height, width, 3]
};

/// Whether bytes begin as those of a PNG or a JPEG do.
bool isPng(std::string_view bytes);
bool isJpeg(std::string_view bytes);

/// What is in a PNG or JPEG file, told apart by content and not by name. 16 bits are rounded to
/// 8; grey and palettes become RGB; what is transparent lies on white; turned and
/// mirrored as the orientation in its Exif says; gamma and colour profiles are not applied.
///
/// Throws FileError `error.images.picture_*` that names the file and its fault: unreadable, larger
/// than kLargestPictureFile, empty, neither PNG nor JPEG, no pixels, more than kLargestPicture
/// (both found before anything is decoded), cut short, damaged, CMYK, or a rare kind of JPEG.
Picture readPicture(const std::string& path);

}  // namespace viva

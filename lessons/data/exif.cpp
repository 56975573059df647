// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "lessons/data/picture_formats.h"

namespace viva {
namespace {

/// Numbers of a TIFF header's byte order; 0 beyond the end.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes)
      : bytes_(bytes), is_little_(bytes.starts_with(std::string_view("II*\0", 4))) {}

  bool isOne() const { return is_little_ || bytes_.starts_with(std::string_view("MM\0*", 4)); }
  std::size_t number(std::size_t at, std::size_t length) const {
    if (at > bytes_.size() || length > bytes_.size() - at) return 0;
    std::size_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
      value = value << 8 |
              static_cast<unsigned char>(bytes_[at + (is_little_ ? length - 1 - i : i)]);
    return value;
  }

 private:
  std::string_view bytes_;
  bool is_little_;
};

}  // namespace

int exifOrientation(std::string_view exif) {
  const Tiff tiff(exif);
  if (!tiff.isOne()) return 1;
  constexpr std::size_t kEntry = 12, kOrientation = 0x0112, kShort = 3;
  const std::size_t directory = tiff.number(4, 4), entries = tiff.number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntry;
    if (tiff.number(entry, 2) != kOrientation || tiff.number(entry + 2, 2) != kShort) continue;
    const std::size_t value = tiff.number(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Picture upright(Picture picture, int orientation) {
  if (orientation == 1) return picture;
  // 5 to 8 are 1, 4, 2, 3 mirrored at the diagonal: rows become columns.
  const bool transposed = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 ||
                          orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 ||
                          orientation == 7;
  Picture turned{picture.width, picture.height, {}};
  if (transposed) std::swap(turned.width, turned.height);
  turned.rgb.resize(picture.rgb.size());
  auto* target = turned.rgb.data();
  for (std::int64_t row = 0; row < turned.height; ++row)
    for (std::int64_t column = 0; column < turned.width; ++column) {
      std::int64_t x = transposed ? row : column, y = transposed ? column : row;
      if (from_right) x = picture.width - 1 - x;
      if (from_below) y = picture.height - 1 - y;
      const auto* source = picture.rgb.data() + 3 * (y * picture.width + x);
      for (int channel = 0; channel < 3; ++channel) *target++ = source[channel];
    }
  return turned;
}

}  // namespace viva

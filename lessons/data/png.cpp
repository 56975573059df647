// SPDX-License-Identifier: GPL-3.0-or-later
#include <png.h>

#include <csetjmp>
#include <cstring>
#include <new>

#include "lessons/data/picture_formats.h"

namespace viva {
namespace {

/// libpng leaves by longjmp: what must be destroyed lives here, outside of the functions that are
/// left.
struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::string_view rest;
  bool is_cut = false;
  std::int64_t width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
  std::vector<png_bytep> rows;
  int orientation = 1;

  explicit PngReader(std::string_view bytes) : rest(bytes) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, leave,
                                 [](png_structp, png_const_charp) {});
    if (png) info = png_create_info_struct(png);
    if (!info) throw std::bad_alloc();
    png_set_read_fn(png, this, read);
  }
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  [[noreturn]] static void leave(png_structp png, png_const_charp) { png_longjmp(png, 1); }
  static void read(png_structp png, png_bytep target, std::size_t count) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > self->rest.size()) {
      self->is_cut = true;
      png_longjmp(png, 1);
    }
    std::memcpy(target, self->rest.data(), count);
    self->rest.remove_prefix(count);
  }
};

bool readHeader(PngReader& reader) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_read_info(reader.png, reader.info);
  reader.width = png_get_image_width(reader.png, reader.info);
  reader.height = png_get_image_height(reader.png, reader.info);
  return true;
}

/// `rows` are set up.
bool readPixels(PngReader& reader) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_set_expand(reader.png);
  png_set_scale_16(reader.png);
  png_set_gray_to_rgb(reader.png);
  png_set_add_alpha(reader.png, 0xff, PNG_FILLER_AFTER);
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  png_read_image(reader.png, reader.rows.data());
  png_read_end(reader.png, reader.info);
  png_bytep exif = nullptr;
  png_uint_32 length = 0;
  if (png_get_eXIf_1(reader.png, reader.info, &length, &exif) != 0 && exif)
    reader.orientation = exifOrientation({reinterpret_cast<const char*>(exif), length});
  return true;
}

std::vector<std::uint8_t> onWhite(const std::vector<std::uint8_t>& rgba) {
  std::vector<std::uint8_t> rgb(rgba.size() / 4 * 3);
  auto* target = rgb.data();
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    const unsigned alpha = rgba[i + 3];
    for (std::size_t channel = 0; channel < 3; ++channel)
      *target++ =
          static_cast<std::uint8_t>((rgba[i + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  return rgb;
}

}  // namespace

DecodedPicture decodePng(std::string_view bytes) {
  // libpng calls a size of 0 damage.
  constexpr std::size_t kSizes = 16;
  for (const std::size_t at : {kSizes, kSizes + 4})
    if (bytes.size() >= at + 4 && bytes.substr(at, 4) == std::string_view("\0\0\0\0", 4))
      throw PictureFault{"no_size"};
  PngReader reader(bytes);
  const auto fail = [&] { throw PictureFault{reader.is_cut ? "cut" : "damaged"}; };
  if (!readHeader(reader)) fail();
  requireSize(reader.width, reader.height);
  reader.rgba.resize(static_cast<std::size_t>(4 * reader.width * reader.height));
  for (std::int64_t row = 0; row < reader.height; ++row)
    reader.rows.push_back(reader.rgba.data() + 4 * reader.width * row);
  if (!readPixels(reader)) fail();
  return {{reader.width, reader.height, onWhite(reader.rgba)}, reader.orientation};
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdio>
// jpeglib.h needs both.
#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <utility>

#include "lessons/data/picture_formats.h"

namespace viva {
namespace {

constexpr int kMostScans = 500;  // each takes time, whatever its length
constexpr std::string_view kExif("Exif\0\0", 6);

/// libjpeg leaves by longjmp: what must be destroyed lives here, outside of the functions that are
/// left.
struct JpegReader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf out{};
  const char* fault = "damaged";
  Picture picture;
  int orientation = 1;

  JpegReader() {
    jpeg.err = jpeg_std_error(&errors);
    jpeg.client_data = this;
    errors.error_exit = leave;
    errors.emit_message = warn;
    progress.progress_monitor = [](j_common_ptr info) {
      if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans) leave(info);
    };
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  [[noreturn]] static void leave(j_common_ptr info) {
    auto* self = static_cast<JpegReader*>(info->client_data);
    switch (info->err->msg_code) {
      case JERR_EMPTY_IMAGE:
        self->fault = "no_size";
        break;
      case JERR_IMAGE_TOO_BIG:
        self->fault = "too_large";
        break;
      case JWRN_JPEG_EOF:
      case JERR_INPUT_EOF:
        self->fault = "cut";
        break;
      case JERR_BAD_PRECISION:
      case JERR_SOF_UNSUPPORTED:
      case JERR_ARITH_NOTIMPL:
        self->fault = "rare_jpeg";
        break;
      default:
        break;
    }
    std::longjmp(self->out, 1);
  }
  /// libjpeg fills in grey for what is missing, and only warns.
  static void warn(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
      case JWRN_EXTRANEOUS_DATA:  // these three cost no pixel, and cameras make them
      case JWRN_JFIF_MAJOR:
      case JWRN_ADOBE_XFORM:
        return;
      default:
        leave(info);
    }
  }
};

bool readHeader(JpegReader& reader, std::string_view bytes) {
  if (setjmp(reader.out)) return false;
  jpeg_create_decompress(&reader.jpeg);
  reader.jpeg.progress = &reader.progress;
  jpeg_save_markers(&reader.jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_mem_src(&reader.jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&reader.jpeg, TRUE);
  for (const auto* marker = reader.jpeg.marker_list; marker; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.starts_with(kExif)) reader.orientation = exifOrientation(data.substr(kExif.size()));
  }
  return true;
}

bool readPixels(JpegReader& reader) {
  if (setjmp(reader.out)) return false;
  reader.jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&reader.jpeg);
  while (reader.jpeg.output_scanline < reader.jpeg.output_height) {
    JSAMPROW row = reader.picture.rgb.data() +
                   std::size_t{3} * reader.jpeg.output_width * reader.jpeg.output_scanline;
    jpeg_read_scanlines(&reader.jpeg, &row, 1);
  }
  jpeg_finish_decompress(&reader.jpeg);
  return true;
}

}  // namespace

DecodedPicture decodeJpeg(std::string_view bytes) {
  JpegReader reader;
  if (!readHeader(reader, bytes)) throw PictureFault{reader.fault};
  const auto space = reader.jpeg.jpeg_color_space;
  if (space == JCS_CMYK || space == JCS_YCCK) throw PictureFault{"cmyk"};
  Picture& picture = reader.picture;
  picture.width = reader.jpeg.image_width;
  picture.height = reader.jpeg.image_height;
  requireSize(picture.width, picture.height);
  picture.rgb.resize(static_cast<std::size_t>(3 * picture.width * picture.height));
  if (!readPixels(reader)) throw PictureFault{reader.fault};
  return {std::move(picture), reader.orientation};
}

}  // namespace viva

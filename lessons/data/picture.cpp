// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/picture.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/data/picture_formats.h"

namespace viva {
namespace {

std::string bytesOf(const std::string& path) {
  std::error_code error;
  // Opening a pipe would wait for its writer.
  if (!std::filesystem::is_regular_file(path, error)) throw PictureFault{"unreadable"};
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw PictureFault{"unreadable"};
  if (size == 0) throw PictureFault{"empty"};
  if (size > static_cast<std::uintmax_t>(kLargestPictureFile)) throw PictureFault{"file_too_large"};
  std::string bytes(size, '\0');
  std::ifstream stream(path, std::ios::binary);
  if (!stream || !stream.read(bytes.data(), static_cast<std::streamsize>(size)))
    throw PictureFault{"unreadable"};
  return bytes;
}

DecodedPicture decoded(std::string_view bytes) {
  if (isPng(bytes)) return decodePng(bytes);
  if (isJpeg(bytes)) return decodeJpeg(bytes);
  throw PictureFault{"unknown"};
}

}  // namespace

bool isPng(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }
bool isJpeg(std::string_view bytes) { return bytes.starts_with("\xff\xd8\xff"); }

void requireSize(std::int64_t width, std::int64_t height) {
  if (width <= 0 || height <= 0) throw PictureFault{"no_size"};
  if (width > kLargestPicture / height) throw PictureFault{"too_large"};
}

Picture readPicture(const std::string& path) {
  try {
    DecodedPicture found = decoded(bytesOf(path));
    return upright(std::move(found.picture), found.orientation);
  } catch (const PictureFault& fault) {
    throw FileError({std::string("error.images.picture_") + fault.what,
                     {{"file", path},
                      {"megabytes", kLargestPictureFile >> 20},
                      {"megapixels", kLargestPicture / 1'000'000}}});
  }
}

}  // namespace viva

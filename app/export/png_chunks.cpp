// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/png_chunks.h"

#include <zlib.h>

#include <cstdint>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
/// Length, type and checksum around the data of a chunk.
constexpr std::size_t kFrame = 12;
constexpr std::size_t kHeaderEnd = kSignature.size() + kFrame + 13;

[[noreturn]] void damaged() { throw FileError({"error.figure_damaged", {}}); }

void appendNumber(std::string& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((number >> shift) & 0xff);
}

std::uint32_t numberAt(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Cuts what stands before the next zero byte off `data`.
std::string_view cutString(std::string_view& data) {
  const std::size_t end = data.find('\0');
  if (end == std::string_view::npos) damaged();
  const std::string_view text = data.substr(0, end);
  data.remove_prefix(end + 1);
  return text;
}

std::string inflated(std::string_view data, std::size_t largest) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  std::string text;
  char buffer[1 << 14];
  int state = Z_OK;
  while (state == Z_OK && text.size() <= largest) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer, sizeof buffer - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || text.size() > largest) damaged();
  return text;
}

/// The text of a tEXt, zTXt or iTXt chunk: programs that save a picture again choose among them.
std::optional<std::string> textOf(std::string_view type, std::string_view data,
                                  std::string_view keyword, std::size_t largest) {
  if (type != "tEXt" && type != "zTXt" && type != "iTXt") return {};
  if (cutString(data) != keyword) return {};
  bool compressed = type == "zTXt";
  if (type != "tEXt") {
    if (data.size() < (type == "iTXt" ? 2u : 1u)) damaged();
    if (type == "iTXt") {
      compressed = data[0] != 0;
      data.remove_prefix(1);
    }
    if (compressed && data[0] != 0) damaged();  // the one method there is
    data.remove_prefix(1);
  }
  if (type == "iTXt") {
    cutString(data);  // the language
    cutString(data);  // the keyword in it
  }
  if (compressed) return inflated(data, largest);
  if (data.size() > largest) damaged();
  return std::string(data);
}

}  // namespace

bool isPng(std::string_view bytes) { return bytes.starts_with(kSignature); }

std::string withPngText(std::string_view png, std::string_view keyword, std::string_view text) {
  std::string chunk = "iTXt";
  chunk += keyword;
  // End of the keyword, not compressed, method 0, no language, no translated keyword.
  chunk.append(5, '\0');
  chunk += text;
  std::string whole(png.substr(0, kHeaderEnd));
  whole.reserve(png.size() + chunk.size() + kFrame);
  appendNumber(whole, static_cast<std::uint32_t>(chunk.size() - 4));
  whole += chunk;
  appendNumber(whole, checksum(chunk));
  whole += png.substr(kHeaderEnd);
  return whole;
}

std::optional<std::string> pngText(std::string_view png, std::string_view keyword,
                                   std::size_t largest) {
  if (!isPng(png)) damaged();
  std::optional<std::string> found;
  for (std::size_t at = kSignature.size();;) {
    if (png.size() - at < kFrame) damaged();
    const std::size_t length = numberAt(png, at);
    if (length > png.size() - at - kFrame) damaged();
    const std::string_view body = png.substr(at + 4, length + 4);
    if (numberAt(png, at + 8 + length) != checksum(body)) damaged();
    const std::string_view type = body.substr(0, 4);
    if (!found) found = textOf(type, body.substr(4), keyword, largest);
    if (type == "IEND") return found;
    at += kFrame + length;
  }
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Images as users bring them, written byte by byte.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <array>
#include <cstdint>
#include <string>

namespace viva::tests {

inline void writeBytes(const QString& path, const QByteArray& bytes) {
  QDir().mkpath(QFileInfo(path).path());
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
    qFatal("cannot write the test's file");
}

inline QByteArray bigEndian(std::uint32_t value) {
  QByteArray bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.append(static_cast<char>(value >> shift));
  return bytes;
}

/// A chunk of a PNG: length, name, content, CRC-32 (PNG specification, annex D).
inline QByteArray pngChunk(const QByteArray& name, const QByteArray& content) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : name + content) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return bigEndian(static_cast<std::uint32_t>(content.size())) + name + content + bigEndian(~crc);
}

/// Rows, each after its filter byte 0, in one stored block of zlib: at most 65,535 bytes.
inline QByteArray storedZlib(const QByteArray& rows) {
  std::uint32_t a = 1, b = 0;
  for (const char byte : rows) {
    a = (a + static_cast<unsigned char>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  const auto size = static_cast<std::uint16_t>(rows.size());
  QByteArray bytes("\x78\x01\x01", 3);
  for (const std::uint16_t half : {size, static_cast<std::uint16_t>(~size)})
    bytes.append(static_cast<char>(half)).append(static_cast<char>(half >> 8));
  return bytes + rows + bigEndian(b << 16 | a);
}

/// `kind` is the colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha; `before`
/// are further chunks.
inline QByteArray png(std::uint32_t width, std::uint32_t height, int depth, int kind,
                      const QByteArray& rows, const QByteArray& before = {}) {
  QByteArray header = bigEndian(width) + bigEndian(height);
  header.append(static_cast<char>(depth)).append(static_cast<char>(kind));
  header.append(QByteArray(3, '\0'));
  return QByteArray("\x89PNG\r\n\x1a\n", 8) + pngChunk("IHDR", header) + before +
         pngChunk("IDAT", storedZlib(rows)) + pngChunk("IEND", {});
}

using Colour = std::array<std::uint8_t, 3>;

inline QByteArray bytesOf(const Colour& colour) {
  return QByteArray(reinterpret_cast<const char*>(colour.data()), 3);
}

/// A picture of one colour.
inline QByteArray plainPng(int side, const Colour& colour) {
  QByteArray rows;
  for (int row = 0; row < side; ++row) rows += '\0' + bytesOf(colour).repeated(side);
  return png(static_cast<std::uint32_t>(side), static_cast<std::uint32_t>(side), 8, 2, rows);
}

/// A record of CIFAR-10's binary version.
inline QByteArray cifarRecord(int label, const Colour& colour) {
  QByteArray record(1, static_cast<char>(label));
  for (const std::uint8_t value : colour) record += QByteArray(1024, static_cast<char>(value));
  return record;
}

/// A folder with a folder a class, each with `count` pictures of 4 x 4 pixels and of its colour.
inline void writeClasses(const QString& folder, const QStringList& classes, int count) {
  for (int c = 0; c < classes.size(); ++c)
    for (int i = 0; i < count; ++i)
      writeBytes(QString("%1/%2/%3.png").arg(folder, classes[c]).arg(i),
                 plainPng(4, {static_cast<std::uint8_t>(40 * c), static_cast<std::uint8_t>(i),
                              static_cast<std::uint8_t>(200 - 20 * c)}));
}

}  // namespace viva::tests

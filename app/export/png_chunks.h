// SPDX-License-Identifier: GPL-3.0-or-later
// Text in the chunks of a PNG (ISO/IEC 15948:2004, chapter 5 and 11.3.4.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace viva {

bool isPng(std::string_view bytes);

/// `png` with a text (UTF-8) under `keyword`, in an iTXt chunk of its own behind the header.
/// `png` is one that was just made.
std::string withPngText(std::string_view png, std::string_view keyword, std::string_view text);

/// The text under `keyword`, compressed or not; unset when the picture has none. Throws FileError
/// ("error.figure_damaged") for chunks that leave the file, a wrong checksum, or a text of more
/// than `largest` bytes.
std::optional<std::string> pngText(std::string_view png, std::string_view keyword,
                                   std::size_t largest);

}  // namespace viva

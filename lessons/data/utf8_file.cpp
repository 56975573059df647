// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/utf8_file.h"

#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

#include "lessons/core/csv_text.h"
#include "lessons/core/error.h"

namespace viva {

std::string readUtf8File(const std::string& path, std::int64_t largest, const std::string& errors) {
  const auto fail = [&](const char* what,
                        std::vector<std::pair<std::string, Argument>> arguments = {}) {
    arguments.insert(arguments.begin(), {"file", path});
    throw FileError({errors + "." + what, std::move(arguments)});
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) fail("missing");
  if (!std::filesystem::is_regular_file(status)) fail("not_a_file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) fail("unreadable");
  if (size > static_cast<std::uintmax_t>(largest))
    fail("too_large", {{"megabytes", static_cast<double>(size >> 20)},
                       {"limit", static_cast<double>(largest >> 20)}});
  std::ifstream stream(path, std::ios::binary);
  std::string content(size, '\0');
  if (!stream || !stream.read(content.data(), static_cast<std::streamsize>(size)))
    fail("unreadable");

  if (isUtf16(content)) fail("utf16");
  if (content.starts_with("PK\3\4")) fail("spreadsheet");  // a zip, as documents of offices are
  // A zero byte is how UTF-16 without a mark, or a file that is no text, shows itself.
  const std::string_view text(content);
  const std::size_t zero = text.find('\0');
  if (const auto line = lineThatIsNotUtf8(text.substr(0, zero)))
    fail("encoding", {{"line", *line}});
  if (zero != text.npos) fail("encoding", {{"line", lineOf(text, zero)}});
  return content;
}

}  // namespace viva

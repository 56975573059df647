// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/csv_text.h"

#include <algorithm>

namespace viva {
namespace {

/// The last byte of a line's end, whichever it is: LF, CRLF or CR.
bool endsLine(std::string_view text, std::size_t position) {
  if (text[position] == '\n') return true;
  return text[position] == '\r' && (position + 1 == text.size() || text[position + 1] != '\n');
}

}  // namespace

std::optional<CsvRow> CsvReader::next() {
  while (form_.comments && at_ < text_.size() && text_[at_] == '#') {
    at_ = std::min(text_.find_first_of(form_.endsWithCarriageReturn() ? "\r\n" : "\n", at_),
                   text_.size());
    endLine();
  }
  if (at_ >= text_.size()) return std::nullopt;
  CsvRow row{line_, {}};
  do row.cells.push_back(cell());
  while (skip(form_.separator));
  endLine();
  return row;
}

bool CsvReader::skip(std::string_view text) {
  if (!text_.substr(at_).starts_with(text)) return false;
  at_ += text.size();
  return true;
}

bool CsvReader::atEndOfCell() const {
  return at_ >= text_.size() || text_[at_] == '\n' ||
         (form_.endsWithCarriageReturn() && text_[at_] == '\r') ||
         text_.substr(at_).starts_with(form_.separator);
}

void CsvReader::endLine() {
  const bool carriage_return = form_.endsWithCarriageReturn() && skip("\r");
  if (skip("\n") || carriage_return) ++line_;
}

std::string CsvReader::cell() {
  if (!form_.strict)
    while (skip(" ") || skip("\t")) {
    }
  std::string content;
  const bool quoted = skip("\"");
  if (quoted) readQuoted(content);
  if (quoted && form_.strict && !atEndOfCell()) throw CsvFault(CsvFault::Kind::AfterQuote, line_);
  const std::size_t begin = at_;
  while (!atEndOfCell()) ++at_;
  content += text_.substr(begin, at_ - begin);
  if (!form_.strict)
    while (!content.empty() && (content.back() == '\r' ||
                                (!quoted && (content.back() == ' ' || content.back() == '\t'))))
      content.pop_back();
  return content;
}

/// After the opening quote, up to behind the closing one.
void CsvReader::readQuoted(std::string& content) {
  const std::int64_t begun = line_;
  while (at_ < text_.size()) {
    const char character = text_[at_++];
    if (character == '"' && !skip("\"")) return;
    if (endsLine(text_, at_ - 1)) ++line_;
    content += character;
  }
  throw CsvFault(CsvFault::Kind::OpenQuote, begun);
}

bool isUtf16(std::string_view text) {
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

std::string_view withoutMark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

std::int64_t lineOf(std::string_view text, std::size_t position) {
  std::int64_t line = 1;
  for (std::size_t i = 0; i < position; ++i) line += endsLine(text, i);
  return line;
}

std::optional<std::int64_t> lineThatIsNotUtf8(std::string_view text) {
  const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byteAt(i);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xc2 ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    bool valid = length > 0 && i + length <= text.size();
    for (std::size_t k = 1; valid && k < length; ++k) valid = (byteAt(i + k) & 0xc0) == 0x80;
    if (valid && length > 2) {
      // Written longer than need be, halves of pairs of UTF-16, beyond Unicode.
      const unsigned second = byteAt(i + 1);
      valid = !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second > 0x9f) &&
              !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second > 0x8f);
    }
    if (!valid) return lineOf(text, i);
    i += length;
  }
  return std::nullopt;
}

}  // namespace viva

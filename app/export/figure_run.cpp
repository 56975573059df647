// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/figure_run.h"

#include <charconv>

#include "app/export/png_chunks.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr std::string_view kKeyword = "viva-run";
constexpr std::string_view kBegin = "<viva:run";
constexpr std::string_view kEnd = "</viva:run>";

std::string escaped(std::string_view text) {
  std::string xml;
  xml.reserve(text.size() + text.size() / 4);
  for (const char c : text) switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      default:
        xml += c;
    }
  return xml;
}

std::string element(const std::string& run_file) {
  return std::string(kBegin) + " xmlns:viva=\"urn:viva:run:1\">" + escaped(run_file) +
         std::string(kEnd);
}

[[noreturn]] void damaged() { throw FileError({"error.figure_damaged", {}}); }

/// The character that `&name;` stands for. A run file is ASCII apart from the texts in it, which
/// other programs may have written as numbers.
std::string character(std::string_view name) {
  constexpr std::pair<std::string_view, const char*> kNames[] = {
      {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
  for (const auto& [known, text] : kNames)
    if (name == known) return text;
  if (!name.starts_with('#')) damaged();
  name.remove_prefix(1);
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  if (error != std::errc{} || end != name.data() + name.size() || code == 0 || code > 0x10ffff)
    damaged();
  std::string utf8;
  const auto add = [&](std::uint32_t byte) { utf8 += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else {
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    add((0xf00u >> more & 0xf0u) | code >> 6 * more);
    for (int i = more - 1; i >= 0; --i) add(0x80 | (code >> 6 * i & 0x3f));
  }
  return utf8;
}

std::string unescaped(std::string_view xml) {
  std::string text;
  text.reserve(xml.size());
  while (!xml.empty()) {
    const std::size_t plain = std::min(xml.find('&'), xml.size());
    text += xml.substr(0, plain);
    xml.remove_prefix(plain);
    if (xml.empty()) break;
    const std::size_t end = xml.substr(0, 12).find(';');
    if (end == std::string_view::npos) damaged();
    text += character(xml.substr(1, end - 1));
    xml.remove_prefix(end + 1);
  }
  return text;
}

/// Words of a figure are escaped, so that the tag can only be ours.
std::optional<std::string> runInXml(std::string_view xml) {
  const std::size_t tag = xml.find(kBegin);
  if (tag == std::string_view::npos) return {};
  const std::size_t begin = xml.find('>', tag), end = xml.find(kEnd, tag);
  if (begin >= end || end == std::string_view::npos) damaged();
  const std::string_view text = xml.substr(begin + 1, end - begin - 1);
  if (text.size() > 2 * kLargestRunFile) damaged();
  return unescaped(text);
}

bool isPdf(std::string_view bytes) { return bytes.starts_with("%PDF-"); }
bool isXml(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '<';
}

}  // namespace

std::string withRun(std::string_view figure, const std::string& run_file) {
  if (run_file.empty() || figure.starts_with("%PDF")) return std::string(figure);
  if (isPng(figure)) return withPngText(figure, kKeyword, run_file);
  const std::size_t tag = figure.find("<svg");
  const std::size_t inside = tag == std::string_view::npos ? tag : figure.find('>', tag);
  if (inside == std::string_view::npos) return std::string(figure);
  std::string whole(figure.substr(0, inside + 1));
  whole += "\n<metadata>" + element(run_file) + "</metadata>";
  whole += figure.substr(inside + 1);
  return whole;
}

std::string xmpPacket(const std::string& title, const std::string& run_file) {
  if (run_file.empty()) return {};
  // The identifier of a packet is fixed by the standard.
  return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
         "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
         "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
         "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" +
         escaped(title) +
         "</rdf:li></rdf:Alt></dc:title>\n<xmp:CreatorTool>Viva</xmp:CreatorTool>\n" +
         element(run_file) +
         "\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n";
}

bool isFigure(std::string_view bytes) { return isPng(bytes) || isPdf(bytes) || isXml(bytes); }

std::optional<std::string> runInFigure(std::string_view figure) {
  if (isPng(figure)) return pngText(figure, kKeyword, kLargestRunFile);
  // A packet is found by looking for it: it is never compressed (ISO 16684-1, 7.3).
  return runInXml(figure);
}

}  // namespace viva

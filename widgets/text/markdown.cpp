// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/markdown.h"

#include <md4c.h>

namespace viva {
namespace {

using Kind = MarkdownEvent::Kind;

// Far beyond any note; keeps hostile input from filling the memory.
constexpr qsizetype kLargestInput = 4 << 20;

/// md4c takes a dollar for a formula's only beside a space or a punctuation mark since its version
/// 0.5, and Chinese has neither there: 第$t$步. It is given a space that no text has.
constexpr char16_t kRooms[] = {0x205f, 0x2005, 0x2004, 0x2006, 0x2001, 0x2000, 0x2007, 0x1680};

QChar roomFor(const QString& text) {
  if (!text.contains(QLatin1Char('$'))) return {};
  for (const char16_t room : kRooms)
    if (!text.contains(QChar(room))) return QChar(room);
  return {};
}

/// A letter of ASCII beside a dollar is a price, or the name of a variable.
bool isForeignLetter(char32_t character) {
  return character > 127 && QChar::isLetterOrNumber(character);
}

QString withRoom(const QString& text, QChar room) {
  QString roomy;
  const QList<uint> characters = text.toUcs4();
  for (qsizetype i = 0; i < characters.size(); ++i) {
    const char32_t here = characters[i], before = i > 0 ? characters[i - 1] : U' ';
    if ((here == U'$' && isForeignLetter(before)) || (before == U'$' && isForeignLetter(here)))
      roomy += room;
    roomy += QStringView(QChar::fromUcs4(here));
  }
  return roomy;
}

struct Reader {
  QChar room;  ///< that was put beside dollars; null: none
  std::vector<MarkdownEvent> events;
  int images = 0;
  bool formula_open = false;
  std::vector<std::size_t> lists;  ///< where the lists begin that are open
  std::vector<bool> spans_kept;    ///< whether the begun span has an event that needs an End

  /// As it was written.
  QString read(const MD_CHAR* bytes, MD_SIZE size) const {
    QString text = QString::fromUtf8(bytes, qsizetype(size));
    if (!room.isNull()) text.remove(room);
    return text;
  }
  QString read(const MD_ATTRIBUTE& attribute) const { return read(attribute.text, attribute.size); }

  MarkdownEvent& add(Kind kind, QString text = {}) {
    MarkdownEvent event{};
    event.kind = kind;
    event.text = std::move(text);
    return events.emplace_back(std::move(event));
  }
};

ColumnAlignment alignmentOf(MD_ALIGN align) {
  switch (align) {
    case MD_ALIGN_LEFT:
      return ColumnAlignment::Left;
    case MD_ALIGN_CENTER:
      return ColumnAlignment::Centre;
    case MD_ALIGN_RIGHT:
      return ColumnAlignment::Right;
    default:
      return ColumnAlignment::Natural;
  }
}

int enterBlock(MD_BLOCKTYPE type, void* detail, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  switch (type) {
    case MD_BLOCK_QUOTE:
      reader.add(Kind::BeginQuote);
      break;
    case MD_BLOCK_UL:
      reader.lists.push_back(reader.events.size());
      reader.add(Kind::BeginList);
      break;
    case MD_BLOCK_OL: {
      reader.lists.push_back(reader.events.size());
      MarkdownEvent& event = reader.add(Kind::BeginList);
      event.ordered = true;
      event.start = int(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start);
      break;
    }
    case MD_BLOCK_LI: {
      const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
      if (!reader.lists.empty()) ++reader.events[reader.lists.back()].rows;
      MarkdownEvent& event = reader.add(Kind::BeginItem);
      if (item->is_task) event.task = item->task_mark == ' ' ? QLatin1Char(' ') : QLatin1Char('x');
      break;
    }
    case MD_BLOCK_HR:
      reader.add(Kind::Rule);
      break;
    case MD_BLOCK_H:
      reader.add(Kind::BeginHeading).level = int(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
      break;
    case MD_BLOCK_CODE:
      reader.add(Kind::BeginCode, reader.read(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang));
      break;
    case MD_BLOCK_HTML:
    case MD_BLOCK_P:
      reader.add(Kind::BeginParagraph);
      break;
    case MD_BLOCK_TABLE: {
      const auto* table = static_cast<MD_BLOCK_TABLE_DETAIL*>(detail);
      MarkdownEvent& event = reader.add(Kind::BeginTable);
      event.rows = int(table->head_row_count + table->body_row_count);
      event.columns = int(table->col_count);
      break;
    }
    case MD_BLOCK_TR:
      reader.add(Kind::BeginRow);
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: {
      MarkdownEvent& event = reader.add(Kind::BeginCell);
      event.heading = type == MD_BLOCK_TH;
      event.alignment = alignmentOf(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align);
      break;
    }
    default:
      break;
  }
  return 0;
}

int leaveBlock(MD_BLOCKTYPE type, void*, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) reader.lists.pop_back();
  switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_HR:
      break;
    default:
      reader.add(Kind::End);
  }
  return 0;
}

int enterSpan(MD_SPANTYPE type, void* detail, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  bool kept = reader.images == 0;
  if (type == MD_SPAN_IMG) ++reader.images;
  if (kept) switch (type) {
      case MD_SPAN_EM:
        reader.add(Kind::BeginEmphasis);
        break;
      case MD_SPAN_STRONG:
        reader.add(Kind::BeginStrong);
        break;
      case MD_SPAN_DEL:
        reader.add(Kind::BeginStruck);
        break;
      case MD_SPAN_CODE:
        reader.add(Kind::BeginCodeSpan);
        break;
      case MD_SPAN_A:
        reader.add(Kind::BeginLink, reader.read(static_cast<MD_SPAN_A_DETAIL*>(detail)->href));
        break;
      case MD_SPAN_LATEXMATH:
      case MD_SPAN_LATEXMATH_DISPLAY:
        reader.add(Kind::Formula).formula.display = type == MD_SPAN_LATEXMATH_DISPLAY;
        reader.formula_open = true;
        kept = false;
        break;
      default:
        kept = false;
    }
  reader.spans_kept.push_back(kept);
  return 0;
}

int leaveSpan(MD_SPANTYPE type, void*, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (type == MD_SPAN_IMG) --reader.images;
  if (reader.formula_open && (type == MD_SPAN_LATEXMATH || type == MD_SPAN_LATEXMATH_DISPLAY)) {
    reader.formula_open = false;
    Formula& formula = reader.events.back().formula;
    formula.tex = normalTex(formula.tex);
  }
  const bool kept = reader.spans_kept.back();
  reader.spans_kept.pop_back();
  if (kept) reader.add(Kind::End);
  return 0;
}

/// `&amp;` and friends, which md4c hands over as they are written.
QString entity(const QString& text) {
  static const std::pair<const char*, char16_t> kNamed[] = {
      {"&amp;", u'&'},      {"&lt;", u'<'},      {"&gt;", u'>'},      {"&quot;", u'"'},
      {"&nbsp;", 0xA0},     {"&ndash;", 0x2013}, {"&mdash;", 0x2014}, {"&times;", 0xD7},
      {"&hellip;", 0x2026}, {"&thinsp;", 0x2009}};
  for (const auto& [name, character] : kNamed)
    if (text == QLatin1String(name)) return QString(QChar(character));
  if (text.startsWith(QLatin1String("&#")) && text.size() < 12) {
    const bool hexadecimal = text.size() > 2 && text[2].toLower() == QLatin1Char('x');
    bool valid = false;
    const uint code =
        text.mid(hexadecimal ? 3 : 2).chopped(1).toUInt(&valid, hexadecimal ? 16 : 10);
    if (valid && code >= 0x20 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF)) {
      const char32_t character = code;
      return QString::fromUcs4(&character, 1);
    }
  }
  return text;
}

int onText(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* user) {
  Reader& reader = *static_cast<Reader*>(user);
  if (reader.formula_open) {
    reader.events.back().formula.tex +=
        type == MD_TEXT_LATEXMATH ? reader.read(bytes, size) : QStringLiteral(" ");
    return 0;
  }
  switch (type) {
    case MD_TEXT_BR:
      reader.add(Kind::HardBreak);
      break;
    case MD_TEXT_SOFTBR:
      reader.add(Kind::SoftBreak);
      break;
    case MD_TEXT_NULLCHAR:
      reader.add(Kind::Text, QString(QChar::ReplacementCharacter));
      break;
    case MD_TEXT_ENTITY:
      reader.add(Kind::Text, entity(QString::fromUtf8(bytes, qsizetype(size))));
      break;
    default:
      if (const QString text = reader.read(bytes, size); !text.isEmpty())
        reader.add(Kind::Text, text);
  }
  return 0;
}

}  // namespace

std::vector<MarkdownEvent> parseMarkdown(const QString& markdown) {
  Reader reader;
  reader.room = roomFor(markdown);
  QByteArray bytes = (reader.room.isNull() ? markdown : withRoom(markdown, reader.room)).toUtf8();
  if (bytes.size() > kLargestInput) bytes.truncate(kLargestInput);
  MD_PARSER parser{};
  parser.flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS | MD_FLAG_NOHTML;
  parser.enter_block = enterBlock;
  parser.leave_block = leaveBlock;
  parser.enter_span = enterSpan;
  parser.leave_span = leaveSpan;
  parser.text = onText;
  md_parse(bytes.constData(), MD_SIZE(bytes.size()), &parser, &reader);
  return std::move(reader.events);
}

QString markdownOfPlain(const QString& text) {
  if (text.isEmpty()) return {};
  static const QString marks = QStringLiteral("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  static const QString space = QStringLiteral("&nbsp;");
  QStringList lines = QString(text).replace("\r\n", "\n").replace('\r', '\n').split('\n');
  for (QString& line : lines) {
    QString escaped;
    for (qsizetype i = 0; i < line.size(); ++i) {
      const QChar sign = line[i];
      const bool follows_space = i == 0 || line[i - 1].isSpace();
      if (sign == '\t')
        escaped += QString(space).repeated(4);
      else if (sign == ' ' && follows_space)
        escaped += space;
      else
        escaped += marks.contains(sign) ? QString('\\') + sign : QString(sign);
    }
    line = escaped.trimmed().isEmpty() ? space : escaped;
  }
  return lines.join("\\\n");
}

MarkdownOutline outlineOf(const QString& markdown) {
  MarkdownOutline outline;
  int open = 0, heading_depth = -1;
  for (const MarkdownEvent& event : parseMarkdown(markdown)) {
    switch (event.kind) {
      case Kind::End:
        if (--open == heading_depth) heading_depth = -1;
        continue;
      case Kind::BeginHeading:
        outline.headings.push_back({event.level, {}});
        heading_depth = open;
        break;
      case Kind::BeginLink:
        outline.links << event.text;
        break;
      case Kind::Formula:
        outline.formulas.push_back(event.formula);
        if (heading_depth >= 0)
          outline.headings.back().text += QLatin1Char('$') + event.formula.tex + QLatin1Char('$');
        continue;
      case Kind::Text:
        if (heading_depth >= 0) outline.headings.back().text += event.text;
        continue;
      case Kind::Rule:
      case Kind::SoftBreak:
      case Kind::HardBreak:
        continue;
      default:
        break;
    }
    ++open;
  }
  return outline;
}

QString anchorOf(const QString& heading) {
  QString anchor;
  for (const QChar character : heading.toLower()) {
    if (character.isLetterOrNumber())
      anchor += character;
    else if (character.isSpace() || character == QLatin1Char('-'))
      anchor += QLatin1Char('-');
  }
  return anchor;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/typesetter.h"

#include <QFontInfo>
#include <QTextDocument>

#include "widgets/text/formula_object.h"
#include "widgets/text/notes_document.h"

namespace viva {

using Kind = MarkdownEvent::Kind;

namespace {

constexpr QChar kLineStrut(0x200B);  ///< a blank without width

}  // namespace

Typesetter::Typesetter(QTextDocument& document, const TextStyle& style, Formulas& formulas)
    : style_(style), formulas_(formulas), document_(document), cursor_(&document) {
  plain_.setFont(style.body);
  plain_.setForeground(style.text);
}

void Typesetter::set(const std::vector<MarkdownEvent>& events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const MarkdownEvent& event = events[i];
    if (event.kind == Kind::End) {
      if (!open_.empty()) end();
      continue;
    }
    if (event.kind == Kind::Formula && event.formula.display && standsAlone(events, i)) {
      displayFormula(event.formula);
      continue;
    }
    one(event);
  }
  if (fresh_) hideBlock();
}

bool Typesetter::standsAlone(const std::vector<MarkdownEvent>& events, std::size_t i) {
  return i > 0 && i + 1 < events.size() && events[i - 1].kind == Kind::BeginParagraph &&
         events[i + 1].kind == Kind::End;
}

void Typesetter::one(const MarkdownEvent& event) {
  switch (event.kind) {
    case Kind::Text:
      text(event.text);
      return;
    case Kind::Formula:
      formula(event.formula);
      return;
    case Kind::SoftBreak:
      softBreak();
      return;
    case Kind::HardBreak:
      text(QString(QChar::LineSeparator));
      return;
    case Kind::Rule:
      rule();
      return;
    default:
      break;
  }
  open_.push_back({event.kind, format_});
  switch (event.kind) {
    case Kind::BeginParagraph:
      format_ = quotes_ > 0 ? muted() : plain_;
      if (!item_pending_) block(paragraphFormat());
      break;
    case Kind::BeginHeading:
      beginHeading(event.level);
      break;
    case Kind::BeginQuote:
      ++quotes_;
      break;
    case Kind::BeginList:
      beginList(event);
      break;
    case Kind::BeginItem:
      beginItem(event.task);
      break;
    case Kind::BeginCode:
      beginCode(event.text);
      break;
    case Kind::BeginTable:
      beginTable(event);
      break;
    case Kind::BeginRow:
      ++row_;
      column_ = -1;
      break;
    case Kind::BeginCell:
      beginCell(event);
      break;
    case Kind::BeginEmphasis:
      ready();
      emphasise();
      break;
    case Kind::BeginStrong:
      ready();
      format_.setFontWeight(QFont::Bold);
      break;
    case Kind::BeginStruck:
      ready();
      format_.setFontStrikeOut(true);
      break;
    case Kind::BeginCodeSpan:
      beginCodeSpan();
      break;
    case Kind::BeginLink:
      beginLink(event.text);
      break;
    default:
      break;
  }
}

void Typesetter::end() {
  const Open open = open_.back();
  open_.pop_back();
  switch (open.kind) {
    case Kind::BeginHeading:
      endHeading();
      break;
    case Kind::BeginQuote:
      --quotes_;
      break;
    case Kind::BeginList:
      if (!lists_.empty()) lists_.pop_back();
      break;
    case Kind::BeginItem:
      if (item_pending_) ready();
      in_block_ = false;
      break;
    case Kind::BeginParagraph:
      if (item_pending_) ready();
      in_block_ = false;
      break;
    case Kind::BeginCode:
      in_code_ = false;
      in_block_ = false;
      leaveFrame();
      break;
    case Kind::BeginCell:
      // A line of a formula alone would be lower than the text of the cells beside it.
      if (cell_valid_ && formula_end_ == cursor_.position())
        cursor_.insertText(QString(kLineStrut), format_);
      break;
    case Kind::BeginTable:
      table_ = nullptr;
      leaveFrame();
      break;
    default:
      break;
  }
  format_ = open.before;
}

QTextCharFormat Typesetter::muted() const {
  QTextCharFormat format = plain_;
  format.setForeground(style_.muted);
  return format;
}

void Typesetter::text(const QString& text) {
  if (table_ && !cell_valid_) return;
  ready();
  if (in_code_) {
    codeText(text);
    return;
  }
  cursor_.insertText(takenByFormula(afterWidePunctuation(text)), format_);
}

QString Typesetter::afterWidePunctuation(const QString& text) const {
  static const QString kWide = QStringLiteral("\u3001\u3002\uFF0C\uFF1B\uFF1A\uFF01\uFF1F\uFF09");
  if (!text.startsWith(QLatin1Char(' ')) || cursor_.atBlockStart()) return text;
  int before = cursor_.position() - 1;
  if (document_.characterAt(before) == QChar(0x201D)) --before;
  return kWide.contains(document_.characterAt(before)) ? text.mid(1) : text;
}

QString Typesetter::takenByFormula(const QString& text) {
  static const QString kClosing = QStringLiteral(
      ",.;:!?)]%\u201D\u2019\u3001\u3002\uFF0C\uFF1B\uFF1A"
      "\uFF01\uFF1F\uFF09\u300D\u300B");
  if (formula_end_ != cursor_.position()) return text;
  qsizetype length = 0;
  while (length < text.size() && kClosing.contains(text[length])) ++length;
  if (length == 0) return text;
  QTextCursor before(cursor_);
  before.movePosition(QTextCursor::PreviousCharacter, QTextCursor::KeepAnchor);
  QTextCharFormat tail;
  tail.setProperty(kFormulaTail, text.left(length));
  before.mergeCharFormat(tail);
  return text.mid(length);
}

QString Typesetter::openingBefore() {
  static const QString kOpening = QStringLiteral("([\u201C\u2018\uFF08\u300C\u300A");
  if (cursor_.atBlockStart()) return {};
  const QChar before = document_.characterAt(cursor_.position() - 1);
  if (!kOpening.contains(before)) return {};
  cursor_.deletePreviousChar();
  return QString(before);
}

void Typesetter::softBreak() {
  // Between Chinese characters a line end in the source is no blank.
  const QChar before =
      cursor_.atBlockStart() ? QChar() : document_.characterAt(cursor_.position() - 1);
  if (before.unicode() >= 0x2E80 && before != QChar::ObjectReplacementCharacter) return;
  text(QStringLiteral(" "));
}

void Typesetter::formula(const Formula& formula) {
  if (table_ && !cell_valid_) return;
  ready();
  if (const std::optional<FormulaSize> size = formulas_.size(keyOf(formula))) {
    QTextCharFormat format = formulaFormat(formula, format_, *size);
    const QString head = openingBefore();
    if (!head.isEmpty()) format.setProperty(kFormulaHead, head);
    cursor_.insertText(QString(QChar::ObjectReplacementCharacter), format);
    formula_end_ = cursor_.position();
  } else {
    QTextCharFormat source = format_;
    source.setFont(style_.code);
    cursor_.insertText(formula.tex, source);
  }
}

void Typesetter::displayFormula(const Formula& formula) {
  ready();
  QTextBlockFormat format = cursor_.blockFormat();
  format.setAlignment(Qt::AlignHCenter);
  format.setTopMargin(0.25 * em());
  format.setBottomMargin(0.85 * em());
  format.setLineHeight(0, QTextBlockFormat::SingleHeight);
  cursor_.setBlockFormat(format);
  this->formula(formula);
}

void Typesetter::emphasise() {
  if (style_.chinese)
    format_.setFontWeight(QFont::Bold);
  else
    format_.setFontItalic(true);
}

void Typesetter::beginCodeSpan() {
  ready();
  QFont font = style_.code;
  font.setPixelSize(std::max(1, qRound(0.88 * QFontInfo(format_.font()).pixelSize())));
  font.setWeight(format_.font().weight());
  format_.setFont(font);
  format_.setBackground(style_.inset);
}

void Typesetter::beginLink(const QString& target) {
  ready();
  if (!isKnownLink(target)) return;
  format_.setAnchor(true);
  format_.setAnchorHref(target);
  format_.setForeground(style_.link);
  format_.setFontUnderline(true);
  const bool runs = target.startsWith(QLatin1String("preset:")) ||
                    target.startsWith(QLatin1String("experiment:"));
  if (!runs || (table_ && !cell_valid_)) return;
  QTextCharFormat sign = format_;
  sign.setFontUnderline(false);
  QFont font = style_.heading;
  font.setPixelSize(std::max(1, qRound(0.72 * em())));
  sign.setFont(font);
  cursor_.insertText(QStringLiteral("\u25B6\u00A0"), sign);
}

}  // namespace viva

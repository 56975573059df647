// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/notes_document.h"

#include <QAbstractTextDocumentLayout>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextFrame>
#include <QTextTable>

#include "widgets/text/formula_object.h"
#include "widgets/text/markdown.h"

namespace viva {
namespace {

using Kind = MarkdownEvent::Kind;

// Deeper nesting than a page has room for is set at this depth; wider tables lose columns.
constexpr QChar kLineStrut(0x200B);  ///< a blank without width
constexpr int kDeepest = 8;
constexpr int kMostColumns = 24;
constexpr int kMostRows = 5000;

class Typesetter {
 public:
  Typesetter(QTextDocument& document, const TextStyle& style, Formulas& formulas)
      : style_(style), formulas_(formulas), document_(document), cursor_(&document) {
    plain_.setFont(style.body);
    plain_.setForeground(style.text);
  }

  void set(const std::vector<MarkdownEvent>& events) {
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

 private:
  struct Open {
    Kind kind;
    QTextCharFormat before;  ///< the character format to go back to
  };
  struct List {
    bool ordered = false;
    int start = 1;    ///< the number of the next item
    double hang = 0;  ///< from the left edge of the sign to that of the text
  };

  double em() const { return style_.size; }
  int depth() const { return std::min<int>(int(lists_.size()), kDeepest); }

  static bool standsAlone(const std::vector<MarkdownEvent>& events, std::size_t i) {
    return i > 0 && i + 1 < events.size() && events[i - 1].kind == Kind::BeginParagraph &&
           events[i + 1].kind == Kind::End;
  }

  void one(const MarkdownEvent& event) {
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
        beginCode();
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

  void end() {
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

  QTextCharFormat muted() const {
    QTextCharFormat format = plain_;
    format.setForeground(style_.muted);
    return format;
  }

  QTextBlockFormat paragraphFormat() const {
    QTextBlockFormat format;
    format.setLineHeight(0.38 * em(), QTextBlockFormat::LineDistanceHeight);
    format.setTopMargin(0.55 * em());
    format.setBottomMargin(0.55 * em());
    format.setIndent(depth() + std::min(quotes_, kDeepest));
    return format;
  }

  /// Begins a block, in the empty one that the document, a table or a frame leaves behind if there
  /// is one.
  void block(const QTextBlockFormat& format) {
    if (fresh_) {
      cursor_.setBlockFormat(format);
      cursor_.setBlockCharFormat(format_);
    } else {
      cursor_.insertBlock(format, format_);
    }
    fresh_ = false;
    in_block_ = true;
  }

  /// A block that can take text: the item of a tight list begins with its first text.
  void ready() {
    if (item_pending_) {
      item_pending_ = false;
      beginItemBlock();
    } else if (!in_block_ && !table_) {
      if (format_.isEmpty()) format_ = plain_;
      block(paragraphFormat());
    }
  }

  void text(const QString& text) {
    if (table_ && !cell_valid_) return;
    ready();
    if (in_code_) {
      codeText(text);
      return;
    }
    cursor_.insertText(takenByFormula(afterWidePunctuation(text)), format_);
  }

  /// Markdown needs a blank after a bold sentence that ends with punctuation; wide punctuation has
  /// its own.
  QString afterWidePunctuation(const QString& text) const {
    static const QString kWide = QStringLiteral("\u3001\u3002\uFF0C\uFF1B\uFF1A\uFF01\uFF1F\uFF09");
    if (!text.startsWith(QLatin1Char(' ')) || cursor_.atBlockStart()) return text;
    int before = cursor_.position() - 1;
    if (document_.characterAt(before) == QChar(0x201D)) --before;
    return kWide.contains(document_.characterAt(before)) ? text.mid(1) : text;
  }

  /// Qt may break a line on either side of a formula. Punctuation that belongs to it goes with it.
  QString takenByFormula(const QString& text) {
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

  /// The opening bracket before the cursor, taken out of the text.
  QString openingBefore() {
    static const QString kOpening = QStringLiteral("([\u201C\u2018\uFF08\u300C\u300A");
    if (cursor_.atBlockStart()) return {};
    const QChar before = document_.characterAt(cursor_.position() - 1);
    if (!kOpening.contains(before)) return {};
    cursor_.deletePreviousChar();
    return QString(before);
  }

  void softBreak() {
    // Between Chinese characters a line end in the source is no blank.
    const QChar before =
        cursor_.atBlockStart() ? QChar() : document_.characterAt(cursor_.position() - 1);
    if (before.unicode() >= 0x2E80 && before != QChar::ObjectReplacementCharacter) return;
    text(QStringLiteral(" "));
  }

  void formula(const Formula& formula) {
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

  void displayFormula(const Formula& formula) {
    ready();
    QTextBlockFormat format = cursor_.blockFormat();
    format.setAlignment(Qt::AlignHCenter);
    format.setTopMargin(0.25 * em());
    format.setBottomMargin(0.85 * em());
    format.setLineHeight(0, QTextBlockFormat::SingleHeight);
    cursor_.setBlockFormat(format);
    this->formula(formula);
  }

  void rule() {
    format_ = plain_;
    QTextBlockFormat format = paragraphFormat();
    format.setProperty(QTextFormat::BlockTrailingHorizontalRulerWidth,
                       QTextLength(QTextLength::PercentageLength, 100));
    block(format);
    in_block_ = false;
  }

  void beginHeading(int level) {
    static constexpr double kSizes[] = {1.75, 1.32, 1.12, 1.0, 1.0, 1.0};
    static constexpr double kAbove[] = {0.2, 1.5, 1.05, 0.8, 0.8, 0.8};
    const int place = std::clamp(level, 1, 6) - 1;
    QTextBlockFormat format;
    format.setHeadingLevel(place + 1);
    format.setTopMargin(kAbove[place] * em());
    format.setBottomMargin((place < 2 ? 0.6 : 0.4) * em());
    format.setLineHeight(0.15 * em(), QTextBlockFormat::LineDistanceHeight);
    format_ = plain_;
    QFont font = style_.heading;
    font.setPixelSize(std::max(1, qRound(kSizes[place] * em())));
    font.setWeight(place == 0 ? QFont::Bold : QFont::DemiBold);
    format_.setFont(font);
    item_pending_ = false;
    block(format);
  }

  void endHeading() {
    in_block_ = false;
    const QString anchor = anchorOf(cursor_.block().text());
    if (anchor.isEmpty()) return;
    QTextCursor first(cursor_.block());
    first.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor);
    QTextCharFormat format;
    format.setAnchorNames({anchor});
    first.mergeCharFormat(format);
  }

  void beginList(const MarkdownEvent& event) {
    if (item_pending_) ready();
    lists_.push_back({event.ordered, event.start, document_.indentWidth()});
    if (!event.ordered) return;
    const QString largest = QString::number(event.start + event.rows - 1) + QLatin1Char('.');
    lists_.back().hang =
        std::max(document_.indentWidth(),
                 QFontMetricsF(style_.body).horizontalAdvance(largest) + 0.5 * em());
  }

  void beginItem(QChar task) {
    format_ = quotes_ > 0 ? muted() : plain_;
    item_pending_ = true;
    in_block_ = false;
    task_ = task;
  }

  /// Bullets and numbers are text with a hanging indent: they are copied and read aloud with the
  /// item, lists may start anywhere (Qt before 6.6 numbers from 1), and the sign keeps its size.
  void beginItemBlock() {
    if (lists_.empty()) lists_.push_back({});
    List& list = lists_.back();
    const double hang = list.hang;
    QTextBlockFormat format = paragraphFormat();
    format.setLeftMargin(hang - document_.indentWidth());
    format.setTopMargin(0.3 * em());
    format.setBottomMargin(0.3 * em());
    format.setTextIndent(-hang);
    format.setTabPositions({QTextOption::Tab(hang, QTextOption::LeftTab)});
    block(format);
    QTextCharFormat sign = format_;
    sign.setForeground(style_.muted);
    QString mark;
    if (!task_.isNull())
      mark = QString(QChar(task_ == QLatin1Char(' ') ? 0x2610 : 0x2611));
    else if (list.ordered)
      mark = QString::number(list.start++) + QLatin1Char('.');
    else
      mark = QString(QChar(depth() % 2 ? 0x2022 : 0x2013));
    task_ = {};
    cursor_.insertText(mark + QLatin1Char('\t'), sign);
  }

  void beginCode() {
    if (item_pending_) ready();
    QTextFrameFormat frame;
    frame.setBackground(style_.inset);
    frame.setPadding(0.6 * em());
    frame.setBorder(0);
    frame.setTopMargin(0.2 * em());
    frame.setBottomMargin(0.8 * em());
    frame.setLeftMargin((depth() + std::min(quotes_, kDeepest)) * document_.indentWidth());
    cursor_.insertFrame(frame);
    fresh_ = true;
    format_ = plain_;
    format_.setFont(style_.code);
    QTextBlockFormat format;
    format.setNonBreakableLines(true);
    block(format);
    in_code_ = true;
    code_line_open_ = false;
  }

  void codeText(const QString& text) {
    // One block a line: a single tall block would be laid out again as a whole.
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < lines.size(); ++i) {
      if (i > 0) {
        if (code_line_open_) cursor_.insertBlock();
        code_line_open_ = true;
      }
      if (lines[i].isEmpty()) continue;
      if (code_line_open_) cursor_.insertBlock();
      code_line_open_ = false;
      cursor_.insertText(lines[i], format_);
    }
  }

  void beginTable(const MarkdownEvent& event) {
    if (item_pending_) ready();
    row_ = -1;
    table_rows_ = std::clamp(event.rows, 1, kMostRows);
    const int columns = std::clamp(event.columns, 1, kMostColumns);
    QTextTableFormat format;
    format.setBorder(0);
    format.setBorderCollapse(true);
    format.setCellSpacing(0);
    format.setCellPadding(0);
    format.setTopMargin(0.3 * em());
    format.setBottomMargin(1.0 * em());
    format.setLeftMargin((depth() + std::min(quotes_, kDeepest)) * document_.indentWidth());
    format.setHeaderRowCount(1);
    table_ = cursor_.insertTable(table_rows_, columns, format);
    fresh_ = false;
    in_block_ = false;
    cell_valid_ = false;
  }

  void beginCell(const MarkdownEvent& event) {
    ++column_;
    cell_valid_ = table_ && row_ >= 0 && row_ < table_->rows() && column_ < table_->columns();
    if (!cell_valid_) return;
    QTextTableCell cell = table_->cellAt(row_, column_);
    QTextTableCellFormat shape;
    shape.setVerticalAlignment(QTextCharFormat::AlignMiddle);
    const double side = 0.5 * em(), between = 0.24 * em();
    shape.setPadding(between);
    shape.setLeftPadding(column_ == 0 ? 0.3 * em() : side);
    shape.setRightPadding(column_ + 1 == table_->columns() ? 0.3 * em() : side);
    // The three rules of a printed table: above, below the headings, below.
    const auto solid = QTextFrameFormat::BorderStyle_Solid;
    if (row_ == 0) {
      shape.setTopBorder(2);
      shape.setTopBorderStyle(solid);
      shape.setTopBorderBrush(style_.rule);
      shape.setBottomBorder(1);
      shape.setBottomBorderStyle(solid);
      shape.setBottomBorderBrush(style_.rule);
    }
    if (row_ + 1 == table_rows_) {
      shape.setBottomBorder(2);
      shape.setBottomBorderStyle(solid);
      shape.setBottomBorderBrush(style_.rule);
    }
    if (row_ > 0 && row_ % 2 == 0) shape.setBackground(style_.stripe);
    format_ = plain_;
    QFont font = event.heading ? style_.heading : style_.body;
    font.setPixelSize(std::max(1, qRound(0.9 * em())));
    if (event.heading) font.setWeight(QFont::DemiBold);
    format_.setFont(font);
    shape.merge(format_);  // the format of a cell is also that of its empty first block
    cell.setFormat(shape);
    cursor_ = cell.firstCursorPosition();
    QTextBlockFormat line;
    switch (event.alignment) {
      case ColumnAlignment::Right:
        line.setAlignment(Qt::AlignRight);
        break;
      case ColumnAlignment::Centre:
        line.setAlignment(Qt::AlignHCenter);
        break;
      default:
        line.setAlignment(Qt::AlignLeft);
    }
    line.setLineHeight(0.15 * em(), QTextBlockFormat::LineDistanceHeight);
    cursor_.setBlockFormat(line);
    in_block_ = true;
  }

  /// Chinese has no italics; slanted characters are hard to read.
  void emphasise() {
    if (style_.chinese)
      format_.setFontWeight(QFont::Bold);
    else
      format_.setFontItalic(true);
  }

  void beginCodeSpan() {
    ready();
    QFont font = style_.code;
    font.setPixelSize(std::max(1, qRound(0.88 * QFontInfo(format_.font()).pixelSize())));
    font.setWeight(format_.font().weight());
    format_.setFont(font);
    format_.setBackground(style_.inset);
  }

  void beginLink(const QString& target) {
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

  /// After a frame or a table: the empty block behind it.
  void leaveFrame() {
    cursor_ = QTextCursor(&document_);
    cursor_.movePosition(QTextCursor::End);
    fresh_ = true;
    in_block_ = false;
    cell_valid_ = false;
    hideBlock();
  }

  /// An empty block that nobody uses takes no room.
  void hideBlock() {
    QTextBlockFormat format;
    format.setLineHeight(1, QTextBlockFormat::FixedHeight);
    cursor_.setBlockFormat(format);
    QTextCharFormat tiny;
    tiny.setFontPointSize(1);
    cursor_.setBlockCharFormat(tiny);
  }

  const TextStyle& style_;
  Formulas& formulas_;
  QTextDocument& document_;
  QTextCursor cursor_;
  QTextCharFormat plain_, format_;
  std::vector<Open> open_;
  std::vector<List> lists_;
  QTextTable* table_ = nullptr;
  int quotes_ = 0, row_ = -1, column_ = -1, table_rows_ = 0;
  int formula_end_ = -1;  ///< the position behind the formula inserted last
  QChar task_;
  bool fresh_ = true;          ///< the cursor is in an empty block that has no purpose yet
  bool in_block_ = false;      ///< text can go where the cursor is
  bool item_pending_ = false;  ///< an item of a list begins with the next text
  bool in_code_ = false, code_line_open_ = false, cell_valid_ = false;
};

}  // namespace

bool isKnownLink(const QString& target) {
  for (const char* start : {"preset:", "experiment:", "http://", "https://", "#"})
    if (target.startsWith(QLatin1String(start))) return true;
  return false;
}

std::unique_ptr<QTextDocument> makeNotesDocument(const QString& markdown, const TextStyle& style,
                                                 std::shared_ptr<Formulas> formulas) {
  static int editions = 0;
  auto document = std::make_unique<QTextDocument>();
  document->setProperty(kEditionProperty, ++editions);
  document->setUndoRedoEnabled(false);
  document->setDefaultFont(style.body);
  document->setDocumentMargin(0);
  // Breaking inside words makes narrow columns of tables narrower than their words.
  QTextOption option = document->defaultTextOption();
  option.setWrapMode(QTextOption::WordWrap);
  document->setDefaultTextOption(option);
  document->setIndentWidth(1.45 * style.size);
  {
    // Without this, Qt lays the document out again after every word: 2 s for a lesson.
    QTextCursor all(document.get());
    all.beginEditBlock();
    Typesetter(*document, style, *formulas).set(parseMarkdown(markdown));
    all.endEditBlock();
  }
  document->documentLayout()->registerHandler(kFormulaObject,
                                              new FormulaObject(formulas, document.get()));
  return document;
}

std::vector<HeadingPlace> headingsOf(const QTextDocument& document) {
  std::vector<HeadingPlace> headings;
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
    const int level = block.blockFormat().headingLevel();
    if (level > 0)
      headings.push_back({level, block.text(), anchorOf(block.text()), block.position()});
  }
  return headings;
}

}  // namespace viva

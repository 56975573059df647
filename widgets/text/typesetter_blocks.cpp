// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFontMetricsF>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextTable>

#include "widgets/text/typesetter.h"

namespace viva {

namespace {

// Wider and longer tables lose their last columns and rows.
constexpr int kMostColumns = 24;
constexpr int kMostRows = 5000;

}  // namespace

QTextBlockFormat Typesetter::paragraphFormat() const {
  QTextBlockFormat format;
  format.setLineHeight(0.38 * em(), QTextBlockFormat::LineDistanceHeight);
  format.setTopMargin(0.55 * em());
  format.setBottomMargin(0.55 * em());
  format.setIndent(depth() + std::min(quotes_, kDeepest));
  return format;
}

void Typesetter::block(const QTextBlockFormat& format) {
  if (fresh_) {
    cursor_.setBlockFormat(format);
    cursor_.setBlockCharFormat(format_);
  } else {
    cursor_.insertBlock(format, format_);
  }
  fresh_ = false;
  in_block_ = true;
}

void Typesetter::ready() {
  if (item_pending_) {
    item_pending_ = false;
    beginItemBlock();
  } else if (!in_block_ && !table_) {
    if (format_.isEmpty()) format_ = plain_;
    block(paragraphFormat());
  }
}

void Typesetter::rule() {
  format_ = plain_;
  QTextBlockFormat format = paragraphFormat();
  format.setProperty(QTextFormat::BlockTrailingHorizontalRulerWidth,
                     QTextLength(QTextLength::PercentageLength, 100));
  block(format);
  in_block_ = false;
}

void Typesetter::beginHeading(int level) {
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

void Typesetter::endHeading() {
  in_block_ = false;
  const QString anchor = anchorOf(cursor_.block().text());
  if (anchor.isEmpty()) return;
  QTextCursor first(cursor_.block());
  first.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor);
  QTextCharFormat format;
  format.setAnchorNames({anchor});
  first.mergeCharFormat(format);
}

void Typesetter::beginList(const MarkdownEvent& event) {
  if (item_pending_) ready();
  lists_.push_back({event.ordered, event.start, document_.indentWidth()});
  if (!event.ordered) return;
  const QString largest = QString::number(event.start + event.rows - 1) + QLatin1Char('.');
  lists_.back().hang = std::max(document_.indentWidth(),
                                QFontMetricsF(style_.body).horizontalAdvance(largest) + 0.5 * em());
}

void Typesetter::beginItem(QChar task) {
  format_ = quotes_ > 0 ? muted() : plain_;
  item_pending_ = true;
  in_block_ = false;
  task_ = task;
}

void Typesetter::beginItemBlock() {
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

void Typesetter::beginCode(const QString& language) {
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
  code_state_ = kPlainCode;
  code_language_ = codeLanguageOf(
      language == QLatin1String("python") ? QStringLiteral(".py") : QLatin1Char('.') + language);
}

void Typesetter::codeText(const QString& text) {
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
    codeLine(lines[i]);
  }
}

void Typesetter::codeLine(const QString& line) {
  int at = 0;
  for (const CodeToken& token : codeTokens(line, code_language_, code_state_)) {
    cursor_.insertText(line.mid(at, token.start - at), format_);
    QTextCharFormat coloured = format_;
    coloured.merge(codeFormat(token.word, style_));
    cursor_.insertText(line.mid(token.start, token.length), coloured);
    at = token.start + token.length;
  }
  cursor_.insertText(line.mid(at), format_);
}

void Typesetter::beginTable(const MarkdownEvent& event) {
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

void Typesetter::beginCell(const MarkdownEvent& event) {
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

void Typesetter::leaveFrame() {
  cursor_ = QTextCursor(&document_);
  cursor_.movePosition(QTextCursor::End);
  fresh_ = true;
  in_block_ = false;
  cell_valid_ = false;
  hideBlock();
}

void Typesetter::hideBlock() {
  QTextBlockFormat format;
  format.setLineHeight(1, QTextBlockFormat::FixedHeight);
  cursor_.setBlockFormat(format);
  QTextCharFormat tiny;
  tiny.setFontPointSize(1);
  cursor_.setBlockCharFormat(tiny);
}

}  // namespace viva

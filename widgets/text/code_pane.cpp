// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/code_pane.h"

#include <QCoreApplication>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QWheelEvent>
#include <utility>

namespace viva {
namespace {

class LineNumbers : public QWidget {
 public:
  explicit LineNumbers(CodePane* pane) : QWidget(pane), pane_(pane) {}
  QSize sizeHint() const override { return {pane_->numbersWidth(), 0}; }

 protected:
  void paintEvent(QPaintEvent* event) override { pane_->paintNumbers(event); }
  void wheelEvent(QWheelEvent* event) override {
    QCoreApplication::sendEvent(pane_->viewport(), event);
  }

 private:
  CodePane* pane_;
};

/// The lines with blanks for comments and strings.
QStringList codeAlone(QStringList lines, CodeLanguage language) {
  CodeState state = kPlainCode;
  for (QString& line : lines)
    for (const CodeToken& token : codeTokens(QString(line), language, state))
      if (token.word == CodeWord::String || token.word == CodeWord::Comment)
        line.replace(token.start, token.length, QString(token.length, QLatin1Char(' ')));
  return lines;
}

/// The line on which the braces that open at or after `first` are closed again; unset when a
/// semicolon comes before any (a declaration).
std::optional<int> endOfBody(const QStringList& lines, int first) {
  int depth = 0;
  for (int i = first; i < lines.size(); ++i) {
    for (const QChar c : lines[i]) {
      if (c == QLatin1Char(';') && depth == 0) return std::nullopt;
      if (c == QLatin1Char('{')) ++depth;
      if (c == QLatin1Char('}') && --depth <= 0) return i;
    }
  }
  return std::nullopt;
}

std::optional<LineRange> cppLoop(const QStringList& lines) {
  static const QRegularExpression step(QStringLiteral("\\bbool\\s+(\\w+::)*step\\("));
  for (int i = 0; i < lines.size(); ++i) {
    if (!step.match(lines[i]).hasMatch()) continue;
    if (const std::optional<int> last = endOfBody(lines, i)) return LineRange{i, *last};
  }
  return std::nullopt;
}

qsizetype indentOf(const QString& line) {
  qsizetype blanks = 0;
  while (blanks < line.size() && line[blanks].isSpace()) ++blanks;
  return blanks;
}

const QRegularExpression& pythonLoopStart() {
  static const QRegularExpression loop(QStringLiteral("^\\s*(for|while)\\b"));
  return loop;
}

LineRange pythonBlock(const QStringList& lines, int first) {
  int last = first;
  for (int i = first + 1; i < lines.size(); ++i) {
    if (lines[i].trimmed().isEmpty()) continue;
    if (indentOf(lines[i]) <= indentOf(lines[first])) break;
    last = i;
  }
  return {first, last};
}

/// Of a program that learns nothing: the first loop of main().
std::optional<LineRange> mainLoop(const QStringList& lines) {
  static const QRegularExpression main(QStringLiteral("def main\\(.*"));
  const auto start = static_cast<int>(lines.indexOf(main));
  if (start < 0) return std::nullopt;
  for (int i = start + 1; i <= pythonBlock(lines, start).last; ++i)
    if (pythonLoopStart().match(lines[i]).hasMatch()) return pythonBlock(lines, i);
  return std::nullopt;
}

/// The outermost loop of the first function that takes gradients in a loop.
std::optional<LineRange> pythonLoop(const QStringList& lines) {
  static const QRegularExpression learns(
      QStringLiteral("\\.backward\\(|\\.step\\(\\)|autograd\\.grad\\("));
  const QRegularExpression& loop = pythonLoopStart();
  static const QRegularExpression scope(QStringLiteral("^\\s*(def|class)\\b"));
  for (int learning = 0; learning < lines.size(); ++learning) {
    if (!learns.match(lines[learning]).hasMatch()) continue;
    int first = -1;
    qsizetype indent = indentOf(lines[learning]);
    for (int i = learning - 1; i >= 0 && indent > 0; --i) {
      if (lines[i].trimmed().isEmpty() || indentOf(lines[i]) >= indent) continue;
      indent = indentOf(lines[i]);
      if (scope.match(lines[i]).hasMatch()) break;
      if (loop.match(lines[i]).hasMatch()) first = i;
    }
    if (first < 0) continue;
    return pythonBlock(lines, first);
  }
  return mainLoop(lines);
}

}  // namespace

std::optional<LineRange> trainingLoop(const QString& source, CodeLanguage language) {
  const QStringList lines = codeAlone(source.split(QLatin1Char('\n')), language);
  switch (language) {
    case CodeLanguage::Cpp:
      return cppLoop(lines);
    case CodeLanguage::Python:
      return pythonLoop(lines);
    case CodeLanguage::None:
      return std::nullopt;
  }
  return std::nullopt;
}

CodePane::CodePane(QWidget* parent)
    : QPlainTextEdit(parent),
      style_(Appearance{}),
      highlighter_(new CodeHighlighter(document(), CodeLanguage::None)),
      numbers_(new LineNumbers(this)) {
  setReadOnly(true);
  setUndoRedoEnabled(false);
  setLineWrapMode(NoWrap);
  setFrameShape(QFrame::NoFrame);
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { placeNumbers(); });
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& area, int by) {
    if (by)
      numbers_->scroll(0, by);
    else
      numbers_->update(0, area.y(), numbers_->width(), area.height());
  });
  setStyle(style_);
}

void CodePane::setSource(const QString& file_name, const QString& source) {
  const CodeLanguage language = codeLanguageOf(file_name);
  QString text = source;
  text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
  if (text.endsWith(QLatin1Char('\n'))) text.chop(1);
  finds_.clear();
  setPlainText(text);
  highlighter_->setLanguage(language);
  marked_ = trainingLoop(text, language);
  showMarks();
  placeNumbers();
  scroll_pending_ = !isVisible();
  if (!scroll_pending_) scrollToMarked();
}

void CodePane::setStyle(const TextStyle& style) {
  style_ = style;
  setFont(style.code);
  document()->setDefaultFont(style.code);
  setTabStopDistance(4 * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
  QPalette colours = palette();
  colours.setColor(QPalette::Base, style.background);
  colours.setColor(QPalette::Text, style.text);
  setPalette(colours);
  highlighter_->setStyle(style);
  placeNumbers();
  showMarks();
}

void CodePane::scrollToMarked() {
  if (!marked_) return;
  QTextCursor cursor(document()->findBlockByNumber(marked_->first));
  setTextCursor(cursor);
  // A few lines above, so that one sees what the function belongs to.
  verticalScrollBar()->setValue(std::max(0, marked_->first - 3));
}

void CodePane::showFinds(const std::vector<QTextCursor>& found, int current) {
  finds_.clear();
  for (std::size_t i = 0; i < found.size(); ++i) {
    QTextEdit::ExtraSelection find;
    find.cursor = found[i];
    find.format.setBackground(int(i) == current ? style_.current_find : style_.other_find);
    finds_ << find;
  }
  showMarks();
  if (current < 0) return;
  QTextCursor cursor = found[std::size_t(current)];
  cursor.setPosition(cursor.selectionStart());
  setTextCursor(cursor);
  ensureCursorVisible();
}

void CodePane::showMarks() {
  QList<QTextEdit::ExtraSelection> selections;
  if (marked_) {
    for (int line = marked_->first; line <= marked_->last; ++line) {
      QTextEdit::ExtraSelection selection;
      selection.cursor = QTextCursor(document()->findBlockByNumber(line));
      selection.format.setBackground(style_.mark);
      selection.format.setProperty(QTextFormat::FullWidthSelection, true);
      selections << selection;
    }
  }
  setExtraSelections(selections + finds_);
}

int CodePane::numbersWidth() const {
  const int digits = std::max<int>(2, int(QString::number(blockCount()).size()));
  return fontMetrics().horizontalAdvance(QLatin1Char('9')) * digits + qRound(1.4 * style_.size);
}

void CodePane::placeNumbers() {
  setViewportMargins(numbersWidth(), 0, 0, 0);
  const QRect area = contentsRect();
  numbers_->setGeometry(area.left(), area.top(), numbersWidth(), area.height());
  numbers_->update();
}

void CodePane::paintNumbers(QPaintEvent* event) {
  QPainter painter(numbers_);
  painter.fillRect(event->rect(), style_.background);
  painter.setFont(style_.code);
  const int right = numbers_->width() - qRound(0.7 * style_.size);
  for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
    const QRectF line = blockBoundingGeometry(block).translated(contentOffset());
    if (line.top() > event->rect().bottom()) break;
    const int number = block.blockNumber();
    const bool is_marked = marked_ && number >= marked_->first && number <= marked_->last;
    if (is_marked) {
      painter.fillRect(QRectF(0, line.top(), numbers_->width(), line.height()), style_.mark);
      // A bar as well: the tint alone is faint on a projector.
      painter.fillRect(QRectF(0, line.top(), 3, line.height()), style_.link);
    }
    painter.setPen(is_marked ? style_.text : style_.muted);
    painter.drawText(QRectF(0, line.top(), right, line.height()), Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(number + 1));
  }
}

void CodePane::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  placeNumbers();
}

void CodePane::showEvent(QShowEvent* event) {
  QPlainTextEdit::showEvent(event);
  // A hidden pane has no lines laid out that it could scroll to; nor has one that is just shown.
  if (std::exchange(scroll_pending_, false))
    QMetaObject::invokeMethod(this, &CodePane::scrollToMarked, Qt::QueuedConnection);
}

void CodePane::wheelEvent(QWheelEvent* event) {
  if (event->modifiers() & Qt::ControlModifier)
    event->ignore();
  else
    QPlainTextEdit::wheelEvent(event);
}

}  // namespace viva

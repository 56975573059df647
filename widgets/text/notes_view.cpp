// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/notes_view.h"

#include <QAbstractTextDocumentLayout>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QImage>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QShortcut>
#include <QTextBlock>
#include <QTextFrame>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "lessons/core/words.h"
#include "widgets/text/find_bar.h"
#include "widgets/text/notes_accessible.h"
#include "widgets/text/readable_text.h"

namespace viva {

NotesBrowser::NotesBrowser(QWidget* parent) : QTextBrowser(parent) {
  setOpenLinks(false);
  setReadOnly(true);
  setUndoRedoEnabled(false);
  setFrameShape(QFrame::NoFrame);
  setWordWrapMode(QTextOption::WordWrap);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  // Arrows and Page Down scroll; F7 gives a caret to select with.
  setTextInteractionFlags(Qt::TextBrowserInteraction);
}

void NotesBrowser::setLongestLine(double width, double margin) {
  longest_line_ = width;
  margin_ = margin;
  fitPage();
}

void NotesBrowser::fitPage() {
  const double side = std::max(margin_, (viewport()->width() - longest_line_) / 2);
  QTextFrame* root = document()->rootFrame();
  QTextFrameFormat format = root->frameFormat();
  if (format.leftMargin() != side || format.topMargin() != margin_) {
    format.setLeftMargin(side);
    format.setRightMargin(side);
    format.setTopMargin(margin_);
    format.setBottomMargin(2 * margin_);
    root->setFrameFormat(format);
  }
  // Qt rounds the columns of a table up, which makes a page a pixel too wide.
  const bool too_wide = document()->size().width() > viewport()->width() + margin_ / 2;
  setHorizontalScrollBarPolicy(too_wide ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

QVariant NotesBrowser::loadResource(int, const QUrl&) { return {}; }

QMimeData* NotesBrowser::createMimeDataFromSelection() const {
  const QTextCursor cursor = textCursor();
  auto* data = new QMimeData;
  data->setText(readableText(*document(), cursor.selectionStart(), cursor.selectionEnd()).text);
  return data;
}

void NotesBrowser::resizeEvent(QResizeEvent* event) {
  QTextBrowser::resizeEvent(event);
  fitPage();
}

void NotesBrowser::wheelEvent(QWheelEvent* event) {
  // The window enlarges everything at once; Qt's own zoom would change only part of the text.
  if (event->modifiers() & Qt::ControlModifier)
    event->ignore();
  else
    QTextBrowser::wheelEvent(event);
}

NotesView::NotesView(QWidget* parent)
    : QWidget(parent),
      style_(Appearance{}),
      formulas_(std::make_shared<Formulas>()),
      browser_(new NotesBrowser(this)),
      find_bar_(new FindBar(this)) {
  installNotesAccessibility();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(browser_, 1);
  layout->addWidget(find_bar_);
  setFocusProxy(browser_);
  browser_->setContextMenuPolicy(Qt::NoContextMenu);

  connect(browser_, &QTextBrowser::anchorClicked, this, &NotesView::follow);
  connect(find_bar_, &FindBar::foundChanged, this, &NotesView::showFinds);
  connect(find_bar_, &FindBar::closed, browser_, [this] { browser_->setFocus(); });
  const auto shortcut = [this](QKeySequence keys, auto&& action) {
    connect(new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
            &QShortcut::activated, this, action);
  };
  shortcut(QKeySequence::Find, [this] { find(); });
  shortcut(QKeySequence::FindNext, [this] { find_bar_->next(); });
  shortcut(QKeySequence::FindPrevious, [this] { find_bar_->previous(); });
  shortcut(Qt::Key_F7, [this] {
    browser_->setTextInteractionFlags(browser_->textInteractionFlags() ^
                                      Qt::TextSelectableByKeyboard);
  });
  shortcut(Qt::ALT | Qt::Key_Down, [this] { goToHeading(currentHeading() + 1); });
  shortcut(Qt::ALT | Qt::Key_Up, [this] {
    const int current = currentHeading();
    const bool at_it = current >= 0 && topPosition() <= headings_[std::size_t(current)].position;
    goToHeading(at_it ? current - 1 : current);
  });
  rebuild();
}

NotesView::~NotesView() {
  // The browser must not outlive its document.
  delete browser_;
}

void NotesView::setDocument(const QString& markdown) {
  markdown_ = markdown;
  rebuild();
  browser_->verticalScrollBar()->setValue(0);
}

void NotesView::setAppearance(const Appearance& appearance) {
  if (appearance == appearance_) return;
  const int top = topPosition();
  appearance_ = appearance;
  rebuild();
  if (top > 0) goToPosition(top);
}

void NotesView::rebuild() {
  style_ = TextStyle(appearance_);
  QPalette palette = browser_->palette();
  palette.setColor(QPalette::Base, style_.background);
  palette.setColor(QPalette::Text, style_.text);
  browser_->setPalette(palette);
  browser_->setAccessibleName(
      QString::fromStdString(Words::in(appearance_.language)("text.notes")));

  std::unique_ptr<QTextDocument> document = makeNotesDocument(markdown_, style_, formulas_);
  headings_ = headingsOf(*document);
  find_bar_->setDocument(nullptr);
  browser_->setExtraSelections({});
  browser_->setDocument(document.get());
  document_ = std::move(document);
  browser_->setLongestLine(42 * style_.size, 1.4 * style_.size);
  find_bar_->setAppearance(appearance_);
  find_bar_->setDocument(document_.get());
}

int NotesView::topPosition() const {
  return browser_->cursorForPosition({browser_->viewport()->width() / 2, 1}).position();
}

int NotesView::currentHeading() const {
  // Below the page's upper margin counts as its top.
  const QAbstractTextDocumentLayout* layout = document_->documentLayout();
  const int top = browser_->verticalScrollBar()->value();
  int current = -1;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    const QTextBlock block = document_->findBlock(headings_[i].position);
    if (layout->blockBoundingRect(block).top() > top + 3 * style_.size) break;
    current = int(i);
  }
  return current;
}

void NotesView::goToPosition(int position) {
  const QTextBlock block =
      document_->findBlock(std::min(position, document_->characterCount() - 1));
  browser_->verticalScrollBar()->setValue(
      qRound(document_->documentLayout()->blockBoundingRect(block).top() - 0.4 * style_.size));
}

void NotesView::goToHeading(int number) {
  if (number < 0 || number >= int(headings_.size())) return;
  const HeadingPlace& heading = headings_[std::size_t(number)];
  QTextCursor cursor(document_.get());
  cursor.setPosition(heading.position);
  browser_->setTextCursor(cursor);
  goToPosition(heading.position);
}

void NotesView::find() { find_bar_->open(browser_->textCursor().selectedText(), topPosition()); }

void NotesView::showFinds() {
  QList<QTextEdit::ExtraSelection> marks;
  const auto& found = find_bar_->found();
  for (std::size_t i = 0; i < found.size(); ++i) {
    QTextEdit::ExtraSelection mark;
    mark.cursor = found[i];
    mark.format.setBackground(int(i) == find_bar_->current() ? style_.current_find
                                                             : style_.other_find);
    marks << mark;
  }
  browser_->setExtraSelections(marks);
  if (find_bar_->current() < 0) return;
  QTextCursor cursor = found[std::size_t(find_bar_->current())];
  cursor.setPosition(cursor.selectionStart());
  browser_->setTextCursor(cursor);
  browser_->ensureCursorVisible();
}

void NotesView::follow(const QUrl& url) {
  const QString link = url.toString();
  if (link.startsWith(QLatin1Char('#'))) {
    const QString anchor = url.fragment(QUrl::FullyDecoded);
    for (std::size_t i = 0; i < headings_.size(); ++i)
      if (headings_[i].anchor == anchor) goToHeading(int(i));
  } else if (url.scheme() == QLatin1String("preset") ||
             url.scheme() == QLatin1String("experiment") ||
             url.scheme() == QLatin1String("lesson")) {
    Q_EMIT linkActivated(link);
  } else if (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https")) {
    QDesktopServices::openUrl(url);
  }
}

void NotesView::contextMenuEvent(QContextMenuEvent* event) {
  const Words& words = Words::in(appearance_.language);
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  QMenu menu(this);
  QAction* copy = menu.addAction(word("text.copy"), browser_, &QTextEdit::copy);
  copy->setEnabled(browser_->textCursor().hasSelection());
  menu.addAction(word("text.select_all"), browser_, &QTextEdit::selectAll);
  menu.addAction(word("text.find"), this, &NotesView::find);
  if (!headings_.empty()) {
    QMenu* contents = menu.addMenu(word("text.contents"));
    for (std::size_t i = 0; i < headings_.size(); ++i)
      contents->addAction(
          QString(2 * (headings_[i].level - 1), QLatin1Char(' ')) + headings_[i].text, this,
          [this, i] { goToHeading(int(i)); });
  }
  menu.exec(event->globalPos());
}

QImage NotesView::image(int width, double device_pixel_ratio) {
  const std::unique_ptr<QTextDocument> page = makeNotesDocument(markdown_, style_, formulas_);
  QTextFrameFormat format = page->rootFrame()->frameFormat();
  const double side = std::max(1.4 * style_.size, (width - 42 * style_.size) / 2);
  format.setLeftMargin(side);
  format.setRightMargin(side);
  format.setTopMargin(1.4 * style_.size);
  format.setBottomMargin(1.4 * style_.size);
  page->rootFrame()->setFrameFormat(format);
  page->setTextWidth(width);
  const QSizeF size(width, page->size().height());
  QImage image((size * device_pixel_ratio).toSize(), QImage::Format_RGB32);
  image.setDevicePixelRatio(device_pixel_ratio);
  image.fill(style_.background);
  QPainter painter(&image);
  page->drawContents(&painter);
  return image;
}

}  // namespace viva

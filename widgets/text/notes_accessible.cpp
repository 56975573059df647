// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/notes_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <algorithm>

#include "widgets/text/notes_view.h"
#include "widgets/text/readable_text.h"

namespace viva {
namespace {

/// The notes as text in which a formula is as long as its TeX source. Offsets here are those of
/// that text; the browser's are those of the document.
class NotesAccessible : public QAccessibleWidget, public QAccessibleTextInterface {
 public:
  explicit NotesAccessible(NotesBrowser* browser)
      : QAccessibleWidget(browser, QAccessible::Document) {}

  void* interface_cast(QAccessible::InterfaceType type) override {
    if (type == QAccessible::TextInterface) return static_cast<QAccessibleTextInterface*>(this);
    return QAccessibleWidget::interface_cast(type);
  }
  QString text(QAccessible::Text type) const override {
    return type == QAccessible::Value ? spoken().text : QAccessibleWidget::text(type);
  }
  QAccessible::State state() const override {
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = true;
    state.multiLine = true;
    state.selectableText = true;
    return state;
  }

  void selection(int index, int* start, int* end) const override {
    *start = *end = 0;
    const QTextCursor cursor = browser()->textCursor();
    if (index != 0 || !cursor.hasSelection()) return;
    *start = toSpoken(cursor.selectionStart());
    *end = toSpoken(cursor.selectionEnd());
  }
  int selectionCount() const override { return browser()->textCursor().hasSelection() ? 1 : 0; }
  void addSelection(int start, int end) override { setSelection(0, start, end); }
  void removeSelection(int index) override {
    if (index == 0) setCursorPosition(cursorPosition());
  }
  void setSelection(int index, int start, int end) override {
    if (index != 0) return;
    QTextCursor cursor = browser()->textCursor();
    cursor.setPosition(toDocument(start));
    cursor.setPosition(toDocument(end), QTextCursor::KeepAnchor);
    browser()->setTextCursor(cursor);
  }
  int cursorPosition() const override { return toSpoken(browser()->textCursor().position()); }
  void setCursorPosition(int position) override {
    QTextCursor cursor = browser()->textCursor();
    cursor.setPosition(toDocument(position));
    browser()->setTextCursor(cursor);
  }
  QString text(int start, int end) const override {
    const QString all = spoken().text;
    return all.mid(start, std::max(0, end - start));
  }
  int characterCount() const override { return int(spoken().text.size()); }
  QRect characterRect(int offset) const override {
    QTextCursor cursor = browser()->textCursor();
    cursor.setPosition(toDocument(offset));
    const QRect rectangle = browser()->cursorRect(cursor);
    return {browser()->viewport()->mapToGlobal(rectangle.topLeft()), rectangle.size()};
  }
  int offsetAtPoint(const QPoint& point) const override {
    return toSpoken(
        browser()->cursorForPosition(browser()->viewport()->mapFromGlobal(point)).position());
  }
  void scrollToSubstring(int start, int) override {
    setCursorPosition(start);
    browser()->ensureCursorVisible();
  }
  QString attributes(int offset, int* start, int* end) const override {
    *start = offset;
    *end = characterCount();
    return {};
  }

 private:
  NotesBrowser* browser() const { return static_cast<NotesBrowser*>(widget()); }

  /// Read once per document: screen readers ask for every line.
  const ReadableText& spoken() const {
    const QTextDocument* document = browser()->document();
    const int edition = document->property(kEditionProperty).toInt();
    if (edition_ != edition) {
      edition_ = edition;
      spoken_ = readableText(*document, 0, document->characterCount() - 1);
    }
    return spoken_;
  }
  int toSpoken(int position) const {
    const std::vector<int>& starts = spoken().starts;
    return starts[std::size_t(std::clamp(position, 0, int(starts.size()) - 1))];
  }
  int toDocument(int offset) const {
    const std::vector<int>& starts = spoken().starts;
    const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
    return std::max(0, int(after - starts.begin()) - 1);
  }

  mutable int edition_ = -1;
  mutable ReadableText spoken_;
};

QAccessibleInterface* makeNotesAccessible(const QString&, QObject* object) {
  if (auto* browser = qobject_cast<NotesBrowser*>(object)) return new NotesAccessible(browser);
  return nullptr;
}

}  // namespace

void installNotesAccessibility() {
  static const bool installed = [] {
    QAccessible::installFactory(makeNotesAccessible);
    return true;
  }();
  Q_UNUSED(installed);
}

}  // namespace viva

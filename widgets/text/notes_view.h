// SPDX-License-Identifier: GPL-3.0-or-later
// The notes of a lesson, to read.
#pragma once

#include <QTextBrowser>
#include <QWidget>
#include <memory>

#include "widgets/text/notes_document.h"
#include "widgets/text/text_style.h"

namespace viva {

class FindBar;

/// The page itself: a QTextBrowser that loads nothing and keeps its lines at a readable length.
class NotesBrowser : public QTextBrowser {
  Q_OBJECT

 public:
  explicit NotesBrowser(QWidget* parent = nullptr);

  /// Lines are at most this many device-independent pixels long; the page is centred.
  void setLongestLine(double width, double margin);
  /// Sets the side margins for the present width. Called by itself when the width changes.
  void fitPage();

  QVariant loadResource(int type, const QUrl& name) override;

 protected:
  QMimeData* createMimeDataFromSelection() const override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  double longest_line_ = 640, margin_ = 20;
};

/// Notes in Markdown with formulas: find (Ctrl+F), headings (Alt+Down, Alt+Up, the context menu),
/// links by mouse and keyboard (Tab, Enter), a caret to select with (F7).
class NotesView : public QWidget {
  Q_OBJECT

 public:
  explicit NotesView(QWidget* parent = nullptr);
  ~NotesView() override;

  /// Any text is accepted. Shows its beginning.
  void setDocument(const QString& markdown);
  /// Keeps the paragraph at the top of the page where it is.
  void setAppearance(const Appearance& appearance);

  const std::vector<HeadingPlace>& headings() const { return headings_; }
  /// The heading that the top of the page belongs to; -1 before the first.
  int currentHeading() const;
  void goToHeading(int number);
  /// Opens the line to search with.
  void find();

  NotesBrowser* browser() const { return browser_; }
  FindBar* findBar() const { return find_bar_; }
  /// The whole page, as wide as `width` device-independent pixels and as high as it needs.
  QImage image(int width, double device_pixel_ratio = 1);

 Q_SIGNALS:
  /// A link into the program was followed, as destinationOf reads it.
  void linkActivated(const QString& link);

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  void rebuild();
  void follow(const QUrl& url);
  void showFinds();
  void goToPosition(int position);
  int topPosition() const;

  QString markdown_;
  Appearance appearance_;
  TextStyle style_;
  std::shared_ptr<Formulas> formulas_;
  std::unique_ptr<QTextDocument> document_;
  std::vector<HeadingPlace> headings_;
  NotesBrowser* browser_;
  FindBar* find_bar_;
};

}  // namespace viva

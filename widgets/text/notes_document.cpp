// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/notes_document.h"

#include <QAbstractTextDocumentLayout>
#include <QTextBlock>
#include <QTextCursor>

#include "widgets/text/formula_object.h"
#include "widgets/text/markdown.h"
#include "widgets/text/readable_text.h"
#include "widgets/text/typesetter.h"

namespace viva {
bool isKnownLink(const QString& target) {
  for (const char* start : {"preset:", "experiment:", "lesson:", "http://", "https://", "#"})
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
    if (level <= 0) continue;
    const int start = block.position();
    headings.push_back({level, readableText(document, start, start + block.length() - 1).text,
                        anchorOf(block.text()), start});
  }
  return headings;
}

}  // namespace viva

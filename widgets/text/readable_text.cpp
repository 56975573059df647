// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/readable_text.h"

#include <QTextBlock>
#include <QTextTable>
#include <algorithm>

#include "widgets/text/formula_object.h"

namespace viva {
namespace {

// Characters that QTextDocument keeps between blocks, at the start of each cell and behind the
// last.
constexpr char16_t kBeginningOfFrame = 0xFDD0;
constexpr char16_t kEndOfFrame = 0xFDD1;

QString wordsAt(QTextDocument& document, int position) {
  const char16_t character = document.characterAt(position).unicode();
  switch (character) {
    case QChar::ObjectReplacementCharacter: {
      QTextCursor cursor(&document);
      cursor.setPosition(position + 1);  // a cursor has the format of the character before it
      const QString formula = formulaText(cursor.charFormat());
      return formula.isEmpty() ? QString(QChar(character)) : formula;
    }
    case kBeginningOfFrame: {
      QTextCursor cursor(&document);
      cursor.setPosition(position + 1);
      const QTextTable* table = cursor.currentTable();
      const bool first = !table || table->cellAt(cursor).column() == 0;
      return first ? QStringLiteral("\n") : QStringLiteral("\t");
    }
    case QChar::ParagraphSeparator:
    case QChar::LineSeparator:
    case kEndOfFrame:
      return QStringLiteral("\n");
    case 0x200B:
      return {};
    case QChar::Nbsp:
      return QStringLiteral(" ");
    default:
      return QString(QChar(character));
  }
}

}  // namespace

ReadableText readableText(const QTextDocument& document, int start, int end) {
  // Cursors need a document that could be changed; nothing here changes it.
  auto& reachable = const_cast<QTextDocument&>(document);
  ReadableText result;
  start = std::clamp(start, 0, document.characterCount());
  end = std::clamp(end, start, document.characterCount());
  result.starts.reserve(std::size_t(end - start) + 1);
  for (int position = start; position < end; ++position) {
    result.starts.push_back(int(result.text.size()));
    result.text += wordsAt(reachable, position);
  }
  result.starts.push_back(int(result.text.size()));
  return result;
}

}  // namespace viva

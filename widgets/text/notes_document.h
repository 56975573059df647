// SPDX-License-Identifier: GPL-3.0-or-later
// A text document typeset from Markdown.
#pragma once

#include <QTextDocument>
#include <memory>

#include "widgets/text/formulas.h"
#include "widgets/text/text_style.h"

namespace viva {

/// A heading of a document, for navigation.
struct HeadingPlace {
  int level = 1;
  QString text;
  QString anchor;
  int position = 0;  ///< character position in the document
};

/// A property of every document made here: a number that no other has (an address may come back).
inline constexpr const char* kEditionProperty = "viva_edition";

/// Typesets `markdown` into a new document. Loads nothing but pictures of formulas; a formula
/// without a picture stands as its TeX source. Links with a scheme other than `preset`,
/// `experiment`, `http`, `https` or a leading `#` are plain text.
std::unique_ptr<QTextDocument> makeNotesDocument(const QString& markdown, const TextStyle& style,
                                                 std::shared_ptr<Formulas> formulas);

std::vector<HeadingPlace> headingsOf(const QTextDocument& document);

/// Whether a link may be followed: see makeNotesDocument.
bool isKnownLink(const QString& target);

}  // namespace viva

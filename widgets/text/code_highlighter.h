// SPDX-License-Identifier: GPL-3.0-or-later
// Colours for C++ and Python source text.
#pragma once

#include <QStringView>
#include <QSyntaxHighlighter>
#include <QTextCharFormat>
#include <map>
#include <vector>

#include "widgets/text/text_style.h"

namespace viva {

enum class CodeLanguage { None, Cpp, Python };
/// By the end of the file's name.
CodeLanguage codeLanguageOf(const QString& file_name);

enum class CodeWord { Keyword, Type, String, Number, Comment, Call, Directive };

struct CodeToken {
  int start = 0, length = 0;
  CodeWord word;
};

/// What a line is still inside of when it ends.
enum CodeState { kPlainCode, kBlockComment, kRawString, kTripleSingle, kTripleDouble };

/// The coloured parts of one line, in order. `state` is that of the line before, and becomes this
/// line's.
std::vector<CodeToken> codeTokens(QStringView line, CodeLanguage language, CodeState& state);

/// How a word of this kind looks; only what differs from plain code.
QTextCharFormat codeFormat(CodeWord word, const TextStyle& style);

class CodeHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  CodeHighlighter(QTextDocument* document, CodeLanguage language);
  void setLanguage(CodeLanguage language);
  void setStyle(const TextStyle& style);

 protected:
  void highlightBlock(const QString& text) override;

 private:
  CodeLanguage language_;
  std::map<CodeWord, QTextCharFormat> formats_;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/code_highlighter.h"

#include <QSet>

namespace viva {
namespace {

const QSet<QString>& keywords(CodeLanguage language) {
  static const QSet<QString> cpp = {
      "alignas",  "auto",      "break",         "case",         "catch",      "class",
      "concept",  "const",     "constexpr",     "continue",     "decltype",   "default",
      "delete",   "do",        "else",          "enum",         "explicit",   "extern",
      "false",    "final",     "for",           "friend",       "if",         "inline",
      "mutable",  "namespace", "new",           "noexcept",     "nullptr",    "operator",
      "override", "private",   "protected",     "public",       "requires",   "return",
      "sizeof",   "static",    "static_assert", "struct",       "switch",     "template",
      "this",     "throw",     "true",          "try",          "typename",   "union",
      "using",    "virtual",   "void",          "volatile",     "while",      "co_return",
      "co_await", "co_yield",  "static_cast",   "dynamic_cast", "const_cast", "reinterpret_cast"};
  static const QSet<QString> python = {
      "and",  "as",     "assert", "async",  "await",  "break",   "class",    "continue", "def",
      "del",  "elif",   "else",   "except", "False",  "finally", "for",      "from",     "global",
      "if",   "import", "in",     "is",     "lambda", "None",    "nonlocal", "not",      "or",
      "pass", "raise",  "return", "True",   "try",    "while",   "with",     "yield",    "self"};
  return language == CodeLanguage::Python ? python : cpp;
}

const QSet<QString>& types(CodeLanguage language) {
  static const QSet<QString> cpp = {"bool",     "char",        "double",     "float",    "int",
                                    "long",     "short",       "signed",     "unsigned", "size_t",
                                    "string",   "string_view", "vector",     "map",      "array",
                                    "optional", "unique_ptr",  "shared_ptr", "int64_t",  "uint64_t",
                                    "Tensor",   "pair",        "function",   "variant",  "span"};
  static const QSet<QString> python = {"bool", "dict", "float", "int",   "list",
                                       "set",  "str",  "tuple", "bytes", "Tensor"};
  return language == CodeLanguage::Python ? python : cpp;
}

bool isWordStart(QChar c) { return c.isLetter() || c == QLatin1Char('_'); }
bool isWordPart(QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_'); }

class Scanner {
 public:
  Scanner(QStringView line, CodeLanguage language, CodeState& state)
      : line_(line), language_(language), state_(state) {}

  std::vector<CodeToken> scan() {
    if (state_ != kPlainCode) leave(0);
    while (at_ < line_.size()) one();
    return std::move(tokens_);
  }

 private:
  QChar peek(qsizetype ahead = 0) const {
    return at_ + ahead < line_.size() ? line_[at_ + ahead] : QChar();
  }
  bool follows(QLatin1String text) const { return line_.mid(at_).startsWith(text); }
  void add(qsizetype start, CodeWord word) {
    if (at_ > start) tokens_.push_back({int(start), int(at_ - start), word});
  }

  /// To the end of what `state_` is inside of, or of the line. The token begins at `start`.
  void leave(qsizetype start) {
    const QLatin1String end = state_ == kBlockComment   ? QLatin1String("*/")
                              : state_ == kRawString    ? QLatin1String(")\"")
                              : state_ == kTripleSingle ? QLatin1String("'''")
                                                        : QLatin1String("\"\"\"");
    const CodeWord word = state_ == kBlockComment ? CodeWord::Comment : CodeWord::String;
    const qsizetype found = line_.indexOf(end, at_);
    if (found < 0) {
      at_ = line_.size();
    } else {
      at_ = found + end.size();
      state_ = kPlainCode;
    }
    add(start, word);
  }

  void enter(CodeState state, qsizetype opening) {
    const qsizetype start = at_;
    at_ += opening;
    state_ = state;
    leave(start);
  }

  void toEnd(CodeWord word) {
    const qsizetype start = at_;
    at_ = line_.size();
    add(start, word);
  }

  void quoted(QChar quote) {
    const qsizetype start = at_++;
    while (at_ < line_.size() && line_[at_] != quote)
      at_ += line_[at_] == QLatin1Char('\\') ? 2 : 1;
    at_ = std::min(at_ + 1, line_.size());
    add(start, CodeWord::String);
  }

  void number() {
    const qsizetype start = at_;
    while (at_ < line_.size()) {
      const QChar c = line_[at_];
      const QChar before = at_ > start ? line_[at_ - 1].toLower() : QChar();
      const bool sign =
          (c == QLatin1Char('-') || c == QLatin1Char('+')) && before == QLatin1Char('e');
      if (!c.isLetterOrNumber() && c != QLatin1Char('.') && c != QLatin1Char('\'') && !sign) break;
      ++at_;
    }
    add(start, CodeWord::Number);
  }

  void word() {
    const qsizetype start = at_;
    while (at_ < line_.size() && isWordPart(line_[at_])) ++at_;
    const QString text = line_.mid(start, at_ - start).toString();
    if (keywords(language_).contains(text))
      add(start, CodeWord::Keyword);
    else if (types(language_).contains(text))
      add(start, CodeWord::Type);
    else if (peek() == QLatin1Char('('))
      add(start, CodeWord::Call);
    else if (language_ == CodeLanguage::Cpp && text[0].isUpper())
      add(start, CodeWord::Type);
  }

  void one() {
    const QChar c = peek();
    if (language_ == CodeLanguage::Cpp) {
      if (follows(QLatin1String("//"))) return toEnd(CodeWord::Comment);
      if (follows(QLatin1String("/*"))) return enter(kBlockComment, 2);
      if (follows(QLatin1String("R\"("))) return enter(kRawString, 3);
      if (c == QLatin1Char('#') && line_.left(at_).trimmed().isEmpty())
        return toEnd(CodeWord::Directive);
    } else {
      if (c == QLatin1Char('#')) return toEnd(CodeWord::Comment);
      if (follows(QLatin1String("'''"))) return enter(kTripleSingle, 3);
      if (follows(QLatin1String("\"\"\""))) return enter(kTripleDouble, 3);
      if (c == QLatin1Char('@') && line_.left(at_).trimmed().isEmpty())
        return toEnd(CodeWord::Directive);
    }
    if (c == QLatin1Char('"') || c == QLatin1Char('\'')) return quoted(c);
    if (c.isDigit() || (c == QLatin1Char('.') && peek(1).isDigit())) return number();
    if (isWordStart(c)) return word();
    ++at_;
  }

  QStringView line_;
  CodeLanguage language_;
  CodeState& state_;
  qsizetype at_ = 0;
  std::vector<CodeToken> tokens_;
};

}  // namespace

CodeLanguage codeLanguageOf(const QString& file_name) {
  if (file_name.endsWith(QLatin1String(".py"))) return CodeLanguage::Python;
  for (const char* end : {".cpp", ".h", ".cc", ".hpp", ".cu"})
    if (file_name.endsWith(QLatin1String(end))) return CodeLanguage::Cpp;
  return CodeLanguage::None;
}

std::vector<CodeToken> codeTokens(QStringView line, CodeLanguage language, CodeState& state) {
  if (language == CodeLanguage::None) return {};
  return Scanner(line, language, state).scan();
}

CodeHighlighter::CodeHighlighter(QTextDocument* document, CodeLanguage language)
    : QSyntaxHighlighter(document), language_(language) {}

void CodeHighlighter::setLanguage(CodeLanguage language) {
  language_ = language;
  rehighlight();
}

QTextCharFormat codeFormat(CodeWord word, const TextStyle& style) {
  QTextCharFormat format;
  switch (word) {
    case CodeWord::Keyword:
      format.setForeground(style.keyword);
      format.setFontWeight(QFont::DemiBold);  // not by colour alone
      break;
    case CodeWord::Type:
      format.setForeground(style.type);
      break;
    case CodeWord::String:
      format.setForeground(style.string);
      break;
    case CodeWord::Number:
      format.setForeground(style.number);
      break;
    case CodeWord::Comment:
      format.setForeground(style.comment);
      format.setFontItalic(true);
      break;
    case CodeWord::Call:
      format.setForeground(style.call);
      break;
    case CodeWord::Directive:
      format.setForeground(style.comment);
      break;
  }
  return format;
}

void CodeHighlighter::setStyle(const TextStyle& style) {
  for (const CodeWord word : {CodeWord::Keyword, CodeWord::Type, CodeWord::String, CodeWord::Number,
                              CodeWord::Comment, CodeWord::Call, CodeWord::Directive})
    formats_[word] = codeFormat(word, style);
  rehighlight();
}

void CodeHighlighter::highlightBlock(const QString& text) {
  CodeState state = previousBlockState() < 0 ? kPlainCode : CodeState(previousBlockState());
  for (const CodeToken& token : codeTokens(text, language_, state))
    setFormat(token.start, token.length, formats_[token.word]);
  setCurrentBlockState(state);
}

}  // namespace viva

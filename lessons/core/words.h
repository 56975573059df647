// SPDX-License-Identifier: GPL-3.0-or-later
// The one table that puts keys into English or Chinese, for the window and the command line.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/core/message.h"

namespace viva {

enum class Language { English, Chinese };
std::string_view codeOf(Language language);  ///< `en`, `zh_CN`
/// `en`, `zh_CN`, `zh`, `en_GB.UTF-8`; English for anything else.
Language languageFromCode(std::string_view code);

/// The words of one language: resources/i18n/*.<code>.json and
/// resources/lessons/*/words.<code>.json, compiled in. Every word has the same key and the same
/// placeholders in each language (a test).
class Words {
 public:
  static const Words& in(Language language);

  Language language() const { return language_; }
  bool has(std::string_view key) const { return words_.find(key) != words_.end(); }
  /// The word, or the key itself when there is none.
  std::string operator()(std::string_view key) const;
  std::string operator()(const Message& message) const;  ///< `{n|step|steps}` chooses by n
  std::string label(const Label& label) const;

  /// Words that belong to an experiment, with what is common to all as the fallback:
  /// `<experiment>.<kind>.<id>`, then `<kind>.<id>`, then `id`.
  std::string of(std::string_view experiment, std::string_view kind, std::string_view id) const;
  bool has(std::string_view experiment, std::string_view kind, std::string_view id) const;
  /// The key of the word that `of` finds.
  std::string keyOf(std::string_view experiment, std::string_view kind, std::string_view id) const;

  const std::vector<std::string>& keys() const { return keys_; }

 private:
  explicit Words(Language language);
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  Language language_;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> words_;
  std::vector<std::string> keys_;
};

/// What the words of a record are made of. `adam/f` is the record `f` of the curve `adam`;
/// `a/grad_norm/layer_07` is the part `layer`, number 7, of the record `grad_norm` of the curve `a`
/// (the word `part.layer` has a placeholder `{number}`). `alignment/1.0` is the record `alignment`
/// of the curve `1.0`, a head, which the word `curve.head` calls by its name. A name that
/// `has_word` of its own stands for itself.
struct RecordName {
  std::string curve, quantity, part;  ///< empty: none
  std::int64_t number = 0;
};
RecordName partsOf(const std::string& record,
                   const std::function<bool(const std::string& name)>& has_word);

}  // namespace viva

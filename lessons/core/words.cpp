// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/words.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "lessons/core/number_text.h"

namespace viva {

std::vector<std::pair<std::string_view, std::string_view>> embeddedWords();

namespace {

/// `1.0`: a head of a transformer, of which there are too many for a word each.
bool isHead(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == id.size()) return false;
  return id.find_first_not_of("0123456789.") == std::string_view::npos &&
         id.find('.', dot + 1) == std::string_view::npos;
}

const std::string kHeadKey = "curve.head";

}  // namespace

std::string_view codeOf(Language language) {
  return language == Language::Chinese ? "zh_CN" : "en";
}

Language languageFromCode(std::string_view code) {
  return code.starts_with("zh") ? Language::Chinese : Language::English;
}

RecordName partsOf(const std::string& record,
                   const std::function<bool(const std::string& name)>& has_word) {
  RecordName name{"", record, "", 0};
  if (has_word(record)) return name;
  if (const std::size_t slash = record.find('/'); slash != std::string::npos) {
    name.curve = record.substr(0, slash);
    name.quantity = record.substr(slash + 1);
    if (isHead(name.quantity)) {
      std::swap(name.curve, name.quantity);
      return name;
    }
  }
  if (has_word(name.quantity)) return name;
  const std::size_t slash = name.quantity.rfind('/'), underscore = name.quantity.rfind('_');
  if (slash == std::string::npos || underscore == std::string::npos || underscore < slash)
    return name;
  const std::string digits = name.quantity.substr(underscore + 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return name;
  name.part = name.quantity.substr(slash + 1, underscore - slash - 1);
  name.number = std::stoll(digits);
  name.quantity.resize(slash);
  return name;
}

Words::Words(Language language) : language_(language) {
  const std::string ending = "." + std::string(codeOf(language)) + ".json";
  for (const auto& [name, content] : embeddedWords()) {
    if (!name.ends_with(ending)) continue;
    const nlohmann::json table = nlohmann::json::parse(content);  // items() does not own it
    for (const auto& [key, word] : table.items()) {
      words_.emplace(key, word.get<std::string>());
      keys_.push_back(key);
    }
  }
  std::sort(keys_.begin(), keys_.end());
}

const Words& Words::in(Language language) {
  if (language == Language::Chinese) {
    static const Words chinese{Language::Chinese};
    return chinese;
  }
  static const Words english{Language::English};
  return english;
}

std::string Words::operator()(std::string_view key) const {
  auto place = words_.find(key);
  // A word of an experiment (`lstm-gates.curve.rnn`) may be one that all have (`curve.rnn`).
  if (place == words_.end())
    if (const std::size_t dot = key.find('.'); dot != std::string_view::npos)
      place = words_.find(key.substr(dot + 1));
  return place == words_.end() ? std::string(key) : place->second;
}

std::string Words::operator()(const Message& message) const {
  struct Format {
    const Words& words;
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(double number) const { return readableNumber(number); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(const Word& word) const { return words(word.key); }
  };
  struct IsOne {
    bool operator()(std::int64_t number) const { return number == 1; }
    bool operator()(double number) const { return number == 1; }
    bool operator()(const std::string&) const { return false; }
    bool operator()(const Word&) const { return false; }
  };
  const std::string pattern = (*this)(message.key);
  const auto argumentOf = [&](std::string_view name) {
    return std::find_if(message.arguments.begin(), message.arguments.end(),
                        [&](const auto& candidate) { return candidate.first == name; });
  };
  std::string sentence;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t open = pattern.find('{', at);
    const std::size_t close = open == std::string::npos ? open : pattern.find('}', open);
    if (close == std::string::npos) return sentence + pattern.substr(at);
    sentence += pattern.substr(at, open - at);
    const std::string name = pattern.substr(open + 1, close - open - 1);
    const std::size_t one = name.find('|'), many = name.find('|', one + 1);
    const auto argument = argumentOf(std::string_view(name).substr(0, one));
    if (argument == message.arguments.end())
      sentence += pattern.substr(open, close - open + 1);
    else if (many == std::string::npos)
      sentence += std::visit(Format{*this}, argument->second);
    else
      sentence += std::visit(IsOne{}, argument->second) ? name.substr(one + 1, many - one - 1)
                                                        : name.substr(many + 1);
    at = close + 1;
  }
  return sentence;
}

std::string Words::label(const Label& label) const {
  if (const auto* word = std::get_if<Word>(&label)) return (*this)(word->key);
  return std::get<std::string>(label);
}

std::string Words::of(std::string_view experiment, std::string_view kind,
                      std::string_view id) const {
  const auto place = words_.find(keyOf(experiment, kind, id));
  if (place != words_.end()) return place->second;
  if (kind == "curve" && isHead(id)) return (*this)(Message{kHeadKey, {{"head", std::string(id)}}});
  return std::string(id);
}

std::string Words::keyOf(std::string_view experiment, std::string_view kind,
                         std::string_view id) const {
  const std::string common = std::string(kind) + "." + std::string(id);
  const std::string own = std::string(experiment) + "." + common;
  return has(own) ? own : common;
}

bool Words::has(std::string_view experiment, std::string_view kind, std::string_view id) const {
  const std::string common = std::string(kind) + "." + std::string(id);
  return has(std::string(experiment) + "." + common) || has(common) ||
         (kind == "curve" && isHead(id));
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// Messages as no well-meaning client sends them, the same ones each time.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace viva::fakes {

/// Makes one message of `good` ones: too long, too deep, no UTF-8, of wrong types, of unknown
/// methods, cut off, two in one.
class Mutator {
 public:
  Mutator(std::vector<std::string> good, std::uint64_t seed)
      : good_(std::move(good)), engine_(seed) {}

  std::string next() {
    std::string text = good_[below(good_.size())];
    const std::size_t changes = 1 + below(3);
    for (std::size_t i = 0; i < changes && !text.empty(); ++i) change(text);
    for (char& c : text)
      if (c == '\n') c = ' ';  // a message is a line
    return text;
  }

 private:
  std::size_t below(std::size_t count) { return engine_() % count; }
  std::size_t place(const std::string& text) { return below(text.size() + 1); }

  void change(std::string& text) {
    static const std::vector<std::string> broken{
        "\xff", "\xc0\xaf", "\xed\xa0\x80", "\x80", "\xf8\x88", "\xf4\x90\x80\x80", {'\0'}, "\x01"};
    static const std::vector<std::string> values{"null",
                                                 "true",
                                                 "-1",
                                                 "0",
                                                 "1.5",
                                                 "1e999",
                                                 "99999999999999999999",
                                                 "-9223372036854775808",
                                                 "18446744073709551615",
                                                 "\"\"",
                                                 "[]",
                                                 "{}",
                                                 "[[]]",
                                                 "\"\\ud800\"",
                                                 "\"\\u0000\"",
                                                 "NaN"};
    static const std::vector<std::string> methods{"tools/list",
                                                  "tools/call",
                                                  "tools/register",
                                                  "initialize",
                                                  "ping",
                                                  "server/discover",
                                                  "resources/read",
                                                  "prompts/get",
                                                  "completion/complete",
                                                  "notifications/cancelled",
                                                  "notifications/initialized",
                                                  "rpc.discover",
                                                  "",
                                                  "../../etc/passwd"};
    switch (below(13)) {
      case 0:  // cut off
        text.resize(place(text));
        break;
      case 1:  // a byte
        if (!text.empty()) text[below(text.size())] = static_cast<char>(below(256));
        break;
      case 2:  // broken UTF-8
        text.insert(place(text), broken[below(broken.size())]);
        break;
      case 3:  // a piece again
        if (!text.empty()) {
          const std::size_t from = below(text.size());
          text.insert(place(text), text.substr(from, below(40)));
        }
        break;
      case 4:  // a piece less
        if (!text.empty()) text.erase(below(text.size()), 1 + below(12));
        break;
      case 5:  // deep
        text.insert(place(text), std::string(1 + below(below(20) == 0 ? 200'000 : 100),
                                             below(2) == 0 ? '[' : '{'));
        break;
      case 6:  // long
        if (below(8) == 0)
          text.insert(place(text), std::string(below(1'300'000), 'x'));
        else
          text.insert(place(text), std::string(below(3'000), "x\"\\ "[below(4)]));
        break;
      case 7:
      case 8:
      case 9:  // another value
        replaceValue(text, values[below(values.size())]);
        break;
      case 10:  // another method
        replaceAfter(text, "\"method\":", "\"" + methods[below(methods.size())] + "\"");
        break;
      case 11:  // two in one, a batch
        text = below(2) == 0 ? text + good_[below(good_.size())]
                             : "[" + text + "," + good_[below(good_.size())] + "]";
        break;
      default:  // no id, another id
        if (below(2) == 0)
          replaceAfter(text, "\"id\":", values[below(values.size())]);
        else
          replaceAfter(text, "\"id\"", "");
    }
  }

  /// What stands behind a colon, to the next comma or brace.
  void replaceValue(std::string& text, const std::string& value) {
    std::vector<std::size_t> colons;
    for (std::size_t at = text.find(':'); at != std::string::npos; at = text.find(':', at + 1))
      colons.push_back(at + 1);
    if (colons.empty()) return;
    replaceFrom(text, colons[below(colons.size())], value);
  }
  static void replaceAfter(std::string& text, const std::string& key, const std::string& value) {
    const std::size_t at = text.find(key);
    if (at != std::string::npos) replaceFrom(text, at + key.size(), value);
  }
  static void replaceFrom(std::string& text, std::size_t from, const std::string& value) {
    const std::size_t end = text.find_first_of(",}", from);
    text.replace(from, end == std::string::npos ? std::string::npos : end - from, value);
  }

  std::vector<std::string> good_;
  std::mt19937_64 engine_;
};

}  // namespace viva::fakes

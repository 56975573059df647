// SPDX-License-Identifier: GPL-3.0-or-later
// Which tokens may come next, where the text has to become JSON, or a call that fits the schema of
// a tool; without LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viva {

enum class Constraint { Free, Json, Schema };

/// A text that may yet become JSON (RFC 8259, without blanks, escapes and fractions), read
/// character by character.
class JsonPrefix {
 public:
  /// False where no JSON begins so; then it is of no use any more.
  bool add(std::string_view text);
  /// A number may go on and be whole as it is.
  bool isComplete() const {
    return where_ == Where::Over || (where_ == Where::Number && open_.empty());
  }

 private:
  enum class Where { Value, Key, FirstKey, Name, Colon, Text, Number, After, Over };
  bool add(char c);
  bool begin(char c);
  bool after(char c);
  void end() { where_ = open_.empty() ? Where::Over : Where::After; }

  Where where_ = Where::Value;
  std::string open_;  ///< brackets that are open
  std::string number_;
};

/// What has been written so far, under a constraint.
class CallWriting {
 public:
  explicit CallWriting(Constraint constraint) : constraint_(constraint) {}
  /// For every token whether it may be next; after the end, only the padding.
  std::vector<bool> allowed() const;
  void add(std::int64_t token);
  bool isOver() const { return is_over_; }
  const std::vector<std::int64_t>& tokens() const { return tokens_; }

 private:
  Constraint constraint_;
  std::vector<std::int64_t> tokens_;
  JsonPrefix json_;
  bool is_over_ = false;
};

/// The tokens that can follow `prefix` in some call that fits the schema of a tool, members in the
/// order of the schema, kEndToken behind a whole one.
std::vector<std::int64_t> nextInACall(const std::vector<std::int64_t>& prefix);

}  // namespace viva

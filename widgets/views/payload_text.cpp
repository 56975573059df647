// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/payload_text.h"

#include <QStringList>
#include <nlohmann/json.hpp>
#include <utility>

namespace viva {
namespace {

using Kind = PayloadSpan::Kind;
using Json = nlohmann::json;

constexpr std::size_t kDeepest = 100;  // deeper than that it is shown as plain text
constexpr int kInlineLetters = 64;     // short lists and objects stay on one line

struct Node {
  enum class Shape { Scalar, Object, List };
  Shape shape = Shape::Scalar;
  QString key;  ///< quoted
  PayloadSpan scalar;
  std::vector<Node> children;
};

QString asJson(const std::string& text) {
  return QString::fromStdString(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Builds the nodes in the order of the text; numbers stay as they were written.
class Reader : public nlohmann::json_sax<Json> {
 public:
  Node take() { return std::move(root_.children.front()); }

  bool null() override { return add({Kind::Literal, QStringLiteral("null")}); }
  bool boolean(bool value) override {
    return add({Kind::Literal, value ? QStringLiteral("true") : QStringLiteral("false")});
  }
  bool number_integer(std::int64_t value) override {
    return add({Kind::Number, QString::number(value)});
  }
  bool number_unsigned(std::uint64_t value) override {
    return add({Kind::Number, QString::number(value)});
  }
  bool number_float(double, const std::string& text) override {
    return add({Kind::Number, QString::fromStdString(text)});
  }
  bool string(std::string& value) override { return add({Kind::String, asJson(value)}); }
  bool binary(Json::binary_t&) override { return false; }
  bool key(std::string& value) override {
    key_ = asJson(value);
    return true;
  }
  bool start_object(std::size_t) override { return open(Node::Shape::Object); }
  bool start_array(std::size_t) override { return open(Node::Shape::List); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  Node& place() {
    Node* node = &root_;
    for (std::size_t i = 0; i < depth_; ++i) node = &node->children.back();
    return *node;
  }
  bool add(PayloadSpan scalar) {
    place().children.push_back(
        {Node::Shape::Scalar, std::exchange(key_, {}), std::move(scalar), {}});
    return true;
  }
  bool open(Node::Shape shape) {
    place().children.push_back({shape, std::exchange(key_, {}), {}, {}});
    return ++depth_ <= kDeepest;
  }
  bool close() {
    --depth_;
    return true;
  }

  Node root_;
  std::size_t depth_ = 0;
  QString key_;
};

class Printer {
 public:
  explicit Printer(const PayloadFold& fold) : fold_(fold) { text_.is_json = true; }

  PayloadText print(const Node& root) {
    text_.lines.emplace_back();
    value(root, 0, 0, false);
    return std::move(text_);
  }

 private:
  void span(Kind kind, const QString& text) { text_.lines.back().spans.push_back({kind, text}); }

  PayloadSpan shortened(const PayloadSpan& scalar) {
    if (scalar.text.size() <= fold_.letters) return scalar;
    text_.is_folded = true;
    return {scalar.kind, scalar.text.left(fold_.letters) + QStringLiteral("…\"")};
  }

  /// Everything on one line, if it is short and not nested.
  static bool isShort(const Node& node) {
    qsizetype letters = 0;
    for (const Node& child : node.children) {
      if (child.shape != Node::Shape::Scalar) return false;
      letters += child.key.size() + child.scalar.text.size() + 4;
    }
    return letters <= kInlineLetters;
  }

  void entry(const Node& child, int depth, int indent, bool inlined) {
    if (!child.key.isEmpty()) {
      span(Kind::Key, child.key);
      span(Kind::Plain, QStringLiteral(": "));
    }
    value(child, depth, indent, inlined);
  }

  void value(const Node& node, int depth, int indent, bool inlined) {
    if (node.shape == Node::Shape::Scalar) {
      text_.lines.back().spans.push_back(shortened(node.scalar));
      return;
    }
    const bool is_object = node.shape == Node::Shape::Object;
    const QString open = is_object ? QStringLiteral("{") : QStringLiteral("[");
    const QString end = is_object ? QStringLiteral("}") : QStringLiteral("]");
    if (node.children.empty()) return span(Kind::Plain, open + end);
    if (depth >= fold_.depth && !isShort(node)) {
      text_.is_folded = true;
      return span(Kind::Fold,
                  QStringLiteral("%1 … %2 %3").arg(open).arg(node.children.size()).arg(end));
    }
    inlined = inlined || isShort(node);
    span(Kind::Plain, open);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (!inlined) text_.lines.push_back({indent + 1, {}});
      entry(node.children[i], depth + 1, indent + 1, inlined);
      if (i + 1 < node.children.size())
        span(Kind::Plain, inlined ? QStringLiteral(", ") : QStringLiteral(","));
    }
    if (!inlined) text_.lines.push_back({indent, {}});
    span(Kind::Plain, end);
  }

  PayloadFold fold_;
  PayloadText text_;
};

PayloadText plain(const std::string& payload, const PayloadFold& fold) {
  PayloadText text;
  for (QString line : QString::fromStdString(payload).split(u'\n')) {
    line.replace(u'\t', QStringLiteral("    ")).remove(u'\r');
    if (line.size() > fold.letters) {
      line = line.left(fold.letters) + QStringLiteral("…");
      text.is_folded = true;
    }
    text.lines.push_back({0, {{Kind::Plain, line}}});
  }
  return text;
}

}  // namespace

QString PayloadLine::text() const {
  QString whole;
  for (const PayloadSpan& span : spans) whole += span.text;
  return whole;
}

PayloadText payloadText(const std::string& payload, const PayloadFold& fold) {
  Reader reader;
  PayloadText text =
      Json::sax_parse(payload, &reader) ? Printer(fold).print(reader.take()) : plain(payload, fold);
  // One more line says how many there are, so it must hide more than itself.
  if (static_cast<int>(text.lines.size()) > fold.lines + 1) {
    text.hidden_lines = static_cast<int>(text.lines.size()) - fold.lines;
    text.lines.resize(static_cast<std::size_t>(fold.lines));
    text.is_folded = true;
  }
  return text;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/architecture/layer_stack.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <map>
#include <optional>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr std::int64_t kLargestNumber = 1'000'000;
constexpr std::size_t kMostLayers = 100;

/// In lower case, with the signs that are typed; blanks around an arrow are dropped.
std::string plain(std::string_view text) {
  static const std::pair<std::string_view, std::string_view> signs[]{{"→", "->"}, {"×", "x"}};
  std::string typed;
  while (!text.empty()) {
    const auto sign = std::find_if(std::begin(signs), std::end(signs),
                                   [&](const auto& pair) { return text.starts_with(pair.first); });
    if (sign != std::end(signs)) {
      typed += sign->second;
      text.remove_prefix(sign->first.size());
      continue;
    }
    const auto c = static_cast<unsigned char>(text.front());
    typed += std::isspace(c) ? ' ' : static_cast<char>(std::tolower(c));
    text.remove_prefix(1);
  }
  std::string made;
  for (const char c : typed) {
    const bool after_arrow = made.ends_with("->") || made.empty();
    if (c == ' ' && after_arrow) continue;
    made += c;
    if (made.ends_with("->")) {
      std::size_t end = made.size() - 2;
      while (end > 0 && made[end - 1] == ' ') --end;
      made.resize(end);
      made += "->";
    }
  }
  while (made.ends_with(' ')) made.pop_back();
  return made;
}

std::vector<std::string> wordsOf(const std::string& text, char separator) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (separator == ' ') std::erase(words, "");
  return words;
}

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number >= 1 && number <= kLargestNumber ? std::optional(number) : std::nullopt;
}

std::vector<std::int64_t> numbersBetween(const std::string& text, std::string_view separator) {
  std::vector<std::int64_t> numbers;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(separator, begin);
    const auto number = positive(text.substr(begin, end - begin));
    if (!number) return {};
    numbers.push_back(*number);
    if (end == std::string::npos) return numbers;
    begin = end + separator.size();
  }
}

/// Reads the words of one layer behind its name.
class Words {
 public:
  Words(const std::string& text, std::size_t number, const std::string& form)
      : text_(text), number_(number), form_(form), words_(wordsOf(plain(text), ' ')) {}

  [[noreturn]] void refuse() const {
    throw RequestError({"error.stack.form",
                        {{"layer", static_cast<std::int64_t>(number_)},
                         {"text", text_},
                         {"form", form_},
                         {"most", kLargestNumber}}});
  }
  void arrow(std::int64_t& in, std::int64_t& out) {
    const auto ends = numbersBetween(next(), "->");
    if (ends.size() != 2) refuse();
    in = ends[0];
    out = ends[1];
  }
  void kernel(Layer& layer) {
    const auto sides = numbersBetween(next(), "x");
    if (sides.size() != 2) refuse();
    layer.kernel_height = sides[0];
    layer.kernel_width = sides[1];
  }
  void count(std::int64_t& number) {
    const auto read = positive(next());
    if (!read) refuse();
    number = *read;
  }
  void rate(double& rate) {
    const std::string word = next();
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), rate);
    if (error != std::errc() || end != word.data() + word.size() || !(rate >= 0 && rate < 1))
      refuse();
  }
  /// What may follow in any order, each once: a name with a number behind it or alone.
  void options(const std::map<std::string, std::int64_t*>& numbers,
               const std::map<std::string, bool*>& switches = {}) {
    std::vector<std::string> seen;
    while (at_ < words_.size()) {
      const std::string name = next();
      if (std::count(seen.begin(), seen.end(), name)) refuse();
      seen.push_back(name);
      if (const auto number = numbers.find(name); number != numbers.end()) {
        if (name == "pad" && at_ < words_.size() && words_[at_] == "0") {
          *number->second = 0;
          ++at_;
        } else {
          count(*number->second);
        }
      } else if (const auto flag = switches.find(name); flag != switches.end()) {
        *flag->second = !*flag->second;
      } else {
        refuse();
      }
    }
  }
  const std::string& name() const { return words_.front(); }

 private:
  std::string next() {
    if (at_ == words_.size()) refuse();
    return words_[at_++];
  }

  std::string text_;
  std::size_t number_;
  std::string form_;
  std::vector<std::string> words_;
  std::size_t at_ = 1;
};

struct Form {
  LayerKind kind;
  const char* form;  ///< how it is written, for whoever wrote it otherwise
  std::function<void(Words&, Layer&)> read;
};

void readNothing(Words& words, Layer&) { words.options({}); }

void readPool(Words& words, Layer& layer) {
  words.kernel(layer);
  layer.stride = layer.kernel_height;
  words.options({{"stride", &layer.stride}, {"pad", &layer.padding}});
}

void readRecurrent(Words& words, Layer& layer) {
  words.arrow(layer.in, layer.out);
  words.options({{"layers", &layer.layers}},
                {{"bidirectional", &layer.bidirectional}, {"nobias", &layer.bias}});
}

void readNorm(Words& words, Layer& layer) {
  words.count(layer.in);
  layer.out = layer.in;
  words.options({});
}

const std::map<std::string, Form>& forms() {
  static const std::map<std::string, Form> all{
      {"conv",
       {LayerKind::Conv, "conv 3x3 IN->OUT [stride 1] [pad 0] [dilation 1] [groups 1] [nobias]",
        [](Words& words, Layer& layer) {
          words.kernel(layer);
          words.arrow(layer.in, layer.out);
          words.options({{"stride", &layer.stride},
                         {"pad", &layer.padding},
                         {"dilation", &layer.dilation},
                         {"groups", &layer.groups}},
                        {{"nobias", &layer.bias}});
        }}},
      {"depthwise",
       {LayerKind::Conv, "depthwise 3x3 CHANNELS [stride 1] [pad 0] [nobias]",
        [](Words& words, Layer& layer) {
          words.kernel(layer);
          words.count(layer.in);
          layer.out = layer.groups = layer.in;
          words.options({{"stride", &layer.stride}, {"pad", &layer.padding}},
                        {{"nobias", &layer.bias}});
        }}},
      {"pointwise",
       {LayerKind::Conv, "pointwise IN->OUT [nobias]",
        [](Words& words, Layer& layer) {
          words.arrow(layer.in, layer.out);
          words.options({}, {{"nobias", &layer.bias}});
        }}},
      {"dense",
       {LayerKind::Dense, "dense IN->OUT [nobias]",
        [](Words& words, Layer& layer) {
          words.arrow(layer.in, layer.out);
          words.options({}, {{"nobias", &layer.bias}});
        }}},
      {"bn", {LayerKind::BatchNorm, "bn CHANNELS", readNorm}},
      {"layernorm", {LayerKind::LayerNorm, "layernorm FEATURES", readNorm}},
      {"lstm",
       {LayerKind::Lstm, "lstm IN->UNITS [layers 1] [proj P] [bidirectional] [nobias]",
        [](Words& words, Layer& layer) {
          words.arrow(layer.in, layer.out);
          words.options({{"layers", &layer.layers}, {"proj", &layer.projection}},
                        {{"bidirectional", &layer.bidirectional}, {"nobias", &layer.bias}});
          if (layer.projection >= layer.out) words.refuse();
        }}},
      {"gru", {LayerKind::Gru, "gru IN->UNITS [layers 1] [bidirectional] [nobias]", readRecurrent}},
      {"rnn", {LayerKind::Rnn, "rnn IN->UNITS [layers 1] [bidirectional] [nobias]", readRecurrent}},
      {"attention",
       {LayerKind::Attention, "attention FEATURES [heads 1] [nobias]",
        [](Words& words, Layer& layer) {
          words.count(layer.in);
          layer.out = layer.in;
          words.options({{"heads", &layer.heads}}, {{"nobias", &layer.bias}});
        }}},
      {"embedding",
       {LayerKind::Embedding, "embedding WORDS->FEATURES",
        [](Words& words, Layer& layer) {
          words.arrow(layer.in, layer.out);
          words.options({});
        }}},
      {"maxpool", {LayerKind::MaxPool, "maxpool 2x2 [stride 2] [pad 0]", readPool}},
      {"avgpool", {LayerKind::AveragePool, "avgpool 2x2 [stride 2] [pad 0]", readPool}},
      {"globalpool", {LayerKind::GlobalPool, "globalpool", readNothing}},
      {"flatten", {LayerKind::Flatten, "flatten", readNothing}},
      {"last", {LayerKind::LastStep, "last", readNothing}},
      {"relu", {LayerKind::Relu, "relu", readNothing}},
      {"sigmoid", {LayerKind::Sigmoid, "sigmoid", readNothing}},
      {"tanh", {LayerKind::Tanh, "tanh", readNothing}},
      {"gelu", {LayerKind::Gelu, "gelu", readNothing}},
      {"dropout",
       {LayerKind::Dropout, "dropout 0.5",
        [](Words& words, Layer& layer) {
          words.rate(layer.rate);
          words.options({});
        }}},
  };
  return all;
}

std::string allForms() {
  std::string names;
  for (const auto& [name, form] : forms()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

}  // namespace

std::int64_t Shape::elements() const {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) product *= size;
  return product;
}

std::string Shape::text() const {
  std::string made;
  for (const std::int64_t size : sizes) {
    if (!made.empty()) made += 'x';
    made += std::to_string(size);
  }
  return made;
}

bool Layer::isRecurrent() const {
  return kind == LayerKind::Lstm || kind == LayerKind::Gru || kind == LayerKind::Rnn;
}

std::int64_t Layer::gates() const {
  return kind == LayerKind::Lstm ? 4 : kind == LayerKind::Gru ? 3 : 1;
}

Shape parseInput(std::string_view text) {
  constexpr std::int64_t kMostElements = 10'000'000;
  const std::string typed = plain(text);
  const bool tokens = typed.starts_with("tokens ");
  const auto sizes = numbersBetween(tokens ? plain(typed.substr(7)) : typed, "x");
  const Shape shape{tokens              ? Shape::Kind::Tokens
                    : sizes.size() == 3 ? Shape::Kind::Image
                    : sizes.size() == 2 ? Shape::Kind::Sequence
                                        : Shape::Kind::Features,
                    sizes};
  double elements = 1;
  for (const std::int64_t size : sizes) elements *= static_cast<double>(size);
  if (sizes.empty() || sizes.size() > (tokens ? 1U : 3U) || elements > kMostElements)
    throw RequestError(
        {"error.stack.input", {{"text", std::string(text)}, {"most", kMostElements}}});
  return shape;
}

std::vector<Layer> parseStack(std::string_view text) {
  if (plain(text).empty()) throw RequestError({"error.stack.empty", {{"allowed", allForms()}}});
  std::vector<Layer> layers;
  for (const std::string& part : wordsOf(std::string(text), '|')) {
    const std::size_t number = layers.size() + 1;
    const std::string typed = plain(part);
    const auto place = static_cast<std::int64_t>(number);
    if (typed.empty())
      throw RequestError({"error.stack.nothing", {{"layer", place}, {"allowed", allForms()}}});
    if (number > kMostLayers)
      throw RequestError(
          {"error.stack.too_many", {{"most", static_cast<std::int64_t>(kMostLayers)}}});
    Layer layer;
    layer.text = typed;
    const std::string name = typed.substr(0, typed.find(' '));
    const auto form = forms().find(name);
    if (form == forms().end())
      throw RequestError(
          {"error.stack.unknown",
           {{"layer", place}, {"text", typed}, {"name", name}, {"allowed", allForms()}}});
    layer.kind = form->second.kind;
    Words words(typed, number, form->second.form);
    form->second.read(words, layer);
    layers.push_back(std::move(layer));
  }
  return layers;
}

Shape shapeAfter(const Layer& layer, const Shape& input, std::size_t number) {
  const auto refuse = [&](const char* key, std::vector<std::pair<std::string, Argument>> more) {
    more.insert(more.end(), {{"layer", static_cast<std::int64_t>(number)},
                             {"text", layer.text},
                             {"shape", input.text()}});
    throw RequestError({key, std::move(more)});
  };
  const auto need = [&](std::initializer_list<Shape::Kind> kinds) {
    if (std::find(kinds.begin(), kinds.end(), input.kind) != kinds.end()) return;
    const auto word = [](Shape::Kind kind) {
      return kind == Shape::Kind::Image      ? "stack.image"
             : kind == Shape::Kind::Sequence ? "stack.sequence"
             : kind == Shape::Kind::Tokens   ? "stack.tokens"
                                             : "stack.features";
    };
    refuse("error.stack.kind",
           {{"wanted", Word{word(*kinds.begin())}}, {"given", Word{word(input.kind)}}});
  };
  const auto takes = [&](std::int64_t given) {
    if (given != layer.in) refuse("error.stack.size", {{"wanted", layer.in}, {"given", given}});
  };
  using Kind = Shape::Kind;
  Shape output = input;
  switch (layer.kind) {
    case LayerKind::Conv:
    case LayerKind::MaxPool:
    case LayerKind::AveragePool: {
      need({Kind::Image});
      if (layer.isConvolution()) {
        takes(input.sizes[0]);
        if (layer.in % layer.groups != 0 || layer.out % layer.groups != 0)
          refuse("error.stack.groups", {{"groups", layer.groups}});
        output.sizes[0] = layer.out;
      } else if (2 * layer.padding > std::min(layer.kernel_height, layer.kernel_width)) {
        refuse("error.stack.pad", {{"pad", layer.padding}});
      }
      const std::int64_t kernel[]{layer.kernel_height, layer.kernel_width};
      for (const int side : {0, 1}) {
        std::int64_t& size = output.sizes[static_cast<std::size_t>(side) + 1];
        const std::int64_t room =
            size + 2 * layer.padding - layer.dilation * (kernel[side] - 1) - 1;
        if (room < 0) refuse("error.stack.kernel", {});
        size = room / layer.stride + 1;
      }
      return output;
    }
    case LayerKind::Dense:
      need({Kind::Features, Kind::Sequence});
      takes(input.sizes.back());
      output.sizes.back() = layer.out;
      return output;
    case LayerKind::BatchNorm:
      need({Kind::Image, Kind::Features});
      takes(input.sizes.front());
      return output;
    case LayerKind::LayerNorm:
      need({Kind::Sequence, Kind::Features});
      takes(input.sizes.back());
      return output;
    case LayerKind::Lstm:
    case LayerKind::Gru:
    case LayerKind::Rnn:
      need({Kind::Sequence});
      takes(input.sizes.back());
      output.sizes.back() =
          (layer.projection > 0 ? layer.projection : layer.out) * layer.directions();
      return output;
    case LayerKind::Attention:
      need({Kind::Sequence});
      takes(input.sizes.back());
      if (layer.in % layer.heads != 0) refuse("error.stack.heads", {{"heads", layer.heads}});
      return output;
    case LayerKind::Embedding:
      need({Kind::Tokens});
      return {Kind::Sequence, {input.sizes[0], layer.out}};
    case LayerKind::GlobalPool:
      need({Kind::Image});
      return {Kind::Features, {input.sizes[0]}};
    case LayerKind::Flatten:
      need({Kind::Image, Kind::Sequence, Kind::Features});
      return {Kind::Features, {input.elements()}};
    case LayerKind::LastStep:
      need({Kind::Sequence});
      return {Kind::Features, {input.sizes[1]}};
    default:
      need({Kind::Image, Kind::Sequence, Kind::Features});
      return output;
  }
}

}  // namespace viva

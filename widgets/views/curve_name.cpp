// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/curve_name.h"

#include <algorithm>

namespace viva {
namespace {

class Places {
 public:
  Places(const Words& words, const std::string& experiment, const Parameters& parameters)
      : words_(words), experiment_(experiment), parameters_(parameters) {}

  /// Empty where there is nothing to say.
  std::string operator()(const std::string& place) const {
    if (const ParameterSpec* spec = find(place)) return valueOf(*spec);
    if (place.ends_with(kValue)) return named(place.substr(0, place.size() - kValue.size()));
    if (place.ends_with(kUnlike)) return unlike(place.substr(0, place.size() - kUnlike.size()));
    return {};
  }

 private:
  static constexpr std::string_view kValue = ".value", kUnlike = ".unlike";

  const ParameterSpec* find(const std::string& name) const {
    for (const ParameterSpec& spec : parameters_.specs())
      if (spec.name == name) return &spec;
    return nullptr;
  }

  std::string valueOf(const ParameterSpec& spec) const {
    const Value& value = parameters_.value(spec.name);
    if (const bool* on = std::get_if<bool>(&value))
      return words_(*on ? "compare.on" : "compare.off");
    const auto* choice = std::get_if<Choice>(&value);
    if (!choice) return formatValue(value);
    const std::string own = spec.name + "." + choice->name;
    return words_.of(experiment_, "choice",
                     words_.has(experiment_, "choice", own) ? own : choice->name);
  }

  std::string named(const std::string& choice_name) const {
    std::string prefix, name = choice_name;
    if (!find(name)) {
      const std::size_t dot = name.find('.');
      if (dot == std::string::npos) return {};
      prefix = name.substr(0, dot + 1);
      name.erase(0, dot + 1);
    }
    const ParameterSpec* spec = find(name);
    if (!spec || spec->kind() != ParameterKind::Choice) return {};
    const ParameterSpec* meant =
        find(prefix + std::get<Choice>(parameters_.value(spec->name)).name);
    return meant ? valueOf(*meant) : std::string();
  }

  std::string unlike(const std::string& owner) const {
    std::string all;
    for (const ParameterSpec& spec : parameters_.specs()) {
      if (!spec.name.starts_with(owner + ".")) continue;
      const std::string quantity = spec.name.substr(owner.size());
      const bool differs = std::any_of(
          parameters_.specs().begin(), parameters_.specs().end(), [&](const ParameterSpec& other) {
            return other.name != spec.name && other.name.ends_with(quantity) &&
                   other.name.find('.') == other.name.size() - quantity.size() &&
                   parameters_.value(other.name) != parameters_.value(spec.name);
          });
      if (!differs) continue;
      all += (all.empty() ? "" : ", ") + inWords(spec, quantity.substr(1));
    }
    return all;
  }

  std::string inWords(const ParameterSpec& spec, const std::string& quantity) const {
    const std::string exactly = quantity + "." + formatValue(parameters_.value(spec.name));
    if (words_.has(experiment_, "unlike", exactly))
      return words_.of(experiment_, "unlike", exactly);
    if (words_.has(experiment_, "unlike", quantity))
      return words_(
          Message{words_.keyOf(experiment_, "unlike", quantity), {{"value", valueOf(spec)}}});
    if (spec.kind() == ParameterKind::Choice) return valueOf(spec);
    return words_.of(experiment_, "parameter", spec.name) + " " + valueOf(spec);
  }

  const Words& words_;
  const std::string& experiment_;
  const Parameters& parameters_;
};

}  // namespace

std::string nameHere(const Words& words, const std::string& experiment, const std::string& kind,
                     const std::string& id, const std::optional<Parameters>& parameters) {
  const std::string usual = words.of(experiment, kind, id), here = kind + "_here";
  if (!parameters || !words.has(experiment, here, id)) return usual;
  Message message{words.keyOf(experiment, here, id), {}};
  const std::string pattern = words(message.key);
  const Places places(words, experiment, *parameters);
  for (std::size_t open = pattern.find('{'); open != std::string::npos;
       open = pattern.find('{', open + 1)) {
    const std::string place = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
    const std::string value = places(place);
    if (value.empty()) return usual;
    message.arguments.push_back({place, value});
  }
  return words(message);
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/json_schema.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace viva {
namespace {

using Problem = std::optional<SchemaProblem>;
using Rule = SchemaProblem::Rule;

bool isOfType(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  // 1.0 is an integer (JSON Schema 2020-12, validation, 6.1.1).
  return type == "integer" &&
         (value.is_number_integer() ||
          (value.is_number() && std::trunc(value.get<double>()) == value.get<double>()));
}

std::vector<std::string> namesIn(const OrderedJson& list) {
  std::vector<std::string> names;
  if (list.is_string()) return {list.get<std::string>()};
  for (const OrderedJson& name : list)
    names.push_back(name.is_string() ? name.get<std::string>() : textOf(name));
  return names;
}

std::string joinedNames(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string rangeText(const OrderedJson& schema) {
  const auto end = [&](const char* key) {
    return schema.contains(key) ? textOf(schema[key]) : std::string("…");
  };
  return end("minimum") + " … " + end("maximum");
}

Problem check(const Json& value, const OrderedJson& schema, const std::string& path);

Problem checkObject(const Json& value, const OrderedJson& schema, const std::string& path) {
  const auto at = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
  static const OrderedJson kNone = OrderedJson::object();
  const OrderedJson& properties = schema.contains("properties") ? schema["properties"] : kNone;
  if (schema.contains("required"))
    for (const OrderedJson& name : schema["required"])
      if (!value.contains(name.get<std::string>()))
        return SchemaProblem{Rule::Missing, at(name.get<std::string>()), {}};
  for (const auto& [name, member] : value.items()) {
    if (properties.contains(name)) {
      if (auto problem = check(member, properties[name], at(name))) return problem;
    } else if (schema.contains("additionalProperties")) {
      const OrderedJson& others = schema["additionalProperties"];
      if (others.is_boolean() && !others.get<bool>()) {
        std::vector<std::string> known;
        for (const auto& [key, unused] : properties.items()) known.push_back(key);
        return SchemaProblem{Rule::Unknown, at(name), joinedNames(known)};
      }
      if (others.is_object())
        if (auto problem = check(member, others, at(name))) return problem;
    }
  }
  return {};
}

Problem checkArray(const Json& value, const OrderedJson& schema, const std::string& path) {
  const auto limit = [&](const char* key, std::size_t otherwise) {
    return schema.contains(key) ? schema[key].get<std::size_t>() : otherwise;
  };
  const std::size_t least = limit("minItems", 0), most = limit("maxItems", value.size());
  if (value.size() < least || value.size() > most)
    return SchemaProblem{
        Rule::Length, path,
        std::to_string(least) + " … " + (schema.contains("maxItems") ? std::to_string(most) : "…")};
  if (schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto problem = check(value[i], schema["items"], path + "[" + std::to_string(i) + "]"))
        return problem;
  return {};
}

Problem checkNumber(const Json& value, const OrderedJson& schema, const std::string& path) {
  const auto beyond = [&](const char* key, auto compare) {
    return schema.contains(key) && compare(value.get<double>(), schema[key].get<double>());
  };
  if (beyond("minimum", std::less<>()) || beyond("maximum", std::greater<>()))
    return SchemaProblem{Rule::Range, path, rangeText(schema)};
  return {};
}

Problem check(const Json& value, const OrderedJson& schema, const std::string& path) {
  if (schema.contains("type")) {
    const std::vector<std::string> types = namesIn(schema["type"]);
    if (std::none_of(types.begin(), types.end(),
                     [&](const std::string& type) { return isOfType(value, type); }))
      return SchemaProblem{Rule::Type, path, joinedNames(types)};
  }
  if (schema.contains("enum")) {
    const OrderedJson& allowed = schema["enum"];
    if (std::none_of(allowed.begin(), allowed.end(),
                     [&](const OrderedJson& one) { return Json(one) == value; }))
      return SchemaProblem{Rule::Choice, path, joinedNames(namesIn(allowed))};
  }
  if (value.is_object()) return checkObject(value, schema, path);
  if (value.is_array()) return checkArray(value, schema, path);
  if (value.is_number()) return checkNumber(value, schema, path);
  if (value.is_string() && schema.contains("minLength") &&
      value.get_ref<const std::string&>().size() < schema["minLength"].get<std::size_t>())
    return SchemaProblem{Rule::Length, path, textOf(schema["minLength"]) + " … …"};
  return {};
}

}  // namespace

std::optional<SchemaProblem> problemIn(const Json& value, const OrderedJson& schema) {
  return check(value, schema, {});
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/tool_schemas.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>

#include "app/commands/argument_values.h"

namespace viva {
namespace {

using Names = std::initializer_list<const char*>;

OrderedJson ofType(const OrderedJson& type) { return {{"type", type}}; }

OrderedJson described(OrderedJson schema, const Words& words, const char* key) {
  schema["description"] = words(std::string("agents.argument.") + key);
  return schema;
}

OrderedJson object(OrderedJson properties, Names required) {
  OrderedJson schema;
  schema["type"] = "object";
  schema["properties"] = std::move(properties);
  schema["required"] = OrderedJson::array();
  for (const char* name : required) schema["required"].push_back(name);
  return schema;
}

/// Arguments: what is not named is a slip.
OrderedJson closed(OrderedJson schema) {
  schema["additionalProperties"] = false;
  return schema;
}

OrderedJson listOf(OrderedJson items) { return {{"type", "array"}, {"items", std::move(items)}}; }

OrderedJson mapOf(OrderedJson values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}

/// A number, `nan`, `inf`, `-inf`, or null where there is none.
OrderedJson measured() { return ofType({"number", "string", "null"}); }

OrderedJson ofOneRun(const Words& words) {
  OrderedJson properties;
  properties["preset"] = described(ofType("string"), words, "preset");
  properties["set"] = described(mapOf(ofType({"number", "string", "boolean"})), words, "set");
  properties["seed"] = described(
      {{"type", "integer"}, {"minimum", 0}, {"maximum", std::numeric_limits<std::int64_t>::max()}},
      words, "seed");
  properties["steps"] =
      described({{"type", "integer"}, {"minimum", 0}, {"maximum", kMostSteps}}, words, "steps");
  return properties;
}

OrderedJson experimentName(const Words& words) {
  return described({{"type", "string"}, {"minLength", 1}}, words, "experiment");
}

}  // namespace

// --- Arguments -----------------------------------------------------------------------------------

OrderedJson noArgumentsSchema() { return closed(object(OrderedJson::object(), {})); }

OrderedJson describeArgumentsSchema(const Words& words) {
  return closed(object({{"experiment", experimentName(words)}}, {"experiment"}));
}

OrderedJson runArgumentsSchema(const Words& words) {
  OrderedJson properties;
  properties["experiment"] = experimentName(words);
  properties.update(ofOneRun(words));
  properties["views"] = described(listOf(ofType("string")), words, "views");
  properties["views"]["maxItems"] = 16;
  return closed(object(std::move(properties), {"experiment"}));
}

OrderedJson compareArgumentsSchema(const Words& words) {
  OrderedJson properties;
  properties["experiment"] = experimentName(words);
  for (const char* run : {"a", "b"})
    properties[run] = described(closed(object(ofOneRun(words), {})), words, "compared");
  return closed(object(std::move(properties), {"experiment", "a", "b"}));
}

OrderedJson searchArgumentsSchema(const Words& words) {
  OrderedJson properties;
  properties["query"] = described({{"type", "string"}, {"minLength", 1}}, words, "query");
  properties["limit"] =
      described({{"type", "integer"}, {"minimum", 1}, {"maximum", kMostFound}}, words, "limit");
  return closed(object(std::move(properties), {"query"}));
}

// --- Results -------------------------------------------------------------------------------------

OrderedJson lessonsSchema() {
  const OrderedJson experiment = object({{"id", ofType("string")},
                                         {"title", ofType("string")},
                                         {"version", ofType("integer")},
                                         {"presets", listOf(ofType("string"))}},
                                        {"id", "title", "version", "presets"});
  const OrderedJson lesson = object({{"id", ofType("string")},
                                     {"title", ofType("string")},
                                     {"section", ofType("string")},
                                     {"experiments", listOf(experiment)}},
                                    {"id", "title", "experiments"});
  return object({{"version", ofType("integer")}, {"lessons", listOf(lesson)}},
                {"version", "lessons"});
}

OrderedJson descriptionSchema() {
  OrderedJson properties;
  for (const char* name : {"experiment", "title", "lesson"}) properties[name] = ofType("string");
  for (const char* name : {"version", "experiment_version", "steps"})
    properties[name] = ofType("integer");
  for (const char* name : {"stops_on_divergence", "uses_randomness"})
    properties[name] = ofType("boolean");
  for (const char* name : {"parameters", "records", "views", "checks", "presets"})
    properties[name] = listOf(ofType("object"));
  return object(std::move(properties),
                {"experiment", "title", "lesson", "parameters", "records", "views", "presets"});
}

OrderedJson runSchema() {
  OrderedJson properties;
  for (const char* name : {"experiment", "preset", "device", "digest", "message"})
    properties[name] = ofType("string");
  properties["status"] = {{"type", "string"},
                          {"enum", {"completed", "finished", "diverged", "cancelled", "failed"}}};
  for (const char* name : {"version", "seed", "threads", "steps", "steps_requested"})
    properties[name] = ofType("integer");
  properties["seconds"] = ofType("number");
  properties["parameters"] = ofType("object");
  properties["checks"] = ofType("object");
  properties["final"] = mapOf(measured());
  properties["verdicts"] = mapOf(ofType("string"));
  properties["diverged_at"] = ofType({"integer", "null"});
  properties["changed_from_preset"] = listOf(ofType("string"));
  return object(std::move(properties), {"experiment", "seed", "digest", "status", "steps", "final",
                                        "verdicts", "parameters"});
}

OrderedJson comparisonSchema() {
  const OrderedJson value = object(
      {{"a", measured()}, {"b", measured()}, {"difference", measured()}}, {"a", "b", "difference"});
  OrderedJson properties;
  properties["experiment"] = ofType("string");
  properties["same_numbers"] = ofType("boolean");
  properties["first_difference"] = ofType({"string", "null"});
  properties["differs"] = ofType("object");
  properties["in_words"] = listOf(ofType("string"));
  properties["final"] = mapOf(value);
  properties["a"] = runSchema();
  properties["b"] = runSchema();
  return object(std::move(properties),
                {"experiment", "same_numbers", "first_difference", "differs", "final", "a", "b"});
}

OrderedJson foundSchema() {
  OrderedJson properties;
  properties["kind"] = {{"type", "string"},
                        {"enum", {"lesson", "experiment", "preset", "parameter", "note", "card"}}};
  for (const char* name : {"title", "context", "target", "uri", "text"})
    properties[name] = ofType("string");
  return object(
      {{"query", ofType("string")},
       {"results", listOf(object(std::move(properties), {"kind", "title", "context", "target"}))}},
      {"query", "results"});
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
// The keywords of JSON Schema 2020-12 that the tools use.
#include "protocol/json_schema.h"

#include <QTest>

namespace viva {

using Rule = SchemaProblem::Rule;

class JsonSchemaTest : public QObject {
  Q_OBJECT

 private:
  static std::optional<SchemaProblem> problem(const char* value, const char* schema) {
    return problemIn(Json::parse(value), OrderedJson::parse(schema));
  }

 private Q_SLOTS:
  void typesAreThoseOfTheSpecification() {
    const std::pair<const char*, const char*> fitting[] = {
        {"1", "integer"},    {"1.0", "integer"}, {"1.5", "number"}, {"\"\"", "string"},
        {"true", "boolean"}, {"null", "null"},   {"[]", "array"},   {"{}", "object"}};
    for (const auto& [value, type] : fitting) {
      const std::string schema = std::string(R"({"type":")") + type + "\"}";
      QVERIFY2(!problem(value, schema.c_str()), value);
    }
    QVERIFY(problem("1.5", R"({"type":"integer"})"));
    QVERIFY(problem("\"1\"", R"({"type":"number"})"));
    QVERIFY(problem("0", R"({"type":"boolean"})"));
    QVERIFY(!problem("null", R"({"type":["string","null"]})"));
    QVERIFY(problem("1", R"({"type":["string","null"]})")->allowed == "string, null");
  }

  void theFirstProblemIsNamedWithItsPlace() {
    const char* schema = R"({"type":"object","properties":{"a":{"type":"object","properties":
        {"steps":{"type":"integer","minimum":0,"maximum":9}}},"views":{"type":"array","maxItems":2,
        "items":{"type":"string","minLength":1}},"kind":{"enum":["x","y"]}},"required":["a"],
        "additionalProperties":false})";
    QVERIFY(!problem(R"({"a":{"steps":9},"views":["p"],"kind":"x"})", schema));
    const auto expect = [&](const char* value, Rule rule, const char* path, const char* allowed) {
      const auto found = problem(value, schema);
      QVERIFY2(found, value);
      QVERIFY2(found->rule == rule, value);
      QCOMPARE(found->path, std::string(path));
      QCOMPARE(found->allowed, std::string(allowed));
    };
    expect("{}", Rule::Missing, "a", "");
    expect("[]", Rule::Type, "", "object");
    expect(R"({"a":{"steps":10}})", Rule::Range, "a.steps", "0 … 9");
    expect(R"({"a":{"steps":"1"}})", Rule::Type, "a.steps", "integer");
    expect(R"({"a":{},"b":1})", Rule::Unknown, "b", "a, views, kind");
    expect(R"({"a":{},"views":["",""]})", Rule::Length, "views[0]", "1 … …");
    expect(R"({"a":{},"views":["p","p","p"]})", Rule::Length, "views", "0 … 2");
    expect(R"({"a":{},"kind":"z"})", Rule::Choice, "kind", "x, y");
  }

  void otherPropertiesMayHaveASchema() {
    const char* schema = R"({"type":"object","additionalProperties":{"type":["number","string"]}})";
    QVERIFY(!problem(R"({"lr":0.1,"task":"adding"})", schema));
    QCOMPARE(problem(R"({"lr":[1]})", schema)->path, std::string("lr"));
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::JsonSchemaTest)
#include "json_schema_test.moc"

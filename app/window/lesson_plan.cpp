// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_plan.h"

#include <QFile>
#include <QFileInfo>
#include <nlohmann/json.hpp>

#include "app/export/file_lock.h"
#include "app/export/whole_file.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::json;

/// Empty where there is none.
QString textIn(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string()
             ? QString::fromStdString(found->get<std::string>())
             : QString();
}

constexpr int kVersion = 1;
constexpr qint64 kLargestPlan = 4 << 20;
constexpr std::size_t kMostSteps = 500;
constexpr qsizetype kLongestTitle = 300;
/// Another window adds a step to the same plan at this moment.
constexpr std::chrono::milliseconds kPatience{5000};

[[noreturn]] void unreadable(const QString& path, const QString& reason) {
  throw FileError(
      {"window.cannot_open", {{"path", path.toStdString()}, {"reason", reason.toStdString()}}});
}

QByteArray contentOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) unreadable(path, file.errorString());
  const QByteArray json = file.read(kLargestPlan + 1);
  if (json.size() > kLargestPlan) throw RequestError({"plan.not_a_plan", {}});
  return json;
}

void write(const QString& path, const QByteArray& json) {
  writeWhole(path.toStdString(), [&](FileWriter& file) { file.write(json.toStdString()); });
}

template <class Object>
Object jsonOf(const PlanStep& step) {
  return {{"title", step.title.toStdString()}, {"link", toText(step.link).toStdString()}};
}

}  // namespace

LessonPlan planFromJson(const QByteArray& json) {
  const Json object = Json::parse(json.begin(), json.end(), nullptr, false);
  if (!object.is_object() || !object.contains("viva_plan") || !object["viva_plan"].is_number())
    throw RequestError({"plan.not_a_plan", {}});
  if (object["viva_plan"].get<double>() > kVersion) throw RequestError({"plan.newer", {}});
  LessonPlan plan{textIn(object, "title").left(kLongestTitle), {}};
  const Json steps = object.value("steps", Json());
  if (!steps.is_array() || steps.empty() || steps.size() > kMostSteps)
    throw RequestError({"plan.not_a_plan", {}});
  for (const Json& step : steps) {
    try {
      plan.steps.push_back({textIn(step, "title").left(kLongestTitle),
                            labLinkFrom(textIn(step, "link"), LinkFrom::Plan)});
    } catch (const RequestError&) {
      throw RequestError({"plan.bad_step", {{"number", std::int64_t(plan.steps.size() + 1)}}});
    }
  }
  return plan;
}

QByteArray toJson(const LessonPlan& plan) {
  Json steps = Json::array();
  for (const PlanStep& step : plan.steps) steps.push_back(jsonOf<Json>(step));
  const Json object{
      {"viva_plan", kVersion}, {"title", plan.title.toStdString()}, {"steps", std::move(steps)}};
  return QByteArray::fromStdString(object.dump(4) + '\n');
}

LessonPlan readPlan(const QString& path) { return planFromJson(contentOf(path)); }

void writePlan(const QString& path, const LessonPlan& plan) { write(path, toJson(plan)); }

LessonPlan addToPlan(const QString& path, const PlanStep& step, const LessonPlan& plan) {
  const QFileInfo file(path);
  const QString lock_file = file.absolutePath() + "/." + file.fileName() + ".lock";
  const FileLock lock(lock_file.toStdString(), kPatience);
  if (lock.isHeldByAnother())
    throw FileError({"panel.export_failed",
                     {{"path", path.toStdString()}, {"reason", Word{"study.reason.busy"}}}});
  const QByteArray json = file.exists() ? contentOf(path) : toJson(plan);
  if (file.exists()) planFromJson(json);  // says what is wrong with it
  // Everything else in the file stays, and where it was.
  auto object = nlohmann::ordered_json::parse(json.begin(), json.end());
  if (object["steps"].size() >= kMostSteps) throw RequestError({"plan.full", {}});
  object["steps"].push_back(jsonOf<nlohmann::ordered_json>(step));
  const QByteArray longer = QByteArray::fromStdString(object.dump(4) + '\n');
  if (longer.size() > kLargestPlan) throw RequestError({"plan.full", {}});
  LessonPlan read = planFromJson(longer);
  write(path, longer);
  return read;
}

}  // namespace viva

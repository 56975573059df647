// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_plan.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr int kVersion = 1;
constexpr qint64 kLargestPlan = 4 << 20;
constexpr qsizetype kMostSteps = 500, kLongestTitle = 300;

[[noreturn]] void unreadable(const QString& path, const QString& reason) {
  throw FileError(
      {"window.cannot_open", {{"path", path.toStdString()}, {"reason", reason.toStdString()}}});
}

}  // namespace

LessonPlan planFromJson(const QByteArray& json) {
  const QJsonObject object = QJsonDocument::fromJson(json).object();
  if (!object["viva_plan"].isDouble()) throw RequestError({"plan.not_a_plan", {}});
  if (object["viva_plan"].toInt() > kVersion) throw RequestError({"plan.newer", {}});
  LessonPlan plan{object["title"].toString().left(kLongestTitle), {}};
  const QJsonArray steps = object["steps"].toArray();
  if (steps.isEmpty() || steps.size() > kMostSteps) throw RequestError({"plan.not_a_plan", {}});
  for (const QJsonValue& step : steps) {
    try {
      plan.steps.push_back(
          {step["title"].toString().left(kLongestTitle), labLinkFrom(step["link"].toString())});
    } catch (const RequestError&) {
      throw RequestError({"plan.bad_step", {{"number", std::int64_t(plan.steps.size() + 1)}}});
    }
  }
  return plan;
}

QByteArray toJson(const LessonPlan& plan) {
  QJsonArray steps;
  for (const PlanStep& step : plan.steps)
    steps.append(QJsonObject{{"title", step.title}, {"link", toText(step.link)}});
  return QJsonDocument(
             QJsonObject{{"viva_plan", kVersion}, {"title", plan.title}, {"steps", steps}})
      .toJson();
}

LessonPlan readPlan(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) unreadable(path, file.errorString());
  const QByteArray json = file.read(kLargestPlan + 1);
  if (json.size() > kLargestPlan) throw RequestError({"plan.not_a_plan", {}});
  return planFromJson(json);
}

void writePlan(const QString& path, const LessonPlan& plan) {
  QSaveFile file(path);
  const QByteArray json = toJson(plan);
  if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
    throw FileError({"panel.export_failed",
                     {{"path", path.toStdString()}, {"reason", file.errorString().toStdString()}}});
}

}  // namespace viva

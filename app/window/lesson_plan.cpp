// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_plan.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/export/file_lock.h"
#include "app/export/whole_file.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::json;

/// Empty where there is none.
template <class Object>
QString textIn(const Object& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string()
             ? QString::fromStdString(found->template get<std::string>())
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
  writeWhole(path.toStdString(), json.toStdString());
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

namespace {

using OrderedJson = nlohmann::ordered_json;

/// The file as it is, changed by `change` and written, while no other window does the same. It is
/// given the object and the plan in it; everything else in the file stays, and where it was.
template <class Change>
LessonPlan changeFile(const QString& path, const LessonPlan& where_there_is_none, Change change) {
  const QFileInfo file(path);
  const QString lock_file = file.absolutePath() + "/." + file.fileName() + ".lock";
  const FileLock lock(lock_file.toStdString(), kPatience);
  if (lock.isHeldByAnother())
    throw FileError({"panel.export_failed",
                     {{"path", path.toStdString()}, {"reason", Word{"study.reason.busy"}}}});
  const bool is_there = file.exists();
  const QByteArray json = is_there ? contentOf(path) : toJson(where_there_is_none);
  // Says what is wrong with a file.
  const LessonPlan now = is_there ? planFromJson(json) : where_there_is_none;
  auto object = OrderedJson::parse(json.begin(), json.end());
  change(object, now);
  if (object["steps"].size() > kMostSteps) throw RequestError({"plan.full", {}});
  const QByteArray changed = QByteArray::fromStdString(object.dump(4) + '\n');
  if (changed.size() > kLargestPlan) throw RequestError({"plan.full", {}});
  LessonPlan plan = planFromJson(changed);
  write(path, changed);
  return plan;
}

using Steps = std::vector<PlanStep>;

std::ptrdiff_t copiesBefore(const Steps& steps, std::size_t at) {
  return std::count(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(at), steps[at]);
}

/// Where the step `at` of `known` stands in `now`. The same step may be in a plan twice.
std::size_t placeOf(std::size_t at, const Steps& known, const Steps& now) {
  if (at >= known.size()) throw RequestError({"plan.step_gone", {}});
  std::ptrdiff_t earlier = copiesBefore(known, at);
  for (std::size_t place = 0; place < now.size(); ++place)
    if (now[place] == known[at] && earlier-- == 0) return place;
  throw RequestError({"plan.step_gone", {}});
}

/// The place in `now` for what is to come before the step `at` of `known`: behind the step that is
/// before it there, as long as that is in the plan.
std::size_t placeFor(std::size_t at, const Steps& known, const Steps& now) {
  if (at == 0 || known.empty()) return 0;
  try {
    return placeOf(std::min(at, known.size()) - 1, known, now) + 1;
  } catch (const RequestError&) {
    return now.size();
  }
}

template <class List>
auto takeOut(List& list, std::size_t at) {
  const auto place = list.begin() + static_cast<std::ptrdiff_t>(at);
  auto taken = std::move(*place);
  list.erase(place);
  return taken;
}

void putIn(OrderedJson& steps, std::size_t at, OrderedJson step) {
  steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(at), std::move(step));
}

/// Makes the change and answers what takes it back.
PlanChange applied(const PlanChange& change, OrderedJson& object, const Steps& known, Steps now) {
  using Kind = PlanChange::Kind;
  OrderedJson& steps = object["steps"];
  switch (change.kind) {
    case Kind::Insert: {
      const std::size_t place = placeFor(change.at, known, now);
      putIn(steps, place, OrderedJson::parse(change.step.begin(), change.step.end()));
      return {Kind::Remove, place};
    }
    case Kind::Remove: {
      const std::size_t place = placeOf(change.at, known, now);
      if (now.size() == 1) throw RequestError({"plan.only_step", {}});
      return {Kind::Insert, place, 0, {}, QByteArray::fromStdString(takeOut(steps, place).dump())};
    }
    case Kind::Move: {
      const std::size_t from = placeOf(change.at, known, now);
      Steps others = known;
      takeOut(others, change.at);
      takeOut(now, from);
      const std::size_t place = placeFor(change.to, others, now);
      putIn(steps, place, takeOut(steps, from));
      return {Kind::Move, place, from};
    }
    case Kind::Rename: {
      const std::size_t place = placeOf(change.at, known, now);
      steps[place]["title"] = change.title.toStdString();
      return {Kind::Rename, place, 0, now[place].title};
    }
    case Kind::Retitle: {
      const QString before = textIn(object, "title");
      object["title"] = change.title.toStdString();
      return {Kind::Retitle, 0, 0, before};
    }
  }
  return change;
}

}  // namespace

LessonPlan addToPlan(const QString& path, const PlanStep& step, const LessonPlan& plan) {
  return changeFile(path, plan, [&](OrderedJson& object, const LessonPlan&) {
    object["steps"].push_back(jsonOf<OrderedJson>(step));
  });
}

ChangedPlan changePlan(const QString& path, const LessonPlan& known, const PlanChange& change) {
  ChangedPlan changed{{}, change, false};
  changed.plan = changeFile(path, known, [&](OrderedJson& object, const LessonPlan& now) {
    changed.was_another = now != known;
    changed.back = applied(change, object, known.steps, now.steps);
  });
  return changed;
}

}  // namespace viva

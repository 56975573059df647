// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/run_difference.h"

#include <algorithm>

#include "lessons/core/file_name.h"

namespace viva {
namespace {

/// Longer values (points drawn by hand) are said to differ and not spelled out.
constexpr std::size_t kLongestValue = 40;

/// The value a parameter had at the start, and those that live changes gave it.
struct Course {
  Value start;
  std::vector<std::pair<std::int64_t, Value>> changes;
  bool operator==(const Course&) const = default;
};

Course courseOf(const RunSettings& run, const std::string& name) {
  Course course{run.parameters.value(name), {}};
  for (const Event& event : run.events) {
    if (event.name != name) continue;
    // A dragged slider leaves many changes at one step: the last one counts.
    if (!course.changes.empty() && course.changes.back().first == event.step)
      course.changes.back().second = event.value;
    else
      course.changes.emplace_back(event.step, event.value);
  }
  return course;
}

}  // namespace

QString valueInWords(const ExperimentSpec& spec, const ParameterSpec& parameter, const Value& value,
                     const Words& words) {
  if (const bool* on = std::get_if<bool>(&value))
    return QString::fromStdString(words(*on ? "compare.on" : "compare.off"));
  if (const auto* choice = std::get_if<Choice>(&value)) {
    const std::string own = parameter.name + "." + choice->name;
    return QString::fromStdString(
        words.of(spec.id, "choice", words.has(spec.id, "choice", own) ? own : choice->name));
  }
  const auto* file = std::get_if<File>(&value);
  const std::string text = file ? fileName(*file) : formatValue(value);
  return QString::fromStdString(text.size() > kLongestValue ? words("compare.other_value") : text);
}

QStringList differences(const ExperimentSpec& spec, const RunSettings& run,
                        const RunSettings& present, const Words& words) {
  QStringList parts;
  const auto say = [&](const Message& message) { parts << QString::fromStdString(words(message)); };
  for (const ParameterSpec& parameter : spec.parameters) {
    const Course course = courseOf(run, parameter.name);
    if (course == courseOf(present, parameter.name)) continue;
    const auto text = [&](const Value& value) {
      return valueInWords(spec, parameter, value, words).toStdString();
    };
    const std::string title = parameterTitle(spec, parameter, words).toStdString();
    if (course.changes.empty()) {
      say({"compare.value", {{"parameter", title}, {"value", text(course.start)}}});
    } else if (course.changes.size() == 1) {
      say({"compare.changed",
           {{"parameter", title},
            {"value", text(course.start)},
            {"step", course.changes.front().first},
            {"after", text(course.changes.front().second)}}});
    } else {
      say({"compare.changed_often",
           {{"parameter", title},
            {"value", text(course.start)},
            {"count", static_cast<std::int64_t>(course.changes.size())},
            {"after", text(course.changes.back().second)}}});
    }
  }
  if (run.seed != present.seed) say({"compare.seed", {{"seed", std::to_string(run.seed)}}});
  if (run.device != present.device) parts << QString::fromStdString(run.device);
  if (run.threads != present.threads)
    say({"compare.threads", {{"count", std::int64_t{run.threads}}}});
  return parts;
}

}  // namespace viva

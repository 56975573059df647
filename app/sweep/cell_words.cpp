// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/cell_words.h"

#include "lessons/core/file_name.h"
#include "lessons/core/number_text.h"
#include "lessons/core/record_label.h"

namespace viva {

std::string metricInWords(const Sweep& sweep, const Metric& metric, const Words& words) {
  return words(
      Message{"sweep.metric",
              {{"record", recordLabel(words, sweep.base.experiment, metric.record)},
               {"statistic", Word{"sweep.statistic." + std::string(nameOf(metric.statistic))}}}});
}

std::string parameterInWords(const ExperimentSpec& spec, const ParameterSpec& parameter,
                             const Words& words) {
  const std::string name = words.of(spec.id, "parameter", parameter.name);
  // `adam.lr` is one of several learning rates.
  if (parameter.group.empty() || !parameter.name.starts_with(parameter.group + ".")) return name;
  return words.of(spec.id, "group", parameter.group) + " · " + name;
}

std::string choiceInWords(const std::string& experiment, const std::string& parameter,
                          const std::string& choice, const Words& words) {
  const std::string own = parameter + "." + choice;
  return words.of(experiment, "choice", words.has(experiment, "choice", own) ? own : choice);
}

std::string axisInWords(const Sweep& sweep, std::size_t axis, const Words& words) {
  const Parameters known(sweep.spec->parameters);
  return parameterInWords(*sweep.spec, known.spec(sweep.axes[axis].parameter), words);
}

std::string valueInWords(const Sweep& sweep, std::size_t axis, const Value& value,
                         const Words& words) {
  const std::string& experiment = sweep.base.experiment;
  if (const auto* number = std::get_if<double>(&value)) return readableNumber(*number);
  if (const auto* on = std::get_if<bool>(&value)) return words(*on ? "sweep.on" : "sweep.off");
  if (const auto* choice = std::get_if<Choice>(&value))
    return choiceInWords(experiment, sweep.axes[axis].parameter, choice->name, words);
  if (const auto* file = std::get_if<File>(&value)) return fileName(*file);
  return formatValue(value);
}

std::string cellInWords(const Sweep& sweep, std::size_t cell, const Words& words) {
  std::string text;
  for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis) {
    const Message part{"sweep.axis_value",
                       {{"name", axisInWords(sweep, axis, words)},
                        {"value", valueInWords(sweep, axis, sweep.valueOf(cell, axis), words)}}};
    text += (text.empty() ? "" : words("sweep.comma")) + words(part);
  }
  return text;
}

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/without_paths.h"

#include "lessons/core/file_name.h"

namespace viva {

Value withoutPath(const Value& value) {
  if (const auto* file = std::get_if<File>(&value)) return File{fileName(*file)};
  return value;
}

RunFile withoutPaths(RunFile file) {
  for (auto& [name, value] : file.parameters) value = withoutPath(value);
  for (Event& event : file.events) event.value = withoutPath(event.value);
  return file;
}

}  // namespace viva

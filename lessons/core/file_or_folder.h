// SPDX-License-Identifier: GPL-3.0-or-later
// A parameter that names a file or a folder of the user's.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "lessons/core/parameter.h"

namespace viva {

/// Of kind File, and its choices say that a folder can be chosen too.
inline Parameter<File> fileOrFolder(std::string name) {
  Parameter<File> made = file(std::move(name));
  made.choices = {"file", "folder"};
  return made;
}

inline bool mayBeFolder(const ParameterSpec& spec) {
  return spec.kind() == ParameterKind::File &&
         std::find(spec.choices.begin(), spec.choices.end(), "folder") != spec.choices.end();
}

/// What a parameter names where it is relevant; null: nothing, or a folder where only a file can be
/// chosen.
const File* namedInput(const Parameters& parameters, const ParameterSpec& spec);

}  // namespace viva

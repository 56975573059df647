// SPDX-License-Identifier: GPL-3.0-or-later
// What a curve and a view are called where they stand alone.
#pragma once

#include <optional>
#include <string>

#include "lessons/core/parameter.h"
#include "lessons/core/words.h"

namespace viva {

/// The words `<kind>_here.<id>` of the experiment (kind: curve, view), which say what is meant by
/// the values that its parameters have now (`rate {lr.1}`), or else `<kind>.<id>` (`ball 1`), which
/// is always right.
/// `{name}` is the value of a parameter. `{name.value}` is the value of the parameter that the
/// choice `name` names, `{other.name.value}` that of its counterpart `other.…`. `{a.unlike}` is
/// what distinguishes `a` from its counterparts: the values of those parameters `a.…` that differ
/// from a `….…` of the same name, by the words `unlike.<parameter>.<value>`, `unlike.<parameter>`
/// with `{value}`, or the choice alone.
std::string nameHere(const Words& words, const std::string& experiment, const std::string& kind,
                     const std::string& id, const std::optional<Parameters>& parameters);

}  // namespace viva

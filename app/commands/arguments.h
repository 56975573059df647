// SPDX-License-Identifier: GPL-3.0-or-later
// From argv to a Request.
#pragma once

#include "app/commands/requests.h"

namespace viva {

/// The language of messages: `--lang` if argv has a valid one, else LC_ALL, LC_MESSAGES, LANG.
Language languageOf(int argc, const char* const* argv);

/// Throws RequestError for what cannot be understood; its arguments `value` (or `name`) and
/// `allowed` say what was wrong and what there is.
Request parseArguments(int argc, const char* const* argv, const Words& words);

}  // namespace viva

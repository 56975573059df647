// SPDX-License-Identifier: GPL-3.0-or-later
// A message that was sent, changed by hand.
#pragma once

#include <optional>
#include <string>

#include "lessons/core/message.h"

namespace viva {

/// What is wrong with an edit, if anything.
std::optional<Message> problemWithEdit(const std::string& edit);

/// `edit` is what is to be sent in its place, where it begins with a brace or a bracket; else
/// changes like `method=tools/cal; params.arguments.steps=-3`, where what is no JSON is a text.
/// `A2A-Version=9.9` is for the header, which `version` becomes.
std::string edited(const std::string& message, const std::string& edit, std::string& version);

}  // namespace viva

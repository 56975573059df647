// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <variant>

#include "lessons/core/error.h"
#include "lessons/core/words.h"

namespace viva::fakes {

/// What the Kind of error that `work` must throw says; the key `nothing thrown` when it does not.
template <typename Kind = RequestError, typename Work>
Message refusalOf(Work&& work) {
  try {
    work();
  } catch (const Kind& error) {
    return error.message();
  }
  return {"nothing thrown", {}};
}

/// An argument as text; empty when the message has none of that name.
inline std::string argumentOf(const Message& message, const std::string& name) {
  Message only{"{" + name + "}", message.arguments};
  const std::string text = Words::in(Language::English)(only);
  return text == only.key ? std::string() : text;
}

}  // namespace viva::fakes

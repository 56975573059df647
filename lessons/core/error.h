// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <optional>
#include <utility>

#include "lessons/core/message.h"

namespace viva {

/// Something a person can cause or must hear about. what() is the key; the sentence comes from
/// Words::format(message()).
class Error : public std::exception {
 public:
  explicit Error(Message message) : message_(std::move(message)) {}
  const Message& message() const { return message_; }
  const char* what() const noexcept override { return message_.key.c_str(); }

 private:
  Message message_;
};

/// The request was wrong: unknown name, value out of range. Exit status 2.
class RequestError : public Error {
  using Error::Error;
};

/// What `work` finds wrong with a request, if anything; for ExperimentSpec::validate.
template <typename Work>
std::optional<Message> problemFoundBy(Work&& work) {
  try {
    work();
  } catch (const RequestError& error) {
    return error.message();
  }
  return std::nullopt;
}

/// A file could not be read or written. Exit status 3.
class FileError : public Error {
  using Error::Error;
};

/// The run itself failed, or needs a device that is not there. Exit status 1.
class RunError : public Error {
  using Error::Error;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "lessons/core/message.h"

class QObject;

namespace viva {

/// Runs `work` on a thread of its own kind, then `done` on this one, with what went wrong as a
/// message. `work` holds what it uses; when `receiver` is gone by then, `done` is not called.
void inBackground(QObject* receiver, std::function<void()> work,
                  std::function<void(const std::optional<Message>& problem)> done);

/// For what must be done on this thread: `next` once a turn of the event loop, so that the window
/// stays awake, until it answers false; then `done` as above.
void bitByBit(QObject* receiver, std::function<bool()> next,
              std::function<void(const std::optional<Message>& problem)> done);

}  // namespace viva

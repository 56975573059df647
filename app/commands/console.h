// SPDX-License-Identifier: GPL-3.0-or-later
// What a command says: results on standard output, notes on standard error.
#pragma once

#include <string_view>

#include "lessons/core/message.h"
#include "lessons/core/words.h"

namespace viva {

/// The exit statuses of the program.
enum ExitStatus : int {
  kDone = 0,
  kRunFailed = 1,
  kWrongRequest = 2,
  kFileFailed = 3,
  kReplayDiffers = 4,
  kInterrupted = 130,
};

/// `viva: <sentence>` on standard error.
void note(const Message& message, const Words& words);

/// Throws FileError when standard output cannot take it.
void print(std::string_view text);

}  // namespace viva

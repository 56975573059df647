// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commands/window_request.h"

namespace viva {

/// Opens the window and runs until it is closed. Answers the exit status.
int openWindow(const WindowRequest& request, int argc, char** argv);

}  // namespace viva

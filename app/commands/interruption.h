// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace viva {

/// Turns Ctrl-C (and SIGTERM, SIGHUP) into a flag while it lives, so that a run can stop after its
/// present step and write what there is. Pressed again a second later, it ends the process.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  static bool requested();
};

/// Called once at the start: a reader that goes away and a file-size limit become errors of
/// write(), and descriptors 0 to 2 are never taken by other files.
void prepareProcess();

}  // namespace viva

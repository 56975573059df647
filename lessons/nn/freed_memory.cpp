// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/freed_memory.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace viva {

void keepFreedMemory() {
#ifdef __GLIBC__
  static const bool done = [] {
    // Thresholds given by hand are no longer raised by the allocator, so both are needed.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
    return true;
  }();
  static_cast<void>(done);
#endif
}

}  // namespace viva

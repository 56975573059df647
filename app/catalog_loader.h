// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons' shared library, loaded when it is first needed: LibTorch behind it takes 0.45 s.
#pragma once

#include "lessons/core/catalog.h"

namespace viva {

/// Loads `libviva_lessons.so` from the folder of the executable or from `../lib/viva` beside it (or
/// the file that the environment variable VIVA_LESSONS_LIBRARY names) and answers its catalog,
/// which lives as long as the process. May be called from any thread; later calls are cheap. Throws
/// RunError when the library is missing or broken.
const Catalog& loadCatalog();

}  // namespace viva

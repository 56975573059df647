// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/prctl.h>

#include <csignal>
#include <iostream>

#include "app/commands/argument_values.h"
#include "app/commands/console.h"
#include "app/commands/interruption.h"
#include "app/commands/sweep.h"
#include "app/sweep/sweep_folder.h"

namespace viva {

int sweepPointsCommand(const SweepPointsRequest& request, const Catalog& catalog,
                       const Words& words) {
  SweepFolder folder(request.folder);
  const Sweep sweep = sweepFromJson(folder.description(), catalog);
  const Interruption interruption;

  const auto compute = [&](std::size_t point) {
    const auto result = computePoint(sweep, point, catalog.runtime(), Interruption::requested);
    if (!result) return false;
    folder.keep(point, *result, words);
    print(std::to_string(point) + "\n");
    return true;
  };

  if (!request.from_input) {
    for (std::size_t point = request.part; point < sweep.points(); point += request.parts)
      if (!folder.isDone(point, catalog) && !compute(point)) return kInterrupted;
    return kDone;
  }
  // Whoever started it is gone: nobody waits for the rest.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  for (std::string line; !Interruption::requested() && std::getline(std::cin, line);) {
    const auto last = static_cast<std::int64_t>(sweep.points()) - 1;
    if (!compute(static_cast<std::size_t>(readCount("point", line, 0, last)))) return kInterrupted;
  }
  return Interruption::requested() ? kInterrupted : kDone;
}

}  // namespace viva

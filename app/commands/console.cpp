// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/console.h"

#include <unistd.h>

#include "app/commands/sentence.h"
#include "app/export/file_writer.h"

namespace viva {

void note(const Message& message, const Words& words) {
  const std::string line = "viva: " + errorLine(message, words) + "\n";
  // Where standard error is closed there is nobody to tell.
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

void print(std::string_view text) {
  FileWriter output(STDOUT_FILENO, "stdout");
  output.write(text);
  output.flush();
}

}  // namespace viva

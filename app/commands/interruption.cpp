// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/interruption.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <iterator>

namespace viva {
namespace {

volatile std::sig_atomic_t requested_at = 0;  // seconds, at least 1; 0: not requested
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
struct sigaction before[std::size(kSignals)];  // what Interruption puts back

/// A wrapper script often passes on a Ctrl-C that the terminal has sent us too: the second one
/// counts only when it comes later.
void onSignal(int number) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto seconds = static_cast<std::sig_atomic_t>(now.tv_sec + 1);
  if (requested_at == 0) {
    requested_at = seconds;
  } else if (seconds - requested_at >= 2) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
}

}  // namespace

Interruption::Interruption() {
  struct sigaction action {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    sigaction(kSignals[i], nullptr, &before[i]);
    if (before[i].sa_handler == SIG_IGN && kSignals[i] == SIGHUP) continue;  // nohup
    sigaction(kSignals[i], &action, nullptr);
  }
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &before[i], nullptr);
}

bool Interruption::requested() { return requested_at != 0; }

void prepareProcess() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // A closed standard output stays unwritable instead of becoming the next file that is opened.
  for (const int number : {0, 1, 2})
    if (fcntl(number, F_GETFD) < 0) {
      const int placeholder = ::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
      if (placeholder >= 0 && placeholder != number) ::close(placeholder);
    }
}

}  // namespace viva

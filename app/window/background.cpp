// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/background.h"

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include "lessons/core/error.h"

namespace viva {

void inBackground(QObject* receiver, std::function<void()> work,
                  std::function<void(const std::optional<Message>& problem)> done) {
  using Problem = std::optional<Message>;
  auto* watcher = new QFutureWatcher<Problem>(receiver);
  QObject::connect(watcher, &QFutureWatcherBase::finished, receiver,
                   [watcher, done = std::move(done)] {
                     const Problem problem = watcher->result();
                     watcher->deleteLater();
                     done(problem);
                   });
  watcher->setFuture(QtConcurrent::run([work = std::move(work)]() -> Problem {
    try {
      work();
      return {};
    } catch (const Error& error) {
      return error.message();
    } catch (const std::exception& error) {
      return Message{"command.error.unexpected", {{"reason", std::string(error.what())}}};
    }
  }));
}

}  // namespace viva

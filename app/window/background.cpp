// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/background.h"

#include <QFutureWatcher>
#include <QTimer>
#include <QtConcurrentRun>

#include "lessons/core/error.h"

namespace viva {
namespace {

/// What went wrong in `work`, as a message.
std::optional<Message> problemOf(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    return error.message();
  } catch (const std::exception& error) {
    return Message{"command.error.unexpected", {{"reason", std::string(error.what())}}};
  }
}

}  // namespace

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
  watcher->setFuture(QtConcurrent::run([work = std::move(work)] { return problemOf(work); }));
}

void bitByBit(QObject* receiver, std::function<bool()> next,
              std::function<void(const std::optional<Message>& problem)> done) {
  bool more = false;
  const std::optional<Message> problem = problemOf([&] { more = next(); });
  if (problem || !more) return done(problem);
  QTimer::singleShot(0, receiver, [receiver, next = std::move(next), done = std::move(done)] {
    bitByBit(receiver, next, done);
  });
}

}  // namespace viva

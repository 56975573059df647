// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <deque>
#include <list>

#include "app/sweep/engine.h"
#include "app/sweep/process.h"

namespace viva {
namespace {

constexpr int kTickMilliseconds = 100;

/// A process that is told one point at a time on its standard input, and answers on its standard
/// output with the number of a point whose file is there.
class Worker {
 public:
  Worker(const SweepFolder& folder, const std::string& language)
      : process_({ownProgram(), "sweep-points", folder.path().string(), "--from-input", "--lang",
                  language}) {}

  int output() const { return process_.output(); }
  bool isFree() const { return !point_; }
  std::optional<std::size_t> point() const { return point_; }

  void take(std::size_t point) {
    point_ = point;
    process_.write(std::to_string(point) + "\n");  // when it is dead, output() says so
  }
  void finish() { process_.closeInput(); }
  void stop() { process_.signal(SIGTERM); }
  int wait() { return process_.wait(); }

  /// Reads what is there; false at the end.
  bool read(const std::function<void(std::size_t)>& done) {
    char buffer[256];
    const ssize_t count = ::read(output(), buffer, sizeof buffer);
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    if (count == 0) return false;
    text_.append(buffer, static_cast<std::size_t>(count));
    for (std::size_t end; (end = text_.find('\n')) != std::string::npos; text_.erase(0, end + 1)) {
      std::size_t point = 0;
      std::from_chars(text_.data(), text_.data() + end, point);
      if (point_ != point) continue;
      point_.reset();
      done(point);
    }
    return true;
  }

 private:
  Process process_;
  std::optional<std::size_t> point_;
  std::string text_;
};

class LocalEngine {
 public:
  LocalEngine(const SweepFolder& folder, const std::vector<std::size_t>& points,
              const LocalSettings& settings, const EngineWatch& watch)
      : folder_(folder), settings_(settings), watch_(watch), left_(points.begin(), points.end()) {}

  void run() {
    while (!left_.empty() && workers_.size() < static_cast<std::size_t>(settings_.jobs)) start();
    while (!workers_.empty()) {
      if (!stopping_ && watch_.interrupted()) stop();
      wait();
      watch_.tick();
    }
  }

 private:
  void start() {
    Worker& worker = workers_.emplace_back(folder_, settings_.language);
    give(worker);
  }
  void give(Worker& worker) {
    if (left_.empty() || stopping_) return worker.finish();
    worker.take(left_.front());
    left_.pop_front();
  }
  void stop() {
    stopping_ = true;
    for (Worker& worker : workers_) {
      worker.stop();
      worker.finish();
    }
  }
  void wait() {
    std::vector<pollfd> outputs;
    for (const Worker& worker : workers_) outputs.push_back({worker.output(), POLLIN, 0});
    if (::poll(outputs.data(), outputs.size(), kTickMilliseconds) <= 0) return;
    auto worker = workers_.begin();
    for (const pollfd& output : outputs) {
      const auto present = worker++;
      if (output.revents == 0) continue;
      const bool lives = present->read(watch_.done);
      if (lives && present->isFree()) give(*present);
      if (!lives) end(present);
    }
  }
  void end(std::list<Worker>::iterator worker) {
    const auto lost = worker->point();
    const int status = worker->wait();
    workers_.erase(worker);
    if (stopping_ || (status == 0 && !lost)) return;
    if (lost)
      watch_.note(
          {"sweep.note.worker_lost",
           {{"point", static_cast<std::int64_t>(*lost)}, {"status", std::int64_t{status}}}});
    // A process that could not even take its first point will not do better next time.
    if (lost && !left_.empty() && ++lost_ <= kMostLost) start();
  }

  static constexpr int kMostLost = 20;
  const SweepFolder& folder_;
  const LocalSettings& settings_;
  const EngineWatch& watch_;
  std::deque<std::size_t> left_;
  std::list<Worker> workers_;
  int lost_ = 0;
  bool stopping_ = false;
};

}  // namespace

void computeLocally(const SweepFolder& folder, const std::vector<std::size_t>& points,
                    const LocalSettings& settings, const EngineWatch& watch) {
  LocalEngine(folder, points, settings, watch).run();
}

}  // namespace viva

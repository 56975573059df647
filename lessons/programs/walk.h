// SPDX-License-Identifier: GPL-3.0-or-later
// A program that pauses at the lines that say so, and what can be seen of it while it waits.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <limits>
#include <source_location>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lessons/core/number_rows.h"

namespace viva::programs {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The line of the source that has just run.
struct PausedAt {
  std::source_location place;
};
/// `sum += p[i], co_yield here();`: the compiler itself says which line that is.
inline PausedAt here(std::source_location place = std::source_location::current()) {
  return {place};
}

class Watch;

/// A coroutine that is resumed a line at a time. What it throws comes out of `advance`.
class Walk {
 public:
  struct promise_type {
    PausedAt paused{};
    std::exception_ptr failure{};
    Walk get_return_object() {
      return Walk(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(PausedAt at) noexcept {
      paused = at;
      return {};
    }
    /// All is declared and nothing has run: `co_yield watch("sum", sum);`
    std::suspend_always yield_value(Watch&) noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { failure = std::current_exception(); }
  };

  Walk(Walk&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Walk& operator=(Walk&&) = delete;
  ~Walk() {
    if (handle_) handle_.destroy();
  }

  /// On to the next pause. False: the program has returned.
  bool advance() {
    handle_.resume();
    if (handle_.promise().failure) std::rethrow_exception(handle_.promise().failure);
    return !handle_.done();
  }
  const std::source_location& place() const { return handle_.promise().paused.place; }

 private:
  explicit Walk(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

/// What a variable holds: a number is an array of one; texts stand for themselves.
struct Held {
  std::string name;
  std::int64_t rows = 1, columns = 1;  ///< a vector is one row
  std::vector<double> numbers{};       ///< row by row
  std::vector<std::string> texts{};
  bool is_scalar = false, is_matrix = false, is_result = false;
  bool operator==(const Held&) const = default;
};

/// The variables of a program that waits, where they lie in its frame. They must outlive the
/// Watch's last look, as those at the head of the program do.
class Watch {
 public:
  using Texts = std::vector<std::string>;
  using Variable = std::variant<const double*, const int*, const std::vector<double>*,
                                const std::vector<int>*, const NumberRows*, const Texts*>;

  template <typename T>
  Watch& operator()(const char* name, const T& variable) {
    variables_.push_back({name, &variable, false});
    return *this;
  }
  /// One of those that the program is for; they are compared with the reference in this order.
  template <typename T>
  Watch& result(const char* name, const T& variable) {
    variables_.push_back({name, &variable, true});
    return *this;
  }
  /// In the order in which they were named.
  std::vector<Held> look() const;

 private:
  struct Named {
    std::string name;
    Variable variable;
    bool is_result = false;
  };
  std::vector<Named> variables_;
};

}  // namespace viva::programs

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace viva {

/// SHA-256 (FIPS 180-4), fed piece by piece. Ours because lessons/core uses the standard library
/// only; held to the standard's vectors by a test.
class Sha256 {
 public:
  void update(std::span<const std::byte> bytes);
  /// The digest in lower-case hex. The object must not be fed afterwards.
  std::string hex();

 private:
  void block(const std::byte* bytes);
  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, 64> pending_{};
  std::size_t filled_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace viva

// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/records.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

#include "lessons/core/sha256.h"

namespace viva {
namespace {

constexpr std::uint64_t kAbsentBits = 0x7ff8'5649'5641'0001;  // a quiet NaN with "VIVA" as payload
constexpr std::uint64_t kCanonicalNan = 0x7ff8'0000'0000'0000;
/// The extent of a block in which nothing is finite has its minimum above its maximum; with this
/// maximum, nothing was recorded there at all.
constexpr float kHigh = std::numeric_limits<float>::max();
constexpr float kNothingRecorded = -kHigh, kNothingFinite = 0;

/// Shared memory in a file without a name, or null. The room is reserved at once: writing to a
/// mapped file for which the disk has no room left would kill the process.
double* mapTemporaryFile(std::size_t bytes) {
  const char* folder = std::getenv("TMPDIR");
  std::string name = std::string(folder && *folder ? folder : "/tmp") + "/viva-records-XXXXXX";
  const int file = mkstemp(name.data());
  if (file < 0) return nullptr;
  unlink(name.c_str());
  void* memory = MAP_FAILED;
  if (posix_fallocate(file, 0, static_cast<off_t>(bytes)) == 0)
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<double*>(memory);
}

void hashNumber(Sha256& hash, double value) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint64_t bits =
      std::isnan(value) ? kCanonicalNan : std::bit_cast<std::uint64_t>(value);
  hash.update(std::as_bytes(std::span(&bits, 1)));
}

void hashName(Sha256& hash, const std::string& name) {
  const std::string line = name + "\n";
  hash.update(std::as_bytes(std::span(line)));
}

}  // namespace

double absentValue() { return std::bit_cast<double>(kAbsentBits); }
bool isAbsent(double value) { return std::bit_cast<std::uint64_t>(value) == kAbsentBits; }

RecordChunk::RecordChunk(std::size_t columns, bool on_disk) : columns_(columns) {
  if (on_disk && columns > 0) values_ = mapTemporaryFile(bytes());
  on_disk_ = values_ != nullptr;
  if (!on_disk_) {
    memory_.resize(columns * kRows);
    values_ = memory_.data();
  }
}

RecordChunk::~RecordChunk() {
  if (on_disk_) munmap(values_, bytes());
}

std::span<const double> RecordChunk::column(std::size_t column) const {
  return {values_ + column * kRows, static_cast<std::size_t>(kRows)};
}

void RecordChunk::set(std::int64_t row, std::size_t column, double value) {
  values_[column * kRows + row] = value;
}

void RecordChunk::seal() {
  extents_.reserve(columns_ * kRows / kBlock);
  for (std::size_t c = 0; c < columns_; ++c)
    for (std::int64_t block = 0; block < kRows; block += kBlock) {
      Extent extent{kHigh, -kHigh};
      bool recorded = false, finite = false;
      for (std::int64_t row = block; row < block + kBlock; ++row) {
        const double exact = values_[c * kRows + row];
        recorded |= !isAbsent(exact);
        if (!std::isfinite(exact)) continue;
        finite = true;
        const float value = static_cast<float>(std::clamp<double>(exact, -kHigh, kHigh));
        extent.minimum = std::min(extent.minimum, value);
        extent.maximum = std::max(extent.maximum, value);
      }
      if (!finite) extent.maximum = recorded ? kNothingFinite : kNothingRecorded;
      extents_.push_back(extent);
    }
  sealed_.store(true, std::memory_order_release);
  // The pages stay in the file and come back when somebody reads them.
  if (on_disk_) madvise(values_, bytes(), MADV_DONTNEED);
}

std::span<const RecordChunk::Extent> RecordChunk::extents(std::size_t column) const {
  if (!sealed_.load(std::memory_order_acquire)) return {};
  constexpr std::size_t kBlocks = kRows / kBlock;
  return std::span(extents_).subspan(column * kBlocks, kBlocks);
}

const std::vector<std::string>& Records::names() const {
  static const std::vector<std::string> kNone;
  return names_ ? *names_ : kNone;
}

int Records::find(std::string_view name) const {
  for (std::size_t i = 0; i < names().size(); ++i)
    if (names()[i] == name) return static_cast<int>(i);
  return -1;
}

double Records::at(std::int64_t row, std::size_t column) const {
  return chunks_[row / RecordChunk::kRows]->column(column)[row % RecordChunk::kRows];
}

double Records::last(std::size_t column, std::int64_t row) const {
  for (row = std::min(row, rows_ - 1); row >= 0; --row) {
    // A record that stopped being written long ago: whole blocks without it are passed over.
    const std::int64_t in_chunk = row % RecordChunk::kRows;
    if ((in_chunk + 1) % RecordChunk::kBlock == 0) {
      const auto extents = chunks_[row / RecordChunk::kRows]->extents(column);
      if (!extents.empty()) {
        const auto& block = extents[in_chunk / RecordChunk::kBlock];
        if (block.minimum > block.maximum && block.maximum == kNothingRecorded) {
          row -= RecordChunk::kBlock - 1;
          continue;
        }
      }
    }
    const double value = at(row, column);
    if (!isAbsent(value)) return value;
  }
  return absentValue();
}

Records Records::first(std::int64_t rows) const {
  Records part = *this;
  part.rows_ = std::clamp<std::int64_t>(rows, 0, rows_);
  part.chunks_.resize(
      static_cast<std::size_t>((part.rows_ + RecordChunk::kRows - 1) / RecordChunk::kRows));
  return part;
}

std::string Records::digest() const {
  Sha256 hash;
  for (const std::string& name : names()) hashName(hash, name);
  for (std::int64_t row = 0; row < rows_; ++row)
    for (std::size_t column = 0; column < names().size(); ++column)
      hashNumber(hash, at(row, column));
  return hash.hex();
}

std::string Records::digest(std::size_t column) const {
  Sha256 hash;
  hashName(hash, names()[column]);
  for (std::int64_t row = 0; row < rows_; ++row) hashNumber(hash, at(row, column));
  return hash.hex();
}

RecordTable::RecordTable(std::vector<RecordSpec> specs, std::size_t memory_budget)
    : specs_(std::move(specs)), row_(specs_.size(), absentValue()), memory_budget_(memory_budget) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (const RecordSpec& spec : specs_) {
    columns_.emplace(spec.name, names->size());
    names->push_back(spec.name);
  }
  records_.names_ = std::move(names);
}

std::size_t RecordTable::column(std::string_view name) const {
  const auto place = columns_.find(name);
  if (place == columns_.end()) throw std::logic_error("undeclared record: " + std::string(name));
  return place->second;
}

void RecordTable::endRow() {
  const std::int64_t row_in_chunk = records_.rows_ % RecordChunk::kRows;
  auto& chunks = records_.chunks_;
  if (row_in_chunk == 0) {
    if (!chunks.empty()) chunks.back()->seal();
    const std::size_t bytes =
        (chunks.size() + 1) * specs_.size() * RecordChunk::kRows * sizeof(double);
    chunks.push_back(std::make_shared<RecordChunk>(specs_.size(), bytes > memory_budget_));
  }
  for (std::size_t column = 0; column < row_.size(); ++column) {
    chunks.back()->set(row_in_chunk, column, row_[column]);
    row_[column] = absentValue();
  }
  ++records_.rows_;
}

}  // namespace viva

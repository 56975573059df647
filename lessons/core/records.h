// SPDX-License-Identifier: GPL-3.0-or-later
// The append-only curves of a run.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace viva {

/// One column of records.csv. The label is the word `record.<name>` of its experiment.
struct RecordSpec {
  std::string name;              ///< `adam/f`
  std::string unit;              ///< a word key, empty for none
  bool may_be_infinite = false;  ///< infinity is a result here (KL where q is zero), not divergence
};

/// The value of a record that has none at some step; written as an empty cell. It is a NaN with a
/// payload of its own, so that it can be told from a computed NaN.
double absentValue();
bool isAbsent(double value);

/// A block of consecutive rows, column by column. Rows that were published never change.
class RecordChunk {
 public:
  static constexpr std::int64_t kRows = 4096;
  /// Rows summed up by one (minimum, maximum) pair, so that a million points can be drawn without
  /// reading a million numbers back from disk.
  static constexpr std::int64_t kBlock = 64;

  /// A chunk `on_disk` lives in an unlinked temporary file, or in memory where none can be had.
  RecordChunk(std::size_t columns, bool on_disk);
  ~RecordChunk();
  RecordChunk(const RecordChunk&) = delete;
  RecordChunk& operator=(const RecordChunk&) = delete;

  std::span<const double> column(std::size_t column) const;
  void set(std::int64_t row, std::size_t column, double value);
  /// Computes the block summaries; after this the chunk is immutable and may leave memory.
  void seal();
  struct Extent {
    float minimum, maximum;  ///< of the finite values; minimum > maximum when there are none
  };
  /// kRows / kBlock extents of a sealed chunk; empty before.
  std::span<const Extent> extents(std::size_t column) const;

 private:
  std::size_t bytes() const { return columns_ * kRows * sizeof(double); }

  std::size_t columns_;
  double* values_ = nullptr;
  bool on_disk_ = false;
  std::vector<double> memory_;
  std::vector<Extent> extents_;
  std::atomic<bool> sealed_{false};  ///< readers look at extents_ only after it
};

/// The first `rows()` rows of a run at one moment: cheap to copy, safe to read from any thread
/// while the run goes on.
class Records {
 public:
  Records() = default;

  std::int64_t rows() const { return rows_; }
  const std::vector<std::string>& names() const;
  /// -1 when there is no such record.
  int find(std::string_view name) const;
  double at(std::int64_t row, std::size_t column) const;
  /// The last value of a column that is not absent, at or before `row`; absent when none is.
  double last(std::size_t column, std::int64_t row) const;
  const std::vector<std::shared_ptr<RecordChunk>>& chunks() const { return chunks_; }
  /// As they were when there were `rows`; all of them when there are fewer.
  Records first(std::int64_t rows) const;

  /// SHA-256, hex: every record name followed by a line feed, then the rows as little-endian
  /// doubles; every NaN, the absent one too, as 0x7ff8000000000000.
  std::string digest() const;
  /// The same for one record alone.
  std::string digest(std::size_t column) const;

 private:
  friend class RecordTable;
  std::shared_ptr<const std::vector<std::string>> names_;
  std::vector<std::shared_ptr<RecordChunk>> chunks_;
  std::int64_t rows_ = 0;
};

/// The writer's side, owned by a Run.
class RecordTable {
 public:
  /// `memory_budget` in bytes: chunks beyond it live in an unlinked temporary file.
  RecordTable(std::vector<RecordSpec> specs, std::size_t memory_budget);

  const std::vector<RecordSpec>& specs() const { return specs_; }
  /// Column of a declared record; throws std::logic_error for another name (a bug of the lesson).
  std::size_t column(std::string_view name) const;
  void set(std::size_t column, double value) { row_[column] = value; }
  double current(std::size_t column) const { return row_[column]; }
  /// Appends the current row and empties it.
  void endRow();
  const Records& records() const { return records_; }

 private:
  std::vector<RecordSpec> specs_;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> columns_;
  std::vector<double> row_;
  Records records_;
  std::size_t memory_budget_;
};

/// What an experiment writes its records to.
class Recorder {
 public:
  explicit Recorder(RecordTable& table) : table_(table) {}
  /// `name` must be one that the spec's records() declared for these parameters.
  void add(std::string_view name, double value) { table_.set(table_.column(name), value); }

 private:
  RecordTable& table_;
};

}  // namespace viva
